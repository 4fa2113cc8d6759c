"""What measures a network: traceroute, bandwidth-test, torch and profile. Shapes are those of captured replies.

Times and rates are made up. How a bandwidth test to nobody fails, what torch sees (hosts of ``/ip/arp`` talking to the
router), the names and sections of profile, and the fifteen hops of a traceroute that was told nothing, are unproven.
"""

from __future__ import annotations

import ipaddress
import zlib
from collections.abc import Sequence

from simulator import errors, live, reach
from simulator.neighbourhood import ARP
from simulator.schema import INTERFACE
from simulator.state import Device
from simulator.tools import running
from simulator.tools.calling import Call, Done, Rows, Tool, Tools

_TRACEROUTE = (
    *("address", "count", "do-not-fragment", "dscp", "interface", "max-hops", "port", "protocol", "size"),
    *("src-address", "timeout", "use-dns", "vrf", *running.FRAME),
)
_BANDWIDTH = (
    *("address", "connection-count", "direction", "local-tx-speed", "local-udp-tx-size", "password", "protocol"),
    *("random-data", "remote-tx-speed", "remote-udp-tx-size", "user", *running.SAMPLED),
)
_TORCH = (
    *("cpu", "dscp", "dst-address", "dst-address6", "interface", "ip-protocol", "mac-protocol", "port"),
    *("src-address", "src-address6", "vlan-id", *running.FRAME),
)
_PROFILE = ("cpu", *running.FRAME)
_MOST_HOPS = 15
_UPDATES = 120
"""Updates after which nobody gets the answer any more."""
_DIRECTIONS = {"receive": ("rx",), "transmit": ("tx",), "both": ("rx", "tx")}
_RATE = 850_000_000
_GIVES_UP = 5.0
"""Seconds after which a bandwidth test finds nobody there."""


def _traceroute(call: Call) -> Done:
    """A table of all hops for each update of the screen, the first one while it still looks for the second hop."""
    given = call.arguments(*_TRACEROUTE)
    if not given.get("address"):
        raise errors.missing("address")
    host = reach.resolved(call.device, given["address"])
    most = running.number(given, "max-hops", str(_MOST_HOPS), 1, 255)
    timeout, length = running.span(given, "timeout", "1s") or 1.0, running.span(given)
    way = reach.way(call.device, host)
    there = reach.answers(call.device, given["address"]) and len(way) <= most
    hops = way[:most] if there else [*way[:-1], *[""] * most][:most]
    each = 1.0 + timeout * hops.count("")
    if given.get("count"):
        count = running.number(given, "count", "", 1, 4_294_967_295)
        length = min(count * each, length or count * each)
    elif length is None:
        raise errors.Endless
    updates: list[Rows] = [] if len(hops) == 1 else [[_hop(hops[0], 0, 1), _looking()]]
    updates += [[_hop(hop, at, sent) for at, hop in enumerate(hops)] for sent in _counted(length / each)]
    if not there:
        updates[-1] = [{**row, "error": "Too many hops"} for row in updates[-1]]
    return Done(running.sectioned(updates), seconds=length)


def _counted(updates: float) -> range:
    return range(1, max(1, min(int(updates), _UPDATES)) + 1)


def _hop(host: str, at: int, sent: int) -> dict[str, str]:
    if not host:
        return {"address": "", "last": "timeout", "loss": "100", "sent": str(sent), "status": ""}
    took = f"{0.3 + at * 4.1:.1f}"
    times = {"avg": took, "best": took, "last": took, "std-dev": "0", "worst": took}
    return {"address": host, "loss": "0", "sent": str(sent), "status": "", **times}


def _looking() -> dict[str, str]:
    return {"address": "", "last": "0", "loss": "0", "sent": "1", "status": ""}


