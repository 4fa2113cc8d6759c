"""What is brought up to now whenever somebody looks at a menu: time, what expires, what the router shows by itself."""

from __future__ import annotations

from collections.abc import Callable

from simulator import (
    active,
    addresses,
    counting,
    derived,
    dhcp,
    interfaces,
    neighbourhood,
    netwatch,
    routes,
    safety,
    schedules,
    services,
    signatures,
    timeouts,
    times,
    views,
)
from simulator.schema import INTERFACE
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
    runs, rows = _RUNS_ON.get(table.path), table.replies()
    if table.path in _SEEN:
        rows = [told for row, told in zip(table.rows, rows, strict=True) if not derived.is_own(row)]
    if not runs:
        return rows
    return [{name: text for name, text in row.items() if name not in runs} for row in rows]


def _told(tell: Callable[[Row], None]) -> Callable[[Table], None]:
    def change(table: Table) -> None:
        tell(table.rows[0])
        table.refresh(table.rows[0])

    return change


_SEEN = frozenset(
    {
        *("/system/resource/cpu", addresses.IPV6, "/ipv6/route"),
        *(neighbourhood.ARP, neighbourhood.CACHE, neighbourhood.HOSTS),
        *(views.QUEUES, views.ALL_ROUTES),
    }
)
"""Menus in which rows are made by looking."""
_RUNS_ON = {
    INTERFACE: frozenset({*interfaces.COUNTED, *interfaces.LINKED}),
    interfaces.ETHERNET: frozenset(counting.PORT_COUNTERS),
    **dict.fromkeys(counting.RULES, frozenset(counting.RULE_COUNTERS)),
    **dict.fromkeys((dhcp.LEASES, signatures.PATH), frozenset({"expires-after"})),
    neighbourhood.NEIGHBOURS: frozenset({"age", "uptime"}),
    "/system/resource": frozenset({"cpu-load", "free-memory", "uptime"}),
    "/system/resource/cpu": frozenset({"load"}),
    "/system/clock": frozenset({"date", "dst-active", "gmt-offset", "time"}),
    schedules.SCHEDULER: frozenset({"next-run"}),
    netwatch.PATH: frozenset({".about", "done-tests", "failed-tests", "since", "status"}),
    **dict.fromkeys(timeouts.PATHS, frozenset({"timeout"})),
}
_LIVE: dict[str, Callable[[Table], None]] = {
    INTERFACE: counting.look_interfaces,
    interfaces.ETHERNET: counting.look_interfaces,
    **dict.fromkeys(counting.RULES, counting.look_rules),
    addresses.IPV6: addresses.look,
    "/ipv6/route": routes.look_ipv6,
    dhcp.LEASES: dhcp.look,
    neighbourhood.ARP: neighbourhood.look_arp,
    neighbourhood.CACHE: neighbourhood.look_cache,
    neighbourhood.HOSTS: neighbourhood.look_hosts,
    neighbourhood.NEIGHBOURS: neighbourhood.look_neighbours,
    neighbourhood.POOLS: neighbourhood.look_pools,
    safety.HISTORY: safety.show_history,
    safety.SAFE_MODE: safety.show_safe_mode,
    schedules.SCHEDULER: schedules.look,
    signatures.PATH: signatures.look,
    views.QUEUES: views.look_queues,
    views.ALL_ROUTES: views.look_routes,
    "/system/resource": _told(counting.tell_resource),
    "/system/resource/cpu": counting.look_cpus,
    "/system/clock": _told(times.tell_clock),
    netwatch.PATH: netwatch.look,
    **dict.fromkeys((active.PATH, "/log"), lambda table: active.expire(table.device)),
    **dict.fromkeys(timeouts.PATHS, lambda table: timeouts.expire(table.device)),
}
