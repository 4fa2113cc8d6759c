"""RouterOS REST as an ASGI application: who asks, which menu, which verb, which answer."""

from __future__ import annotations

import asyncio
import functools
import sys
import time
import traceback
from collections.abc import Awaitable, Callable, MutableMapping
from http import HTTPStatus
from typing import Any

import msgspec

from schemas.catalogue.model import Kind
from simulator import actions, commands, errors, live, query, services
from simulator.answers import HTML, JSON, Answer, Heads, Send, refused, sent
from simulator.errors import Refusal
from simulator.faults import Faults
from simulator.logs import Access
from simulator.power import Down, Power
from simulator.requests import Body, Target, body_of, decoded, fields_of, filters_of, names_of, target_of
from simulator.sessions import Failed, Login, Sessions, forbids_rest, speaks_rest
from simulator.state import Device, Row, Table
from simulator.tools.calling import Call, Tool
from simulator.tools.registry import tool_at
from simulator.troubles import Cut, Instead, Troubles, Watch, cut

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]

_FORBIDDEN = b"<!doctype html><title>Error 403: Forbidden</title><h1>Error 403: Forbidden</h1>"
_INDEX = b"<!doctype html><title>RouterOS</title><h1>RouterOS</h1>"
_UNPRINTABLE = frozenset({"/system/device-mode"})
"""Settings whose print fails when it is posted; with what words is unproven."""
_DELAY = 0.125
"""Seconds of the router's time that a failed login takes."""
_ALSO = {"user": "policy", "file": "ftp"}
"""What writing takes beside ``write``, by the first word of a path."""


class Asked(msgspec.Struct):
    """One request; ``user`` and ``keys`` (the names in its body) as far as they are known."""

    scope: Scope
    headers: dict[bytes, bytes]
    method: str
    path: str
    raw: bytes
    user: str = ""
    keys: tuple[str, ...] = ()


class RestApp:
    """One router's web server. Requests of one user wait for each other."""

    def __init__(self, device: Device, log: list[Access], faults: Faults | None = None) -> None:
        self.device = device
        self.troubles = Troubles(device, faults or Faults())
        self.sessions = Sessions(device)
        self.power = Power(device)
        self._log = log
        self._turns: dict[str, asyncio.Lock] = {}
        self._halted = 0.0
        self._heads = Heads(device.clock)
        self._tool_at = functools.partial(tool_at, device)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request."""
        if scope["type"] != "http":
            return
        raw = await read_all(receive)
        method, path = scope["method"], scope["raw_path"].decode("latin-1")
        asked = Asked(scope, dict(scope["headers"]), method, path, raw)
        with Watch(self.troubles, receive):
            try:
                answer = await self._handled(asked)
            except Cut:
                await cut(scope, receive)
                return
            except Exception:  # noqa: BLE001 - a router answers whatever happens inside it, and so do we
                traceback.print_exc(file=sys.stderr)
                answer = refused(Refusal(None, HTTPStatus.INTERNAL_SERVER_ERROR))
            self._log.append(Access(time.time(), asked.user, method, path, answer.status, asked.keys))
            if self.troubles.faults.lost_answers and self.troubles.faults.lost(method, path):
                await self.device.clock.sleep(self.troubles.faults.silence)
            headers = self._heads.of(asked.headers.get(b"connection", b""), scope["http_version"])
            await sent(send, answer, headers, raw_control=self.troubles.faults.raw_control)

    def booted(self) -> None:
        """Begin anew after a boot: nobody is logged in or waits, nothing is in memory."""
        self._turns, self._halted = {}, 0.0
        self.power.started()
        self.sessions.forget()
        self.troubles.booted()

    async def _handled(self, asked: Asked) -> Answer:
        """Raises Cut."""
        if not f"{asked.path}/".startswith("/rest/") or not speaks_rest(self.device, asked.scope["scheme"]):
            return Answer(_INDEX, 200 if asked.path == "/" else 404, (HTML,))
        if forbids_rest(self.device, asked.scope["scheme"]):
            return Answer(_FORBIDDEN, 403, (HTML,))
        try:
            trouble = self.troubles.meet(asked.method, asked.path.removeprefix("/rest"))
            verb = _verb(asked.method)
            login = self.sessions.login(asked.headers.get(b"authorization", b""), asked.scope["client"][0])
            asked.user = login.user
            turn = self._turns.get(login.user) or self._turns.setdefault(login.user, asyncio.Lock())
            if self._halted:
                await self._wait(self._halted)
            waits = self._halted > 0 or turn.locked() or not trouble.calm
            async with turn:
                if waits:
                    await trouble.before()
                try:
                    answer = self._carried_out(verb, login, asked)
                except errors.Endless:
                    await trouble.spend()
                    raise
                except errors.Halting as halting:
                    self._halted = self.device.clock.monotonic() + halting.seconds
                    await self._wait(self._halted)
                    raise Refusal(halting.detail) from halting
                if waits or answer.seconds:
                    await trouble.after(len(answer.body) if isinstance(answer.body, list) else 0, answer.seconds)
                return answer
        except Failed as failed:
            await self.device.clock.sleep(_DELAY)
            return refused(failed)
        except Refusal as refusal:
            return refused(refusal)
        except Instead as other:
            return Answer(other.body, 200, (JSON,) if isinstance(other.body, bytes) else ())

    async def _wait(self, until: float) -> None:
        """Let the router's clock get there; most of the time it is already."""
        left = until - self.device.clock.monotonic()
        if left > 0:
            await self.device.clock.sleep(left)

    def _carried_out(self, verb: Verb, login: Login, asked: Asked) -> Answer:
        """Raises Refusal; Cut when the router goes down over it."""
        body = _body(asked.method, asked.raw, asked.headers.get(b"content-type", b""))
        asked.keys = tuple(body)
        self.device.actor = login.user
        try:
            if asked.method == "GET" and self.device.history.holder is None:
                return self._answer(verb, login, asked.scope, b"", asked.path, body)
            with self.device.history.by(login, self.device.clock.monotonic()):
                return self._answer(verb, login, asked.scope, asked.headers.get(b"host", b""), asked.path, body)
        except Down as down:
            if self.troubles.host is not None:
                self.troubles.host.go_down(down.then, for_good=down.for_good)
            raise Cut from down

    def _answer(self, verb: Verb, login: Login, scope: Scope, host: bytes, path: str, body: Body) -> Answer:
        try:
            target = target_of(self.device, path.removeprefix("/rest"), self._tool_at)
        except Refusal as refusal:  # a PUT of a CHR with 7.23.2 never says which word leads nowhere
            if scope["method"] != "PUT":
                raise
            raise Refusal(errors.BAD_IDENTIFIER) from refusal
        body = self.troubles.faults.as_taken(target.path, body)
        question = _Question(self, login, target, scope["query_string"].decode("latin-1"), body)
        if target.path != services.PATH:
            answer = verb(question)
        else:
            question.visitor = _visitor(scope)
            try:
                answer = verb(question)
            finally:
                services.leave(self.device)
        if scope["method"] == "PUT" and isinstance(answer.body, dict):
            place = f"{scope['scheme']}://{host.decode('latin-1')}/rest{question.target.path}/{answer.body['.id']}"
            answer.headers = ((b"location", place.encode("latin-1")),)
        return answer


