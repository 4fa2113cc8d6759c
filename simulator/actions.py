"""What can be done to a router's state: add, set, unset, remove, move. Either all of it happens or a ``Refusal``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schemas.catalogue.model import Kind
from simulator import errors, files, records
from simulator.codec import Value, text_of
from simulator.complaints.wording import misfit
from simulator.forms import BadValue, is_number
from simulator.menus import facts_of, policy_text
from simulator.names import generated
from simulator.refusals import check, check_removal, mandatory, missing, unchangeable
from simulator.schema import INTERFACE, FieldTable, MenuTable
from simulator.state import Device, Row, Table

Written = dict[str, Value]


def add(table: Table, values: Mapping[str, str]) -> Row:
    """A new row at the end, or before the row that ``place-before`` names."""
    menu, given = table.menu, dict(values)
    if menu.kind is not Kind.LIST and table.menu.fields:
        raise errors.Refusal("action failed (6)")  # as for removing a login: that adding one is refused so is unproven
    place = given.pop("place-before", None) if menu.ordered else None
    source = given.pop("copy-from", None)
    copied = _copied(table, source) if source is not None else {}
    written = copied | _read(table, given)
    at = None if place is None else _place(table, place)
    _complete(table, written)
    written = _implied(table, {}, written)
    config = {**menu.defaults, **_texts(written)}
    check(table, None, config)
    row = table.create(at=at)
    row.facts.update(facts_of(table))
    _store(row, written)
    table.refresh(row)
    records.added(row)
    table.device.settle(table.path, "added")
    return row


def change(table: Table, rows: Sequence[Row], values: Mapping[str, str]) -> None:
    """Set fields of rows; all are checked before any is changed."""
    for row in rows:
        if row.protected and table.path != INTERFACE:
            raise unchangeable(table)
    written = _read(table, dict(values))
    merged = [_implied(row.table, row.config, written) for row in rows]
    for row, own in zip(rows, merged, strict=True):
        config = {**row.config, **_texts(own)}
        for name in (name for name, value in own.items() if value is None):
            config.pop(name, None)
        _keep_mandatory(row, written)
        check(row.table, row, config)
    done = records.changing(table, rows, merged)
    for row, own in zip(rows, merged, strict=True):
        named = row.label
        _store(row, own)
        row.table.refresh(row)
        if row.label != named:
            table.device.relabel(row)
    done()
    for path in {row.table.path for row in rows} | {table.path}:
        table.device.settle(path)


def unset(table: Table, rows: Sequence[Row], names: Sequence[str]) -> None:
    """Put fields back to where nobody wrote them."""
    for name in names:
        known = table.menu.fields.get(name)
        if known is None or not known.writable:
            raise errors.Refusal("input does not match any value of value-name")
    change(table, rows, {f"!{name}": "" for name in names})


def remove(table: Table, rows: Sequence[Row]) -> None:
    """Remove rows; what the router made itself stays."""
    for row in rows:
        check_removal(row)
    rows = files.with_contents(rows) if table.path == files.PATH else rows
    records.removing(table, rows)
    for row in rows:
        row.table.drop(row)
    for path in {row.table.path for row in rows}:
        table.device.settle(path, "removed")


def move(table: Table, rows: Sequence[Row], destination: str | None) -> None:
    """Rows as a block in the order given, directly before ``destination``; an unknown or no destination is the end.

    What the router made stays where it is, but others may be put before it.
    """
    target = None if destination is None else _one(table, destination)
    if target is not None and target in rows:
        raise errors.Refusal("failure: can not move object before itself")
    if any(row.protected for row in rows):
        raise errors.Refusal(errors.BUILTIN)
    records.moving(table, rows, target)
    for row in rows:
        table.rows.remove(row)
    at = len(table.rows) if target is None else table.rows.index(target)
    table.rows[at:at] = rows
    table.reordered()
    table.device.settle(table.path, "moved")


def chosen(table: Table, numbers: str) -> list[Row]:
    """The rows that ``numbers`` or ``.id`` names: ids, names, or positions in the table, with commas.

    Raises Refusal 404 when one is not there.
    """
    found: list[Row] = []
    for word in numbers.split(","):
        row = _one(table, word.strip())
        if row is None:
            raise errors.not_found()
        if row not in found:
            found.append(row)
    return found


def _one(table: Table, word: str) -> Row | None:
    if word.startswith("*"):
        return table.ids.get(_canonical_id(word))
    if is_number(word):
        return table.rows[int(word)] if int(word) < len(table.rows) else None
    if table.menu.named:
        return table.named(word)
    return next((row for row in table.rows if row.config.get("comment") == word), None)


def _canonical_id(word: str) -> str:
    try:
        return f"*{int(word[1:], 16):X}"
    except ValueError:
        return word


def _place(table: Table, word: str) -> int | None:
    row = _one(table, word)
    if row is None:
        raise errors.Refusal("input does not match any value of place-before")
    return table.rows.index(row)


def _copied(table: Table, source: str) -> Written:
    row = _one(table, source)
    if row is None:
        raise errors.Refusal("input does not match any value of copy-from")
    return {name: row.links.get(name, text) for name, text in row.config.items()}


def _read(table: Table, values: Mapping[str, str]) -> Written:
    """Typed values by field; the first that the router would refuse is raised."""
    menu = table.menu
    fields = [(_field(menu, name), name, text) for name, text in values.items()]
    written: Written = {}
    for known, name, text in fields:
        if name.startswith("!"):
            written[known.name] = menu.defaults.get(known.name)
        else:
            written[known.name] = read_value(table.device, known, text)
    return written


def _field(menu: MenuTable, name: str) -> FieldTable:
    known = menu.fields.get(name.removeprefix("!"))
    if known is None or not known.writable:
        raise errors.unknown_parameter(name)
    return known


def read_value(device: Device, known: FieldTable, text: str) -> Value:
    """What a written text becomes. Raises Refusal in the router's words."""
    try:
        if not text and not known.takes_empty:
            known.read(text, device)
            raise BadValue("match")
        value = known.read(text, device)
    except BadValue as error:
        raise errors.bad_value(error, known.name, known.noun, known.complaint, text) from error
    if isinstance(value, str) and (words := misfit(known.complaint, value)):
        raise errors.Refusal(words)
    return value


