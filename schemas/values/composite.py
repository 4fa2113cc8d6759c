"""Types made of types."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import TypeVar, cast

from schemas.values.base import Plain, Value, ValueType
from schemas.values.scalars import Enum, Range, Text

Collected = TypeVar("Collected", tuple[Value, ...], frozenset[Value], frozenset[tuple[int, int]])

_ZERO, _NOTHING = "0", "-"
"""Words that say something of the word after them."""


@dataclass(frozen=True, slots=True)
class Not:
    """A value after ``!``."""

    value: Value


class List(ValueType):
    """Comma-separated values whose order counts; the value is a tuple. ``most`` bounds how many there are."""

    def __init__(self, expression: str, item: ValueType, most: int | None = None) -> None:
        super().__init__(expression)
        self.item = item
        self.most = most

    def parse(self, text: str) -> Value:
        return self._few(tuple(self._items(text)))

    def render(self, value: Value) -> str:
        return ",".join(self.item.render(item) for item in cast("tuple[Value, ...]", value))

    def spell(self, native: object) -> str:
        if isinstance(native, list | tuple):
            return ",".join(self.item.spell(item) for item in native)
        return super().spell(native) if isinstance(native, dict) or native is None else self.item.spell(native)

    def wanted(self) -> str:
        return "A list"

    def _few(self, items: Collected) -> Collected:
        if self.most is not None and len(items) > self.most:
            raise ValueError(f"There are {len(items)} values, of which {self.most} are the most.")
        return items

    def _items(self, text: str) -> Iterable[Value]:
        if not text.strip():
            return
        for part in text.split(","):
            if not part.strip():
                raise ValueError(f"{text!r} has an empty item.")
            yield self.item.parse(part.strip())


class Set(List):
    """Comma-separated values whose order does not count; ranges of numbers that touch are one.

    Words are written in the order of their vocabulary, everything else sorted.
    """

    def parse(self, text: str) -> Value:
        items = frozenset(self._items(text))
        return self._few(_joined(cast("frozenset[tuple[int, int]]", items)) if isinstance(self.item, Range) else items)

    def render(self, value: Value) -> str:
        items = cast("frozenset[Value]", value)
        if isinstance(self.item, Range):
            return ",".join(self.item.render(item) for item in sorted(cast("frozenset[tuple[int, int]]", items)))
        texts = [self.item.render(item) for item in items]
        if isinstance(self.item, Enum):
            return ",".join(sorted(texts, key=self.item.words.index))
        return ",".join(sorted(texts))


class FlagSet(Set):
    """Words of a vocabulary that are given; ``!word`` is not, as are those that are not named.

    All of them are written: first those that are given, then the others with ``!``.
    """

    def __init__(self, expression: str, words: tuple[str, ...]) -> None:
        super().__init__(expression, Negatable(f"!{expression}", Enum(expression, words)))
        self.words = words

    def parse(self, text: str) -> Value:
        if not text.strip():
            return None
        items = [item.strip() for item in text.split(",")]
        denied = {item[1:].strip() for item in items if item.startswith("!")}
        given = frozenset(self._items(",".join(item for item in items if not item.startswith("!"))))
        if both := denied & given:
            raise ValueError(f"{text!r} both gives and denies {', '.join(sorted(map(str, both)))}.")
        return given

    def render(self, value: Value) -> str:
        if value is None:
            return ""
        given = cast("frozenset[Value]", value)
        return ",".join(
            [word for word in self.words if word in given] + [f"!{w}" for w in self.words if w not in given]
        )


class Pair(Plain):
    """``a/b``: two values, such as upload and download. One alone stands for both."""

    def __init__(self, expression: str, item: ValueType) -> None:
        super().__init__(expression)
        self.item = item

    def read(self, text: str) -> Value:
        parts = text.split("/")
        if len(parts) > 2 or not all(part.strip() for part in parts):
            raise ValueError(f"{text!r} is not a pair such as a/b.")
        return self.item.parse(parts[0]), self.item.parse(parts[-1])

    def write(self, value: Value) -> str:
        first, second = cast("tuple[Value, Value]", value)
        return f"{self.item.render(first)}/{self.item.render(second)}"

    def wanted(self) -> str:
        return "A pair such as a/b"


class Span(Plain):
    """``a-b``, or one value alone."""

    def __init__(self, expression: str, item: ValueType) -> None:
        super().__init__(expression)
        self.item = item

    def read(self, text: str) -> Value:
        parts = text.split("-")
        if len(parts) > 2 or not all(part.strip() for part in parts):
            raise ValueError(f"{text!r} is not a span such as a-b.")
        return tuple(self.item.parse(part.strip()) for part in parts)

    def write(self, value: Value) -> str:
        return "-".join(self.item.render(part) for part in cast("tuple[Value, ...]", value))

    def wanted(self) -> str:
        return "A span such as a-b"


class Both(Plain):
    """``a,b``: two values of their own types, such as an interval and a count; the second may be left out."""

    def __init__(self, expression: str, first: ValueType, second: ValueType) -> None:
        super().__init__(expression)
        self.items = (first, second)

    def read(self, text: str) -> Value:
        parts = text.split(",")
        if len(parts) > 2 or not all(part.strip() for part in parts):
            raise ValueError(f"{text!r} are not two values such as a,b.")
        return tuple(item.parse(part.strip()) for item, part in zip(self.items, parts, strict=False))

    def write(self, value: Value) -> str:
        parts = cast("tuple[Value, ...]", value)
        return ",".join(item.render(part) for item, part in zip(self.items, parts, strict=False))

    def spell(self, native: object) -> str:
        if isinstance(native, list | tuple) and len(native) == 2:
            return ",".join(item.spell(part) for item, part in zip(self.items, native, strict=True))
        return super().spell(native)

    def wanted(self) -> str:
        return "Two values such as a,b"


class Or(ValueType):
    """One of a few words, else a value of another type.

    Where ``0`` leads the words, zero is the word after it; where ``-`` leads them, the word after it is nothing.
    """

    def __init__(self, expression: str, words: tuple[str, ...], other: ValueType) -> None:
        super().__init__(expression)
        self.words = words[1:] if words[0] == _NOTHING else words
        self.other = other
        self._instead = _instead(words, other)

    def parse(self, text: str) -> Value:
        word = text.strip()
        if word in self.words:
            return self._instead.get(word, word)
        try:
            value = self.other.parse(text)
        except ValueError as problem:
            raise ValueError(f"{str(problem).rstrip('.')}, nor one of {', '.join(self.words)}.") from None
        return self._instead.get(value, value)

    def render(self, value: Value) -> str:
        return value if isinstance(value, str) and value in self.words else self.other.render(value)

    def spell(self, native: object) -> str:
        if isinstance(native, bool) and not {"yes", "no"} - set(self.words):
            return "yes" if native else "no"
        return str(native) if str(native) in self.words else self.other.spell(native)

    def wanted(self) -> str:
        return self.other.wanted()


def _instead(words: tuple[str, ...], other: ValueType) -> dict[Value, Value]:
    """What counts as something else, because a mark leads the words."""
    if words[0] == _ZERO:
        text, meant = _ZERO, cast(Value, words[1])
    elif words[0] == _NOTHING:
        text, meant = words[1], other.parse("")
    else:
        return {}
    return {text: meant, other.parse(text): meant} if other.canonical_or_exact(text)[1] else {text: meant}


class Negatable(ValueType):
    """A value, or ``!`` and a value."""

    def __init__(self, expression: str, inner: ValueType) -> None:
        super().__init__(expression)
        self.inner = inner

    def parse(self, text: str) -> Value:
        stripped = text.strip()
        if not stripped.startswith("!"):
            return self.inner.parse(text)
        rest = stripped[1:].strip()
        if not rest:
            raise ValueError("A value is wanted after !.")
        return Not(self.inner.parse(rest))

    def render(self, value: Value) -> str:
        return f"!{self.inner.render(value.value)}" if isinstance(value, Not) else self.inner.render(value)

    def spell(self, native: object) -> str:
        return native if isinstance(native, str) and native.lstrip().startswith("!") else self.inner.spell(native)

    def wanted(self) -> str:
        return self.inner.wanted()


class Loose(ValueType):
    """A value of another type, or else any text: what the type does not read is compared exactly."""

    def __init__(self, expression: str, inner: ValueType) -> None:
        super().__init__(expression)
        self.inner = inner

    def parse(self, text: str) -> Value:
        canonical, known = self.inner.canonical_or_exact(text)
        return canonical if known else text

    def render(self, value: Value) -> str:
        return cast(str, value)

    def spell(self, native: object) -> str:
        return self.inner.spell(native)

    def wanted(self) -> str:
        return self.inner.wanted()


class Reference(Text):
    """The name of a row in ``menu``."""

    def __init__(self, expression: str, menu: str) -> None:
        super().__init__(expression)
        self.menu = menu


def _joined(ranges: Iterable[tuple[int, int]]) -> frozenset[tuple[int, int]]:
    """Ranges that overlap or touch become one, as the router shows them."""
    joined: list[tuple[int, int]] = []
    for low, high in sorted(ranges):
        if joined and low <= joined[-1][1] + 1:
            joined[-1] = (joined[-1][0], max(high, joined[-1][1]))
        else:
            joined.append((low, high))
    return frozenset(joined)
