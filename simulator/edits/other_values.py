"""Another legal value of a field, chosen by its type expression. Knows nothing of Plumbline's own value types."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence

Names = Callable[[str], Sequence[str]]
"""The names that the rows of a menu have."""

_HEX = re.compile(r"[0-9A-Fa-f]+")


def another(rng: random.Random, expression: str, current: str, names: Names) -> str | None:
    """A text of the type that is not ``current``; None where nothing else is legal or known."""
    for _ in range(20):
        text = _value(rng, expression, current, names)
        if text is None or text != current:
            return text
    return None


def _value(rng: random.Random, expression: str, current: str, names: Names) -> str | None:
    if expression.startswith("!"):
        return _negatable(rng, expression[1:], current, names)
    head, _, rest = expression.partition("(")
    inside = rest[: rest.rfind(")")] if rest else ""
    if head in ("list", "set"):
        return _several(rng, inside, current, names)
    if head == "or":
        words, _, other = inside.partition(",")
        return rng.choice(words.split("|")) if rng.random() < 0.4 else _value(rng, other.strip(), current, names)
    if head == "loose":
        return _value(rng, inside, current, names)
    if head == "pair":
        return None
    if head == "ref":
        known = [name for name in names(inside) if name != current]
        return rng.choice(known) if known else None
    if head in _NUMBERS:
        return _NUMBERS[head](rng, inside)
    if head == "enum":
        return rng.choice(inside.split("|"))
    if head == "flag":
        return "no" if current == "" else "yes"
    return _SIMPLE[head](rng, current) if head in _SIMPLE else None


def _negatable(rng: random.Random, inside: str, current: str, names: Names) -> str | None:
    if current and rng.random() < 0.3:
        return current[1:] if current.startswith("!") else f"!{current}"
    return _value(rng, inside, current.removeprefix("!"), names)


def _several(rng: random.Random, inside: str, current: str, names: Names) -> str | None:
    items = [item for item in current.split(",") if item]
    if len(items) > 1 and rng.random() < 0.5:
        items.pop(rng.randrange(len(items)))
        return ",".join(items)
    new = _value(rng, inside, "", names)
    if not new or new in items:
        return None
    if items and rng.random() < 0.5:
        items[rng.randrange(len(items))] = new
    else:
        items.append(new)
    return ",".join(items)


def _integer(rng: random.Random, inside: str) -> str:
    low, high = _bounds(inside, 10, 65535)
    return str(rng.randint(low, min(high, low + 4000)))


def _hexadecimal(rng: random.Random, inside: str) -> str:
    low, high = _bounds(inside, 16, 0xFF)
    return f"0x{rng.randint(low, high):X}"


def _range(rng: random.Random, inside: str) -> str:
    low, high = _bounds(inside, 10, 65535)
    first = rng.randint(low, high)
    return str(first) if rng.random() < 0.5 else f"{first}-{rng.randint(first, high)}"


def _bounds(inside: str, base: int, most: int) -> tuple[int, int]:
    low, dots, high = inside.partition("..")
    if not dots or not _HEX.fullmatch(low) or not _HEX.fullmatch(high):
        return 1, most
    return int(low, base), int(high, base)


def _octets(rng: random.Random) -> str:
    return f"10.{rng.randint(64, 127)}.{rng.randint(0, 255)}.{rng.randint(1, 254)}"


def _network(rng: random.Random, length: int = 24) -> str:
    return f"10.{rng.randint(64, 127)}.{rng.randint(0, 255)}.0/{length}"


def _mac(rng: random.Random, _current: str) -> str:
    return "02:" + ":".join(f"{rng.randint(0, 255):02X}" for _ in range(5))


def _text(rng: random.Random, current: str) -> str:
    return f"{current or 'other'}-{rng.randint(1, 999)}"


_NUMBERS: Mapping[str, Callable[[random.Random, str], str]] = {
    "int": _integer,
    "hex": _hexadecimal,
    "range": _range,
    "duration": lambda rng, _: f"{rng.randint(1, 59)}m{rng.randint(1, 59)}s",
    "size": lambda rng, _: str(rng.randint(1, 4096) * 1024),
    "rate": lambda rng, _: str(rng.randint(1, 900) * 1_000_000),
}

_SIMPLE: Mapping[str, Callable[[random.Random, str], str]] = {
    "text": _text,
    "bool": lambda _rng, current: "false" if current == "true" else "true",
    "ipv4": lambda rng, _: _octets(rng),
    "ip": lambda rng, _: _octets(rng),
    "ipv6": lambda rng, _: f"2001:db8::{rng.randint(1, 0xFFFF):x}",
    "prefix": lambda rng, _: _network(rng),
    "interface-address": lambda rng, _: f"{_octets(rng)}/{rng.randint(16, 30)}",
    "address-or-prefix": lambda rng, _: rng.choice((_octets(rng), _network(rng))),
    "address-list-entry": lambda rng, _: rng.choice((_octets(rng), _network(rng, 22).replace(".0/", ".0/"))),
    "mac": _mac,
    "int": lambda rng, _: str(rng.randint(1, 200)),
}
