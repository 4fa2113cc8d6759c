"""Every error Plumbline raises on purpose, as one tree.

    PlumblineError                 exit 1
    ├── InputError                 exit 1   files, arguments, repository: all problems at once
    ├── Refused                    exit 3   a policy, limit or safety rule says no
    │   ├── CertificateMismatch             another certificate than the pinned one; no login was sent
    │   ├── DeviceReplaced                  another serial number than expected; nothing was written
    │   └── EmptySource                     an empty or unreadable source never deletes
    ├── ApprovalError              exit 4   missing, incomplete, expired, used, altered, foreign
    ├── StalePlan                  exit 5   the plan no longer fits what it was computed from
    ├── Locked                     exit 6   another rollout holds the device, or the window is closed
    ├── RolloutHalted              exit 7   a rollout stopped; the outcomes say where
    └── DeviceError                exit 8   the device is unknown, not compliant and not drifted
        ├── Unreachable                     temporary: nothing answered
        ├── LoginRefused                    401, or the policies api and rest-api are missing
        ├── DeviceRefused                   the router answered a request with an error
        └── OutcomeUnknown                  a write got no answer: read again, never resend

The type says whether retrying can help (``temporary``). Messages are whole sentences for people.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import IntEnum

from schemas.location import Problem


class Exit(IntEnum):
    """Exit codes of the command line (docs/reference/exit-codes.md)."""

    OK = 0
    ERROR = 1
    CHANGES = 2
    REFUSED = 3
    APPROVAL = 4
    STALE = 5
    LOCKED = 6
    HALTED = 7
    UNKNOWN = 8


PRECEDENCE = (
    Exit.ERROR,
    Exit.HALTED,
    Exit.LOCKED,
    Exit.STALE,
    Exit.APPROVAL,
    Exit.REFUSED,
    Exit.UNKNOWN,
    Exit.CHANGES,
    Exit.OK,
)
"""When several exit codes apply, the first of these counts."""


def strongest(codes: Iterable[Exit]) -> Exit:
    """The exit code that counts when several apply; ``OK`` for none."""
    found = set(codes)
    return next((code for code in PRECEDENCE if code in found), Exit.OK)


class PlumblineError(Exception):
    """Root of the tree. ``str()`` is a whole sentence for people."""

    exit: Exit = Exit.ERROR
    temporary: bool = False

    def __init__(self, message: str, *, device: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.device = device

    def __str__(self) -> str:
        return f"{self.device}: {self.message}" if self.device else self.message


class InputError(PlumblineError):
    """What was given cannot be used. Carries every problem found, each with its place."""

    def __init__(self, problems: str | Problem | Iterable[Problem]) -> None:
        if isinstance(problems, str):
            problems = Problem(problems)
        self.problems = (problems,) if isinstance(problems, Problem) else tuple(problems)
        super().__init__("\n".join(str(problem) for problem in self.problems))


class Refused(PlumblineError):
    exit = Exit.REFUSED


class CertificateMismatch(Refused):
    pass


class DeviceReplaced(Refused):
    pass


class EmptySource(Refused):
    pass


class ApprovalError(PlumblineError):
    """``why`` is one of missing, incomplete, expired, used, altered, foreign."""

    exit = Exit.APPROVAL

    def __init__(self, why: str, message: str) -> None:
        super().__init__(message)
        self.why = why


class StalePlan(PlumblineError):
    """``differences`` name what moved, one sentence each."""

    exit = Exit.STALE

    def __init__(self, message: str, differences: Iterable[str] = ()) -> None:
        self.differences = tuple(differences)
        super().__init__("\n".join((message, *self.differences)))


class Locked(PlumblineError):
    exit = Exit.LOCKED
    temporary = True


class RolloutHalted(PlumblineError):
    exit = Exit.HALTED


class DeviceError(PlumblineError):
    exit = Exit.UNKNOWN


class Unreachable(DeviceError):
    temporary = True


class LoginRefused(DeviceError):
    pass


class DeviceRefused(DeviceError):
    """The router said no. ``status`` is the HTTP status, ``detail`` RouterOS's own words or ''."""

    def __init__(self, message: str, *, status: int, detail: str = "", device: str | None = None) -> None:
        super().__init__(message, device=device)
        self.status = status
        self.detail = detail


class OutcomeUnknown(DeviceError):
    temporary = True
