"""``ping``: a row for each reply, with running totals. Names of fields are measured; round trips are made up."""

from __future__ import annotations

from simulator import errors, reach
from simulator.forms import BadValue, integer, seconds
from simulator.profiles import Does
from simulator.state import Device
from simulator.tools.calling import Call, Done, Tool, Tools

WORDS = ("address", "arp-ping", "count", "dscp", "interface", "interval", "size", "src-address", "ttl", "vrf")
_SHORTEST, _LONGEST = 0.01, 5.0
_LOCAL, _AWAY = 61, 1_204
"""Microseconds to the router itself and to any other host."""


def _ping(call: Call) -> Done:
    """Raises Refusal; Endless without a count."""
    given = call.arguments(*WORDS)
    if not given.get("address"):
        raise errors.missing("address")
    interval = _interval(given.get("interval", "1s"))
    host = reach.resolved(call.device, given["address"])
    if not given.get("count"):
        raise errors.Endless
    size = _number(given, "size", "56", 28, 65_535)
    ttl = _number(given, "ttl", "64", 1, 255)
    count = int(_number(given, "count", "", 1, 4_294_967_295))
    up = reach.answers(call.device, given["address"])
    trip = _trip(call.device, host)
    told = min(count, int(_ENOUGH / interval))
    rows = [_reply(host, seq, size, ttl, trip) if up else _silence(host, seq, size) for seq in range(told)]
    return Done(rows, seconds=count * interval)


_ENOUGH = 120.0
"""Seconds after which nobody gets the answer any more."""


def _reply(host: str, seq: int, size: str, ttl: str, trip: int) -> dict[str, str]:
    """Every round trip is a little different from the one before."""
    trips = [trip + (7 * number) % 5 for number in range(seq + 1)]
    return {
        "avg-rtt": _span(sum(trips) // len(trips)),
        "host": host,
        "max-rtt": _span(max(trips)),
        "min-rtt": _span(min(trips)),
        "packet-loss": "0",
        "received": str(seq + 1),
        "sent": str(seq + 1),
        "seq": str(seq),
        "size": size,
        "time": _span(trips[-1]),
        "ttl": ttl,
    }


def _silence(host: str, seq: int, size: str) -> dict[str, str]:
    totals = {"packet-loss": "100", "received": "0", "sent": str(seq + 1), "seq": str(seq), "size": size}
    return {"host": host, **totals, "status": "timeout"}


def _span(microseconds: int) -> str:
    thousands, rest = divmod(microseconds, 1000)
    return f"{thousands}ms{rest}us" if thousands else f"{rest}us"


def _trip(device: Device, host: str) -> int:
    own = any(row.config.get("address", "").partition("/")[0] == host for row in device.table("/ip/address").rows)
    return _LOCAL if own or host in ("127.0.0.1", "::1") else _AWAY


def _interval(text: str) -> float:
    try:
        length = seconds(text)
    except BadValue as error:
        raise errors.Refusal("invalid time value for argument interval") from error
    if not _SHORTEST <= length <= _LONGEST:
        raise errors.Refusal("value of interval is out of range (00:00:00.010 .. 00:00:05)")
    return length


def _number(given: dict[str, str], name: str, usual: str, low: int, high: int) -> str:
    try:
        return integer(given.get(name) or usual, low, high)
    except BadValue as error:
        raise errors.bad_value(error, name, name) from error


_TEST = frozenset({"test"})
TOOLS: Tools = {
    "/ping": Tool(_ping, _TEST, versions=((7, 0), (7, 24)), words=WORDS, told=Does.PING_IN_THE_TREE),
    "/tool/ping": Tool(_ping, _TEST, words=WORDS),
}
"""The one at the root is gone from the tree in 7.23, where it still answered; that it is gone in 7.24 is unproven."""
