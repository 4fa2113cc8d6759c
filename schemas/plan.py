"""A plan: ordered changes per device, and everything they were computed from, under one digest."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from enum import StrEnum

from schemas.change import Change
from schemas.location import Location
from schemas.path import MenuPath


class Basis(StrEnum):
    """What the plan was computed against; only ``live`` can be approved."""

    LIVE = "live"
    PREVIEW = "preview"
    APPLIED = "applied"


class Severity(StrEnum):
    INFO = "info"
    WARNING = "warning"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Finding:
    """Something to know about a plan. ``rule`` is a stable short name (``control``, ``limit``,
    ``management-path``, ``mode``, ``capability``, ``order``, ``replaced``…)."""

    rule: str
    severity: Severity
    message: str
    device: str | None = None
    path: MenuPath | None = None
    location: Location | None = None


@dataclass(frozen=True, slots=True)
class Notice:
    """A row or field the plan leaves alone and tells about."""

    path: MenuPath
    identity: str
    fields: tuple[str, ...] = ()
    reason: str = ""


@dataclass(frozen=True, slots=True)
class DevicePlan:
    """The part of a plan that concerns one device.

    ``changes`` is exactly what apply does, in order; ``drift`` (Applied to Observed) is for readers.
    ``schema_version`` is the catalogue's version used, nearest to ``version`` when that is unknown.
    ``unknown`` says why the device could not be planned; then everything else is empty.
    """

    device: str
    environment: str = ""
    serial: str = ""
    version: str = ""
    schema_version: str = ""
    basis: Basis = Basis.LIVE
    changes: tuple[Change, ...] = ()
    drift: tuple[Change, ...] = ()
    unmanaged: tuple[Notice, ...] = ()
    unverified: tuple[Notice, ...] = ()
    released: tuple[Notice, ...] = ()
    ignored: tuple[Notice, ...] = ()
    notes: tuple[str, ...] = ()
    unknown: str | None = None
    unknown_exit: int = 8


@dataclass(frozen=True, slots=True)
class Plan:
    """``digest`` and ``effect`` are hex SHA-256 (see ``reconciler.decide.digest``); ``created`` is aware
    UTC; ``batches`` lists device names in the order of the rollout."""

    commit: str
    devices: tuple[DevicePlan, ...]
    findings: tuple[Finding, ...]
    batches: tuple[tuple[str, ...], ...]
    digest: str
    effect: str
    created: datetime.datetime
    engine: str
    catalogue: str

    @property
    def changed(self) -> tuple[DevicePlan, ...]:
        return tuple(device for device in self.devices if device.changes)

    @property
    def refusals(self) -> tuple[Finding, ...]:
        return tuple(finding for finding in self.findings if finding.severity is Severity.REFUSED)