def _bandwidth(call: Call) -> Done:
    given = call.arguments(*_BANDWIDTH)
    if not given.get("address"):
        raise errors.missing("address")
    direction, length = given.get("direction", "receive"), running.span(given)
    if direction not in _DIRECTIONS:
        raise errors.Refusal("input does not match any value of direction")
    connections = running.number(given, "connection-count", "20", 1, 255)
    told = {
        "connection-count": str(connections),
        "direction": direction,
        "lost-packets": "0",
        "random-data": "true" if given.get("random-data") in ("yes", "true") else "false",
    }
    first = {**told, **_rates(direction, []), "status": "connecting"}
    if running.once(given):
        return Done([first])
    if length is None:
        raise errors.Endless
    if not reach.answers(call.device, given["address"]):
        failed = {**first, "status": "ERROR: can not connect"}
        return Done(running.sectioned([[first], [failed]]), seconds=min(length, _GIVES_UP))
    samples: list[Rows] = [[first]]
    rates: list[int] = []
    for second in range(1, max(1, min(int(length), _UPDATES)) + 1):
        # The first second is spent on connecting.
        rates += [_RATE + zlib.crc32(f"{given['address']} {second}".encode()) % 90_000_000] if second > 1 else []
        status = "done testing" if second >= int(length) else "running"
        samples.append([{**told, **_rates(direction, rates), "duration": f"{second}s", "status": status}])
    return Done(running.sectioned(samples), seconds=length)


def _rates(direction: str, rates: Sequence[int]) -> dict[str, str]:
    recent = rates[-10:]
    figures = {
        "10-second-average": sum(recent) // len(recent) if recent else 0,
        "current": rates[-1] if rates else 0,
        "size": 1500,
        "total-average": sum(rates) // len(rates) if rates else 0,
    }
    return {f"{way}-{name}": str(figure) for way in _DIRECTIONS[direction] for name, figure in figures.items()}


def _torch(call: Call) -> Done:
    """Nothing is told within the first second."""
    given = call.arguments(*_TORCH)
    if not given.get("interface"):
        raise errors.missing("interface")
    if call.device.find(INTERFACE, given["interface"]) is None:
        raise errors.Refusal("input does not match any value of interface")
    length = running.span(given)
    if length is None:
        raise errors.Endless
    flows = _flows(call.device, given)
    return Done(running.sectioned([flows] * (min(int(length), _UPDATES) - 1)), seconds=length)


def _flows(device: Device, given: dict[str, str]) -> Rows:
    table, interface = device.table(ARP), given["interface"]
    live.look(table)
    own = [
        row.shown["address"].partition("/")[0]
        for row in device.table("/ip/address").rows
        if row.enabled and row.shown.get("interface") == interface
    ]
    found: Rows = []
    for row in table.rows if own else ():
        ends = row.shown.get("address", ""), own[0]
        asked = given.get("src-address", ""), given.get("dst-address", "")
        if row.shown.get("interface") == interface and all(map(_within, ends, asked)):
            found.append(_flow(*ends))
    return found


def _flow(source: str, target: str) -> dict[str, str]:
    digest = zlib.crc32(source.encode())
    packets = 1 + digest % 40
    return {
        "dscp": "0",
        "dst-address": target,
        "dst-port": "53",
        "ip-protocol": "udp",
        "mac-protocol": "ip",
        "rx": str(packets * 640),
        "rx-packets": str(packets),
        "src-address": source,
        "src-port": str(49_152 + digest % 16_000),
        "tx": str(packets * 1_120),
        "tx-packets": str(packets),
    }


def _within(address: str, network: str) -> bool:
    if not network:
        return True
    try:
        return ipaddress.ip_address(address) in ipaddress.ip_network(network, strict=False)
    except ValueError as error:
        raise errors.Refusal("value of range expects range of ip addresses") from error


def _profile(call: Call) -> Done:
    given = call.arguments(*_PROFILE)
    length = running.span(given)
    if length is None:
        raise errors.Endless
    table = call.device.table("/system/resource")
    live.look(table)
    load = int(table.rows[0].shown.get("cpu-load", "0"))
    shares = {"ethernet": load * 3, "management": load * 4, "networking": load * 2, "unclassified": load}
    usage = {**shares, "idle": 1000 - load * 10, "total": load * 10}
    rows = [{"name": name, "usage": f"{share / 10:g}"} for name, share in sorted(usage.items())]
    return Done(running.sectioned([rows]), seconds=length)


_TEST = frozenset({"test"})
TOOLS: Tools = {
    "/tool/bandwidth-test": Tool(_bandwidth, _TEST, words=_BANDWIDTH),
    "/tool/profile": Tool(_profile, _TEST, words=_PROFILE),
    "/tool/torch": Tool(_torch, _TEST, words=_TORCH),
    "/tool/traceroute": Tool(_traceroute, _TEST, words=_TRACEROUTE),
}
