"""Reads type expressions such as ``!or(all|none, set(ref(/interface)))``."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal as Exact
from functools import lru_cache

from schemas.path import MenuPath
from schemas.values.addresses import AddressListEntry, AddressOrPrefix, InterfaceAddress, Ip, Mac, Prefix
from schemas.values.base import ValueType
from schemas.values.composite import Both, FlagSet, List, Loose, Negatable, Or, Pair, Reference, Set, Span
from schemas.values.quantities import NANOSECONDS, Duration, Quantity, Seconds
from schemas.values.scalars import Bool, Decimal, Enum, EtherType, Flag, Hex, Int, Range, Switch, Text
from schemas.values.texts import FORMS, Formed

_CALL = re.compile(r"([a-z0-9-]+)\s*(?:\((.*)\))?", re.DOTALL)
_MOST = re.compile(r"((?:list|set)\s*\(.*\)) max ([1-9][0-9]{0,3})", re.DOTALL)
_BOUNDS = re.compile(r"(-?[0-9a-fA-F]+)\.\.([0-9a-fA-F]+)")
_DECIMAL_BOUNDS = re.compile(r"(-?[0-9]+(?:\.[0-9]+)?)\.\.([0-9]+(?:\.[0-9]+)?)")
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
    "mac": lambda expression: Mac(expression, masked=False),
    "ethertype": lambda expression: EtherType(expression, (0, 0xFFFF)),
}
_LISTS: Mapping[str, Callable[[str, ValueType, int | None], List]] = {"list": List, "set": Set}
_CONTAINERS: Mapping[str, Callable[[str, ValueType], ValueType]] = {
    "pair": Pair,
    "loose": Loose,
    "span": Span,
}
_NUMBERS: Mapping[str, tuple[Callable[[str, tuple[int, int] | None], ValueType], int]] = {
    "int": (Int, 10),
    "hex": (Hex, 16),
    "range": (Range, 10),
    "seconds": (Seconds, 10),
}
_VOCABULARIES: Mapping[str, Callable[[str, tuple[str, ...]], ValueType]] = {
    "enum": Enum,
    "switch": Switch,
    "flagset": FlagSet,
}


@lru_cache(maxsize=8192)
def parse_type(expression: str) -> ValueType:
    """The value type of an expression; equal expressions give one object.

    Raises ValueError, with a sentence, when the expression is no type.
    """
    stripped = expression.strip()
    if stripped.startswith("!"):
        return Negatable(stripped, parse_type(stripped[1:]))
    most = _MOST.fullmatch(stripped)
    match = _CALL.fullmatch(most[1] if most else stripped)
    if match is None:
        raise ValueError(f"{expression!r} is not a value type.")
    if match[1] in _LISTS and match[2]:
        return _LISTS[match[1]](stripped, parse_type(match[2]), int(most[2]) if most else None)
    return _build(stripped, match[1], match[2])


def _build(expression: str, name: str, inside: str | None) -> ValueType:
    if name in _SIMPLE and inside is None:
        return _SIMPLE[name](expression)
    if name in _NUMBERS:
        make, base = _NUMBERS[name]
        return make(expression, None if inside is None else _bounds(inside, base))
    if name in _CONTAINERS and inside:
        return _CONTAINERS[name](expression, parse_type(inside))
    if name in _VOCABULARIES and inside:
        return _VOCABULARIES[name](expression, _words(inside))
    if known := _special(expression, name, inside):
        return known
    if name == "ref" and inside:
        return Reference(expression, MenuPath.parse(inside))
    if name == "both" and inside and "," in inside:
        first, _, second = inside.partition(",")
        return Both(expression, parse_type(first), parse_type(second))
    if name == "or" and inside and "," in inside:
        words, _, other = inside.partition(",")
        return Or(expression, _marked(_words(words)), parse_type(other))
    raise ValueError(f"{expression!r} is not a value type.")


def _special(expression: str, name: str, inside: str | None) -> ValueType | None:
    """The types that know a unit or a form; None when it is none of them."""
    if name == "duration" and (inside or "s").strip() in NANOSECONDS:
        return Duration(expression, (inside or "s").strip())
    if name == "size" and inside == "KiB":
        return Quantity(expression, 1024, 1024)
    if name == "mac" and inside == "mask":
        return Mac(expression, masked=True)
    if name == "text" and inside in FORMS:
        return Formed(expression, str(inside))
    if name == "decimal":
        return Decimal(expression, None if inside is None else _decimal_bounds(inside))
    return None


def _bounds(text: str, base: int) -> tuple[int, int]:
    match = _BOUNDS.fullmatch(text.strip())
    try:
        low, high = (int(match[1], base), int(match[2], base)) if match else (1, 0)
    except ValueError:
        low, high = 1, 0
    if low > high:
        raise ValueError(f"{text!r} are not bounds such as 0..255.")
    return low, high


def _marked(words: tuple[str, ...]) -> tuple[str, ...]:
    """The words of an ``or``; a mark says something of the word after it."""
    if words[0] in ("0", "-") and len(words) == 1:
        raise ValueError(f"A word is wanted after {words[0]}.")
    return words


def _decimal_bounds(text: str) -> tuple[Exact, Exact]:
    match = _DECIMAL_BOUNDS.fullmatch(text.strip())
    low, high = (Exact(match[1]), Exact(match[2])) if match else (Exact(1), Exact(0))
    if low > high:
        raise ValueError(f"{text!r} are not bounds such as 0.1..5.")
    return low, high


def _words(text: str) -> tuple[str, ...]:
    words = tuple(word.strip() for word in text.split("|"))
    if not all(_WORD.fullmatch(word) for word in words):
        raise ValueError(f"{text!r} are not words such as a|b.")
    return words
