"""Connections to devices: one request at a time per device and user, devices in parallel.

RouterOS runs the requests of one user one after another, cuts each off after 60 seconds, and its web
server is damaged by aborted requests. So a request that has begun is always waited for, even when the
caller is cancelled, and after a timeout the device gets time to recover before the next one.
"""

from __future__ import annotations

import asyncio
from asyncio import sslproto
from collections.abc import Callable
from dataclasses import dataclass, field
from ssl import SSLContext
from types import TracebackType
from typing import Self

import aiohttp
from aiohttp.typedefs import LooseHeaders
from yarl import URL

from routeros.failures import NoAnswer, NotSent, TooMuch
from routeros.tls import PinMismatch
from schemas.errors import CertificateMismatch, PlumblineError

Trace = Callable[[str, str, str, int, float, int, int], None]
"""(device, method, path with query, status or 0 for no answer, milliseconds, bytes sent, bytes received).
Never bodies, never headers."""

# asyncio reserves 256 KiB for every TLS connection; 16 KiB, one TLS record, is as fast.
_TLS_BUFFER = 16 * 1024
_KEEP_ALIVE = 15.0
LARGEST = 64 * 1024 * 1024
"""Bytes of the largest answer that is read."""


@dataclass(frozen=True, slots=True)
class Timing:
    """Seconds. ``read`` is longer than the router's own limit of 60, so that its answer comes first.
    ``total`` ends an exchange that drips on. ``rest`` follows a timeout; ``backoff`` stands before each
    repetition of a read."""

    connect: float = 10.0
    read: float = 65.0
    total: float = 180.0
    rest: float = 3.0
    backoff: tuple[float, ...] = (0.5, 2.0)


@dataclass(frozen=True, slots=True)
class Request:
    """One HTTP request to one device. Headers and body hold secrets and never show in ``repr``."""

    device: str
    user: str
    method: str
    url: URL
    ssl: SSLContext
    headers: LooseHeaders = field(repr=False)
    body: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    body: bytes = field(repr=False)


