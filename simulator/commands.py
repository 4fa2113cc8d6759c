"""The commands of ``POST /rest/<menu>/<command>``: each takes a table and a body and answers what the router would."""

from __future__ import annotations

from collections.abc import Callable

from schemas.catalogue.model import Kind
from simulator import actions, errors, query
from simulator.oids import oids_of
from simulator.requests import Body, fields_of, names_of
from simulator.state import Row, Table

Answer = dict[str, str] | list[dict[str, str]]
Mask = Callable[[Table, dict[str, str]], dict[str, str]]

READING = frozenset({"print", "get", "find"})
_PRINT_WORDS = frozenset(
    {
        ".proplist",
        ".query",
        "proplist",
        "brief",
        "count-only",
        "detail",
        "file",
        "from",
        "group-by",
        "oid",
        "show-ids",
        "stats",
        "terse",
        "value-list",
        "without-paging",
    }
)

_UNPRINTABLE = frozenset({"/system/device-mode"})
"""Menus that only a GET reads; that the refusal carries no words is unproven."""


def run(table: Table, command: str, body: Body, mask: Mask) -> Answer:
    """Do a command. Raises Refusal."""
    if command == "listen":
        raise errors.Endless if table.menu.listed else errors.unknown_parameter("follow-only")
    if command not in table.menu.commands or command == "place-before":
        raise errors.unknown_word(command)
    if command == "print":
        return _print(table, body, mask)
    fields = fields_of(body)
    if command == "get":
        return _get(table, fields, mask)
    known = _COMMANDS.get(command)
    if known is None:
        raise errors.Refusal(f"failure: {command} is not implemented", 501)
    return known(table, fields)


def _print(table: Table, body: Body, mask: Mask) -> Answer:
    for name in body:
        if name == "interval" or (name in ("follow", "follow-only") and table.path == "/log"):
            raise errors.Endless
        if name not in _PRINT_WORDS:
            raise errors.unknown_parameter(name)
    if table.path in _UNPRINTABLE:
        raise errors.Refusal(None, 500)
    rows = [mask(table, row) for row in _from(table, body)]
    words = names_of(body.get(".query"))
    if words:
        rows = query.selected(rows, words)
    if "count-only" in body:
        return {"ret": str(len(rows))}
    if "oid" in body:
        return [oids_of(table.path, row) for row in rows]
    names = names_of(body.get(".proplist", body.get("proplist")))
    return [query.only(row, names, with_id=False) for row in rows]


def _from(table: Table, body: Body) -> list[dict[str, str]]:
    """All rows as print shows them, or those that ``from`` names."""
    numbers = body.get("from")
    if not numbers or not table.menu.listed:
        return table.replies()
    named = actions.chosen(table, numbers if isinstance(numbers, str) else ",".join(numbers))
    return [shown for row, shown in zip(table.rows, table.replies(), strict=True) if row in named]


def _get(table: Table, fields: dict[str, str], mask: Mask) -> Answer:
    name, number = fields.pop("value-name", None), fields.pop("number", None)
    if number is not None:
        fields.setdefault("numbers", number)
    row = _numbered(table, fields)[0] if table.menu.listed else table.rows[0]
    shown = mask(table, table.reply(row))
    if name is None:
        return {"ret": ";".join(f"{key}={text}" for key, text in shown.items())}
    if name not in shown and name not in table.menu.fields:
        raise errors.Refusal("input does not match any value of value-name")
    return {"ret": shown.get(name, "")}


def _find(table: Table, fields: dict[str, str]) -> Answer:
    if fields:
        raise errors.unknown_parameter(next(iter(fields)))
    return {"ret": ";".join(row.id for row in table.rows)}


def _add(table: Table, fields: dict[str, str]) -> Answer:
    return {"ret": actions.add(table, fields).id}


def _set(table: Table, fields: dict[str, str]) -> Answer:
    if table.menu.kind in (Kind.SINGLETON, Kind.READONLY):
        actions.set_singleton(table, fields)
    else:
        rows = _numbered(table, fields)
        actions.change(table, rows, fields)
    return []


def _remove(table: Table, fields: dict[str, str]) -> Answer:
    rows = _numbered(table, fields)
    _no_more(fields)
    actions.remove(table, rows)
    return []


def _switch(disabled: str) -> Callable[[Table, dict[str, str]], Answer]:
    def run_switch(table: Table, fields: dict[str, str]) -> Answer:
        rows = _numbered(table, fields)
        _no_more(fields)
        actions.change(table, rows, {"disabled": disabled})
        return []

    return run_switch


def _comment(table: Table, fields: dict[str, str]) -> Answer:
    rows = _numbered(table, fields)
    comment = fields.pop("comment", "")
    _no_more(fields)
    actions.change(table, rows, {"comment": comment})
    return []


def _unset(table: Table, fields: dict[str, str]) -> Answer:
    rows = _numbered(table, fields)
    names = fields.pop("value-name", None)
    _no_more(fields)
    if names is None:
        raise errors.missing("value-name")
    actions.unset(table, rows, names.split(","))
    return []


def _move(table: Table, fields: dict[str, str]) -> Answer:
    rows = _numbered(table, fields)
    destination = fields.pop("destination", None)
    _no_more(fields)
    actions.move(table, rows, destination)
    return []


def _numbered(table: Table, fields: dict[str, str]) -> list[Row]:
    """The rows a command is for; ``.id`` and ``numbers`` are the same."""
    numbers = fields.pop(".id", None)
    numbers = fields.pop("numbers", numbers)
    if not numbers:
        raise errors.Refusal(errors.MISSING_ID)
    return actions.chosen(table, numbers)


def _no_more(fields: dict[str, str]) -> None:
    if fields:
        raise errors.unknown_parameter(next(iter(fields)))


_COMMANDS: dict[str, Callable[[Table, dict[str, str]], Answer]] = {
    "add": _add,
    "set": _set,
    "remove": _remove,
    "enable": _switch("false"),
    "disable": _switch("true"),
    "comment": _comment,
    "unset": _unset,
    "move": _move,
    "find": _find,
}
