"""Reads type expressions such as ``!or(all|none, set(ref(/interface)))``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import lru_cache

from schemas.path import MenuPath
from schemas.values.addresses import AddressListEntry, AddressOrPrefix, InterfaceAddress, Ip, Mac, Prefix
from schemas.values.base import ValueType
from schemas.values.composite import Both, List, Loose, Negatable, Or, Pair, Reference, Set, Span
from schemas.values.quantities import NANOSECONDS, Duration, Quantity
from schemas.values.scalars import Bool, Enum, Flag, Hex, Int, Range, Text

_CALL = re.compile(r"([a-z0-9-]+)\s*(?:\((.*)\))?", re.DOTALL)
_BOUNDS = re.compile(r"(-?[0-9a-fA-F]+)\.\.([0-9a-fA-F]+)")
_WORD = re.compile(r"[^\s|,()]+")

_SIMPLE: Mapping[str, Callable[[str], ValueType]] = {
    "text": Text,
    "bool": Bool,
    "flag": Flag,
    "size": lambda expression: Quantity(expression, 1024),
    "rate": lambda expression: Quantity(expression, 1000),
    "ipv4": lambda expression: Ip(expression, 4),
    "ipv6": lambda expression: Ip(expression, 6),
    "ip": lambda expression: Ip(expression, 0),
    "prefix": Prefix,
    "interface-address": InterfaceAddress,
    "address-or-prefix": AddressOrPrefix,
    "address-list-entry": AddressListEntry,
    "mac": Mac,
}
_CONTAINERS: Mapping[str, Callable[[str, ValueType], ValueType]] = {
    "list": List,
    "set": Set,
    "pair": Pair,
    "loose": Loose,
    "span": Span,
}
_NUMBERS: Mapping[str, tuple[Callable[[str, tuple[int, int] | None], ValueType], int]] = {
    "int": (Int, 10),
    "hex": (Hex, 16),
    "range": (Range, 10),
}


@lru_cache(maxsize=8192)
def parse_type(expression: str) -> ValueType:
    """The value type of an expression; equal expressions give one object.

    Raises ValueError, with a sentence, when the expression is no type.
    """
    stripped = expression.strip()
    if stripped.startswith("!"):
        return Negatable(stripped, parse_type(stripped[1:]))
    match = _CALL.fullmatch(stripped)
    if match is None:
        raise ValueError(f"{expression!r} is not a value type.")
    return _build(stripped, match[1], match[2])


def _build(expression: str, name: str, inside: str | None) -> ValueType:
    if name in _SIMPLE and inside is None:
        return _SIMPLE[name](expression)
    if name in _NUMBERS:
        make, base = _NUMBERS[name]
        return make(expression, None if inside is None else _bounds(inside, base))
    if name == "duration" and (inside or "s").strip() in NANOSECONDS:
        return Duration(expression, (inside or "s").strip())
    if name == "size" and inside == "KiB":
        return Quantity(expression, 1024, 1024)
    if name in _CONTAINERS and inside:
        return _CONTAINERS[name](expression, parse_type(inside))
    if name == "enum" and inside:
        return Enum(expression, _words(inside))
    if name == "ref" and inside:
        return Reference(expression, MenuPath.parse(inside))
    if name == "both" and inside and "," in inside:
        first, _, second = inside.partition(",")
        return Both(expression, parse_type(first), parse_type(second))
    if name == "or" and inside and "," in inside:
        words, _, other = inside.partition(",")
        return Or(expression, _words(words), parse_type(other))
    raise ValueError(f"{expression!r} is not a value type.")


def _bounds(text: str, base: int) -> tuple[int, int]:
    match = _BOUNDS.fullmatch(text.strip())
    try:
        low, high = (int(match[1], base), int(match[2], base)) if match else (1, 0)
    except ValueError:
        low, high = 1, 0
    if low > high:
        raise ValueError(f"{text!r} are not bounds such as 0..255.")
    return low, high


def _words(text: str) -> tuple[str, ...]:
    words = tuple(word.strip() for word in text.split("|"))
    if not all(_WORD.fullmatch(word) for word in words):
        raise ValueError(f"{text!r} are not words such as a|b.")
    return words
