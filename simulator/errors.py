"""How a router says no: HTTP status and RouterOS's own words."""

from __future__ import annotations

from http import HTTPStatus

from simulator.complaints.wording import words_for
from simulator.forms import BadValue


class Refusal(Exception):
    """``detail`` is RouterOS's wording, None where the body carries none."""

    def __init__(self, detail: str | None, status: int = 400) -> None:
        super().__init__(detail or HTTPStatus(status).phrase)
        self.detail = detail
        self.status = status

    @property
    def body(self) -> dict[str, str | int]:
        body: dict[str, str | int] = {"error": self.status, "message": HTTPStatus(self.status).phrase}
        return body if self.detail is None else {"detail": self.detail, **body}


class Endless(Exception):
    """A command that runs until the router cuts it."""


class Halting(Exception):
    """A command over which the whole web server waits for ``seconds``, to refuse it then."""

    def __init__(self, detail: str, seconds: float) -> None:
        super().__init__(detail)
        self.detail = detail
        self.seconds = seconds


NO_COMMAND = "no such command"
NO_PREFIX = "no such command prefix"
BAD_IDENTIFIER = "missing or invalid resource identifier"
BAD_JSON = "Failed to parse json"
MISSING_ID = "missing =.id="
SESSION_CLOSED = "Session closed"
NOT_PERMITTED = "not enough permissions (9)"
HARDWARE = "failure: cannot remove hardware device"
BUILTIN = "failure: cannot change builtin"


def not_found() -> Refusal:
    """A well-formed id that no row has."""
    return Refusal(None, 404)


def unknown_word(token: str) -> Refusal:
    return Refusal(f"no such command or directory ({token})")


def unknown_parameter(name: str) -> Refusal:
    return Refusal(f"unknown parameter {name}")


def missing(name: str) -> Refusal:
    return Refusal(f"missing ={name}=")


def bad_value(error: BadValue, name: str, noun: str, complaint: str = "", text: str = "") -> Refusal:
    """The refusal of a value; ``noun`` is what the console calls the field's kind of value, ``complaint`` what it says
    of a text that fits nothing there ('' when that was never asked)."""
    if complaint and error.kind not in _OF_ITS_OWN:
        return Refusal(words_for(complaint, text))
    return Refusal(
        {
            "match": f"input does not match any value of {noun}",
            "range": f"value of {error.noun or name} out of range ({error.bounds})",
            "number": f"value of {name} contains invalid trailing characters",
            "mac": f"invalid value of {name}, mac address required",
            "address": f"value of {name} expects range of ip addresses",
            "addresses": "value of range expects range of ip addresses",
            "network": "failure: invalid network",
            "time": f"invalid time value for argument {name}",
            "gateway": "invalid or unexpected argument base",
        }.get(error.kind, f"invalid value for argument {name}")
    )


_OF_ITS_OWN = frozenset({"range", "network"})
"""What is said of a value that reads well and is refused all the same."""
