"""Address-list entries with a timeout: dynamic, with the time that remains, gone when it is over."""

from __future__ import annotations

import math

from simulator.forms import BadValue, seconds
from simulator.state import Device, Row
from simulator.times import span

PATHS = ("/ip/firewall/address-list", "/ipv6/firewall/address-list")


def shape(row: Row, shown: dict[str, str]) -> None:
    """An entry shows what remains; its time runs from the moment the timeout was written.

    That such an entry can be changed, and that writing its timeout again restarts it, is unproven."""
    timeout = row.config.get("timeout", "")
    now = row.table.device.clock.monotonic()
    if row.expires is None and timeout:
        try:
            row.expires = now + seconds(timeout)
        except BadValue:
            return
    row.facts["dynamic"] = shown["dynamic"] = "true" if row.expires is not None else "false"
    if row.expires is not None:
        shown["timeout"] = span(math.ceil(row.expires - now))


def expire(device: Device) -> None:
    """Drop the entries whose time is over."""
    now = device.clock.monotonic()
    for path in PATHS:
        table = device.tables().get(path)
        for row in [row for row in table.rows if row.expires is not None] if table else ():
            if row.expires is not None and row.expires <= now:
                row.table.drop(row)
            else:
                row.table.refresh(row)
