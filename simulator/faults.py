"""What goes wrong with a simulated router, declared in a seed or at run time: standing troubles, and events that
befall single requests.

``{"latency": 0.02, "limit": 60, "events": [{"do": "reset", "at": 3, "applied": true}]}``
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

import msgspec

WRITING = frozenset({"PUT", "PATCH", "DELETE"})
Fields = dict[str, str]
Text = str | list[str]


class Do(StrEnum):
    """What an event does. The first five are about the answer, the others happen before the request is looked at."""

    HANG = "hang"
    RESET = "reset"
    STATUS = "status"
    GARBAGE = "garbage"
    WRONG_BODY = "wrong-body"
    REFUSE = "refuse"
    REBOOT = "reboot"
    CERTIFICATE = "certificate"
    EDIT = "edit"
    ADVANCE = "advance"
    JUMP = "jump"


class Event(msgspec.Struct, rename="kebab", forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Something that befalls the next request that fits, from request number ``at`` on and ``times`` times.

    Requests are counted from 1 since the router was made; ``path`` is the beginning of a URL below ``/rest``. With
    ``applied`` the request is carried out before its answer suffers. ``seconds`` belong to ``refuse``,
    ``advance`` and ``jump``; ``status`` and ``detail`` to ``status``; ``body`` (Latin-1) to ``garbage``; ``menu``,
    ``command`` and ``fields`` to ``edit``, which another administrator makes.
    """

    do: Do
    at: int = 0
    times: int = 1
    method: str = ""
    path: str = ""
    writes: bool = False
    applied: bool = False
    seconds: float = 0.0
    status: int = 500
    detail: str = ""
    body: str = "\x00\x01<html>\xff"
    menu: str = ""
    command: str = "set"
    fields: Fields = {}

    def befalls(self, number: int, method: str, path: str) -> bool:
        """Whether this is the request it waits for."""
        return (
            self.times > 0
            and number >= self.at
            and self.method in ("", method)
            and path.startswith(self.path)
            and (not self.writes or is_write(method, path))
        )


class Normalised(msgspec.Struct, rename="kebab", forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """A value that the router takes for another: whatever is written to a field, or only the text ``given``."""

    menu: str
    field: str
    to: str
    given: str | None = None


class Faults(msgspec.Struct, rename="kebab", forbid_unknown_fields=True, kw_only=True):
    """All troubles of one router. Seconds are those of its clock.

    ``latency`` delays each request, ``row_latency`` each row of an answer. The answers to the next ``lost_answers``
    writes come ``silence`` seconds after the writes were done. ``limit`` is where a request is cut, ``boot`` how long
    a reboot refuses connections, ``wrong_after_boot`` how many answers after it are another endpoint's. ``masked``
    hides why a PATCH is refused, ``masked_secrets`` hides secrets from everybody. ``raw_control`` puts control
    characters into replies as they are. A ``fragile`` web server suffers from aborted requests and takes ``healing``.
    """

    latency: float = 0.0
    row_latency: float = 0.0
    lost_answers: int = 0
    silence: float = 70.0
    limit: float = 60.0
    boot: float = 20.0
    wrong_after_boot: int = 0
    masked: bool = False
    masked_secrets: bool = False
    raw_control: bool = False
    fragile: bool = False
    healing: float = 2.0
    normalise: list[Normalised] = []
    events: list[Event] = []

    def due(self, number: int, method: str, path: str) -> list[Event]:
        """The events of one request, each used up once."""
        if not self.events:
            return []
        found = [event for event in self.events if event.befalls(number, method, path)]
        for event in found:
            event.times -= 1
        self.events = [event for event in self.events if event.times > 0]
        return found

    def lost(self, method: str, path: str) -> bool:
        """Whether the answer to this write is one of those that come too late."""
        if self.lost_answers <= 0 or not is_write(method, path):
            return False
        self.lost_answers -= 1
        return True

    def as_taken(self, menu: str, body: Mapping[str, Text]) -> dict[str, Text]:
        """A body with the values that the router takes for others."""
        taken = dict(body)
        for rule in self.normalise:
            if rule.menu == menu and rule.field in taken and rule.given in (None, taken[rule.field]):
                taken[rule.field] = rule.to
        return taken


def is_write(method: str, path: str) -> bool:
    """Whether a request may change something, as far as its URL tells."""
    return method in WRITING or (method == "POST" and not path.endswith("/print"))


def faults_of(document: object) -> Faults:
    """The faults of a seed or of a request. Raises ValueError when they are none."""
    try:
        return msgspec.convert(document, Faults)
    except msgspec.ValidationError as error:
        raise ValueError(f"faults: {error}") from error


def merged(faults: Faults, document: Mapping[str, object]) -> Faults:
    """The faults with other settings; events are added to those that still wait. Raises ValueError."""
    new = faults_of({**msgspec.to_builtins(faults), "events": [], "normalise": [], **document})
    new.events = [*faults.events, *new.events]
    new.normalise = [*faults.normalise, *new.normalise]
    return new


class Damage:
    """What aborted requests do to a web server: abort, a request that completes, abort breaks it for a while.

    One abort, or several with nothing completing between, does no harm (measured). Which of the following connections
    is reset and which gets another request's 401 is unproven; here they take turns.
    """

    def __init__(self) -> None:
        self._aborted = self._completed_since = False
        self._until = 0.0
        self._turn = 0

    def abort(self, now: float, healing: float) -> None:
        """A client went away before its answer."""
        if self._aborted and self._completed_since:
            self._until = now + healing
            self._aborted = False
        else:
            self._aborted = True
        self._completed_since = False

    def complete(self) -> None:
        """A request was answered and its answer taken."""
        self._completed_since = self._aborted

    def strikes(self, now: float) -> Do | None:
        """How a request that comes now suffers: a reset, or the status of another request."""
        if now >= self._until:
            return None
        self._turn += 1
        return Do.RESET if self._turn % 2 else Do.STATUS
