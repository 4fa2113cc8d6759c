"""Many routers of a few seeds: names, serial numbers and loopback addresses that count up, each made when first asked.

A thousand of them fit in one process because a device, its rows and its tables come to be with its first request; what
does not change (menus of a version, the text of a seed) is there once for all.
"""

from __future__ import annotations

import ipaddress
from collections import Counter
from collections.abc import Iterator, Mapping

from simulator.fleet import SimulatedRouter, Users

_KEPT = 1_000
"""How many requests of each router are remembered; the counts go on."""


def numbered(seeds: Mapping[str, Mapping[str, object]], count: int, users: Users) -> list[SimulatedRouter]:
    """``count`` routers, of each seed in turn. The first of each seed is made at once, so that a bad seed is told.

    A router of the seed ``edge`` is called ``edge-0007`` and tells so as its identity; its serial number is
    ``SIM00000007``. Raises ValueError when a seed is none.
    """
    width = max(4, len(str(count)))
    routers: list[SimulatedRouter] = []
    seen: Counter[str] = Counter()
    for number, stem in zip(range(1, count + 1), _in_turn(list(seeds)), strict=False):
        routers.append(
            SimulatedRouter(
                f"{stem}-{number:0{width}}",
                seeds[stem],
                serial=f"SIM{number:08}",
                users=users,
                later=seen[stem] > 0,
                identity=f"{stem}-{number:0{width}}",
                remember=_KEPT,
            )
        )
        seen[stem] += 1
    return routers


def addresses(first: str, count: int) -> list[str]:
    """So many loopback addresses from one on, none of which ends in 0 or 255. Raises ValueError outside 127.0.0.0/8."""
    start = ipaddress.IPv4Address(first)
    if not start.is_loopback:
        raise ValueError(f"{first} is no address of 127.0.0.0/8")
    found: list[str] = []
    number = int(start)
    while len(found) < count:
        address = ipaddress.IPv4Address(number)
        if not address.is_loopback:
            raise ValueError(f"there are not {count} addresses from {first} on")
        if number & 0xFF not in (0, 255):
            found.append(str(address))
        number += 1
    return found


def _in_turn(names: list[str]) -> Iterator[str]:
    while True:
        yield from names
