"""What every value type can do."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Hashable

Value = Hashable
"""A typed value; None is the empty value of the types that have no other."""

_MEMORY = 16384
"""Texts remembered per type; fleets repeat the same few thousand."""


class ValueType(ABC):
    """A type of values. Texts are RouterOS's, values are Python's and hashable."""

    holds_empty = True
    """Whether the empty text is a value of its own; else writing it is writing nothing."""
    as_written = False
    """Whether values are sent as they were written, and the canonical text is for comparing alone."""

    def __init__(self, expression: str) -> None:
        self.expression = expression
        self._memory: dict[str, tuple[str, bool]] = {}

    def __repr__(self) -> str:
        return f"<{self.expression}>"

    @abstractmethod
    def parse(self, text: str) -> Value:
        """The value of a text. Raises ValueError, with a sentence, when it is none."""

    @abstractmethod
    def render(self, value: Value) -> str:
        """The text REST reads back for a value that ``parse`` gave."""

    def canonical(self, text: str) -> str:
        """The text REST would read back. Raises ValueError when ``text`` is no value of the type."""
        known, parsed = self.canonical_or_exact(text)
        return known if parsed else self.render(self.parse(text))

    def canonical_or_exact(self, text: str) -> tuple[str, bool]:
        """The canonical text and True, or the text itself and False when it is no value."""
        found = self._memory.get(text)
        if found is None:
            if len(self._memory) >= _MEMORY:
                self._memory.clear()
            try:
                found = (self.render(self.parse(text)), True)
            except ValueError:
                found = (text, False)
            self._memory[text] = found
        return found

    def text(self, native: object) -> str:
        """RouterOS text of what YAML gave: text, a number, true or false, a list.

        Raises ValueError, with a sentence, when it is of the wrong shape or no value of the type.
        """
        text = self.spell(native)
        self.canonical(text)
        return text

    def spell(self, native: object) -> str:
        """``text`` without the judgement of the value. Types that take more shapes override it."""
        if isinstance(native, bool):
            return "true" if native else "false"
        if isinstance(native, str | int):
            return str(native)
        raise self.misshapen(native)

    def misshapen(self, native: object) -> ValueError:
        """What is wrong with a native value of another shape than is wanted."""
        return ValueError(f"{self.wanted()} is wanted here, not {_shape(native)}.")

    def wanted(self) -> str:
        """What the type wants, to begin a sentence with."""
        return "A single value"


def canonical_or_exact(type_: ValueType, text: str) -> tuple[str, bool]:
    """The canonical text and True; the text itself and False when it is no value. Never raises."""
    return type_.canonical_or_exact(text)


def _shape(native: object) -> str:
    """A YAML value's shape in words."""
    if native is None:
        return "null"
    if isinstance(native, dict):
        return "a mapping"
    if isinstance(native, list | tuple):
        return "a list"
    return f"{native!r}"


class Plain(ValueType):
    """A type whose texts are stripped and whose empty text is the empty value."""

    holds_empty = False

    def parse(self, text: str) -> Value:
        stripped = text.strip()
        return self.read(stripped) if stripped else None

    def render(self, value: Value) -> str:
        return "" if value is None else self.write(value)

    @abstractmethod
    def read(self, text: str) -> Value:
        """The value of a stripped text that is not empty."""

    @abstractmethod
    def write(self, value: Value) -> str:
        """The text of a value that is not empty."""
