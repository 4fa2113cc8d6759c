"""``/log``: lines that the router writes itself."""

from __future__ import annotations

from simulator.state import Device
from simulator.times import stamp

_BUFFERED = 1000


def write_log(device: Device, topics: str, message: str) -> None:
    """A new last line of ``/log``; the memory holds a thousand."""
    table = device.table("/log")
    row = table.create()
    row.facts.update(
        {
            "extra-info": "",
            "message": message,
            "time": stamp(device),
            "topics": topics,
        }
    )
    table.refresh(row)
    while len(table.rows) > _BUFFERED:
        table.drop(table.rows[0])
