"""What netwatch says of its hosts: nothing for five minutes after a boot, then what its probes found.

That a disabled row says ``unknown``, and that every host a route leads to answers, is unproven.
"""

from __future__ import annotations

import datetime

from simulator import reach, times
from simulator.forms import BadValue, seconds
from simulator.state import Row, Table

PATH = "/tool/netwatch"
_WAITING = "waiting for startup delay to pass after system boot"
"""Unproven: that there is a text is measured, its words are not."""
_FOUND = (".about", "status", "since", "done-tests", "failed-tests")
_USUAL = {"interval": 10.0, "start-delay": 3.0, "startup-delay": 300.0}


def look(table: Table) -> None:
    """Bring every row up to now."""
    for row in table.rows:
        _probe(row)
        table.refresh(row)


def shape(row: Row, shown: dict[str, str]) -> None:
    if row.enabled:
        shown.pop("disabled", None)


def _probe(row: Row) -> None:
    device = row.table.device
    now = device.clock.monotonic()
    ready = device.booted + _length(row, "startup-delay")
    first = max(ready, row.born + _length(row, "start-delay"))
    if not row.enabled or now < first:
        for name in _FOUND:
            row.facts.pop(name, None)
        row.facts["status"] = "unknown"
        if row.enabled and now < ready:
            row.facts[".about"] = _WAITING
        return
    row.facts.pop(".about", None)
    done = 1 + int((now - first) / max(_length(row, "interval"), 0.001))
    up = reach.answers(device, row.config.get("host", ""))
    _tell(row, "up" if up else "down", done, now - first)


def _tell(row: Row, status: str, done: int, ago: float) -> None:
    device = row.table.device
    if row.facts.get("status") != status:
        known = "since" in row.facts
        moment = times.local(device) - datetime.timedelta(seconds=0 if known else ago)
        row.facts["since"] = f"{times.date(device, moment)} {moment:%H:%M:%S}"
    fresh = done - int(row.facts.get("done-tests", "0"))
    failed = int(row.facts.get("failed-tests", "0")) + (fresh if status == "down" else 0)
    row.facts |= {"status": status, "done-tests": str(done), "failed-tests": str(failed)}


def _length(row: Row, name: str) -> float:
    try:
        return seconds(row.config.get(name, "")) if row.config.get(name) else _USUAL[name]
    except BadValue:
        return _USUAL[name]
