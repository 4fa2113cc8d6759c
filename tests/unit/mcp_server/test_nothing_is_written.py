"""Whatever an AI client calls, in whatever order: routers, the protected branch and approvals stay as they are."""

from __future__ import annotations

import asyncio
import random
import re
from typing import Any

from mcp import Client

from mcp_server.server import build
from reconciler import wiring
from tests.unit.mcp_server.small_fleet import SmallFleet

_CALLS = 60
_DNS, _LIST = "/ip/dns/static", "/ip/firewall/address-list"
_EDITS: tuple[tuple[str, str, dict[str, str], dict[str, str]], ...] = (
    (_DNS, "add", {"name": "a.example.net", "type": "A", "address": "192.0.2.1"}, {}),
    (_DNS, "set", {"address": "192.0.2.9"}, {"name": "www.example.net"}),
    (_DNS, "remove", {}, {"name": "www.example.net"}),
    (_LIST, "add", {"list": "office", "address": "192.0.2.0/24"}, {}),
    ("/system/identity", "set", {"name": "renamed"}, {}),
    ("/user", "add", {"name": "agent", "group": "full", "password": "hunter2"}, {}),
    ("/ip/service", "set", {"disabled": "false"}, {"name": "telnet"}),
    ("mode", "set", {"mode": "manage"}, {}),
)
_READING = ("fleet_status", "device_read", "drift_report", "plan_create", "proposal_list")
_ASKING = ("proposal_create", "proposal_create", "apply_request", "apply_request", "approve", "apply", "device_write")
_SEEN = {"branch", "digest"}


def _call(chance: random.Random, known: list[str]) -> tuple[str, dict[str, Any]]:
    """A call that a client might make, sensible or not; ``known`` are branches and digests it has seen."""
    name = chance.choice(_ASKING if chance.random() < 0.6 else _READING)
    ref = chance.choice(known[-5:] or ["main", "HEAD", "main~1"])
    menu, action, values, select = chance.choice(_EDITS)
    arguments: dict[str, dict[str, Any]] = {
        "device_read": {"device": "edge-1", "menu": menu},
        "plan_create": {"ref": ref} if not re.fullmatch("[0-9a-f]{64}", ref) else {},
        "apply_request": {"ref": ref},
        "approve": {"plan": ref},
        "apply": {"plan": ref, "token": "x"},
        "device_write": {"device": "edge-1", "menu": menu},
        "proposal_create": {
            "title": f"change {chance.randrange(100)}",
            "layer": chance.choice(("device", "device", "device", "group")),
            "name": "edge-1",
            "menu": menu,
            "action": action,
            "values": values,
            "select": select,
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
                    told = result.structured_content
                    known.extend(str(told[key]) for key in sorted(_SEEN & told.keys()))

    asyncio.run(play())
    assert {"proposal_create", "apply_request", "plan_create", "device_read"} <= good
    assert good.isdisjoint({"approve", "apply", "device_write"})
    assert fleet.router.state() == state
    assert fleet.writes_by_plumbline() == 0
    assert fleet.git("rev-parse", "main") == main
    assert not any(fleet.approvals(digest) for digest in known)
