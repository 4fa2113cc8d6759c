"""A tiny HTTPS server that answers exactly the bytes a test gives it, or resets, or says nothing."""

from __future__ import annotations

import asyncio
import datetime
import hashlib
import ipaddress
import json
import ssl
import tempfile
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from routeros.client import Client
from routeros.session import Session, Timing
from schemas.device import Tls
from schemas.login import Login

PASSWORD = "correct horse"
QUICK = Timing(connect=2.0, read=0.4, rest=0.3, backoff=(0.01, 0.02))
RESET = b"reset"
HANG = b"hang"
DRIP = b"drip"
"""An answer that never ends, chunk by chunk."""


@dataclass(frozen=True)
class Seen:
    method: str
    target: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> object:
        return json.loads(self.body)


Handler = Callable[[Seen], bytes]


def answer(body: object = (), status: int = 200) -> bytes:
    """A complete HTTP reply; bytes go out as they are, anything else as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    head = f"HTTP/1.1 {status} {HTTPStatus(status).phrase}\r\nContent-Type: application/json\r\n"
    length = "" if status == 204 else f"Content-Length: {len(content)}\r\n"
    return f"{head}{length}\r\n".encode() + (b"" if status == 204 else content)


def error(detail: str, status: int = 400) -> bytes:
    body = {"error": status, "message": HTTPStatus(status).phrase}
    return answer({"detail": detail, **body} if detail else body, status)


@dataclass
class Wire:
    """What a test sees of its server. ``handler`` may be replaced at any time."""

    handler: Handler
    pin: str
    pem: str
    address: str = ""
    seen: list[Seen] = field(default_factory=list)
    connections: int = 0
    released: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def tls(self) -> Tls:
        return Tls(pin=self.pin)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            while (seen := await _request(reader)) is not None:
                self.seen.append(seen)
                reply = self.handler(seen)
                if reply == HANG:
                    await self.released.wait()
                    reply = answer()
                if reply == DRIP:
                    await self._drip(writer)
                if reply == RESET:
                    break
                writer.write(reply)
                await writer.drain()
        except (ConnectionError, asyncio.IncompleteReadError):
            pass
        finally:
            writer.transport.abort()

    async def _drip(self, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        while not self.released.is_set():
            writer.write(b"1\r\n \r\n")
            await writer.drain()
            await asyncio.sleep(0.02)


@asynccontextmanager
async def wire(handler: Handler = lambda seen: answer([])) -> AsyncIterator[Wire]:
    der, pem, context = _certificate()
    server_side = Wire(handler, f"sha256:{hashlib.sha256(der).hexdigest()}", pem)
    server = await asyncio.start_server(server_side.serve, "127.0.0.1", 0, ssl=context)
    server_side.address = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield server_side
    finally:
        server_side.released.set()
        server.close()


def client(
    session: Session, router: Wire, *addresses: str, tls: Tls | None = None, ca_pem: str | None = None
) -> Client:
    """A client of ``router``, pinned to it unless said otherwise."""
    login = Login("ams-rw", PASSWORD)
    return Client(session, "edge-1", addresses or (router.address,), tls or router.tls, login, ca_pem=ca_pem)


async def _request(reader: asyncio.StreamReader) -> Seen | None:
    line = await reader.readline()
    if not line:
        return None
    method, target, _ = line.decode().split(" ")
    headers: dict[str, str] = {}
    while (header := (await reader.readline()).decode().strip()) != "":
        name, _, value = header.partition(":")
        headers[name.lower()] = value.strip()
    body = await reader.readexactly(int(headers.get("content-length", "0")))
    return Seen(method, target, headers, body)


def _certificate() -> tuple[bytes, str, ssl.SSLContext]:
    """A self-signed certificate for 127.0.0.1, made for this server alone."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "wire")])
    now = datetime.datetime.now(datetime.UTC)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=1))
        .add_extension(x509.SubjectAlternativeName([x509.IPAddress(ipaddress.ip_address("127.0.0.1"))]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    pem = certificate.public_bytes(serialization.Encoding.PEM)
    private = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    with tempfile.NamedTemporaryFile() as both:
        Path(both.name).write_bytes(pem + private)
        context.load_cert_chain(both.name)
    return certificate.public_bytes(serialization.Encoding.DER), pem.decode(), context
