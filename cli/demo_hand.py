"""Somebody who edits a router by hand: its REST interface, by the standard library alone."""

from __future__ import annotations

import base64
import http.client
import json
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import urlsplit

from cli.demo_stage import Router
from schemas.errors import PlumblineError


class Administrator:
    """One administrator of one router."""

    def __init__(self, router: Router, user: str, password: str) -> None:
        self.router = router
        self._login = "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()

    def ask(self, method: str, path: str, body: Mapping[str, str] | None = None) -> Any:
        """What the router answers. Raises PlumblineError when it says no."""
        parts = urlsplit(self.router.address)
        context = ssl.create_default_context(cadata=self.router.certificate_pem)
        connection = http.client.HTTPSConnection(str(parts.hostname), parts.port, context=context, timeout=20)
        headers = {"Authorization": self._login, "Content-Type": "application/json"}
        try:
            connection.request(method, f"/rest{path}", json.dumps(body) if body is not None else None, headers)
            response = connection.getresponse()
            answer = response.read()
        finally:
            connection.close()
        if response.status >= http.client.BAD_REQUEST:
            raise PlumblineError(f"{self.router.name} answered {response.status} to {method} {path}.")
        return json.loads(answer) if answer else None

    def row(self, path: str, **wanted: str) -> str:
        """The handle of the first row with these values."""
        rows = self.ask("GET", path)
        return str(next(row[".id"] for row in rows if wanted.items() <= row.items()))
