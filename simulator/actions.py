"""What can be done to a router's state: add, set, unset, remove, move. Either all of it happens or a ``Refusal``."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from schemas.catalogue.model import Kind
from simulator import errors, files, records
from simulator.codec import Value, text_of
from simulator.complaints.wording import misfit
from simulator.forms import BadValue, is_number
from simulator.menus import facts_of, policy_text
from simulator.refusals import check, missing, unchangeable
from simulator.schema import INTERFACE, FieldTable, MenuTable
from simulator.state import Device, Row, Table

Written = dict[str, Value]


def add(table: Table, values: Mapping[str, str]) -> Row:
    """A new row at the end, or before the row that ``place-before`` names."""
    menu, given = table.menu, dict(values)
    place = given.pop("place-before", None) if menu.ordered else None
    source = given.pop("copy-from", None)
    copied = _copied(table, source) if source is not None else {}
    written = copied | _read(table, given)
    at = None if place is None else _place(table, place)
    _complete(table, written)
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
    for row in rows:
        config = {**row.config, **_texts(written)}
        for name in (name for name, value in written.items() if value is None):
            config.pop(name, None)
        check(row.table, row, config)
    merged = [_merged(row, written) for row in rows]
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
        if name in table.menu.required:
            raise errors.missing(name)
    change(table, rows, {f"!{name}": "" for name in names})


def remove(table: Table, rows: Sequence[Row]) -> None:
    """Remove rows; what the router made itself stays."""
    for row in rows:
        if row.builtin or (row.protected and table.path != "/ip/firewall/address-list"):
            hardware = row.builtin and row.table.menu.interface_type
            raise errors.Refusal(errors.HARDWARE if hardware else "failure: can not remove builtin")
        if table.path == "/user/group" and row.referrers:
            raise errors.Refusal("failure: group has some users")
    rows = files.with_contents(rows) if table.path == files.PATH else rows
    records.removing(table, rows)
    for row in rows:
        row.table.drop(row)
    for path in {row.table.path for row in rows}:
        table.device.settle(path, "removed")


def move(table: Table, rows: Sequence[Row], destination: str | None) -> None:
    """Rows as a block in the order given, directly before ``destination``; an unknown or no destination is the end."""
    target = None if destination is None else _one(table, destination)
    if target is not None and target in rows:
        raise errors.Refusal("failure: can not move object before itself")
    if any(row.protected for row in rows) or (target is not None and target.protected):
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
    if row.protected:
        raise errors.Refusal(errors.BUILTIN)
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
    for name in table.menu.required:
        if written.get(name) is None:
            raise missing(table.path, name)
    if "name" not in written and (name := generated_name(table)):
        written["name"] = name


_GENERATED_NAMES = {
    "/interface/bridge": "bridge",
    "/interface/vlan": "vlan",
    "/interface/bonding": "bonding",
    "/interface/vrrp": "vrrp",
    "/interface/veth": "veth",
    "/interface/wireguard": "wireguard",
}


def generated_name(table: Table) -> str:
    """The name that a row added without one gets, '' in menus whose rows need none."""
    stem = _GENERATED_NAMES.get(table.path)
    if stem is None:
        return ""
    taken = {row.config.get("name") for row in table.device.table(INTERFACE).rows}
    return next(f"{stem}{number}" for number in range(1, len(taken) + 2) if f"{stem}{number}" not in taken)


def _texts(written: Written) -> dict[str, str]:
    return {name: text_of(value) for name, value in written.items() if value is not None}


def _merged(row: Row, written: Written) -> Written:
    """A group's policies are merged with those it has; everything else replaces."""
    if row.table.path == "/user/group" and "policy" in written:
        listed = written["policy"]
        text = text_of(listed) if listed is not None else ""
        return {**written, "policy": policy_text(text, row.config.get("policy", ""))}
    if row.table.path == "/ip/address" and "address" in written and "network" not in written:
        return {**written, "network": None}
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
