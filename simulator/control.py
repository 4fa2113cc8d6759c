"""A look into simulated routers for other processes: plain HTTP on loopback, JSON.

``GET /devices`` · ``/devices/NAME`` · ``/devices/NAME/log`` · ``/devices/NAME/state`` · ``/devices/NAME/counts`` ·
``/devices/NAME/faults``

``PUT /devices/NAME/faults`` replaces the faults (see ``simulator.faults``), ``PATCH`` changes some and adds events.
``POST /devices/NAME/stop`` · ``start`` · ``reboot`` · ``certificate``, and ``clock`` with ``{"advance": seconds}`` or
``{"jump": seconds}``. These answer 204, or 400 with what was wrong; a body must be ``application/json``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Literal, Protocol

import msgspec

from simulator.faults import Faults, faults_of, merged
from simulator.logs import Log
from simulator.rest import Receive, Scope, Send, read_all
from simulator.state import Device


class Looked(Protocol):
    """What can be seen of a router from outside."""

    name: str
    log: Log

    @property
    def address(self) -> str: ...

    @property
    def fingerprint(self) -> str: ...

    @property
    def serial(self) -> str: ...

    @property
    def connections(self) -> int: ...

    @property
    def device(self) -> Device: ...

    faults: Faults

    def state(self) -> dict[str, list[dict[str, str]]]: ...

    def stop(self) -> None: ...

    def start(self) -> None: ...

    def reboot(self) -> None: ...

    def replace_certificate(self) -> None: ...


class ControlApp:
    """Answers from the routers' memory and breaks them as it is told; unknown addresses are 404."""

    def __init__(self, routers: Sequence[Looked]) -> None:
        self._routers = {router.name: router for router in routers}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        words = [word for word in scope["path"].split("/") if word]
        if scope["method"] == "GET":
            found = self._look(words)
            await _send(send, 404 if found is None else 200, msgspec.json.encode(found))
            return
        router = self._routers.get(words[1]) if len(words) == 3 and words[0] == "devices" else None
        change = _CHANGES.get((scope["method"], words[-1])) if router else None
        if router is None or change is None:
            await _send(send, 404, b"null")
            return
        try:
            change(router, _document(await read_all(receive), dict(scope["headers"]).get(b"content-type", b"")))
        except (ValueError, msgspec.DecodeError) as error:
            await _send(send, 400, msgspec.json.encode({"error": str(error)}))
        else:
            await _send(send, 204, b"")

    def _look(self, words: list[str]) -> object:
        if words == ["devices"]:
            return [_card(router) for router in self._routers.values()]
        if len(words) not in (2, 3) or words[0] != "devices" or words[1] not in self._routers:
            return None
        view = _VIEWS.get(words[2] if len(words) == 3 else "")
        return view(self._routers[words[1]]) if view else None


async def _send(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers if body else []})
    await send({"type": "http.response.body", "body": body})


def _document(raw: bytes, content_type: bytes) -> dict[str, object]:
    """Only JSON is taken, so that no web page in somebody's browser can send it unasked. Raises ValueError."""
    if content_type.partition(b";")[0].strip() != b"application/json":
        raise ValueError("the body must be application/json")
    return msgspec.json.decode(raw or b"{}", type=dict[str, object])


def _set_clock(router: Looked, document: dict[str, object]) -> None:
    given = msgspec.convert(document, dict[Literal["advance", "jump"], float])
    router.device.clock.jump(given.get("jump", 0.0))
    router.device.clock.advance(given.get("advance", 0.0))


def _replace_faults(router: Looked, document: dict[str, object]) -> None:
    router.faults = faults_of(document)


def _change_faults(router: Looked, document: dict[str, object]) -> None:
    router.faults = merged(router.faults, document)


_CHANGES: Mapping[tuple[str, str], Callable[[Looked, dict[str, object]], None]] = {
    ("PUT", "faults"): _replace_faults,
    ("PATCH", "faults"): _change_faults,
    ("POST", "stop"): lambda router, _document: router.stop(),
    ("POST", "start"): lambda router, _document: router.start(),
    ("POST", "reboot"): lambda router, _document: router.reboot(),
    ("POST", "certificate"): lambda router, _document: router.replace_certificate(),
    ("POST", "clock"): _set_clock,
}


def _card(router: Looked) -> dict[str, object]:
    return {
        "name": router.name,
        "address": router.address,
        "fingerprint": router.fingerprint,
        "serial": router.serial,
        "connections": router.connections,
        "requests": router.log.total,
    }


_VIEWS: Mapping[str, Callable[[Looked], object]] = {
    "": _card,
    "log": lambda router: router.log,
    "state": lambda router: router.state(),
    "faults": lambda router: router.faults,
    "counts": lambda router: dict(router.log.written),
}
