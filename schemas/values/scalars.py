"""Texts, truths, words and whole numbers."""

from __future__ import annotations

import re
from typing import cast

from schemas.values.base import Plain, Value, ValueType

_TRUTHS = {"true": True, "yes": True, "false": False, "no": False}
_NUMBER = re.compile(r"([+-]?)(?:0[xX]([0-9a-fA-F]{1,16})|([0-9]{1,24}))")
_RANGE = re.compile(r"([0-9]{1,24})\s*-\s*([0-9]{1,24})")


class Text(ValueType):
    """Anything, compared exactly. Also ``ref(/menu)``: names are texts."""

    def parse(self, text: str) -> Value:
        return text

    def render(self, value: Value) -> str:
        return cast(str, value)

    def spell(self, native: object) -> str:
        return repr(native) if isinstance(native, float) else super().spell(native)


class Bool(Plain):
    """``true`` or ``false``."""

    def read(self, text: str) -> Value:
        if text not in _TRUTHS:
            raise ValueError(f"{text!r} is neither true nor false.")
        return _TRUTHS[text]

    def write(self, value: Value) -> str:
        return "true" if value is True else "false"

    def wanted(self) -> str:
        return "true or false"


class Flag(Bool):
    """Present or not; a router shows a present one as an empty text."""

    holds_empty = True

    def parse(self, text: str) -> Value:
        return self.read(text.strip() or "true")


class Enum(Plain):
    """One of a few words. Where ``yes`` and ``no`` are among them, true and false mean these."""

    def __init__(self, expression: str, words: tuple[str, ...]) -> None:
        super().__init__(expression)
        self.words = words
        self._known = {word: word for word in words}
        if "yes" in words and "no" in words:
            self._known = {"true": "yes", "false": "no"} | self._known

    def read(self, text: str) -> Value:
        if text not in self._known:
            raise ValueError(f"{text!r} is not one of {', '.join(self.words)}.")
        return self._known[text]

    def write(self, value: Value) -> str:
        return cast(str, value)

    def spell(self, native: object) -> str:
        text = super().spell(native)
        return self._known.get(text, text) if isinstance(native, bool) or text in ("true", "false") else text

    def wanted(self) -> str:
        return f"One of {', '.join(self.words)}"


class Int(Plain):
    """A whole number, within bounds when given; a leading zero means nothing."""

    def __init__(self, expression: str, bounds: tuple[int, int] | None) -> None:
        super().__init__(expression)
        self.bounds = bounds

    def read(self, text: str) -> Value:
        match = _NUMBER.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is not a whole number{self._within()}.")
        sign, digits, number = match[1], match[2], match[3]
        value = int(digits, 16) if digits else int(number)
        value = -value if sign == "-" else value
        if self.bounds and not self.bounds[0] <= value <= self.bounds[1]:
            raise ValueError(f"{text!r} is not a whole number{self._within()}.")
        return value

    def write(self, value: Value) -> str:
        return str(value)

    def spell(self, native: object) -> str:
        if isinstance(native, bool):
            raise self.misshapen(native)
        return super().spell(native)

    def wanted(self) -> str:
        return f"A whole number{self._within()}"

    def _within(self) -> str:
        return f" from {self.bounds[0]} to {self.bounds[1]}" if self.bounds else ""


class Hex(Int):
    """A whole number that is read back with ``0x``; written in either base."""

    def write(self, value: Value) -> str:
        return f"0x{value:X}"


class Range(Int):
    """A whole number, or two joined by ``-``. The value is the pair of both ends."""

    def read(self, text: str) -> Value:
        match = _RANGE.fullmatch(text)
        first, last = (match[1], match[2]) if match else (text, text)
        low, high = cast(int, super().read(first)), cast(int, super().read(last))
        if low > high:
            raise ValueError(f"{text!r} ends before it begins.")
        return low, high

    def write(self, value: Value) -> str:
        low, high = cast("tuple[int, int]", value)
        return str(low) if low == high else f"{low}-{high}"

    def wanted(self) -> str:
        return f"A number or a range of numbers{self._within()}"
