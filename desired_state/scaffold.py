"""Texts of new fleets: the documents of an empty one, and routers as they are, written down."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from desired_state.documents import API_VERSION
from desired_state.row_writer import natural, written_fields
from desired_state.yaml_reader import Node
from desired_state.yaml_writer import block, flow, rows, scalar
from schemas.catalogue.model import Menu, Order
from schemas.device import Device, Expect, Tls
from schemas.observed import Observed, Row
from schemas.path import MenuPath
from schemas.values import canonical_or_exact, parse_type

_LEFT_OUT = ("dynamic", "builtin", "default")
_YES = ("true", "yes")


def fleet_files(environment: str, *, lab: bool, example: bool = True) -> dict[str, bytes]:
    """The documents of a new fleet: fleet.yaml, a group, and an example device that is paused."""
    files = {"fleet.yaml": _fleet(environment, lab), "groups/base.yaml": _GROUP}
    if example:
        tls = Tls(insecure=True) if lab else Tls(pin="sha256:" + "0" * 64)
        device = Device("example", ("https://192.0.2.1",), tls, "router-ro", "router-rw", environment, groups=("base",))
        files["devices/example.yaml"] = _EXAMPLE_HEAD + device_head(device, "paused") + _EXAMPLE_MENUS
    return {path: text.encode() for path, text in files.items()}


def device_file(device: Device, observed: Observed, menu_of: Callable[[MenuPath], Menu | None]) -> bytes:
    """A document that says what a router is now, in mode observe, without defaults and secrets.

    What cannot be written down (bytes that are no text, values the catalogue cannot read, a second row
    of one key) is left to the router and told in a comment or by ``$omit``.
    """
    menus = {path: menu for path in sorted(observed.menus) if (menu := menu_of(path)) is not None}
    parts = [_menu(menu, observed.menus[path].rows) for path, menu in menus.items() if observed.menus[path].present]
    body = "".join(parts)
    text = f"apiVersion: {API_VERSION}\nkind: Device\n" + device_head(device, "observe")
    return (text + ("menus:\n" + body if body else "menus: {}\n")).encode()


def device_head(device: Device, mode: str) -> str:
    head: dict[str, Node] = {
        "address": list(device.addresses) if len(device.addresses) > 1 else device.addresses[0],
        "tls": _tls(device.tls),
        "credentials": {"read": device.read_credential, "write": device.write_credential},
    }
    if device.expect != Expect():
        wanted = {"serial": device.expect.serial, "model": device.expect.model, "routeros": device.expect.routeros}
        head["expect"] = {name: value for name, value in wanted.items() if value is not None}
    head |= {"environment": device.environment, "mode": mode}
    if device.groups:
        head["groups"] = list(device.groups)
    if device.tags:
        head["tags"] = dict(device.tags)
    return block(head, 0)


def _tls(tls: Tls) -> dict[str, Node]:
    if tls.pin is not None:
        return {"pin": tls.pin}
    return {"ca": tls.ca} if tls.ca is not None else {"insecure": True}


def _menu(menu: Menu, found: Iterable[Row]) -> str:
    if menu.singleton:
        written = {
            name: value for row in found for name, value in written_fields(menu, row, {}).items() if name != "$omit"
        }
        if not written:
            return ""
        line = f"  {menu.path}: {flow(written)}\n"
        return line if len(line) <= 110 else f"  {menu.path}:\n{block(written, 4)}"
    wanted = [row for row in found if not any(row.get(flag) in _YES for flag in _LEFT_OUT)]
    if menu.order is Order.NONE or not menu.addable:
        wanted.sort(key=lambda row: [natural(row.get(name, "")) for name in menu.key])
    unique, doubled = _once(menu, wanted)
    made = [entry for row in unique if (entry := _entry(menu, row))]
    notes = "".join(f"    # left out, its key is taken: {_shown(menu, row)}\n" for row in doubled)
    return f"  {menu.path}:\n{rows(made, 4)}{notes}" if made or (notes and menu.addable) else ""


def _entry(menu: Menu, row: Row) -> dict[str, Node]:
    """A row as it is written down; nothing where the router made it and it is as it was made."""
    if menu.addable:
        return written_fields(menu, row, {})
    key = {name: row[name] for name in menu.key if name in row}
    made: Row = next((item for item in menu.builtin if all(item.get(name) == key[name] for name in key)), {})
    if "default-name" in row:
        made = {**made, "name": row["default-name"]}
    written = written_fields(menu, row, made)
    written = {name: value for name, value in written.items() if name not in (*key, "$omit")}
    return {"$match": key, **written} if key and written else {}


def _once(menu: Menu, found: Iterable[Row]) -> tuple[list[Row], list[Row]]:
    """Rows, and those whose enforced key an earlier row has."""
    if menu.key_evidence != "enforced":
        return list(found), []
    seen: dict[tuple[str, ...], Row] = {}
    doubled = []
    for row in found:
        key = tuple(canonical_or_exact(parse_type(menu.fields[name].type), row.get(name, ""))[0] for name in menu.key)
        if seen.setdefault(key, row) is not row:
            doubled.append(row)
    return list(seen.values()), doubled


def _shown(menu: Menu, row: Row) -> str:
    return " ".join(f"{name}={scalar(row.get(name, ''))}" for name in menu.key)


def _fleet(environment: str, lab: bool) -> str:
    kind = "{lab: true, approval: self}" if lab else "{approvals: {normal: 1, management-path: 2}}"
    return _FLEET.format(version=API_VERSION, environment=scalar(environment), kind=kind)


_FLEET = """\
# What holds for all devices. Everything here is control data: a plan of a branch is judged under the
# protected branch's copy too, whichever is stricter.
apiVersion: {version}
kind: Fleet
branches: {{protected: main}}
environments:
  {environment}: {kind}
limits: {{removes: 10, remove-share: 0.2, devices: 50}}   # a plan that passes one of these is refused
strategies: {{default: {{batches: [1, rest], halt: first}}}}   # first one device, then the others
"""
_GROUP = f"""\
# A layer that devices share: name it in their groups.
apiVersion: {API_VERSION}
kind: Group
menus: {{}}
"""
_EXAMPLE_HEAD = f"""\
# One device each; the file name is the device's name. This one is an example and paused: nothing
# connects to it. Copy it for a router of yours, or let init --from write the file from the router itself.
apiVersion: {API_VERSION}
kind: Device
"""
_EXAMPLE_MENUS = """\
# mode: observe plans and shows drift, manage also applies; writing needs capabilities, for example
# capabilities: [advanced-writes, firewall-writes]
vars: {lan: 192.168.88.0/24}
menus:
  /system/identity: {name: "{{ device.name }}"}
  /ip/dns: {servers: [192.0.2.53]}
  /ip/address:
    - {address: "{{ lan | nth_host(1) }}/24", interface: bridge, comment: LAN}
"""
