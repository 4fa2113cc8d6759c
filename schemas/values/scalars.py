"""Texts, truths, words and whole numbers."""

from __future__ import annotations

import re
from decimal import Decimal as Exact
from typing import cast

from schemas.values.base import Plain, Value, ValueType

_TRUTHS = {"true": True, "yes": True, "false": False, "no": False}
_NUMBER = re.compile(r"([+-]?)(?:0[xX]([0-9a-fA-F]{1,16})|([0-9]{1,24}))")
_RANGE = re.compile(r"([0-9]{1,24})\s*-\s*([0-9]{1,24})")
_DECIMAL = re.compile(r"([+-]?[0-9]{1,24}(?:\.[0-9]{1,12})?)\s*%?")

_ETHER_TYPES = {
    "ip": 0x0800,
    "arp": 0x0806,
    "rarp": 0x8035,
    "vlan": 0x8100,
    "ipx": 0x8137,
    "ipv6": 0x86DD,
    "lacp": 0x8809,
    "mpls-unicast": 0x8847,
    "mpls-multicast": 0x8848,
    "pppoe-discovery": 0x8863,
    "pppoe": 0x8864,
    "dot1x": 0x888E,
    "service-vlan": 0x88A8,
    "lldp": 0x88CC,
    "homeplug-av": 0x88E1,
    "macsec": 0x88E5,
    "mvrp": 0x88F5,
}
"""Of RouterOS's words those whose number the IEEE registry tells; MikroTik's own protocols are left out."""
_ETHER_NAMES = {number: name for name, number in _ETHER_TYPES.items()}


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
    """One of a few words. Where ``yes`` and ``no`` are among them, true and false mean these.

    Words that are numbers with ``0x`` may be written in either base.
    """

    def __init__(self, expression: str, words: tuple[str, ...]) -> None:
        super().__init__(expression)
        self.words = words
        self._known = {word: word for word in words}
        if "yes" in words and "no" in words:
            self._known = {"true": "yes", "false": "no"} | self._known
        self._numbers = {int(word, 16): word for word in words if _is_hex(word)}

    @property
    def spellings(self) -> tuple[str, ...]:
        """Every text that is read as one of the words, these first."""
        return tuple(dict.fromkeys((*self.words, *self._known, *map(str, self._numbers))))

    def read(self, text: str) -> Value:
        known = self._known.get(text)
        if known is None and self._numbers and (match := _NUMBER.fullmatch(text)):
            known = self._numbers.get(int(match[2], 16) if match[2] else int(match[3]))
        if known is None:
            raise ValueError(f"{text!r} is not one of {', '.join(self.words)}.")
        return known

    def write(self, value: Value) -> str:
        return cast(str, value)

    def spell(self, native: object) -> str:
        text = super().spell(native)
        return self._known.get(text, text) if isinstance(native, bool) or text in ("true", "false") else text

    def wanted(self) -> str:
        return f"One of {', '.join(self.words)}"


class Switch(Enum):
    """One of two words, of which false is the first and true the second."""

    def __init__(self, expression: str, words: tuple[str, ...]) -> None:
        if len(words) != 2:
            raise ValueError(f"{expression!r} does not have two words.")
        super().__init__(expression, words)
        self._known = {"false": words[0], "true": words[1]} | self._known


class Decimal(Plain):
    """A decimal number, within bounds when given; zeros at its ends and a sign of percent mean nothing."""

    def __init__(self, expression: str, bounds: tuple[Exact, Exact] | None) -> None:
        super().__init__(expression)
        self.bounds = bounds

    def read(self, text: str) -> Value:
        match = _DECIMAL.fullmatch(text)
        if match is None:
            raise ValueError(f"{text!r} is not a number.")
        value = Exact(match[1])
        if self.bounds and not self.bounds[0] <= value <= self.bounds[1]:
            raise ValueError(f"{text!r} is not a number from {self.bounds[0]} to {self.bounds[1]}.")
        return value

    def write(self, value: Value) -> str:
        number = cast(Exact, value)
        text = f"{number:f}"
        text = text.rstrip("0").rstrip(".") if "." in text else text
        return text if number else "0"

    def spell(self, native: object) -> str:
        if isinstance(native, bool):
            raise self.misshapen(native)
        return repr(native) if isinstance(native, float) else super().spell(native)

    def wanted(self) -> str:
        return "A number"


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


class EtherType(Hex):
    """The number of a protocol over Ethernet; those that have a name are read back by it."""

    def read(self, text: str) -> Value:
        named = _ETHER_TYPES.get(text)
        return super().read(text) if named is None else named

    def write(self, value: Value) -> str:
        return _ETHER_NAMES.get(cast(int, value)) or super().write(value)


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


def _is_hex(word: str) -> bool:
    match = _NUMBER.fullmatch(word)
    return match is not None and bool(match[2])
