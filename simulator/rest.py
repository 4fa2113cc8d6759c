"""RouterOS REST as an ASGI application: who asks, which menu, which verb, which answer."""

from __future__ import annotations

import asyncio
import base64
import binascii
import time
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import msgspec

from schemas.catalogue.model import Kind
from simulator import actions, commands, errors, query
from simulator.errors import Refusal
from simulator.requests import Body, Target, body_of, decoded, fields_of, filters_of, names_of, target_of
from simulator.state import Device, Row, Table

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

_JSON = (b"content-type", b"application/json")
_HTML = (b"content-type", b"text/html")
_COMMON = ((b"cache-control", b"no-cache"), (b"x-frame-options", b"sameorigin"))
_INDEX = b"<!doctype html><title>RouterOS</title><h1>RouterOS</h1>"
_LOGIN_MENUS = ("/user",)


@dataclass(frozen=True, slots=True)
class Access:
    """One request as it was answered. ``keys`` are the names in its body, never the values."""

    time: float
    user: str
    method: str
    path: str
    status: int
    keys: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Login:
    """Who asks, with the policies of the user's group."""

    user: str
    policies: frozenset[str]


@dataclass(slots=True)
class Answer:
    """``body`` is JSON to be encoded, or bytes as they are."""

    body: object
    status: int = 200
    headers: tuple[tuple[bytes, bytes], ...] = ()


class RestApp:
    """One router's web server. Requests of one user wait for each other; ``latency`` delays each (seconds).

    The answers to the next ``lost_answers`` writes come ``silence`` seconds after the writes were done.
    """

    def __init__(self, device: Device, log: list[Access], *, masked: bool = False) -> None:
        self.device = device
        self.latency = 0.0
        self.lost_answers = 0
        self.silence = 70.0
        self.masked = masked
        self._log = log
        self._turns: dict[str, asyncio.Lock] = {}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        if scope["type"] != "http":
            return
        raw = await _read_all(receive)
        headers = {
            name: text for name, text in scope["headers"] if name in (b"authorization", b"content-type", b"host")
        }
        path = scope["raw_path"].decode("latin-1")
        login: Login | None = None
        keys: tuple[str, ...] = ()
        if path.strip("/").split("/")[0] != "rest":
            answer = Answer(_INDEX, 200 if path == "/" else 404, (_HTML,))
        else:
            try:
                verb = _verb(scope["method"])
                login = self._login(headers.get(b"authorization", b""))
                async with self._turns.setdefault(login.user, asyncio.Lock()):
                    if self.latency:
                        await asyncio.sleep(self.latency)
                    body = _body(scope["method"], raw, headers.get(b"content-type", b""))
                    keys = tuple(body)
                    answer = self._answer(verb, login, scope, headers.get(b"host", b""), path, body)
            except Refusal as refusal:
                answer = _refused(refusal)
        self._log.append(Access(time.time(), login.user if login else "", scope["method"], path, answer.status, keys))
        if self.lost_answers and _is_write(scope["method"], path):
            self.lost_answers -= 1
            await asyncio.sleep(self.silence)
        await _send(send, answer)

    def _login(self, header: bytes) -> Login:
        """Raises Refusal 401, or 500 when the group may not use the API below."""
        name, password = _credentials(header)
        user = self.device.table("/user").named(name)
        if user is None or not user.enabled or user.hidden.get("password", "") != password:
            raise Refusal(None, 401)
        group = self.device.table("/user/group").named(user.config.get("group", ""))
        policy = group.shown.get("policy", "") if group else ""
        policies = frozenset(word for word in policy.split(",") if not word.startswith("!"))
        if "rest-api" not in policies:
            raise Refusal(None, 401)
        if "api" not in policies:
            raise Refusal("std failure: not allowed (9)", 500)
        return Login(name, policies)

    def _answer(self, verb: Verb, login: Login, scope: Scope, host: bytes, path: str, body: Body) -> Answer:
        words = [word for word in path.split("/") if word][1:]
        question = _Question(self, login, target_of(self.device, words), scope["query_string"].decode("latin-1"), body)
        answer = verb(question)
        if scope["method"] == "PUT" and isinstance(answer.body, dict):
            place = f"https://{host.decode('latin-1')}/rest{question.target.path}/{answer.body['.id']}"
            answer.headers = ((b"location", place.encode("latin-1")),)
        return answer


@dataclass(slots=True)
class _Question:
    app: RestApp
    login: Login
    target: Target
    filters: str
    body: Body

    def table(self) -> Table:
        """The table of the menu. Raises Refusal for a directory."""
        if self.app.device.menu(self.target.path) is None:
            raise Refusal(errors.NO_COMMAND)
        return self.app.device.table(self.target.path)

    def allow(self, policy: str) -> None:
        """Raise the Refusal of a login whose group lacks the policy."""
        needs = {policy, "policy"} if policy == "write" and self.target.path.startswith(_LOGIN_MENUS) else {policy}
        if not needs <= self.login.policies:
            raise Refusal(errors.NOT_PERMITTED, 500)

    def mask(self, table: Table, shown: dict[str, str]) -> dict[str, str]:
        """Secrets as the login may see them."""
        if not table.menu.secrets or "sensitive" in self.login.policies:
            return shown
        return {name: "*****" if name in table.menu.secrets and text else text for name, text in shown.items()}


