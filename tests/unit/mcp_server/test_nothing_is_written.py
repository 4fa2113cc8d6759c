"""Whatever an AI client calls, in whatever order: routers, the protected branch and approvals stay as they are."""

from __future__ import annotations

import asyncio
import random
from typing import Any

from mcp import Client

from mcp_server.server import build
from reconciler import wiring
from tests.unit.mcp_server.small_fleet import SmallFleet

_CALLS = 60
_MENUS = ("/ip/dns/static", "/ip/firewall/address-list", "/system/identity", "/user", "/ip/service", "mode")
_ROWS = (
    {"name": "a.example.net", "type": "A", "address": "192.0.2.1"},
    {"list": "office", "address": "192.0.2.0/24"},
    {"name": "renamed"},
    {"mode": "manage", "capabilities": "advanced-writes"},
    {"$match": "x", "name": "telnet", "disabled": "false"},
)


def _call(chance: random.Random, known: list[str]) -> tuple[str, dict[str, Any]]:
    """A call that a client might make, sensible or not; ``known`` are branches and digests it has seen."""
    name = chance.choice(("fleet_status", "device_read", "drift_report", "plan_create", "proposal_list"))
    if chance.random() < 0.6:
        name = chance.choice(("proposal_create", "apply_request", "approve", "apply", "device_write"))
    ref = chance.choice([*known, "main", "HEAD", "main~1"])
    arguments: dict[str, dict[str, Any]] = {
        "device_read": {"device": "edge-1", "menu": chance.choice(_MENUS)},
        "plan_create": {"ref": ref},
        "apply_request": {"ref": ref},
        "approve": {"plan": ref},
        "apply": {"plan": ref, "token": "x"},
        "device_write": {"device": "edge-1", "menu": "/system/identity"},
        "proposal_create": {
            "title": "change " + chance.choice("abc"),
            "layer": chance.choice(("device", "group")),
            "name": chance.choice(("edge-1", "base")),
            "menu": chance.choice(_MENUS),
            "action": chance.choice(("add", "set", "remove")),
            "values": chance.choice(_ROWS),
            "select": chance.choice(({}, {"name": "www.example.net"}, {"list": "office"})),
        },
    }
    return name, arguments.get(name, {})


def test_no_sequence_of_calls_changes_a_router(fleet: SmallFleet) -> None:
    state, main = fleet.router.state(), fleet.git("rev-parse", "main")
    chance = random.Random(20261123)
    known: list[str] = []
    good: set[str] = set()

    async def play() -> None:
        async with Client(build(lambda: wiring.opened(fleet.settings()))) as client:
            for _ in range(_CALLS):
                name, arguments = _call(chance, known)
                result = await client.call_tool(name, arguments)
                if not result.is_error and result.structured_content is not None:
                    good.add(name)
                    known.extend(str(result.structured_content[key]) for key in _SEEN & result.structured_content.keys())

    asyncio.run(play())
    assert {"proposal_create", "apply_request", "plan_create", "device_read"} <= good
    assert good.isdisjoint({"approve", "apply", "device_write"})
    assert fleet.router.state() == state
    assert fleet.writes_by_plumbline() == 0
    assert fleet.git("rev-parse", "main") == main
    for digest in known:
        assert not fleet.approvals(digest)


_SEEN = {"branch", "digest"}
