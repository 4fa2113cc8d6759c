"""What RouterOS's refusals mean, as errors of the tree in ``schemas.errors``.

Unreachable
└── Silent          nothing answered
    ├── NotSent     no connection came about: the device has not seen the request
    └── NoAnswer    the request left: it may have been carried out
        └── TooMuch an answer without end; the rest of it was not read
"""

from __future__ import annotations

from routeros.codec import decode_error
from schemas.errors import DeviceError, DeviceRefused, LoginRefused, OutcomeUnknown, Unreachable

_DETAIL_LIMIT = 300

_MEANINGS = (
    ("no such command or directory", "This device has no such menu or command; a package or the hardware may lack."),
    ("no such command prefix", "The row cannot be found under that name."),
    ("no such command", "This menu has no such command."),
    (
        "missing or invalid resource identifier",
        "RouterOS does not say why: the user may lack the policy write, or the row is built in.",
    ),
    ("unknown parameter", "This version does not know the field, or it is read-only."),
    ("input does not match any value of", "What the field refers to does not exist on the device."),
    ("already have", "Another enabled row is the same."),
    ("entry already exists", "Another enabled row is the same."),
    ("this is configured elsewhere", "RouterOS 7.19.0 refuses ordinary changes so; 7.19.1 mends it."),
    ("missing =", "A field that RouterOS requires is not given."),
    ("failed to parse json", "The device could not read the request."),
)


class Silent(Unreachable):
    """Nothing answered. ``timed_out``: it was waited for in full."""

    def __init__(self, message: str, *, device: str | None = None, timed_out: bool = False) -> None:
        super().__init__(message, device=device)
        self.timed_out = timed_out


class NotSent(Silent):
    """No connection came about: the device has not seen the request."""


class NoAnswer(Silent):
    """The request left and no answer came: a write may have been carried out."""


class TooMuch(NoAnswer):
    """The answer is larger than any that is read. Asking again would give the same."""


def refusal(
    device: str, user: str, request: str, status: int, body: bytes, hidden: tuple[str, ...] = ()
) -> DeviceError:
    """The error behind a reply that is no success. ``request`` names it for people (``PUT /ip/address``);
    ``hidden`` are texts that must not show in the message."""
    detail = _without(decode_error(body), hidden)[:_DETAIL_LIMIT]
    method = request.partition(" ")[0]
    if status == 401:
        return LoginRefused(
            f"The router refused the login of user {user!r}. The password is wrong, the user may not log in from here, "
            "or its group lacks the policy rest-api.",
            device=device,
        )
    if status == 500 and "not allowed (9)" in detail:
        return LoginRefused(
            f"The group of user {user!r} lacks the policy api; REST needs rest-api and api.", device=device
        )
    if "not enough permissions (9)" in detail:
        policy = "read" if method == "GET" or request.endswith("/print") else "write"
        return LoginRefused(
            f"The group of user {user!r} lacks a policy for {request}, most likely {policy}.", device=device
        )
    if detail == "Session closed":
        return _cut(device, request, status)
    return DeviceRefused(_sentence(request, status, detail), status=status, detail=detail, device=device)


def _cut(device: str, request: str, status: int) -> DeviceError:
    """The router's 60 seconds were over; what the request began may still be running."""
    if request.startswith("GET ") or request.endswith("/print"):
        return DeviceRefused(
            f"The router cut {request} off after its limit of 60 seconds.",
            status=status,
            detail="Session closed",
            device=device,
        )
    return OutcomeUnknown(
        f"The router cut {request} off after its limit of 60 seconds; it may have been carried out.", device=device
    )


def _sentence(request: str, status: int, detail: str) -> str:
    if status == 404 and "*" not in request and request.startswith("GET "):
        return f"What answered {request} knows no such address; it does not look like RouterOS 7 with REST."
    if status == 404:
        return f"The router refused {request}: the row no longer exists."
    if status == 403:
        return f"The router refused {request}: REST is switched off on this service (/ip/service/webserver)."
    if 300 <= status < 400:
        return f"The address answered {request} with a redirect; it is not followed."
    said = f"{detail!r}" if detail else f"status {status} without a reason"
    lowered = detail.lower()
    meaning = next((words for start, words in _MEANINGS if start in lowered), "")
    return f"The router refused {request}: {said}." + (f" {meaning}" if meaning else "")


def _without(text: str, hidden: tuple[str, ...]) -> str:
    for value in hidden:
        if value:
            text = text.replace(value, "(secret)")
    return text
