"""``/log``: lines that the router writes itself."""

from __future__ import annotations

from simulator.state import Device, Row
from simulator.times import stamp

_BUFFERED = 1000


def write_log(device: Device, topics: str, message: str) -> None:
    """A new last line of ``/log``; the memory holds a thousand. Every change writes one, so it comes ready to show."""
    table = device.table("/log")
    facts = {"extra-info": "", "message": message, "time": stamp(device), "topics": topics}
    row = Row(table, f"*{device.next_id(table):X}", facts=facts, born=device.clock.monotonic())
    row.shown = {".id": row.id, **facts}
    table.rows.append(row)
    table.ids[row.id] = row
    while len(table.rows) > _BUFFERED:
        gone = table.rows.pop(0)
        gone.alive = False
        del table.ids[gone.id]