class Session:
    """``async with Session() as session``. Leaving waits for requests that are still under way.

    A new session has new connections, which is how a change is verified over another one. ``largest`` is
    the size in bytes of an answer above which it is not read.
    """

    def __init__(self, timing: Timing | None = None, trace: Trace | None = None, *, largest: int = LARGEST) -> None:
        self.timing = timing or Timing()
        self._largest = largest
        self._trace = trace
        self._lanes: dict[tuple[str, str], asyncio.Lock] = {}
        self._rest_until: dict[str, float] = {}
        self._under_way: set[asyncio.Task[Reply]] = set()
        self._http: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        sslproto.SSLProtocol.max_size = _TLS_BUFFER
        self._http = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=_KEEP_ALIVE),
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(
                total=self.timing.total, connect=self.timing.connect, sock_read=self.timing.read
            ),
            auto_decompress=False,  # nothing compressed was asked for, and a few bytes could become gigabytes
            headers={"User-Agent": "plumbline", "Accept": "*/*"},
            skip_auto_headers=("Accept-Encoding", "Content-Type"),
        )
        # aiohttp repeats PUT and DELETE by itself when a kept-alive connection breaks, since HTTP calls them
        # idempotent. To RouterOS PUT is `add`: repeated it makes a second row. No public switch stops that
        # but a middleware, which costs a tenth of every request.
        self._http._retry_connection = False
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._under_way:
            await asyncio.wait(self._under_way)
        if self._http is not None:
            await self._http.close()

    async def send(self, request: Request) -> Reply:
        """The device's answer, whatever its status.

        Raises CertificateMismatch, NotSent (the device has not seen the request) and NoAnswer (it may have
        been carried out). Cancelling while it waits for its turn sends nothing; cancelling later leaves the
        request running, and the next one waits for it.
        """
        lane = self._lanes.setdefault((request.device, request.user), asyncio.Lock())
        await lane.acquire()
        try:
            await self._recovered(request.device)
        except asyncio.CancelledError:
            lane.release()
            raise
        loop = asyncio.get_running_loop()
        task, over = loop.create_task(self._exchange(request)), loop.create_future()
        self._under_way.add(task)

        def finished(task: asyncio.Task[Reply]) -> None:
            self._under_way.discard(task)
            lane.release()
            if not over.done():
                over.set_result(None)
            elif not task.cancelled():
                task.exception()  # the caller is gone and somebody must look at it

        task.add_done_callback(finished)
        await over  # what asyncio.shield does, for half its price: cancelling ends this wait, not the task
        return task.result()

    async def _recovered(self, device: str) -> None:
        left = self._rest_until.get(device, 0.0) - asyncio.get_running_loop().time()
        if left > 0:
            await asyncio.sleep(left)

    async def _exchange(self, request: Request) -> Reply:
        clock = asyncio.get_running_loop().time
        start = clock()
        reply: Reply | None = None
        try:
            reply = await self._ask(request)
            return reply
        except NoAnswer as error:
            if error.timed_out:
                self._rest_until[request.device] = clock() + self.timing.rest
            raise
        finally:
            if self._trace is not None:
                self._trace(
                    request.device,
                    request.method,
                    request.url.raw_path_qs,
                    reply.status if reply else 0,
                    (clock() - start) * 1000,
                    len(request.body or b""),
                    len(reply.body) if reply else 0,
                )

    async def _ask(self, request: Request) -> Reply:
        if self._http is None:
            raise RuntimeError("the session is not open")
        try:
            async with self._http.request(
                request.method,
                request.url,
                data=request.body,
                headers=request.headers,
                ssl=request.ssl,
                allow_redirects=False,
            ) as response:
                return Reply(response.status, await self._body(request, response))
        except (aiohttp.ClientError, OSError) as error:  # TimeoutError among them
            raise self._told(request, error) from error

    async def _body(self, request: Request, response: aiohttp.ClientResponse) -> bytes:
        length = response.content_length
        if length is not None and length <= self._largest:
            return await response.read()
        content = bytearray()
        if length is None:
            async for chunk in response.content.iter_any():
                content += chunk
                if len(content) > self._largest:
                    break
            else:
                return bytes(content)
        response.close()
        size = f"{length:,} bytes" if length is not None else "no end in sight"
        text = (
            f"{request.url.origin()} answered {request.method} with {size}; "
            f"more than {self._largest:,} bytes are not read."
        )
        raise TooMuch(text, device=request.device)

    def _told(self, request: Request, error: aiohttp.ClientError | OSError) -> PlumblineError:
        where, device = request.url.origin(), request.device
        match error:
            case aiohttp.ClientConnectorCertificateError():
                return _mismatch(request, error.certificate_error)
            case aiohttp.ClientConnectorSSLError():
                text = (
                    f"{where} refused the TLS handshake ({error.strerror or 'no reason given'}). "
                    "The service www-ssl needs a certificate and TLS 1.2."
                )
                return NotSent(text, device=device)
            case aiohttp.ClientConnectorError():
                reason = error.os_error.strerror or str(error.os_error)
                return NotSent(f"{where} cannot be reached: {reason}.", device=device)
            case aiohttp.ConnectionTimeoutError():
                text = f"{where} does not answer within {self.timing.connect:g} seconds."
                return NotSent(text, device=device, timed_out=True)
            case aiohttp.SocketTimeoutError():
                text = f"{where} accepted {request.method} and gave no answer within {self.timing.read:g} seconds."
                return NoAnswer(text, device=device, timed_out=True)
            case TimeoutError():
                text = f"{where} did not end its answer to {request.method} within {self.timing.total:g} seconds."
                return NoAnswer(text, device=device, timed_out=True)
        text = f"{where} broke the connection off before it answered {request.method}."
        return NoAnswer(text, device=device)


def _mismatch(request: Request, error: Exception) -> CertificateMismatch:
    where = request.url.origin()
    if isinstance(error, PinMismatch):
        message = (
            f"{where} shows another certificate: expected {error.expected}, found {error.found}. "
            "No login was sent. If the certificate was renewed, enrol the device again."
        )
    else:
        reason = getattr(error, "verify_message", "") or "verification failed"
        message = f"{where} shows a certificate that the CA does not vouch for ({reason}). No login was sent."
    return CertificateMismatch(message, device=request.device)
