"""The rows that ``/ip/service`` shows by itself from 7.19 on: the router's own services and the open connection.

They live for one request, so that their ids are new each time. Which services a router shows follows from its
configuration (unproven; measured are the names and the fields).
"""

from __future__ import annotations

from dataclasses import dataclass

from simulator.profiles import Does, does
from simulator.state import Device, Row, Table

PATH = "/ip/service"
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
    """Where rows may be dynamic, all of them say whether they are."""
    if does(row.table.device.hardware.version, Does.DYNAMIC_SERVICES):
        shown.setdefault("dynamic", "false")


def leave(device: Device) -> None:
    """Take the rows away again."""
    table = device.tables().get(PATH)
    for row in [row for row in table.rows if row.facts.get("dynamic") == "true"] if table else ():
        row.table.drop(row)


def answers_https(device: Device) -> bool:
    """Whether ``www-ssl`` is enabled."""
    row = device.table(PATH).named("www-ssl")
    return row is None or row.enabled


def _add(table: Table, config: dict[str, str], facts: dict[str, str]) -> None:
    row = table.create()
    row.config = {"disabled": "false", **config}
    row.facts = {"dynamic": "true", "invalid": "false", **facts}
    table.refresh(row)


def _runs(device: Device, menu: str, switch: str) -> bool:
    if device.menu(menu) is None:
        return False
    rows = device.table(menu).rows
    return any(row.enabled and row.config.get(switch, "yes") in ("yes", "true") for row in rows)
