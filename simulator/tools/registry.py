"""Every command that does something, by its path."""

from __future__ import annotations

from simulator import inspecting
from simulator.state import Device
from simulator.tools import (
    counters,
    exports,
    fetching,
    files,
    importing,
    leases,
    logins,
    measuring,
    monitoring,
    passwording,
    permitting,
    pinging,
    powering,
    safety,
    sending,
    signing,
    updating,
)
from simulator.tools.calling import Tool, Tools

TOOLS: Tools = inspecting.tools(
    {
        **logins.TOOLS,
        **measuring.TOOLS,
        **monitoring.TOOLS,
        **fetching.TOOLS,
        **passwording.TOOLS,
        **permitting.TOOLS,
        **sending.TOOLS,
        **signing.TOOLS,
        **updating.TOOLS,
        **powering.TOOLS,
        **pinging.TOOLS,
        **counters.TOOLS,
        **files.TOOLS,
        **importing.TOOLS,
        **leases.TOOLS,
        **safety.TOOLS,
    }
)


def tool_at(device: Device, menu: str, word: str) -> Tool | None:
    """The command ``word`` of a menu or directory, None when this router has none there."""
    if word == "export":
        return exports.EXPORT if exports.there(device, menu) else None
    found = TOOLS.get(f"{menu}/{word}")
    return found if found is not None and found.there(device, menu, word) else None
