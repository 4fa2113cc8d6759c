"""Time, bytes and bits."""

from __future__ import annotations

import re
from decimal import Decimal
from typing import cast

from schemas.values.base import Plain, Value

NANOSECONDS = {
    "w": 604_800_000_000_000,
    "d": 86_400_000_000_000,
    "h": 3_600_000_000_000,
    "m": 60_000_000_000,
    "s": 1_000_000_000,
    "ms": 1_000_000,
    "us": 1_000,
    "ns": 1,
}
"""Units of time, largest first."""

_AMOUNT = r"[0-9]{1,12}(?:\.[0-9]{1,9})?"
_PART = re.compile(rf"({_AMOUNT})\s*(ms|us|ns|w|d|h|m|s)\s*")
_CLOCK = re.compile(r"([0-9]{1,9}):([0-9]{1,2}):([0-9]{1,2}(?:\.[0-9]{1,9})?)")
_BARE = re.compile(_AMOUNT)
_QUANTITY = re.compile(r"([0-9]{1,24}(?:\.[0-9]{1,9})?)\s*([kKmMgGtT]?)(?:(iB|bps|B)?)")
_POWERS = {"": 0, "k": 1, "m": 2, "g": 3, "t": 4}


class Duration(Plain):
    """A span of time; the value is whole nanoseconds. ``unit`` is that of bare numbers."""

    def __init__(self, expression: str, unit: str) -> None:
        super().__init__(expression)
        self.unit = unit

    def read(self, text: str) -> Value:
        if _BARE.fullmatch(text):
            return _nanoseconds(text, self.unit)
        total, position = 0, 0
        while part := _PART.match(text, position):
            total += _nanoseconds(part[1], part[2])
            position = part.end()
        clock = _CLOCK.fullmatch(text, position)
        if clock is not None:
            return total + sum(_nanoseconds(clock[i], unit) for i, unit in enumerate("hms", 1))
        if position < len(text) or not position:
            raise ValueError(f"{text!r} is not a time such as 1h30m, 90s or 01:30:00.")
        return total

    def write(self, value: Value) -> str:
        rest = cast(int, value)
        words: list[str] = []
        for unit, size in NANOSECONDS.items():
            amount, rest = divmod(rest, size)
            if amount:
                words.append(f"{amount}{unit}")
        return "".join(words) or "0s"

    def spell(self, native: object) -> str:
        if isinstance(native, bool):
            raise self.misshapen(native)
        return repr(native) if isinstance(native, float) else super().spell(native)

    def wanted(self) -> str:
        return "A time such as 1h30m"


class Quantity(Plain):
    """Bytes (``base`` 1024) or bits (1000), written with k, M, G or T, read back as a plain number."""

    def __init__(self, expression: str, base: int) -> None:
        super().__init__(expression)
        self.base = base

    def read(self, text: str) -> Value:
        match = _QUANTITY.fullmatch(text)
        if (
            match is None
            or (match[3] == "bps") > (self.base == 1000)
            or (match[3] or "").endswith("B") > (self.base == 1024)
        ):
            raise ValueError(f"{text!r} is not a quantity such as 10M.")
        amount = Decimal(match[1]) * self.base ** _POWERS[match[2].lower()]
        if amount != int(amount):
            raise ValueError(f"{text!r} is no whole number of {'bytes' if self.base == 1024 else 'bits'}.")
        return int(amount)

    def write(self, value: Value) -> str:
        return str(value)

    def wanted(self) -> str:
        return "A quantity such as 10M"


def _nanoseconds(amount: str, unit: str) -> int:
    return int(Decimal(amount) * NANOSECONDS[unit])
