"""A look into simulated routers: a page for people, JSON for other processes, over plain HTTP on loopback.

``GET /`` is the page. ``GET /devices`` · ``/devices/NAME`` · ``/devices/NAME/log`` · ``/devices/NAME/state`` (with
secrets) · ``/devices/NAME/counts`` · ``/devices/NAME/faults``; ``/look?find=WORDS&from=0`` and
``/devices/NAME/look?menu=/ip/address&from=0`` are what the page shows, with secrets masked.

``PUT /devices/NAME/faults`` replaces the faults (see ``simulator.faults``), ``PATCH`` changes some and adds events.
``POST /devices/NAME/stop`` · ``start`` · ``reboot`` · ``certificate``, ``clock`` with ``{"advance": seconds}`` or
``{"jump": seconds}``, and ``cables`` with ``{"ether2": false}`` to pull one out. These answer 204, or 400 with what was
wrong; a body must be ``application/json``.

Requests for another host than this machine, or from another site's page, are answered 403: a browser can be talked
into sending them.
"""

from __future__ import annotations

import urllib.parse
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib.resources import files
from typing import Literal, Protocol

import msgspec

from simulator import interfaces, looking
from simulator.answers import Send
from simulator.bytewise import encoded
from simulator.faults import faults_of, merged
from simulator.rest import Receive, Scope, read_all

_HOSTS = frozenset({"127.0.0.1", "localhost", "[::1]"})
_LONGEST = 10 * 365 * 86_400.0
"""Seconds by which a clock may be changed at once, so that dates stay dates."""
_JSON = b"application/json"
_PAGE = {
    "/": ("index.html", b"text/html; charset=utf-8"),
    "/page.css": ("page.css", b"text/css; charset=utf-8"),
    "/page.js": ("page.js", b"text/javascript; charset=utf-8"),
}
_POLICY = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:; "
    b"base-uri 'none'; form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
_HEADERS = (
    (b"content-security-policy", _POLICY),
    (b"cache-control", b"no-store"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"referrer-policy", b"no-referrer"),
    (b"x-content-type-options", b"nosniff"),
)


class Looked(looking.Seen, Protocol):
    """What can be seen of a router from outside, and done to it."""

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
        if why := _foreign(scope["headers"]):
            await _send(send, 403, encoded({"error": why}))
        elif scope["method"] == "GET" and scope["path"] in _PAGE:
            name, kind = _PAGE[scope["path"]]
            await _send(send, 200, files("simulator").joinpath("page", name).read_bytes(), kind)
        elif scope["method"] == "GET":
            await self._tell(scope, send)
        else:
            await self._change(scope, receive, send)

    async def _tell(self, scope: Scope, send: Send) -> None:
        query = dict(urllib.parse.parse_qsl(scope["query_string"].decode("latin-1")))
        try:
            found = self._look([word for word in scope["path"].split("/") if word], query)
        except ValueError as error:
            await _send(send, 400, encoded({"error": str(error)}))
        else:
            await _send(send, 404 if found is None else 200, encoded(msgspec.to_builtins(found)))

    async def _change(self, scope: Scope, receive: Receive, send: Send) -> None:
        words = [word for word in scope["path"].split("/") if word]
        router = self._routers.get(words[1]) if len(words) == 3 and words[0] == "devices" else None
        change = _CHANGES.get((scope["method"], words[-1])) if router else None
        if router is None or change is None:
            await _send(send, 404, b"null")
            return
        try:
            change(router, _document(await read_all(receive), dict(scope["headers"]).get(b"content-type", b"")))
        except (ValueError, msgspec.DecodeError) as error:
            await _send(send, 400, encoded({"error": str(error)}))
        else:
            await _send(send, 204, b"")

    def _look(self, words: list[str], query: Mapping[str, str]) -> object:
        """Raises ValueError."""
        if words == ["devices"]:
            return [looking.card(router) for router in self._routers.values()]
        if words == ["look"]:
            return looking.many(list(self._routers.values()), query.get("find", ""), _number(query))
        if len(words) not in (2, 3) or words[0] != "devices" or words[1] not in self._routers:
            return None
        router = self._routers[words[1]]
        if words[2:] == ["look"]:
            return looking.one(router, query.get("menu", ""), _number(query))
        view = _VIEWS.get(words[2] if len(words) == 3 else "")
        return view(router) if view else None


async def _send(send: Send, status: int, body: bytes, kind: bytes = _JSON) -> None:
    told = [(b"content-type", kind), (b"content-length", str(len(body)).encode())] if body else []
    await send({"type": "http.response.start", "status": status, "headers": [*_HEADERS, *told]})
    await send({"type": "http.response.body", "body": body})


def _foreign(headers: Iterable[tuple[bytes, bytes]]) -> str:
    """Why a request is not one of this machine's own: a name that was made to lead here, or another site's page."""
    hosts = [value.decode("latin-1") for name, value in headers if name == b"host"]
    origins = [value.decode("latin-1") for name, value in headers if name == b"origin"]
    if len(hosts) != 1 or _without_port(hosts[0]) not in _HOSTS:
        return "This is answered under 127.0.0.1, [::1] and localhost only."
    return "" if all(origin == f"http://{hosts[0]}" for origin in origins) else "Another site's page may not ask this."


def _without_port(host: str) -> str:
    name, colon, port = host.rpartition(":")
    return name.lower() if colon and port.isdecimal() else host.lower()


def _number(query: Mapping[str, str]) -> int:
    text = query.get("from", "0")
    if not (text.isascii() and text.isdecimal() and len(text) < 10):
        raise ValueError("from must be a number")
    return int(text)


def _document(raw: bytes, content_type: bytes) -> dict[str, object]:
    """Only JSON is taken, so that no web page in somebody's browser can send it unasked. Raises ValueError."""
    if content_type.partition(b";")[0].strip() != b"application/json":
        raise ValueError("the body must be application/json")
    return msgspec.json.decode(raw or b"{}", type=dict[str, object])


def _set_clock(router: Looked, document: dict[str, object]) -> None:
    given = msgspec.convert(document, dict[Literal["advance", "jump"], float])
    if not all(abs(seconds) <= _LONGEST for seconds in given.values()):
        raise ValueError("A clock is changed by ten years at most.")
    router.device.clock.advance(given.get("advance", 0.0))
    router.device.clock.jump(given.get("jump", 0.0))


def _replace_faults(router: Looked, document: dict[str, object]) -> None:
    router.faults = faults_of(document)


def _change_faults(router: Looked, document: dict[str, object]) -> None:
    router.faults = merged(router.faults, document)


def _plug(router: Looked, document: dict[str, object]) -> None:
    for port, plugged in msgspec.convert(document, dict[str, bool]).items():
        interfaces.plug(router.device, port, plugged=plugged)


_CHANGES: Mapping[tuple[str, str], Callable[[Looked, dict[str, object]], None]] = {
    ("PUT", "faults"): _replace_faults,
    ("PATCH", "faults"): _change_faults,
    ("POST", "stop"): lambda router, _document: router.stop(),
    ("POST", "start"): lambda router, _document: router.start(),
    ("POST", "reboot"): lambda router, _document: router.reboot(),
    ("POST", "certificate"): lambda router, _document: router.replace_certificate(),
    ("POST", "clock"): _set_clock,
    ("POST", "cables"): _plug,
}


_VIEWS: Mapping[str, Callable[[Looked], object]] = {
    "": looking.card,
    "log": lambda router: router.log,
    "state": lambda router: router.state(),
    "faults": lambda router: router.faults,
    "counts": lambda router: dict(router.log.written),
}
