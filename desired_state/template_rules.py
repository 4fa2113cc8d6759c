"""What templates may do with values: the filters, and bounds on everything that could grow."""

from __future__ import annotations

import ipaddress
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any

from jinja2 import Undefined
from jinja2.exceptions import TemplateRuntimeError
from jinja2.filters import FILTERS

from desired_state.yaml_reader import Node

MAX_OUTPUT = 64_000
MAX_STEPS = 10_000
MAX_TAKEN = 20_000
"""How many items a filter takes."""
_MAX_BITS = 128

_USUAL = (
    "abs",
    "count",
    "d",
    "default",
    "first",
    "int",
    "last",
    "length",
    "list",
    "max",
    "min",
    "sort",
)
_COUNTING = frozenset({"count", "d", "default", "first", "last", "length"})
_ATTRIBUTES = frozenset({"map", "max", "min", "reject", "rejectattr", "select", "selectattr", "sort", "sum", "unique"})
_MAX_WAY = 16
WATCHED = frozenset({"join", "list", "map", "max", "min", "reject", "rejectattr", "select", "selectattr", "sum"})
"""Filters that do something slow for each item of a list: each item looks at the clock first."""
_EAGER = ("dictsort", "items", "map", "reject", "rejectattr", "select", "selectattr", "unique")


def filters() -> dict[str, Callable[..., Any]]:
    """All filters by name."""
    made: dict[str, Callable[..., Any]] = {name: FILTERS[name] for name in _USUAL}
    made |= {name: _eager(FILTERS[name]) for name in _EAGER}
    made |= {name: _scalar(FILTERS[name]) for name in ("lower", "upper", "trim")}
    return made | {"nth_host": _nth_host, "replace": _replace, "join": _join, "sum": _sum, "string": _text}


def check_binop(operator: str, left: Any, right: Any) -> None:
    """Refuse what would grow without bound, before it grows."""
    sized = str, list, tuple
    if operator == "+":
        size = sum(len(side) if isinstance(side, sized) else 1 for side in (left, right))
    elif operator == "*" and (isinstance(left, sized) or isinstance(right, sized)):
        raise TemplateRuntimeError("only numbers can be multiplied")
    elif operator == "%" and isinstance(left, str):
        raise TemplateRuntimeError("% of a text is not allowed; put the value into {{ }}")
    else:
        size = 0
    bits = max((side.bit_length() for side in (left, right) if isinstance(side, int)), default=0)
    if operator == "**" and isinstance(right, int) and bits:
        bits *= max(abs(right), 1)
    if size > MAX_OUTPUT or bits > _MAX_BITS:
        raise TemplateRuntimeError("a value in it grows too large")


def check_filter(name: str, value: Any, args: tuple[Any, ...], named: Mapping[str, Any]) -> None:
    """Refuse a filter that would take long: of a long list or text, or by a long way into each item."""
    if name not in _COUNTING and isinstance(value, list | tuple | range | Mapping) and len(value) > MAX_TAKEN:
        raise TemplateRuntimeError(f"{name} takes no more than {MAX_TAKEN} items, not {len(value)}")
    if name not in _COUNTING and isinstance(value, str) and len(value) > MAX_OUTPUT:
        raise TemplateRuntimeError(f"{name} takes no more than {MAX_OUTPUT} characters, not {len(value)}")
    for given in (*args, *named.values()):
        if name in _ATTRIBUTES and isinstance(given, str) and given.count(".") + given.count(",") > _MAX_WAY:
            raise TemplateRuntimeError(f"{name} goes no more than {_MAX_WAY} fields deep")


def bounded_range(*bounds: int) -> range:
    made = range(*bounds)
    if len(made) > MAX_STEPS:
        raise TemplateRuntimeError(f"range is longer than {MAX_STEPS}")
    return made


def _replace(text: Any, old: str, new: str) -> str:
    whole = str(text)
    if len(whole) + whole.count(old) * len(new) > MAX_OUTPUT:
        raise TemplateRuntimeError("replace makes a text that is too long")
    return whole.replace(old, new)


def _sum(items: Iterable[Any], attribute: str | None = None) -> int:
    return sum(int(item[attribute] if attribute and isinstance(item, Mapping) else item) for item in items)


def _text(value: Any) -> str:
    return str(printable(value))


def flat(items: Any) -> Any:
    """A list or mapping that a template builds holds plain values only, so that none can explode."""
    for item in items.values() if isinstance(items, Mapping) else items:
        if isinstance(item, Mapping | list | tuple | Undefined):
            raise TemplateRuntimeError("a list made in it may hold plain values only")
    return items


def _join(items: Iterable[Any], separator: str = "") -> str:
    texts = [str(printable(item)) for item in items]
    if sum(map(len, texts)) + len(separator) * len(texts) > MAX_OUTPUT:
        raise TemplateRuntimeError("join makes a text that is too long")
    return separator.join(texts)


def _nth_host(prefix: Any, number: Any) -> str:
    """The n-th address of a network; negative numbers count from its end."""
    try:
        network = ipaddress.ip_network(str(prefix), strict=False)
    except ValueError as error:
        raise TemplateRuntimeError(f"nth_host wants a prefix such as 10.20.0.0/24, not {prefix!r}") from error
    if not isinstance(number, int) or isinstance(number, bool):
        raise TemplateRuntimeError(f"nth_host wants a whole number, not {number!r}")
    first = 0 if network.num_addresses <= 2 else 1
    last = network.num_addresses - 1 - (first if network.version == 4 else 0)
    index = number if number >= 0 else last + 1 + number
    if not first <= index <= last:
        raise TemplateRuntimeError(f"{network} has no host number {number}; it has {first} to {last}")
    return str(network[index])


def printable(value: Any) -> Any:
    """What may stand inside a text."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str | int | Undefined):
        return value
    if isinstance(value, float):
        return plain(value)
    what = "nothing (null)" if value is None else "a mapping" if isinstance(value, Mapping) else "a list"
    raise TemplateRuntimeError(f"{what} cannot stand inside a text; join a list, or pick a field")


def plain(value: Any) -> Node:
    """The value of an expression, as YAML could have given it."""
    if isinstance(value, Undefined):
        value._fail_with_undefined_error()
    if value is None or isinstance(value, str | int | Mapping | list):
        return value
    if isinstance(value, float):
        if value.is_integer():
            return int(value)
        raise TemplateRuntimeError(f"{value} is not a whole number; divide with //")
    if isinstance(value, Iterable):
        return [plain(item) for item in bounded(value)]
    raise TemplateRuntimeError("it yields no value")


def bounded(items: Iterable[Any]) -> list[Any]:
    """The items as a list, no more than a loop may take."""
    found: list[Any] = []
    for item in items:
        if len(found) >= MAX_STEPS:
            raise TemplateRuntimeError(f"a list in it is longer than {MAX_STEPS}")
        found.append(item)
    return found


def _eager(function: Callable[..., Iterable[Any]]) -> Callable[..., list[Any]]:
    @wraps(function)
    def listed(*args: Any, **named: Any) -> list[Any]:
        return list(function(*args, **named))

    return listed


def _scalar(function: Callable[..., str]) -> Callable[..., str]:
    return lambda value: str(function(_text(value)))
