"""Every command that does something, by its path."""

from __future__ import annotations

from simulator import inspecting, power
from simulator.state import Device
from simulator.tools import pinging
from simulator.tools.calling import Tool, Tools

TOOLS: Tools = {**inspecting.TOOLS, **power.TOOLS, **pinging.TOOLS}


def tool_at(device: Device, menu: str, word: str) -> Tool | None:
    """The command ``word`` of a menu or directory, None when this router has none there."""
    found = TOOLS.get(f"{menu}/{word}")
    return found if found is not None and found.there(device, menu, word) else None
