"""The demo's AI client: a real session with ``plumbline mcp``, a process of its own."""

from __future__ import annotations

import asyncio
import json
import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cli.demo_stage import Stage
from cli.demo_story import Tale
from cli.demo_voice import Voice
from mcp_server import client

_WISH = "Please make wiki.lan known in every office; it runs on 10.11.0.80."
_PROPOSAL = {
    "title": "Make wiki.lan known in every office",
    "layer": "group",
    "name": "branch",
    "menu": "/ip/dns/static",
    "action": "add",
    "values": {"name": "wiki.lan", "address": "10.11.0.80"},
}


def proposing(tale: Tale) -> int:
    """An AI client proposes a change and asks for it to be applied. Gives the number of proposals."""
    stage, voice = tale.stage, tale.stage.voice
    voice.chapter(5, "An AI client proposes")
    voice.say(f"An AI client that runs plumbline mcp is asked: {_WISH}")
    before = tale.writes
    branch, proposals = asyncio.run(_session(stage))
    voice.say("What it leaves behind is a branch for people to review:")
    stage.git(f"diff --unified=1 main {branch}")
    stage.git(f"log -1 --format=%an%n%(trailers) {branch}")
    voice.say(f"Meanwhile the routers have counted {tale.writes - before} writes: no tool approves, none applies.")
    return proposals


async def _session(stage: Stage) -> tuple[str, int]:
    """The branch that was made, and how many there are."""
    command = [sys.executable, "-m", "cli.main", "mcp"]
    async with client.started(command, stage.fleet, _environment(), "demo-agent") as caller:
        voice = stage.voice
        voice.line("")
        voice.beside("·", "tools", ", ".join(await caller.tools()))
        status = await _told(voice, caller, "fleet_status", {})
        voice.beside("←", "", ", ".join(f"{each['device']} {each['state']}" for each in status["devices"]))
        proposed = await _told(voice, caller, "proposal_create", _PROPOSAL)
        voice.beside("←", "", f"branch {proposed['branch']}; its plan: {_counts(proposed['plan'])}")
        asked = await _told(voice, caller, "apply_request", {"ref": proposed["branch"]})
        voice.beside("←", "", f"{asked['state']}; a person runs: {asked['command']}")
        listed = await caller.call("proposal_list", {})
        return str(proposed["branch"]), int(listed["total"])


async def _told(voice: Voice, caller: client.Caller, tool: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
    told = [f"{name}={text if isinstance(text, str) else json.dumps(text)}" for name, text in arguments.items()]
    voice.beside("→", tool, ", ".join(told))
    return await caller.call(tool, arguments)


def _counts(plan: Mapping[str, Any] | None) -> str:
    summary = plan["summary"] if plan else {}
    told = [f"{summary[action]} to {action}" for action in ("add", "set", "remove", "move") if summary.get(action)]
    return ", ".join(told) or "nothing to do"


def _environment() -> dict[str, str]:
    """This one's, with the rooms where this process found them."""
    rooms = str(Path(__file__).resolve().parent.parent)
    paths = [rooms, *filter(None, os.environ.get("PYTHONPATH", "").split(os.pathsep))]
    return {**os.environ, "PYTHONPATH": os.pathsep.join(dict.fromkeys(paths))}
