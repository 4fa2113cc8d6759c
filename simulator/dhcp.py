"""DHCP as far as the router tells of it: leases, and the address and the default route of a client that is bound.

Nobody plays the other end. A lease that a client took, or what a server offered, is declared in a seed with the fields
that can only be read: ``dynamic``, ``active-address``, ``host-name`` and ``expires-after`` of a lease, ``status``,
``address`` and ``gateway`` of a client. Everything else waits or searches. How leases are renewed is unproven.
"""

from __future__ import annotations

import contextlib

from simulator import derived
from simulator.derived import Wanted
from simulator.forms import BadValue, seconds
from simulator.interfaces import bridges, interface_of, runs
from simulator.state import Device, Row, Table
from simulator.times import span

LEASES, CLIENT, SERVER = "/ip/dhcp-server/lease", "/ip/dhcp-client", "/ip/dhcp-server"
_OFFER = frozenset({"address", "gateway", "dhcp-server", "expires-after", "primary-dns", "secondary-dns"})
_GIVEN = "given-expires-after"


def shape_lease(row: Row, shown: dict[str, str]) -> None:
    """``server`` is absent for all servers; a lease nobody took is waiting."""
    if shown.get("server") == "all":
        del shown["server"]
    for name, text in (("blocked", "false"), ("radius", "false"), ("dynamic", "false")):
        if name in row.table.menu.fields:
            shown.setdefault(name, text)
    if not row.enabled:
        shown.pop("status", None)
        return
    shown.setdefault("status", "bound" if "active-address" in shown else "waiting")
    shown.setdefault("last-seen", "never" if shown["status"] == "waiting" else "0s")


def shape_server(row: Row, shown: dict[str, str]) -> None:
    """A server on a bridge port, or on no interface, does nothing (that of a port is unproven)."""
    interface = interface_of(row)
    shown["invalid"] = "true" if interface is None or interface in bridges(row.table.device) else "false"


def shape_client(row: Row, shown: dict[str, str]) -> None:
    """A client searches until an offer was declared for it; what it learnt shows only while it is bound."""
    interface = interface_of(row)
    shown["invalid"] = "true" if interface is None or interface in bridges(row.table.device) else "false"
    if not _is_bound(row):
        for name in _OFFER:
            shown.pop(name, None)
        shown["status"] = "searching..." if row.enabled and interface is not None and runs(interface) else "stopped"


def settle(device: Device) -> None:
    """The clients' own words, and the addresses that those which are bound bring."""
    for path in (CLIENT, SERVER):
        table = device.tables().get(path)
        for row in table.rows if table else ():
            row.table.refresh(row)
    clients = bound(device)
    if clients or "/ip/address" in device.tables():
        wanted = {f"{key} {row.facts['address']}": _address(row) for key, row in clients.items()}
        derived.keep(device.table("/ip/address"), "dhcp", wanted)


def bound(device: Device) -> dict[str, Row]:
    """The clients that have an address, by their ids."""
    table = device.tables().get(CLIENT)
    return {row.id: row for row in table.rows if _is_bound(row)} if table else {}


def brings_route(client: Row) -> bool:
    """Whether a bound client adds a default route."""
    return bool(client.facts.get("gateway")) and client.config.get("add-default-route", "yes") != "no"


def look(table: Table) -> None:
    """Leases run on: they are renewed at half their time."""
    for row in table.rows:
        left = row.memory.setdefault(_GIVEN, row.facts.get("expires-after", ""))
        if not left:
            continue
        with contextlib.suppress(BadValue):
            row.facts["expires-after"] = span(_left(row, seconds(left)))
            table.refresh(row)


def _left(row: Row, given: float) -> float:
    """What remains of a lease that is renewed whenever half of it is over."""
    passed = row.table.device.clock.monotonic() - row.born
    half = max(given / 2, 1.0)
    return given - passed if passed < half else given - (passed - half) % half


def _is_bound(row: Row) -> bool:
    interface = interface_of(row)
    up = row.enabled and interface is not None and runs(interface)
    return up and row.facts.get("status") == "bound" and "/" in row.facts.get("address", "")


def _address(client: Row) -> Wanted:
    own = {"address": client.facts["address"], "disabled": "false"}
    return Wanted({**own, "interface": client.links["interface"]}, {"dynamic": "true"})