def _get(question: _Question) -> Answer:
    question.allow("read")
    table, target = question.table(), question.target
    parameters = filters_of(question.filters)
    names = names_of(next((text for name, text in parameters if name == ".proplist"), None))
    if target.word is not None:
        row = question.mask(table, _linked(table, _found_by_url(table, target)))
        return Answer(query.only(row, names, with_id=False))
    if not table.menu.listed:
        return Answer(query.only(question.mask(table, table.rows[0].shown), names, with_id=False))
    rows: Iterable[dict[str, str]] = table.replies()
    wanted = [item for item in parameters if item[0] not in (".proplist", ".query")]
    if wanted:
        rows = (row for row in rows if query.matches(row, wanted))
    return Answer([query.only(question.mask(table, row), names, with_id=True) for row in rows])


def _found_by_url(table: Table, target: Target) -> Row:
    if target.encoded_id:
        raise Refusal(errors.NO_PREFIX)
    word = target.plain
    if word in table.menu.commands:
        raise Refusal(errors.NO_COMMAND)
    if word.startswith("*") and table.menu.listed:
        row = table.ids.get(word)
        if row is None:
            raise errors.not_found()
        return row
    row = table.named(word) if table.menu.named else None
    if row is None:
        raise Refusal(errors.NO_PREFIX)
    return row


def _linked(table: Table, row: Row) -> dict[str, str]:
    if table.path not in table.device.rules.linked:
        return table.reply(row)
    return table.replies()[table.rows.index(row)]


def _put(question: _Question) -> Answer:
    question.allow("write")
    if question.target.word is not None:
        raise Refusal(errors.NO_COMMAND)
    table = question.table()
    if "add" not in table.menu.commands:
        raise errors.unknown_word("add")
    row = actions.add(table, fields_of(question.body))
    return Answer(question.mask(table, _linked(table, row)), 201)


def _patch(question: _Question) -> Answer:
    if "write" not in question.login.policies:
        raise Refusal(errors.BAD_IDENTIFIER)
    question.allow("write")
    table = question.table()
    row, by_id = _addressed(question, table)
    try:
        actions.change(table, [row], fields_of(question.body))
    except Refusal as refusal:
        if by_id and not question.app.masked:
            raise
        raise Refusal(errors.BAD_IDENTIFIER) from refusal
    return Answer(question.mask(table, _linked(table, row)))


def _delete(question: _Question) -> Answer:
    question.allow("write")
    table = question.table()
    row, _ = _addressed(question, table)
    if "remove" not in table.menu.commands or row.builtin:
        raise Refusal(errors.BAD_IDENTIFIER)
    actions.remove(table, [row])
    return Answer(b"", 204)


def _addressed(question: _Question, table: Table) -> tuple[Row, bool]:
    """The row that PATCH or DELETE is for, and whether it was named by id."""
    target = question.target
    if target.word is None or target.encoded_id or not table.menu.listed:
        raise Refusal(errors.BAD_IDENTIFIER)
    word = target.plain
    if word.startswith("*"):
        row = table.ids.get(word)
        if row is None:
            raise errors.not_found()
        return row, True
    row = table.named(word) if table.menu.named else None
    if row is None:
        raise Refusal(errors.BAD_IDENTIFIER)
    return row, False


def _post(question: _Question) -> Answer:
    word = question.target.word
    if word is None:
        raise Refusal(errors.NO_COMMAND)
    table, command = question.table(), decoded(word)
    question.allow("read" if command in commands.READING else "write")
    if table.menu.kind is Kind.SINGLETON and ".id" in question.body:
        raise errors.unknown_parameter(".id")
    return Answer(commands.run(table, command, question.body, question.mask))


Verb = Callable[[_Question], Answer]

_VERBS: dict[str, Verb] = {
    "GET": _get,
    "PUT": _put,
    "PATCH": _patch,
    "DELETE": _delete,
    "POST": _post,
}


def _verb(method: str) -> Verb:
    verb = _VERBS.get(method)
    if verb is None:
        raise Refusal(None, 503 if method == "OPTIONS" else 501)
    return verb


def _credentials(header: bytes) -> tuple[str, str]:
    scheme, _, encoded = header.partition(b" ")
    if scheme.lower() != b"basic":
        raise Refusal(None, 401)
    try:
        name, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Refusal(None, 401) from error
    return name, password


def _body(method: str, raw: bytes, content_type: bytes) -> Body:
    return body_of(raw, content_type.decode("latin-1")) if method in ("POST", "PUT", "PATCH") else {}


def _refused(refusal: Refusal) -> Answer:
    headers = ((b"www-authenticate", b'Basic realm="RouterOS"'),) if refusal.status == HTTPStatus.UNAUTHORIZED else ()
    return Answer(refusal.body, refusal.status, headers)


async def _read_all(receive: Receive) -> bytes:
    chunks: list[bytes] = []
    while True:
        message = await receive()
        chunks.append(message.get("body", b""))
        if not message.get("more_body"):
            return b"".join(chunks)


def _is_write(method: str, path: str) -> bool:
    return method in ("PUT", "PATCH", "DELETE") or (method == "POST" and not path.endswith("/print"))


async def _send(send: Send, answer: Answer) -> None:
    body = answer.body if isinstance(answer.body, bytes) else msgspec.json.encode(answer.body)
    headers = [*_COMMON, *answer.headers]
    if not isinstance(answer.body, bytes):
        headers.append(_JSON)
    if answer.status != HTTPStatus.NO_CONTENT:
        headers.append((b"content-length", str(len(body)).encode()))
    await send({"type": "http.response.start", "status": answer.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
