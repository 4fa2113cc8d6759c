"""Many simulated routers in a process of their own: ``python -m tests.bench.routers COUNT ROWS``.

Prints one JSON line with their addresses once they are served, and serves until its standard input ends.
"""

from __future__ import annotations

import asyncio
import json
import sys

import uvloop

from simulator.fleet import SimulatedRouter, serve
from tests.fleet.fleet_tools import PASSWORD, USER

PORTS = 3
COUNTS = {"vlan": 3, "address": 3, "port": 2, "list": 2, "member": 10, "dns": 25, "entries": 34, "filter": 55, "nat": 3}
"""Rows of menus people write, so that the 16 menus have 3 rows in the middle, 10 on average and 55 at most."""

MENUS = (
    *("/system/identity", "/ip/dns", "/ip/dns/static", "/ip/address", "/ip/route", "/ip/service", "/user"),
    *("/interface/ethernet", "/interface/bridge", "/interface/bridge/port", "/interface/vlan"),
    *("/interface/list", "/interface/list/member"),
    *("/ip/firewall/filter", "/ip/firewall/nat", "/ip/firewall/address-list"),
)
"""What is managed of each router."""

_Rows = list[dict[str, str]]


def seed(number: int, rows: int) -> dict[str, object]:
    """One router's configuration; ``rows`` 0 takes the usual counts, else every list has so many."""
    count = {name: rows or usual for name, usual in COUNTS.items()}
    ports = [f"ether{n + 1}" for n in range(rows or PORTS)]
    vlans: _Rows = [
        {"name": f"vlan{n + 10}", "interface": "bridge", "vlan-id": str(n + 10)} for n in range(count["vlan"])
    ]
    names = ["bridge", *ports, *(vlan["name"] for vlan in vlans)]
    menus: dict[str, object] = {
        "/system/identity": {"name": f"edge-{number}"},
        "/ip/dns": {"servers": "192.0.2.53,192.0.2.54", "allow-remote-requests": "yes"},
        "/interface/ethernet": [{"default-name": name, "name": name, "comment": f"port {name}"} for name in ports],
        "/interface/bridge": [{"name": "bridge" if n == 0 else f"bridge{n}"} for n in range(rows or 1)],
        "/interface/bridge/port": [{"bridge": "bridge", "interface": name} for name in ports[: count["port"]]],
        "/interface/vlan": vlans,
        "/interface/list": [{"name": f"list{n}"} for n in range(count["list"])],
        "/interface/list/member": [
            {"list": f"list{n // len(names)}", "interface": names[n % len(names)]} for n in range(count["member"])
        ],
        "/ip/address": [
            {"address": f"10.{number % 250}.{n}.1/24", "interface": vlan["name"]}
            for n, vlan in enumerate(vlans[: count["address"]])
        ],
        "/ip/route": [
            {"dst-address": f"172.16.{n}.0/24", "gateway": f"10.{number % 250}.0.254"} for n in range(rows or 1)
        ],
        "/ip/dns/static": [
            {"name": f"host{n}.example.net", "address": f"10.{number % 250}.{n % 250}.{n // 250 + 2}"}
            for n in range(count["dns"])
        ],
        "/ip/firewall/address-list": [
            {"list": f"group{n % 4}", "address": f"198.51.{n // 250}.{n % 250}"} for n in range(count["entries"])
        ],
        "/ip/firewall/filter": [_rule(n) for n in range(count["filter"])],
        "/ip/firewall/nat": [
            {"chain": "dstnat", "action": "dst-nat", "protocol": "tcp", "dst-port": str(8000 + n)}
            | {"to-addresses": f"10.{number % 250}.0.{n % 250 + 2}", "to-ports": "443"}
            for n in range(count["nat"])
        ],
        "/user": [{"name": f"user{n}", "group": "read"} for n in range(max(rows - 2, 0))],
    }
    return {"routeros": "7.18.2", "menus": menus}


def _rule(number: int) -> dict[str, str]:
    chain = ("input", "forward", "output")[number % 3]
    rule = {"chain": chain, "action": "accept", "protocol": "tcp", "dst-port": str(1000 + number)}
    if number % 2:
        rule["src-address"] = f"10.0.{number % 250}.0/24"
    return rule | {"comment": f"rule {number}"}


async def _serve(count: int, rows: int) -> None:
    users = {"admin": PASSWORD, USER: PASSWORD}
    routers = [SimulatedRouter(f"edge-{n}", seed(n, rows), users=users) for n in range(count)]
    async with serve(routers) as fleet:
        print(json.dumps({router.name: router.address for router in fleet.routers}), flush=True)
        await asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)


if __name__ == "__main__":
    uvloop.run(_serve(int(sys.argv[1]), int(sys.argv[2])))
