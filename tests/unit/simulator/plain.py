"""A plain client made of the standard library alone."""

from __future__ import annotations

import base64
import contextlib
import http.client
import json
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from simulator.fleet import SimulatedRouter

BEFORE_THE_HANDSHAKE = pytest.mark.filterwarnings(
    "ignore:Exception ignored in. <ssl.SSLSocket:pytest.PytestUnraisableExceptionWarning"
)
"""For tests in which the router resets a connection that has just begun: where the reset is faster than the handshake,
Python's SSLSocket raises and leaves its socket for the collector."""


@dataclass(frozen=True)
class Reply:
    status: int
    body: Any
    raw: str
    headers: Mapping[str, str]


class Client:
    """One HTTPS connection per request, so that nothing is hidden by reuse."""

    def __init__(
        self, router: SimulatedRouter, user: str = "admin", password: str = "secret", timeout: float = 20
    ) -> None:
        self.router = router
        self._timeout = timeout
        self._login = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()

    def __call__(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        raw: bytes | None = None,
        content_type: str | None = "application/json",
        login: bool = True,
    ) -> Reply:
        context = ssl.create_default_context(cadata=self.router.certificate_pem)
        connection = http.client.HTTPSConnection(
            self.router.address.removeprefix("https://"), context=context, timeout=self._timeout
        )
        content = raw if raw is not None else (None if body is None else json.dumps(body).encode())
        headers = {"Authorization": self._login} if login else {}
        if content is not None and content_type:
            headers["Content-Type"] = content_type
        with contextlib.closing(connection):
            connection.request(method, f"/rest{path}" if path.startswith("/") else path[1:], content, headers)
            response = connection.getresponse()
            text = response.read().decode(errors="surrogateescape")
        decoded = json.loads(text, strict=False) if text.startswith(("{", "[")) else None
        return Reply(response.status, decoded, text, {name.lower(): value for name, value in response.headers.items()})

    def get(self, path: str) -> Any:
        reply = self("GET", path)
        assert reply.status == 200, reply.raw
        return reply.body

    def add(self, path: str, **fields: str) -> dict[str, str]:
        reply = self("PUT", path, {name.replace("_", "-"): text for name, text in fields.items()})
        assert reply.status == 201, reply.raw
        assert isinstance(reply.body, dict)
        return reply.body

    def detail(self, method: str, path: str, body: object = None) -> str:
        """The wording of a refusal with 400."""
        reply = self(method, path, body)
        assert reply.status == 400, reply.raw
        assert reply.body["error"] == 400
        assert reply.body["message"] == "Bad Request"
        return str(reply.body["detail"])
