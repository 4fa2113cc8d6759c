"""``monitor`` commands and ``monitor-traffic``: what interfaces and services say of themselves just now.

Shapes of ``monitor-traffic``, ``ethernet/monitor`` and ``cable-test`` are those of captured replies. Fields of the
others are the manual's of the console; that REST names them so, and what is told of a medium other than copper, is
unproven. Every figure that is no counter of the router is made up. Menus whose fields are not at hand run until they
are cut, or are refused with ``once``.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Mapping

from simulator import counting, errors, live, times
from simulator.actions import chosen
from simulator.interfaces import ETHERNET, PORTS, interface_of, named_in, runs
from simulator.schema import INTERFACE
from simulator.state import Row, Table
from simulator.tools import running
from simulator.tools.calling import Call, Done, Rows, Tool, Tools

_TRAFFIC = ("interface", *running.SAMPLED)
_ROWS = ("numbers", ".id", *running.SAMPLED)
_COPPER = ",".join(f"{speed}-baseT-{duplex}" for speed in ("10M", "100M", "1G") for duplex in ("half", "full"))
_RATES = {"sfp-sfpplus": "10Gbps", "sfp28-": "25Gbps", "qsfpplus": "40Gbps", "qsfp28-": "100Gbps"}
"""By the default name of a port; all others are gigabit ports."""
_OPEN = ",".join(["open:4"] * 4)
"""What the four pairs of a port without a cable tell."""

Teller = Callable[[Row], dict[str, str]]


def _traffic(call: Call) -> Done:
    given = call.arguments(*_TRAFFIC)
    if not given.get("interface"):
        raise errors.missing("interface")
    live.look(call.device.table(INTERFACE))
    rows = [call.device.find(INTERFACE, name) for name in given["interface"].split(",")]
    there = [row for row in rows if row is not None]
    if len(there) < len(rows):
        raise errors.Refusal("input does not match any value of interface")
    return running.sampled(given, lambda at: [_rates(row, at) for row in there])


def _rates(row: Row, at: int) -> dict[str, str]:
    """All traffic takes the fast path; it differs a little from second to second."""
    told = {"name": row.label}
    for way in ("rx", "tx"):
        size = counting.pace(row, way) * (100 + at % 3) // 100 if runs(row) else 0
        for prefix in ("", "fp-"):
            told[f"{prefix}{way}-bits-per-second"] = str(size * 8)
            told[f"{prefix}{way}-packets-per-second"] = str(counting.packets_of(size))
    return told


def _ethernet(row: Row) -> dict[str, str]:
    default = row.facts.get("default-name", "")
    up = runs(row)
    told = {
        "advertising": _COPPER,
        "auto-negotiation": "disabled" if row.config.get("auto-negotiation") == "false" else "done",
        "link-partner-advertising": _COPPER if up else "",
        "name": row.label,
        "status": "link-ok" if up else "no-link",
        "supported": _COPPER,
    }
    if up:
        rate = next((rate for start, rate in _RATES.items() if default.startswith(start)), "1Gbps")
        told |= {"full-duplex": "true", "rate": rate, "rx-flow-control": "false", "tx-flow-control": "false"}
    return told


def _cable(row: Row) -> dict[str, str]:
    if runs(row):
        return {"name": row.label, "status": "link-ok"}
    return {"cable-pairs": _OPEN, "name": row.label, "status": "no-link"}


def _bridge(row: Row) -> dict[str, str]:
    added = row.table.device.table(PORTS).rows
    ports = [port for port in added if port.enabled and interface_of(port, "bridge") is row]
    mac = row.shown.get("mac-address", "")
    return {
        "current-mac-address": mac,
        "designated-port-count": str(len(ports)),
        "port-count": str(len(ports)),
        "root-bridge": "true",
        "root-bridge-id": f"0x8000.{mac}",
        "root-path-cost": "0",
        "root-port": "none",
        "state": "enabled" if row.enabled else "disabled",
    }


def _bonding(row: Row) -> dict[str, str]:
    up = [slave.label for slave in named_in(row, "slaves") if runs(slave)]
    down = [slave.label for slave in named_in(row, "slaves") if not runs(slave)]
    told = {"active-ports": ",".join(up), "inactive-ports": ",".join(down)}
    return {**told, "mode": row.config.get("mode") or row.table.menu.effective.get("mode", "")}


def _wifi(row: Row) -> dict[str, str]:
    if not runs(row):
        return {"state": "disabled" if not row.enabled else "initializing"}
    clients = {"authorized-peers": "0", "registered-peers": "0"}
    return {**clients, "channel": "5180/ax/Ceee", "state": "running", "tx-power": "20"}


def _wireless(row: Row) -> dict[str, str]:
    if not runs(row):
        return {"status": "disabled"}
    clients = {"authenticated-clients": "0", "registered-clients": "0"}
    return {**clients, "channel": "5180/20-Ceee/ac(17dBm)", "noise-floor": "-110", "status": "running-ap"}


def _dialled(row: Row) -> dict[str, str]:
    """A tunnel that is dialled: since when it is up is not kept, so it is since the router is."""
    if not row.enabled:
        return {"status": "disabled"}
    return {"status": "connected", "uptime": times.span(times.uptime(row.table.device))} if runs(row) else _DIALLING


_DIALLING = {"status": "connecting..."}
_ROW_MENUS: Mapping[str, Teller] = {
    "/interface/bonding": _bonding,
    "/interface/bridge": _bridge,
    ETHERNET: _ethernet,
    "/interface/wifi": _wifi,
    "/interface/wireless": _wireless,
    **{f"/interface/{name}-client": _dialled for name in ("l2tp", "ovpn", "ppp", "pppoe", "pptp", "sstp")},
}
_RADIUS = ("accepts", "bad-replies", "pending", "rejects", "requests", "resends", "timeouts")
_ROW_MENUS_WITHOUT_FIELDS = (
    *(f"/interface/{name}-server" for name in ("l2tp", "ovpn", "ppp", "pppoe", "pptp", "sstp")),
    *("/interface/l2tp-ether", "/interface/lte", "/interface/macsec", "/interface/vpls", "/interface/wireless/wds"),
    *("/interface/bridge/msti", "/interface/bridge/port", "/interface/bridge/port/mst-override", "/file/sync"),
    *("/interface/wireless/nstreme-dual", "/ip/dhcp-relay", "/ipv6/dhcp-relay", "/system/ups"),
    *("/user-manager/router", "/user-manager/user"),
)
_MENUS_WITHOUT_FIELDS = (
    *("/interface/wireless/align", "/ip/proxy", "/ip/traffic-flow", "/queue", "/radius/incoming", "/system/gps"),
    "/user-manager",
)


def _of_rows(call: Call, tell: Teller | None) -> Done:
    """A row for each that was named. Raises Refusal 404 for one that is not there."""
    given = call.arguments(*_ROWS)
    table = call.device.table(call.path.rpartition("/")[0])
    live.look(table)
    rows = _named(table, given)
    return running.sampled(given, lambda _at: [_told(tell, row) for row in rows])


def _told(tell: Teller | None, row: Row) -> dict[str, str]:
    if tell is None:
        raise errors.Refusal("failure: monitor is not implemented", 501)
    return tell(row)


def _named(table: Table, given: dict[str, str]) -> list[Row]:
    numbers = given.get("numbers") or given.get(".id")
    if not numbers:
        raise errors.Refusal(errors.MISSING_ID)
    return chosen(table, numbers)


def _cable_test(call: Call) -> Done:
    """It ends by itself; how long a test takes is unproven: no time here."""
    given = call.arguments(*_ROWS)
    table = call.device.table(ETHERNET)
    return Done([_cable(row) for row in _named(table, given)])


def _resource(call: Call) -> Done:
    given = call.arguments(*running.SAMPLED)
    table = call.device.table("/system/resource")

    def sample(_at: int) -> Rows:
        live.look(table)
        shown = table.rows[0].shown
        load, cores = shown.get("cpu-load", "0"), int(shown.get("cpu-count", "1"))
        return [{"cpu-used": load, "cpu-used-per-cpu": ",".join([load] * cores), "free-memory": shown["free-memory"]}]

    return running.sampled(given, sample)


def _radius(call: Call) -> Done:
    """No server was ever asked."""
    given = call.arguments(*_ROWS)
    rows = _named(call.device.table("/radius"), given)
    told = {**dict.fromkeys(_RADIUS, "0"), "last-request-rtt": "0ms"}
    return running.sampled(given, lambda _at: [told for _ in rows])


def _unknown(call: Call) -> Done:
    given = call.arguments(*running.SAMPLED)
    if running.once(given):
        raise errors.Refusal("failure: monitor is not implemented", 501)
    raise errors.Endless


def _scan(call: Call) -> Done:
    """The air has no other networks; without a duration a scan goes on. Only an interface with a radio can scan."""
    given = call.arguments(*_SCAN)
    numbers = given.get("number") or given.get("numbers") or given.get(".id")
    if not numbers:
        raise errors.Refusal(errors.MISSING_ID)
    row = chosen(call.device.table(call.path.rpartition("/")[0]), numbers)[0]
    if "default-name" not in row.facts and not row.config.get("master-interface"):
        raise errors.Refusal("failure: interface not bound")
    length = running.span(given)
    if length is None:
        raise errors.Endless
    return Done(seconds=length)


_SCAN = (
    *("number", "numbers", ".id", "background", "frequency", "passive", "rounds", "save-file"),
    *running.FRAME,
)
_TEST = frozenset({"test"})
_READ = frozenset({"read"})
_SHOWN = tuple(name for name in _ROWS if name != ".id")
TOOLS: Tools = {
    f"{INTERFACE}/monitor-traffic": Tool(_traffic, _READ, words=_TRAFFIC),
    f"{ETHERNET}/cable-test": Tool(_cable_test, _TEST, words=_SHOWN),
    "/interface/wifi/scan": Tool(_scan, _TEST, words=_SCAN[3:]),
    "/interface/wireless/scan": Tool(_scan, _TEST, words=_SCAN[3:]),
    "/radius/monitor": Tool(_radius, _READ, words=_SHOWN),
    "/system/resource/monitor": Tool(_resource, _READ, words=running.SAMPLED),
    **{
        f"{path}/monitor": Tool(functools.partial(_of_rows, tell=tell), _READ, words=_SHOWN)
        for path, tell in {**dict.fromkeys(_ROW_MENUS_WITHOUT_FIELDS), **_ROW_MENUS}.items()
    },
    **{f"{path}/monitor": Tool(_unknown, _READ, words=running.SAMPLED) for path in _MENUS_WITHOUT_FIELDS},
}
"""The policies that monitoring and testing take are unproven."""
