"""mcp: the door for AI clients."""

from __future__ import annotations

from cli.shell import Shell
from mcp_server import stdio
from schemas.errors import Exit
from schemas.rollout import Door


def mcp(shell: Shell) -> Exit:
    """Serves until standard input ends. Standard output belongs to the protocol alone."""
    stdio.run(shell.settings(door=Door.MCP))
    return Exit.OK
