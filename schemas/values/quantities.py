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
_QUANTITY = re.compile(r"([0-9]{1,24}(?:\.[0-9]{1,9})?)\s*([kKmMgGtT]?)(iB|bps|B|)")
_GROUPED = re.compile(r"[0-9]{1,3}(?: [0-9]{3})+")
"""A large number as some menus show it."""
_BINARY = 1024
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


class Seconds(Duration):
    """A span of time that is read back as a plain number of seconds."""

    def __init__(self, expression: str, bounds: tuple[int, int] | None) -> None:
        super().__init__(expression, "s")
        self.bounds = bounds

    def read(self, text: str) -> Value:
        seconds, rest = divmod(cast(int, super().read(text)), NANOSECONDS["s"])
        if rest:
            raise ValueError(f"{text!r} is no whole number of seconds.")
        if self.bounds and not self.bounds[0] <= seconds <= self.bounds[1]:
            raise ValueError(f"{text!r} is not from {self.bounds[0]} to {self.bounds[1]} seconds.")
        return seconds

    def write(self, value: Value) -> str:
        return str(value)


class Quantity(Plain):
    """Bytes (``base`` 1024) or bits (1000), written with k, M, G or T, read back as a plain number.

    ``unit`` is what a bare number counts: 1, or 1024 for bytes told in KiB.
    """

    def __init__(self, expression: str, base: int, unit: int = 1) -> None:
        super().__init__(expression)
        self.base = base
        self.unit = unit
        self._endings = ("", "iB", "B") if base == _BINARY else ("", "bps")
        self._bare_endings = (*self._endings, "B")

    def read(self, text: str) -> Value:
        match = _QUANTITY.fullmatch(text.replace(" ", "") if _GROUPED.fullmatch(text) else text)
        if match is None or match[3] not in (self._endings if match[2] else self._bare_endings):
            raise ValueError(f"{text!r} is not a quantity such as 10M.")
        factor = self.base ** _POWERS[match[2].lower()] if match[2] or match[3] else self.unit
        amount = Decimal(match[1]) * factor / self.unit
        if amount != int(amount):
            raise ValueError(f"{text!r} is no whole number of {self._counted()}.")
        return int(amount)

    def write(self, value: Value) -> str:
        return str(value)

    def wanted(self) -> str:
        return "A quantity such as 10M"

    def _counted(self) -> str:
        if self.base != _BINARY:
            return "bits"
        return "KiB" if self.unit == _BINARY else "bytes"


def _nanoseconds(amount: str, unit: str) -> int:
    return int(Decimal(amount) * NANOSECONDS[unit])
