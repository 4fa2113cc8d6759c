"""What the store remembers beyond the nouns of ``schemas``. All times are aware UTC."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.rollout import Actor


@dataclass(frozen=True, slots=True)
class Enrolment:
    """Which router a device's login may be sent to.

    ``address`` is the base URL it was enrolled at; ``pin_or_ca`` is ``sha256:<64 hex>``, ``ca:NAME``, or
    ``insecure`` in a lab.
    """

    device: str
    serial: str
    address: str
    pin_or_ca: str
    enrolled: datetime.datetime


@dataclass(frozen=True, slots=True)
class StoredPlan:
    """A saved plan document. ``requesters`` are the e-mails of all who asked for a plan of this digest."""

    digest: str
    commit: str
    document: bytes
    requesters: tuple[str, ...]
    created: datetime.datetime


@dataclass(frozen=True, slots=True)
class Operation:
    """One journalled write to a device; ``ended`` is None while its outcome is not known.

    ``number`` is the change's number in the device's plan; ``detail`` holds its fields, never a secret.
    """

    id: int
    rollout: str
    device: str
    epoch: int
    number: int
    action: str
    path: str
    identity: str
    detail: Mapping[str, str | None]
    began: datetime.datetime
    ended: datetime.datetime | None = None
    result: str = ""
    message: str = ""


@dataclass(frozen=True, slots=True)
class AuditRecord:
    """Who asked for what, and how it ended."""

    id: int
    at: datetime.datetime
    actor: Actor
    verb: str
    subject: str
    result: str
    correlation_id: str
    detail: Mapping[str, str] = field(default_factory=dict)
