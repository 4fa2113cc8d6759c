"""A small client of our own server, as AI clients start it: for the demo, and to try a server out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from mcp import Client, StdioServerParameters
from mcp.types import Implementation, TextContent

from schemas.errors import PlumblineError


class Caller:
    """A session with a server."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def tools(self) -> list[str]:
        """The names of the tools that the server offers."""
        return [tool.name for tool in (await self._client.list_tools()).tools]

    async def call(self, tool: str, arguments: Mapping[str, Any]) -> Mapping[str, Any]:
        """A tool's structured answer. Raises PlumblineError with the tool's own sentence when it fails."""
        result = await self._client.call_tool(tool, dict(arguments))
        if result.is_error or result.structured_content is None:
            told = " ".join(part.text for part in result.content if isinstance(part, TextContent))
            raise PlumblineError(told or f"{tool} failed.")
        content: Mapping[str, Any] = result.structured_content
        return content


@asynccontextmanager
async def started(command: Sequence[str], folder: Path, environ: Mapping[str, str], name: str) -> AsyncIterator[Caller]:
    """Start a server over standard input and output, and end it with the block. ``name`` is who calls."""
    server = StdioServerParameters(command=command[0], args=list(command[1:]), cwd=folder, env=dict(environ))
    async with Client(server, client_info=Implementation(name=name, version="1")) as client:
        yield Caller(client)
