"""Another administrator of a router: plain REST by the standard library, for edits behind Plumbline's back."""

from __future__ import annotations

import base64
import http.client
import json
import ssl
from typing import Any
from urllib.parse import urlsplit


class Administrator:
    """Another administrator of a router: REST by the standard library, over one kept connection.

    ``seconds`` is how long an answer may take.
    """

    def __init__(self, address: str, user: str, password: str, seconds: float = 20.0) -> None:
        context = ssl.create_default_context()
        context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
        parts = urlsplit(address)
        self._connection = http.client.HTTPSConnection(
            parts.hostname or "", parts.port, context=context, timeout=seconds
        )
        self._login = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()

    def __enter__(self) -> Administrator:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()

    def ask(self, method: str, path: str, body: object = None) -> tuple[int, Any]:
        """Status and decoded body."""
        content = None if body is None else json.dumps(body)
        headers = {"Authorization": self._login, "Content-Type": "application/json"}
        self._connection.request(method, f"/rest{path}", content, headers)
        response = self._connection.getresponse()
        text = response.read()
        return response.status, json.loads(text) if text else None

    def rows(self, path: str) -> list[dict[str, str]]:
        """The rows of a menu; one for a menu without rows."""
        status, found = self.ask("GET", path)
        _expect(200, status, path, found)
        return [found] if isinstance(found, dict) else list(found)

    def add(self, path: str, **values: str) -> dict[str, str]:
        """A new row; an underscore in a name stands for a hyphen."""
        status, found = self.ask("PUT", path, {name.replace("_", "-"): text for name, text in values.items()})
        _expect(201, status, path, found)
        return dict(found)

    def set(self, path: str, row: str, **values: str) -> None:
        """Set fields of a row by its id."""
        status, found = self.ask("PATCH", f"{path}/{row}", {n.replace("_", "-"): text for n, text in values.items()})
        _expect(200, status, path, found)


def _expect(wanted: int, status: int, path: str, found: object) -> None:
    if status != wanted:
        raise RuntimeError(f"{path}: {status} where {wanted} was expected: {found}")
