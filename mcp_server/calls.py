"""What every tool call goes through once: who asks, errors as sentences, at most a few calls at a time."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from functools import wraps
from typing import Any

from mcp.server.mcpserver import Context as Call
from mcp.server.mcpserver.exceptions import ToolError
from mcp.types import CallToolResult

from mcp_server.untrusted import clean_text
from reconciler.operations.context import Context
from schemas.errors import DeviceRefused, PlumblineError
from schemas.rollout import Door

_AT_ONCE = 4
_LONGEST_LINE = 500
_MOST_LINES = 20
_LONGEST_AGENT = 64
_STRANGE = re.compile(r"[^A-Za-z0-9 ._-]+")
UNNAMED = "unnamed MCP client"


@dataclass(frozen=True, slots=True)
class Served:
    """What a server holds while it runs."""

    context: Context
    gate: asyncio.Semaphore = field(default_factory=lambda: asyncio.Semaphore(_AT_ONCE))


ToolCall = Call[Served, Any]

Tool = Callable[..., Awaitable[CallToolResult]]
"""A function whose first parameter is ``call: ToolCall``; the others are its arguments by name."""


def context_of(call: ToolCall) -> Context:
    """The context of this call: always by the MCP door, and in the name of the client's program."""
    context = call.request_context.lifespan_context.context
    actor = replace(context.actor, door=Door.MCP, agent=context.actor.agent or agent_of(call))
    return replace(context, actor=actor)


def agent_of(call: ToolCall) -> str:
    """What the client calls itself, in plain letters."""
    said = call.request_context.session.client_params
    name = _STRANGE.sub(" ", said.client_info.name).strip() if said is not None else ""
    return name[:_LONGEST_AGENT] or UNNAMED


def guarded(tool: Tool) -> Tool:
    """A tool whose errors are sentences for the model. What is no error of ours shows nothing of itself."""

    @wraps(tool)
    async def called(call: ToolCall, **arguments: object) -> CallToolResult:
        async with call.request_context.lifespan_context.gate:
            try:
                return await tool(call=call, **arguments)
            except PlumblineError as error:
                raise ToolError(sentence(error)) from error

    return called


def sentence(error: PlumblineError) -> str:
    """An error for a model: our sentences line by line; a router's own words apart, in JSON."""
    if isinstance(error, DeviceRefused):
        said = json.dumps({"device_data": {"message": clean_text(error.detail)}})
        return f"{error.device}: The router refused the request with status {error.status}. {said}"
    lines = str(error).splitlines()
    told = [clean_text(line, _LONGEST_LINE) for line in lines[:_MOST_LINES]]
    if len(lines) > _MOST_LINES:
        told.append(f"{len(lines) - _MOST_LINES} more.")
    return "\n".join(told)
