"""Serving one local client over standard input and output. Logs go to standard error only."""

from __future__ import annotations

import asyncio
import logging
import sys
from contextlib import nullcontext
from dataclasses import replace

from mcp_server.server import build
from reconciler import wiring
from schemas.rollout import Door


def run(settings: wiring.Settings) -> None:
    """Serve until the client closes the stream. Raises InputError when there is no repository to serve."""
    logging.basicConfig(stream=sys.stderr, level=logging.WARNING, format="%(levelname)s %(name)s: %(message)s")
    asyncio.run(_serve(replace(settings, door=Door.MCP)))


async def _serve(settings: wiring.Settings) -> None:
    """One context for the process: its store and its connections stay open between calls."""
    async with wiring.opened(settings) as context:
        await build(lambda: nullcontext(context)).run_stdio_async()
