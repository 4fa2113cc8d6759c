"""Approvals, rollouts and what became of each device."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Person:
    """Somebody who can be told apart: joins e-mails and one signing key (public JWK, JSON text)."""

    name: str
    emails: tuple[str, ...]
    public_key: str
    key_id: str


class Door(StrEnum):
    """How a request came in."""

    CLI = "cli"
    MCP = "mcp"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks, by which door. ``person`` is the known person behind it, None when unknown;
    ``agent`` names an AI client that asks on their behalf."""

    door: Door
    person: str | None = None
    email: str = ""
    agent: str | None = None

    def __str__(self) -> str:
        who = self.person or self.email or "unknown"
        return f"{self.agent} for {who}" if self.agent else who


@dataclass(frozen=True, slots=True)
class Approval:
    """A person's signed yes to one digest. ``token`` is a compact JWS; times are aware UTC."""

    digest: str
    person: str
    token: str
    signed: datetime.datetime
    expires: datetime.datetime


class Result(StrEnum):
    """What became of one device in a rollout."""

    CONFIRMED = "confirmed"
    UNCHANGED = "unchanged"
    FAILED = "failed"
    STALE = "stale"
    UNKNOWN = "unknown"
    LOCKED = "locked"
    SKIPPED = "skipped"


@dataclass(frozen=True, slots=True)
class Outcome:
    """``done`` of ``planned`` changes were carried out; ``message`` says what stopped it."""

    device: str
    result: Result
    planned: int = 0
    done: int = 0
    message: str = ""
    batch: int = 0


@dataclass(frozen=True, slots=True)
class Rollout:
    """A plan being carried out."""

    id: str
    digest: str
    commit: str
    outcomes: tuple[Outcome, ...]
    started: datetime.datetime
    finished: datetime.datetime | None = None
