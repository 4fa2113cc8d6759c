"""What a router counts: bytes and packets of interfaces and firewall rules, its load and its free memory.

They grow with the router's clock, for each row at a pace of its own that is always the same, as long as the row is
enabled and its interface runs. How much a real router would count is not what they are for.
"""

from __future__ import annotations

import zlib

from simulator import derived, times
from simulator.derived import Wanted
from simulator.firewall import TABLES
from simulator.interfaces import COUNTED, ETHERNET, runs
from simulator.schema import INTERFACE
from simulator.state import Row, Table

RULES = tuple(f"/{family}/firewall/{table}" for family in ("ip", "ipv6") for table in TABLES)
RULE_COUNTERS = ("bytes", "packets")
PORT_COUNTERS = {"rx-bytes": "rx-byte", "rx-packet": "rx-packet", "tx-bytes": "tx-byte", "tx-packet": "tx-packet"}
"""What ``/interface/ethernet`` counts, and which of a row's counters it is."""
_OFTEN = 1.0
"""Seconds for which what was counted last is told again."""
_QUIET = 3
"""One of so many rules has never matched anything."""
_PACKET = 640
"""Bytes of a packet, on average."""
_CACHE = 4096
_MOVES = 5
"""Seconds after which load and memory are others."""


def look_interfaces(table: Table) -> None:
    """Count what went through every interface, for ``/interface`` and ``/interface/ethernet`` alike."""
    table = table.device.table(INTERFACE)
    until = _due(table)
    if until is None:
        return
    for row in table.rows:
        start = _start(table, row)
        for way in ("rx", "tx") if runs(row) else ():
            _add(row.memory, f"{way}-byte", f"{way}-packet", pace(row, way), start, until)
        _show(row)
    table.counted = until


def pace(row: Row, way: str) -> int:
    """The bytes a second that a running interface receives (``rx``) or sends (``tx``)."""
    return 500 + _digest(row, way) % 40_000


def packets_of(size: int) -> int:
    """How many packets so many bytes are."""
    return size // _PACKET


def look_rules(table: Table) -> None:
    """Count what every enabled rule matched; there may be thousands, so that each has to cost little."""
    until = _due(table)
    if until is None:
        return
    device, since = table.device, max(table.counted, table.device.booted)
    seed = f"{device.hardware.serial} {table.path} "
    for row in table.rows:
        digest = zlib.crc32((seed + row.id).encode())
        shown = row.shown
        if not digest % _QUIET or shown.get("disabled") == "true" or shown.get("invalid") == "true":
            continue
        rate, start = 10 + digest % 4_000, since if row.born <= device.planted else max(since, row.born)
        facts = row.facts
        before = facts.get("bytes", "")
        total = (int(before) if before.isdigit() else 0) + int(rate * until) - int(rate * start)
        facts["bytes"] = shown["bytes"] = str(total)
        facts["packets"] = shown["packets"] = str(total // _PACKET)
        row.wire = None
    table.counted = until


def reset(rows: list[Row]) -> None:
    """Count from zero again."""
    for row in rows:
        if row.table.path in RULES:
            row.facts |= dict.fromkeys(RULE_COUNTERS, "0")
            _tell(row)
        else:
            for name in COUNTED.values():
                row.memory.pop(name, None)
            _show(row)


def tell_resource(row: Row) -> None:
    """Uptime, and a load and free memory that move a little every few seconds."""
    times.tell_uptime(row)
    device = row.table.device
    kind, tick = device.hardware.kind, int(times.uptime(device) // _MOVES)
    moved = zlib.crc32(f"{device.hardware.serial} {tick}".encode())
    row.facts["cpu-load"] = str(moved % 7)
    row.facts["free-memory"] = str(kind.memory * 3 // 4 - moved % 512 * _CACHE)


def look_cpus(table: Table) -> None:
    """One row for each core, whose loads are about that of the whole."""
    hardware, tick = table.device.hardware, int(times.uptime(table.device) // _MOVES)
    derived.keep(
        table,
        "cpu",
        {
            f"{core}": Wanted({}, {"cpu": f"cpu{core}", "disk": "0", "irq": "0", "load": str(load)}, core)
            for core in range(hardware.kind.cores)
            for load in (zlib.crc32(f"{hardware.serial} {tick} {core}".encode()) % 7,)
        },
    )


def _due(table: Table) -> float | None:
    """Until when to count now, None when that was done a moment ago. After a boot everything begins at zero."""
    device, now = table.device, table.device.clock.monotonic()
    if table.counted < device.booted and table.counted >= 0:
        reset(table.rows)
    return now if now - max(table.counted, device.booted) >= _OFTEN or table.counted < device.booted else None


def _start(table: Table, row: Row) -> float:
    """From when to count: what was there when the router was made has been there since it booted."""
    device = row.table.device
    return max(table.counted, device.booted, device.booted if row.born <= device.planted else row.born)


def _add(counters: dict[str, str], size: str, packets: str, pace: int, start: float, until: float) -> None:
    more = int(pace * until) - int(pace * start)
    total = int(counters.get(size, "0")) + max(0, more)
    counters[size], counters[packets] = str(total), str(total // _PACKET)


def _show(row: Row) -> None:
    for name, counter in COUNTED.items():
        row.summary[name] = row.memory.get(counter, "0")
    if row.table.path == ETHERNET:
        told = {name: row.memory.get(counter, "0") for name, counter in PORT_COUNTERS.items() if name in row.facts}
        row.facts |= told
        row.shown |= told
        row.wire = None


def _tell(row: Row) -> None:
    for name in RULE_COUNTERS:
        row.shown[name] = row.facts[name]
    row.wire = None


def _digest(row: Row, way: str) -> int:
    return zlib.crc32(f"{row.table.device.hardware.serial} {row.table.path} {row.id} {way}".encode())
