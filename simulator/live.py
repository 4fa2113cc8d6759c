"""What is brought up to now whenever somebody looks at a menu: time, what expires, what the router shows by itself."""

from __future__ import annotations

from collections.abc import Callable

from simulator import netwatch, services, timeouts, times
from simulator.services import Visitor
from simulator.state import Row, Table


def look(table: Table, visitor: Visitor | None = None) -> None:
    """Bring a table up to now, as ``visitor`` sees it."""
    if table.path == services.PATH:
        services.show(table, visitor)
    else:
        change = _LIVE.get(table.path)
        if change:
            change(table)


def still(table: Table) -> list[dict[str, str]]:
    """The rows without what runs on although nobody changed anything."""
    runs = _RUNS_ON.get(table.path)
    if not runs:
        return table.replies()
    return [{name: text for name, text in row.items() if name not in runs} for row in table.replies()]


def _told(tell: Callable[[Row], None]) -> Callable[[Table], None]:
    def change(table: Table) -> None:
        tell(table.rows[0])
        table.refresh(table.rows[0])

    return change


_RUNS_ON = {
    "/system/resource": frozenset({"uptime"}),
    "/system/clock": frozenset({"date", "dst-active", "gmt-offset", "time"}),
    netwatch.PATH: frozenset({".about", "done-tests", "failed-tests", "since", "status"}),
    **dict.fromkeys(timeouts.PATHS, frozenset({"timeout"})),
}
_LIVE: dict[str, Callable[[Table], None]] = {
    "/system/resource": _told(times.tell_uptime),
    "/system/clock": _told(times.tell_clock),
    netwatch.PATH: netwatch.look,
    **dict.fromkeys(timeouts.PATHS, lambda table: timeouts.expire(table.device)),
}