def _complete(table: Table, written: Written) -> None:
    """Raises Refusal when a field is missing that every row of the menu has."""
    if written.get("name") is None and (name := generated(table)):
        written["name"] = name
    needed = mandatory(table)
    for name in needed:
        if not written.get(name):
            raise missing(table.path, name)


def _keep_mandatory(row: Row, written: Written) -> None:
    """What every row of a menu has cannot be taken from one (that it is worded as for a new row is unproven)."""
    needed = mandatory(row.table)
    for name, value in written.items():
        if not value and name in needed:
            raise missing(row.table.path, name)


def _texts(written: Written) -> dict[str, str]:
    return {name: text_of(value) for name, value in written.items() if value is not None}


def _implied(table: Table, config: Mapping[str, str], written: Written) -> Written:
    """What is written with what follows from it, in a row with that configuration.

    A group's policies are merged with those it has; a network follows its address, and so does the type of a DNS
    record (unproven). Everything else replaces.
    """
    if table.path == "/user/group" and config and "policy" in written:
        listed = written["policy"]
        text = text_of(listed) if listed is not None else ""
        return {**written, "policy": policy_text(text, config.get("policy", ""))}
    if table.path == "/ip/address" and config and "address" in written and "network" not in written:
        return {**written, "network": None}
    address = written.get("address")
    typed = "type" in written or "type" not in table.menu.fields or config.get("type", "A") not in ("A", "AAAA")
    if table.path == "/ip/dns/static" and address is not None and not typed:
        return {**written, "type": "AAAA" if ":" in text_of(address) else "A"}
    return written


def _store(row: Row, written: Written) -> None:
    fields = row.table.menu.fields
    for name, value in written.items():
        known = fields.get(name)
        if known is not None and known.hidden:
            row.hidden[name] = text_of(value) if value is not None else ""
        else:
            row.put(name, value)


def set_singleton(table: Table, values: Mapping[str, str]) -> None:
    """``POST /menu/set`` of a menu without rows."""
    if table.menu.kind is Kind.READONLY:
        raise errors.unknown_word("set")
    change(table, table.rows, values)
