"""How what is written into a field is read, where the catalogue has a looser or another type for it."""

from __future__ import annotations

import re
from collections.abc import Mapping

from simulator.profiles import Does, does

_PAIRS = ("burst-limit", "burst-threshold", "limit-at", "max-limit")
_TYPES: Mapping[tuple[str, str], str] = {
    ("/interface/wireguard", "private-key"): "key",
    ("/interface/wireguard/peers", "public-key"): "key",
    ("/ipv6/address", "address"): "address6",
    ("/queue/simple", "priority"): "pair(int(1..8))",
    **{("/queue/simple", name): "pair(rate)" for name in _PAIRS},
    ("/system/clock", "date"): "text(day)",
    ("/system/clock", "time"): "text(time-of-day)",
    ("/system/clock", "time-zone-name"): "zone",
    ("/system/scheduler", "start-date"): "text(day)",
    ("/system/scheduler", "start-time"): "or(startup, text(time-of-day))",
}
"""Read off the grammar that the console tells of each field, which leaves no other text. In what words a key, a time
zone or a day that no calendar has is refused is unproven."""

_MATCHERS: Mapping[str, str] = {
    "connection-rate": "!rates",
    "nth": "!every",
    "per-connection-classifier": "!classifier",
}
"""The same of matchers, in every menu of a firewall."""
_FIREWALLS = re.compile(r"/ip(v6)?/firewall/")
_OF_PROTOCOLS = re.compile(r"(or\((?:[a-z0-9-]+\|)*tcp\|[^,()]*), *int\(0\.\.255\)\)$")
"""A protocol's name or number; a number that has a name reads back as it (practice, unproven)."""

_FAMILIES: tuple[tuple[str, frozenset[str], int], ...] = (
    ("/ip/address", frozenset({"address", "broadcast", "network"}), 4),
    ("/ip/arp", frozenset({"address"}), 4),
    ("/ip/dhcp-server/lease", frozenset({"address"}), 4),
    ("/ip/dhcp-server/network", frozenset({"address", "gateway"}), 4),
    ("/ip/firewall/", frozenset({"address", "dst-address", "src-address", "to-addresses"}), 4),
    ("/ip/pool", frozenset({"ranges"}), 4),
    ("/ip/route", frozenset({"dst-address", "pref-src"}), 4),
    ("/ipv6/address", frozenset({"address"}), 6),
    ("/ipv6/firewall/", frozenset({"address", "dst-address", "src-address", "to-address"}), 6),
    ("/ipv6/pool", frozenset({"prefix"}), 6),
    ("/ipv6/route", frozenset({"dst-address", "pref-src"}), 6),
)
"""Menus, by the beginning of their paths, whose addresses are of one family, as their grammar has it. Gateways are not
among them: a route of IPv4 may lead over a neighbour of IPv6."""


def type_of(version: str, path: str, name: str, known: str) -> str:
    """The type a field is read by; ``known`` is that of the catalogue."""
    own = _TYPES.get((path, name)) or (_MATCHERS.get(name) if _FIREWALLS.match(path) else None) or known
    if own == "text(day)" and path != "/system/clock" and not does(version, Does.ISO_DATES):
        return "text(old-day)"
    return _OF_PROTOCOLS.sub(r"\1, protocol)", own)


def family_of(path: str, name: str) -> int:
    """4 or 6 where a field takes addresses of that family alone, else 0."""
    return next((family for start, names, family in _FAMILIES if path.startswith(start) and name in names), 0)
