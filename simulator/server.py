"""Listeners: one TLS socket per router, all in one loop, on uvicorn's protocol class (this module alone knows it)."""

from __future__ import annotations

import asyncio
import socket
import ssl
from collections.abc import Callable
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol
from uvicorn.server import ServerState

Application = Callable[..., Any]


class Listener:
    """One application on one address. ``accepted`` counts TCP connections, before any handshake."""

    def __init__(self, app: Application, context: ssl.SSLContext | None) -> None:
        self.accepted = 0
        self._config = Config(
            app, lifespan="off", log_config=None, access_log=False, http=HttpToolsProtocol, ws="none",
            server_header=False, proxy_headers=False, timeout_keep_alive=120,
        )  # fmt: skip
        self._config.load()
        self._state = ServerState()
        self._context = context
        self._server: asyncio.Server | None = None
        self._starting: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self.host, self.port = "", 0

    @property
    def open(self) -> bool:
        return self._server is not None or self._starting is not None

    async def start(self, host: str, port: int = 0) -> None:
        """Bind and serve; port 0 takes a free one. Raises OSError when the address cannot be had."""
        await self._serve(self._bind(host, port))

    def stop(self) -> None:
        """Close the socket and cut every connection; to be called in the loop's thread."""
        if self._starting is not None:
            self._starting.cancel()
            self._starting = None
        if self._server is not None:
            self._server.close()
            self._server = None
        for connection in tuple(self._state.connections):
            transport = getattr(connection, "transport", None)
            if transport is not None:
                transport.abort()

    def again(self) -> None:
        """Serve on the same address as before; the socket listens at once."""
        if not self.open:
            listening = self._bind(self.host, self.port)
            self._starting = asyncio.ensure_future(self._serve(listening))

    def call(self, action: Callable[[], None]) -> None:
        """Run an action in the loop's thread, from any thread, and wait for it."""
        loop = self._loop
        if loop is None or not loop.is_running() or loop is _running_loop():
            action()
            return

        async def run() -> None:
            action()

        asyncio.run_coroutine_threadsafe(run(), loop).result(timeout=10)

    def _bind(self, host: str, port: int) -> socket.socket:
        family = socket.AF_INET6 if ":" in host else socket.AF_INET
        listening = socket.socket(family, socket.SOCK_STREAM, socket.IPPROTO_TCP)
        listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listening.bind((host, port))
            listening.listen(128)
        except OSError:
            listening.close()
            raise
        listening.setblocking(False)
        self.host, self.port = host, listening.getsockname()[1]
        return listening

    async def _serve(self, listening: socket.socket) -> None:
        self._loop = asyncio.get_running_loop()
        self._server = await self._loop.create_server(self._protocol, sock=listening, ssl=self._context)
        self._starting = None

    def _protocol(self) -> asyncio.Protocol:
        self.accepted += 1
        return HttpToolsProtocol(self._config, self._state, {})


def _running_loop() -> asyncio.AbstractEventLoop | None:
    try:
        return asyncio.get_running_loop()
    except RuntimeError:
        return None
