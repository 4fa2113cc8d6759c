"""One device's REST interface in RouterOS's terms. Replies are rows of texts, refusals are errors.

Reads are repeated when nothing answered; a write is sent once and never again.
"""

from __future__ import annotations

import asyncio
import re
from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping, Sequence
from urllib.parse import quote

from yarl import URL

from routeros.codec import decode_rows, encode
from routeros.failures import NoAnswer, NotSent, Silent, TooMuch, refusal
from routeros.session import Reply, Request, Session
from routeros.tls import split_address, ssl_context
from schemas.device import Tls
from schemas.errors import DeviceRefused, InputError, OutcomeUnknown, Refused
from schemas.login import Login
from schemas.path import MenuPath

Body = Mapping[str, str | list[str]]
Rows = list[dict[str, str]]

_ID = re.compile(r"\*[0-9A-Fa-f]{1,8}")


def row_id(text: str) -> str:
    """``text`` when it is a row's ``.id``; ValueError otherwise. To RouterOS a bare number would be a position
    in the table, and for a row given by name it hides why it refuses a change."""
    if not _ID.fullmatch(text):
        raise ValueError(f"{text!r} is not a row's .id")
    return text


class Client:
    """``addresses`` are base URLs. The first that answers is kept for the client's life: a request is
    never carried to another one after that, since only a pin proves that both are the same device.

    ``address`` is the base URL that answered, '' before that.
    """

    def __init__(
        self,
        session: Session,
        device: str,
        addresses: Sequence[str],
        tls: Tls,
        login: Login,
        *,
        ca_pem: str | None = None,
    ) -> None:
        self.device = device
        self.user = login.user
        self.address = ""
        self._session = session
        self._candidates = tuple(_base(address, tls) for address in addresses)
        if not self._candidates:
            raise InputError(f"The device {device!r} has no address.")
        self._ssl = ssl_context(tls, ca_pem)
        self._bare = {"Authorization": _basic(login)}
        self._with_body = {**self._bare, "Content-Type": "application/json"}

    async def rows(self, path: MenuPath, fields: Sequence[str] | None = None) -> Rows:
        """All rows of a menu in table order, a singleton's values as one row. ``fields`` limits what is
        read; ``.id`` always comes along in lists."""
        query = f"?.proplist={quote(','.join(fields), safe=',/')}" if fields is not None else ""
        return await self._read("GET", path.rest + query)

    async def row(self, path: MenuPath, item: str | None = None) -> dict[str, str]:
        """One row by ``.id`` or by name; without ``item`` a singleton's values. DeviceRefused when absent."""
        rows = await self._read("GET", _item(path, item) if item is not None else path.rest)
        if len(rows) != 1:
            raise DeviceRefused(
                f"GET {path} gave {len(rows)} objects where one was expected.", status=200, device=self.device
            )
        return rows[0]

    async def print(self, path: MenuPath, query: Sequence[str], fields: Sequence[str] | None = None) -> Rows:
        """The rows of a list for which RouterOS's query words hold (``dynamic=true``, ``#!``).
        With ``fields``, ``.id`` comes only when asked for."""
        body: dict[str, str | list[str]] = {".query": list(query)}
        if fields is not None:
            body[".proplist"] = list(fields)
        return await self._read("POST", f"{path.rest}/print", body)

    async def inspect(self, request: str, words: Sequence[str], text: str = "") -> Rows:
        """What the console tells of its own commands: the ``child``, ``syntax`` or ``completion`` rows of a path;
        ``text`` is the line that is to be completed."""
        body: dict[str, str | list[str]] = {"request": request, "path": ",".join(words)}
        return await self._read("POST", "console/inspect", {**body, "input": text} if text else body)

    async def add(self, path: MenuPath, values: Body, *, hidden: Sequence[str] = ()) -> dict[str, str]:
        """A new row; gives it whole. Raises OutcomeUnknown, DeviceRefused, LoginRefused, Unreachable."""
        rows = await self._write("PUT", path.rest, values, hidden)
        if len(rows) != 1:
            raise OutcomeUnknown(
                f"The router accepted PUT {path} and did not say what it made; read again.", device=self.device
            )
        return rows[0]

    async def patch(self, path: MenuPath, handle: str, values: Body, *, hidden: Sequence[str] = ()) -> None:
        """Set fields of the row with this ``.id``. Errors as ``add``."""
        await self._write("PATCH", _item(path, row_id(handle)), values, hidden)

    async def delete(self, path: MenuPath, handle: str) -> None:
        """Remove the row with this ``.id``. Errors as ``add``."""
        await self._write("DELETE", _item(path, row_id(handle)), None, ())

    async def command(self, path: MenuPath, command: str, values: Body, *, hidden: Sequence[str] = ()) -> Rows:
        """A command that changes something (``set`` of singletons, ``move``, ``unset``). Errors as ``add``."""
        return await self._write("POST", f"{path.rest}/{command}", values, hidden)

    async def _read(self, method: str, target: str, body: Body | None = None) -> Rows:
        reply = await self._repeated(lambda: self._send(method, target, body, may_switch=True))
        self._judge(method, target, reply, ())
        try:
            return decode_rows(reply.body)
        except ValueError as error:
            message = f"{method} /{target} gave something that RouterOS does not answer ({error})."
            raise DeviceRefused(message, status=reply.status, device=self.device) from error

    async def _write(self, method: str, target: str, body: Body | None, hidden: Sequence[str]) -> Rows:
        try:
            reply = await self._send(method, target, body, may_switch=False)
        except NoAnswer as error:
            message = f"No answer to {method} /{target}; it may have been carried out. {error.message}"
            raise OutcomeUnknown(message, device=self.device) from error
        self._judge(method, target, reply, hidden)
        try:
            return decode_rows(reply.body) if reply.body.strip() else []
        except ValueError as error:
            message = f"The router accepted {method} /{target} and its answer cannot be read; read again."
            raise OutcomeUnknown(message, device=self.device) from error

    def _judge(self, method: str, target: str, reply: Reply, hidden: Sequence[str]) -> None:
        if not 200 <= reply.status < 300:
            request = f"{method} /{target.partition('?')[0]}"
            raise refusal(self.device, self.user, request, reply.status, reply.body, tuple(hidden))

    async def _repeated(self, attempt: Callable[[], Awaitable[Reply]]) -> Reply:
        """What waited in full is not repeated: that took long enough, and TCP has tried again meanwhile."""
        for pause in self._session.timing.backoff:
            try:
                return await attempt()
            except Silent as error:
                if error.timed_out or isinstance(error, TooMuch):
                    raise
            await asyncio.sleep(pause)
        return await attempt()

    async def _send(self, method: str, target: str, body: Body | None, *, may_switch: bool) -> Reply:
        """Try the addresses in order until one answers. A write goes on only after NotSent."""
        silent: list[Silent] = []
        for base in (self.address,) if self.address else self._candidates:
            try:
                reply = await self._session.send(self._request(base, method, target, body))
            except NoAnswer as error:
                if not may_switch:
                    raise
                silent.append(error)
            except NotSent as error:
                silent.append(error)
            else:
                self.address = base
                return reply
        raise silent[0] if len(silent) == 1 else _nobody(silent, self.device)

    def _request(self, base: str, method: str, target: str, body: Body | None) -> Request:
        url = URL(f"{base}/rest/{target}", encoded=True)
        if body is None:
            return Request(self.device, self.user, method, url, self._ssl, self._bare)
        return Request(self.device, self.user, method, url, self._ssl, self._with_body, encode(body))


def _nobody(silent: Sequence[Silent], device: str) -> Silent:
    kind = NotSent if all(isinstance(error, NotSent) for error in silent) else NoAnswer
    text = " ".join(error.message for error in silent)
    return kind(text, device=device, timed_out=all(error.timed_out for error in silent))


def _base(address: str, tls: Tls) -> str:
    """``scheme://host:port`` and nothing else. A login never travels in clear text outside a lab."""
    parts = split_address(address)
    if parts.scheme == "http" and not tls.insecure:
        raise Refused(f"{address} is not https; the login would travel in clear text.")
    return f"{parts.scheme}://{parts.netloc}"


def _basic(login: Login) -> str:
    if ":" in login.user:
        raise InputError(f"The user name {login.user!r} holds a colon, which HTTP logins cannot carry.")
    return "Basic " + b64encode(f"{login.user}:{login.password}".encode()).decode("ascii")


def _item(path: MenuPath, item: str) -> str:
    """The asterisk of an id goes out as it is: RouterOS does not decode %2A. Everything else is encoded."""
    return f"{path.rest}/{quote(item.encode('utf-8', 'surrogateescape'), safe='*')}"
