"""An AI client over standard input and output, in both protocol eras: reads, proposes, asks; then a person acts."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from mcp import Client, StdioServerParameters
from mcp.types import Implementation

from reconciler import wiring
from reconciler.operations.applying import ApplyRequest, apply
from reconciler.operations.approving import ApproveRequest, approve
from schemas.rollout import Door, Result
from tests.unit.mcp_server.small_fleet import PASSPHRASES, SmallFleet, small_fleet, text_of

ROOT = Path(__file__).resolve().parents[2]
RECORD = {"name": "mail.example.net", "type": "A", "address": "192.0.2.25"}


def _server(path: Path) -> StdioServerParameters:
    words = ["-m", "cli.main", "mcp", "--repo", str(path)]
    return StdioServerParameters(command=sys.executable, args=words, cwd=ROOT, env=dict(os.environ))


async def _story(path: Path, mode: str) -> dict[str, dict[str, Any]]:
    told: dict[str, dict[str, Any]] = {}
    who = Implementation(name="Test Agent\n<x>", version="1")
    async with Client(_server(path), mode=mode, client_info=who) as client:

        async def call(name: str, arguments: dict[str, Any]) -> dict[str, Any]:
            result = await client.call_tool(name, arguments)
            assert not result.is_error, text_of(result)
            assert result.structured_content is not None
            told[name] = result.structured_content
            return result.structured_content

        told["server"] = {"version": client.protocol_version, "tools": len((await client.list_tools()).tools)}
        await call("fleet_status", {})
        await call("device_read", {"device": "edge-1", "menu": "/ip/dns/static"})
        await call("drift_report", {})
        proposed = await call(
            "proposal_create",
            {
                "title": "Add a record for mail",
                "layer": "device",
                "name": "edge-1",
                "menu": "/ip/dns/static",
                "action": "add",
                "values": RECORD,
            },
        )
        await call("plan_create", {"ref": proposed["branch"]})
        await call("proposal_list", {})
        await call("apply_request", {"ref": proposed["branch"]})
    return told


@pytest.mark.parametrize(("mode", "version"), [("auto", "2026-07-28"), ("legacy", "2025-11-25")])
def test_an_agent_reads_proposes_and_asks(tmp_path: Path, mode: str, version: str) -> None:
    with small_fleet(tmp_path / "fleet") as fleet:
        told = asyncio.run(_story(fleet.path, mode))
        assert told["server"] == {"version": version, "tools": 7}
        assert told["fleet_status"]["devices"][0]["state"] == "in sync"
        assert told["proposal_create"]["plan"]["summary"]["add"] == 1
        assert told["plan_create"]["approvable"] is True
        assert told["proposal_list"]["proposals"][0]["agent"] == "Test Agent x"
        assert told["apply_request"]["digest"] == told["plan_create"]["digest"]
        _no_trace_on_the_router(fleet)
        assert asyncio.run(_approved_and_applied(fleet, told["apply_request"]["digest"])) == [Result.CONFIRMED]
        assert [row["address"] for row in fleet.rows("/ip/dns/static")] == ["192.0.2.10", RECORD["address"]]


def test_without_a_repository_the_server_says_so(tmp_path: Path) -> None:
    words = [sys.executable, "-m", "cli.main", "mcp", "--repo", str(tmp_path)]
    ended = subprocess.run(words, cwd=ROOT, capture_output=True, text=True, stdin=subprocess.DEVNULL, timeout=60)
    assert ended.returncode == 1
    assert "is not a Git repository" in ended.stderr
    assert ended.stdout == ""


async def _approved_and_applied(fleet: SmallFleet, digest: str) -> list[Result]:
    """What a person does on the command line with the digest that the agent was given."""
    async with wiring.opened(fleet.settings(Door.CLI)) as context:
        approved = await approve(context, ApproveRequest(digest[:8], "tess", PASSPHRASES[0]))
        done = await apply(context, ApplyRequest(digest[:8], approved.approval.token))
        return [outcome.result for outcome in done.rollout.outcomes]


def _no_trace_on_the_router(fleet: SmallFleet) -> None:
    assert fleet.writes_by_plumbline() == 0
    assert [row["name"] for row in fleet.rows("/ip/dns/static")] == ["www.example.net"]
