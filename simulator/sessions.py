"""Who asks: logins as the web server makes them, kept ten minutes each, and what the log says of them."""

from __future__ import annotations

import base64
import binascii
import functools
import ipaddress
from dataclasses import dataclass

from simulator import active, services
from simulator.errors import Refusal
from simulator.logbook import write_log
from simulator.profiles import Does, does
from simulator.state import Device, Row

KEPT = 600.0
"""Seconds for which a login is kept, counted from when it was made, whatever is asked meanwhile."""
_SEEDED = "seeded-address"


@dataclass(frozen=True, slots=True)
class Login:
    """Who asks, with the policies of the user's group as they were when the login was made, and the second of the
    router's clock at which it ends."""

    user: str
    policies: frozenset[str]
    ends: float


@dataclass(frozen=True, slots=True)
class _Kept:
    login: Login
    until: float
    user: Row
    group: str
    password: str


class Failed(Refusal):
    """Somebody tried to log in and may not."""

    def __init__(self) -> None:
        super().__init__(None, 401)


class Sessions:
    """The logins of one router.

    Password, address, group and whether a user is enabled count at once; what a group may do counts when the login is
    renewed. A login is kept per user and source address (one measurement); that a new password or another group
    renews it is unproven.
    """

    def __init__(self, device: Device) -> None:
        self._device = device
        self._kept: dict[tuple[str, str], _Kept] = {}

    def login(self, header: bytes, address: str) -> Login:
        """Raises Failed, Refusal 401 for who did not even try, or 500 when the group may not use the API below.

        Without credentials nobody tried to log in, so the log stays silent (unproven).
        """
        name, password = _credentials(header)
        user = self._device.table("/user").named(name)
        if user is None or not _may_enter(user, password, address):
            raise self._failed(name, address)
        kept = self._kept.get((name, address))
        group = user.config.get("group", "")
        now = self._device.clock.monotonic()
        if kept and now < kept.until and (kept.user, kept.group, kept.password) == (user, group, password):
            return kept.login
        login = Login(name, self._policies(group), now + KEPT)
        if "rest-api" not in login.policies:  # that this is logged as a failure is unproven
            raise self._failed(name, address)
        if "api" not in login.policies:
            raise Refusal("std failure: not allowed (9)", 500)
        write_log(self._device, "system,info,account", f"user {name} logged in from {address} via rest-api")
        active.arrive(self._device, name, group, address, KEPT)
        self._kept[name, address] = _Kept(login, login.ends, user, group, password)
        return login

    def forget(self) -> None:
        """Drop every login, as a reboot does."""
        self._kept.clear()
        active.forget(self._device)

    def _policies(self, name: str) -> frozenset[str]:
        group = self._device.table("/user/group").named(name)
        policy = group.shown.get("policy", "") if group else ""
        return frozenset(word for word in policy.split(",") if not word.startswith("!"))

    def _failed(self, name: str, address: str) -> Failed:
        text = f"login failure for user {name} from {address} via rest-api"
        write_log(self._device, "system,error,critical", text)
        return Failed()


def _may_enter(user: Row, password: str, address: str) -> bool:
    return user.enabled and user.hidden.get("password", "") == password and _lets_in(user, address)


def let_in(device: Device) -> None:
    """Let everybody in whom the addresses of a seed shut out: they are those of a real network, which nobody who asks
    a simulated router is in. They hold as soon as somebody writes others."""
    for path in (services.PATH, "/user"):
        for row in device.table(path).rows:
            row.hidden[_SEEDED] = _restriction(row)
            row.hidden[services.SEEDED_CERTIFICATE] = row.config.get("certificate", "none")


def _lets_in(row: Row, address: str) -> bool:
    allowed = _restriction(row)
    return not allowed or allowed == row.hidden.get(_SEEDED, "") or within(address, allowed)


def _restriction(row: Row) -> str:
    own, newer = row.config.get("address", ""), row.config.get("available-from", "")
    return f"{own},{newer}" if own and newer else own or newer


def admits(device: Device, service: str, address: str, connections: int) -> bool:
    """Whether a service lets this client's connection in: it is enabled, not full, and for that address."""
    row = device.table(services.PATH).named(service)
    if row is None:
        return True
    return row.enabled and _lets_in(row, address) and not services.full(device, service, connections)


def speaks_rest(device: Device, scheme: str) -> bool:
    """REST was for HTTPS alone before 7.9; what plain HTTP answered there is unproven."""
    return scheme == "https" or does(device.hardware.version, Does.PLAIN_REST)


def forbids_rest(device: Device, scheme: str) -> bool:
    """Whether ``/ip/service/webserver`` (7.21) has REST switched off for this scheme."""
    table = device.tables().get("/ip/service/webserver")  # one that nobody touched says what a fresh router says
    switch = "rest-secure" if scheme == "https" else "rest-plain"
    return table is not None and table.rows[0].config.get(switch) in ("no", "false")


def within(address: str, allowed: str) -> bool:
    """Whether a client's address is in a list of addresses, prefixes and ranges; an empty list lets everybody in."""
    words = [word for word in allowed.split(",") if word]
    return not words or any(_holds(word, ipaddress.ip_address(address)) for word in words)


def _holds(word: str, address: ipaddress.IPv4Address | ipaddress.IPv6Address) -> bool:
    first, ranged, last = word.partition("-")
    try:
        if ranged:
            return int(ipaddress.ip_address(first)) <= int(address) <= int(ipaddress.ip_address(last))
        return address in ipaddress.ip_network(word, strict=False)
    except ValueError:
        return False


@functools.lru_cache(maxsize=256)
def _credentials(header: bytes) -> tuple[str, str]:
    scheme, _, encoded = header.partition(b" ")
    if scheme.lower() != b"basic":
        raise Refusal(None, 401)
    try:
        name, _, password = base64.b64decode(encoded, validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError) as error:
        raise Refusal(None, 401) from error
    return name, password
