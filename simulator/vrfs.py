"""What a VRF brings: a routing table and an interface of its name, and the interfaces that are in it.

That the table is ``dynamic``, and that what the router says of a VRF's routes ends in ``@`` and its name, is unproven.
"""

from __future__ import annotations

from simulator import derived
from simulator.derived import Wanted
from simulator.interfaces import named_in
from simulator.schema import INTERFACE
from simulator.state import Device, Row

PATH, TABLES, MAIN = "/ip/vrf", "/routing/table", "main"
_KIND = "vrf"
_BROUGHT = {TABLES: {"dynamic": "true", "fib": "", "invalid": "false"}, INTERFACE: {"type": "vrf"}}


def settle(device: Device) -> None:
    """Have the tables and interfaces of the VRFs that are there; what has the name already is left alone."""
    for path, facts in _BROUGHT.items() if PATH in device.tables() else ():
        table = device.table(path)
        names = {f"{row.id} {row.label}": row.label for row in _own(device)}
        for key, name in tuple(names.items()):
            row = table.named(name)
            if row is None or derived.is_own(row):
                continue
            if row.facts.get("type") == "vrf" or row.facts.get("dynamic") == "true":
                derived.adopt(row, _KIND, key)  # as a script brought it
            else:
                del names[key]
        there = derived.made(table, _KIND)
        told = {key: there[key].facts if key in there else facts for key in names}
        derived.keep(table, _KIND, {key: Wanted({"name": name}, told[key]) for key, name in names.items()})


def vrf_of(device: Device, interface: Row | None) -> str:
    """The VRF that an interface is in."""
    if interface is None:
        return MAIN
    return next((vrf.label for vrf in _own(device) if interface in named_in(vrf, "interfaces")), MAIN)


def vrf_named(device: Device, table: str) -> str:
    """The VRF that a routing table is of; ``main`` for other tables."""
    return next((vrf.label for vrf in _own(device) if vrf.label == table), MAIN)


def at(vrf: str) -> str:
    """What follows a name or an address that is of a VRF."""
    return "" if vrf == MAIN else f"@{vrf}"


def _own(device: Device) -> list[Row]:
    """All but the one that is always there."""
    table = device.tables().get(PATH)
    return [row for row in table.rows if row.enabled and not row.builtin] if table else []
