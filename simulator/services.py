"""The rows that ``/ip/service`` shows by itself from 7.19 on: the router's own services and the open connection.

They live for one request, so that their ids are new each time. Which services a router shows follows from its
configuration (unproven; measured are the names and the fields).

A service that is disabled stops listening and comes back when it is enabled. Its ``port`` is only kept: the sockets of
a simulated router stay where they are, and so does what is presented for another ``certificate`` than none.
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.profiles import Does, does
from simulator.state import Device, Row, Table

PATH = "/ip/service"
SEEDED_CERTIFICATE = "seeded-certificate"
_OWN = (
    ("btest", "2000", "tcp", "/tool/bandwidth-server", "enabled"),
    ("discover", "5678", "udp", "/ip/neighbor/discovery-settings", ""),
    ("dhcp", "67", "udp", "/ip/dhcp-server", ""),
    ("dhcpclient", "68", "udp", "/ip/dhcp-client", ""),
)
"""Name, port, protocol, the menu that has it running, and there the field that says yes."""


@dataclass(frozen=True, slots=True)
class Visitor:
    """The two ends of the connection that asks, as ``address:port``."""

    local: str
    remote: str


def show(table: Table, visitor: Visitor | None) -> None:
    """Add the router's own rows and the one of the connection that asks."""
    device = table.device
    leave(device)
    if not does(device.hardware.version, Does.DYNAMIC_SERVICES):
        return
    for name, port, protocol, menu, switch in _OWN:
        if _runs(device, menu, switch):
            _add(table, {"name": name, "port": port, "proto": protocol}, {})
    https = table.named("www-ssl")
    if visitor is not None and https is not None:
        given = {"name": "www-ssl", "port": https.config.get("port", "443"), "proto": "tcp"}
        _add(table, given, {"connection": "true", "local": visitor.local, "remote": visitor.remote})


def shape(row: Row, shown: dict[str, str]) -> None:
    """Every row says whether it is invalid, and where rows may be dynamic, whether it is that."""
    shown.setdefault("invalid", "false")
    if does(row.table.device.hardware.version, Does.DYNAMIC_SERVICES):
        shown.setdefault("dynamic", "false")


def leave(device: Device) -> None:
    """Take the rows away again."""
    table = device.tables().get(PATH)
    for row in [row for row in table.rows if row.facts.get("dynamic") == "true"] if table else ():
        row.table.drop(row)


def enabled(device: Device, name: str) -> bool:
    """Whether a service is enabled, as one is that the version does not know."""
    row = device.table(PATH).named(name)
    return row is None or row.enabled


def full(device: Device, name: str, connections: int) -> bool:
    """Whether a service has all the sessions it may have (``max-sessions``, since 7.16).

    That connections are what counts as sessions, and that the next one is cut before its handshake, is unproven.
    """
    row = device.table(PATH).named(name)
    most = row.config.get("max-sessions", "") if row else ""
    return most.isdecimal() and connections >= int(most)


def anonymous(device: Device) -> bool:
    """Whether ``www-ssl`` has lost its certificate, and with it every cipher that ordinary clients speak.

    A router whose seed gives it none answers with one nevertheless, or nobody could talk to it.
    """
    row = device.table(PATH).named("www-ssl")
    return row is not None and row.config.get("certificate") == "none" != row.hidden.get(SEEDED_CERTIFICATE, "none")


def _add(table: Table, config: dict[str, str], facts: dict[str, str]) -> None:
    row = table.create()
    row.config = {"disabled": "false", **config}
    row.facts = {"dynamic": "true", "invalid": "false", **facts}
    table.refresh(row)
    table.reordered()


def _runs(device: Device, menu: str, switch: str) -> bool:
    if device.menu(menu) is None:
        return False
    rows = device.table(menu).rows
    return any(row.enabled and row.config.get(switch, "yes") in ("yes", "true") for row in rows)
