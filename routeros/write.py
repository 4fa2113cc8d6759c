"""One ``Change`` to one call; a row that is added without a field takes a second one. What became of it is for the
caller to read again."""

from __future__ import annotations

from collections.abc import Mapping

from routeros.client import Client, row_id
from schemas.catalogue.model import Menu, Unset
from schemas.change import Action, Change
from schemas.errors import DeviceRefused, OutcomeUnknown, PlumblineError


async def write(
    client: Client, menu: Menu, change: Change, values: Mapping[str, str | None], anchor: str | None = None
) -> str | None:
    """Carry a change out and give the new row's ``.id`` for an add.

    ``values`` are final texts under documents' names (None unsets), secrets resolved. ``anchor`` is the ``.id``
    before which an added or moved row goes, None for the end of the table. RouterOS moves to the end
    silently when the anchor is gone: the caller reads the order again.
    Raises DeviceRefused (not proof that nothing happened), LoginRefused, OutcomeUnknown, Unreachable.
    """
    match change.action:
        case Action.ADD:
            return await _add(client, menu, values, anchor)
        case Action.SET:
            await _set(client, menu, None if change.singleton else _handle(change), values)
        case Action.REMOVE:
            await client.delete(menu.path, _handle(change))
        case Action.MOVE:
            place = {"destination": row_id(anchor)} if anchor is not None else {}
            await client.command(menu.path, "move", {"numbers": _handle(change), **place})
    return None


async def _add(client: Client, menu: Menu, values: Mapping[str, str | None], anchor: str | None) -> str:
    body = {_wire(menu, name): value for name, value in values.items() if value is not None}
    if anchor is not None:
        body["place-before"] = row_id(anchor)
    made = await client.add(menu.path, body, hidden=_secrets(menu, values))
    if ".id" not in made:
        raise OutcomeUnknown(f"The router added a row to {menu.path} without saying its .id.", device=client.device)
    # Whether PUT takes !field is unproven, so what came by itself is unset afterwards.
    own = {name: None for name, value in values.items() if value is None and _wire(menu, name) in made}
    if own:
        await _set(client, menu, row_id(made[".id"]), own)
    return made[".id"]


async def _set(client: Client, menu: Menu, handle: str | None, values: Mapping[str, str | None]) -> None:
    body, cleared = _set_body(menu, values)
    hidden = _secrets(menu, values)
    try:
        await _send(client, menu, handle, body | {f"!{name}": "" for name in cleared}, hidden)
    except DeviceRefused as error:
        if "unset" not in menu.commands or not error.detail.startswith("unknown parameter !"):
            raise
        await _send(client, menu, handle, body, hidden)
        await _unset(client, menu, handle, cleared)


async def _unset(client: Client, menu: Menu, handle: str | None, names: list[str]) -> None:
    """For a router that does not take ``!field`` in ``set``: it has a command for it, one field a call."""
    row = {} if handle is None else {".id": handle}
    for name in names:
        await client.command(menu.path, "unset", {**row, "value-name": name})


async def _send(client: Client, menu: Menu, handle: str | None, body: dict[str, str], hidden: tuple[str, ...]) -> None:
    if not body:
        return
    if handle is None:  # PATCH of a singleton is refused
        await client.command(menu.path, "set", body, hidden=hidden)
    else:
        await client.patch(menu.path, handle, body, hidden=hidden)


def _set_body(menu: Menu, values: Mapping[str, str | None]) -> tuple[dict[str, str], list[str]]:
    """What to send as values, and the wire names to clear with RouterOS's ``!field``."""
    body: dict[str, str] = {}
    cleared: list[str] = []
    for name, value in values.items():
        wire = _wire(menu, name)
        if value is not None:
            body[wire] = value
        elif _strategy(menu, name) is Unset.EMPTY:
            body[wire] = ""
        elif _strategy(menu, name) is Unset.DEFAULT:
            body[wire] = _default(menu, name)
        else:
            cleared.append(wire)
    return body, cleared


def _strategy(menu: Menu, name: str) -> Unset:
    return menu.fields[name].unset if name in menu.fields else Unset.UNSET


def _default(menu: Menu, name: str) -> str:
    default = menu.fields[name].default
    if default is None:
        raise PlumblineError(f"{menu.path} {name} cannot be unset: its default in this version is not known.")
    return default


def _wire(menu: Menu, name: str) -> str:
    return menu.fields[name].wire if name in menu.fields else name


def _secrets(menu: Menu, values: Mapping[str, str | None]) -> tuple[str, ...]:
    return tuple(value for name, value in values.items() if value and name in menu.fields and menu.fields[name].secret)


def _handle(change: Change) -> str:
    if change.handle is None:
        raise PlumblineError(f"{change.path} {change.identity}: the row to {change.action} has no .id.")
    return row_id(change.handle)