class _Question(msgspec.Struct):
    app: RestApp
    login: Login
    target: Target
    filters: str
    body: Body
    visitor: services.Visitor | None = None

    def table(self) -> Table:
        """The table of the menu. Raises Refusal for a directory."""
        if self.app.device.menu(self.target.path) is None:
            raise Refusal(errors.NO_COMMAND)
        table = self.app.device.table(self.target.path)
        live.look(table, self.visitor)
        return table

    def allow(self, policy: str) -> None:
        """Raise the Refusal of a login whose group lacks the policy."""
        also = policy if policy == "read" else _ALSO.get(self.target.path.split("/")[1], policy)
        if policy not in self.login.policies or also not in self.login.policies:
            raise Refusal(errors.NOT_PERMITTED, 500)

    def mask(self, table: Table, shown: dict[str, str]) -> dict[str, str]:
        """Secrets as the login may see them."""
        hidden = self.app.troubles.faults.masked_secrets or "sensitive" not in self.login.policies
        return table.menu.masked(shown) if table.menu.secrets and hidden else shown


def _get(question: _Question) -> Answer:
    question.allow("read")
    table, target = question.table(), question.target
    if target.word is None and table.menu.listed and not question.filters and not table.menu.secrets:
        return Answer(table.wires())
    parameters = filters_of(question.filters)
    names = names_of(next((text for name, text in parameters if name == ".proplist"), None))
    if target.word is not None:
        row = question.mask(table, _linked(table, _found_by_url(table, target)))
        return Answer(query.only(row, names, with_id=False))
    if not table.menu.listed:
        return Answer(query.only(question.mask(table, table.rows[0].shown), names, with_id=False))
    rows = table.replies()
    if table.menu.secrets:  # before the filters, which would tell what is hidden
        rows = [question.mask(table, row) for row in rows]
    wanted = [item for item in parameters if item[0] not in (".proplist", ".query")]
    if wanted:
        rows = [row for row in rows if query.matches(row, wanted)]
    return Answer(rows if names is None else [query.only(row, names, with_id=True) for row in rows])


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
        raise Refusal(errors.BAD_IDENTIFIER)
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
        if by_id and not question.app.troubles.faults.masked:
            raise
        raise Refusal(errors.BAD_IDENTIFIER) from refusal
    return Answer(question.mask(table, _linked(table, row)))


def _delete(question: _Question) -> Answer:
    question.allow("write")
    table = question.table()
    row, _ = _addressed(question, table)
    if "remove" not in table.menu.commands or (row.builtin and not table.menu.interface_type):
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
    tool = tool_at(question.app.device, question.target.path, decoded(word))
    if tool is not None:
        return _done(question, tool)
    table, command = question.table(), decoded(word)
    question.allow("read" if command in commands.READING else "write")
    if table.menu.kind is Kind.SINGLETON and ".id" in question.body:
        raise errors.unknown_parameter(".id")
    if command == "print" and table.path in _UNPRINTABLE:
        raise Refusal(None, HTTPStatus.INTERNAL_SERVER_ERROR)
    return Answer(commands.run(table, command, question.body, question.mask))


def _done(question: _Question, tool: Tool) -> Answer:
    if not tool.needs <= question.login.policies:
        raise Refusal(errors.NOT_PERMITTED, 500)
    app, target = question.app, question.target
    call = Call(app.device, app.power, question.login, f"{target.path}/{target.plain}", question.body)
    done = tool.run(call)
    return Answer(done.only(question.body), seconds=done.seconds)


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


def _body(method: str, raw: bytes, content_type: bytes) -> Body:
    return body_of(raw, content_type.decode("latin-1")) if method in ("POST", "PUT", "PATCH") else {}


async def read_all(receive: Receive) -> bytes:
    """The whole body of a request."""
    message = await receive()
    chunks = [message.get("body", b"")]
    while message.get("more_body"):
        message = await receive()
        chunks.append(message.get("body", b""))
    return b"".join(chunks)


def _visitor(scope: Scope) -> services.Visitor | None:
    if not scope.get("client") or not scope.get("server"):
        return None
    return services.Visitor(*(f"{scope[end][0]}:{scope[end][1]}" for end in ("server", "client")))
