"""How a router says no: HTTP status and RouterOS's own words."""

from __future__ import annotations

from http import HTTPStatus

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


def bad_value(error: BadValue, name: str, noun: str) -> Refusal:
    """The refusal of a value; ``noun`` is what the console calls the field's kind of value."""
    return Refusal(
        {
            "match": f"input does not match any value of {noun}",
            "range": f"value of {name} out of range ({error.bounds})",
            "address": f"value of {name} expects range of ip addresses",
            "addresses": "value of range expects range of ip addresses",
            "network": "failure: invalid network",
            "time": f"invalid time value for argument {name}",
            "gateway": "invalid or unexpected argument base",
        }.get(error.kind, f"invalid value for argument {name}")
    )
