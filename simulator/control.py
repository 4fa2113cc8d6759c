"""A look into simulated routers for other processes: plain HTTP on loopback, JSON, reading only.

``GET /devices`` · ``/devices/NAME`` · ``/devices/NAME/log`` · ``/devices/NAME/state`` · ``/devices/NAME/counts``
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

import msgspec

from simulator.rest import Access, Receive, Scope, Send

WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Looked(Protocol):
    """What can be seen of a router from outside."""

    name: str
    log: list[Access]

    @property
    def address(self) -> str: ...

    @property
    def fingerprint(self) -> str: ...

    @property
    def serial(self) -> str: ...

    @property
    def connections(self) -> int: ...

    def state(self) -> dict[str, list[dict[str, str]]]: ...


def counts(log: Sequence[Access]) -> dict[str, int]:
    """Answered writes by method: those that changed something, prints and refusals left out."""
    return dict(Counter(item.method for item in log if _wrote(item)))


def _wrote(item: Access) -> bool:
    reading = item.method == "POST" and item.path.rsplit("/", 1)[-1] in ("print", "get", "find")
    return item.method in WRITING and item.status < 400 and not reading


class ControlApp:
    """Answers from the routers' memory; unknown addresses are 404."""

    def __init__(self, routers: Sequence[Looked]) -> None:
        self._routers = {router.name: router for router in routers}

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer one GET."""
        words = [word for word in scope["path"].split("/") if word]
        found = self._look(words) if scope["method"] == "GET" else None
        body = msgspec.json.encode(found)
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
        await send({"type": "http.response.start", "status": 404 if found is None else 200, "headers": headers})
        await send({"type": "http.response.body", "body": body})

    def _look(self, words: list[str]) -> object:
        if words == ["devices"]:
            return [_card(router) for router in self._routers.values()]
        if len(words) not in (2, 3) or words[0] != "devices" or words[1] not in self._routers:
            return None
        view = _VIEWS.get(words[2] if len(words) == 3 else "")
        return view(self._routers[words[1]]) if view else None


def _card(router: Looked) -> dict[str, object]:
    return {
        "name": router.name,
        "address": router.address,
        "fingerprint": router.fingerprint,
        "serial": router.serial,
        "connections": router.connections,
        "requests": len(router.log),
    }


_VIEWS: Mapping[str, Callable[[Looked], object]] = {
    "": _card,
    "log": lambda router: router.log,
    "state": lambda router: router.state(),
    "counts": lambda router: counts(router.log),
}
