"""The verbs drift and status: where the fleet stands."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from desired_state.applied import read_applied
from reconciler.act.device import Reading
from reconciler.decide.permit import Tier
from reconciler.operations.context import Context
from reconciler.operations.front_desk import verb
from reconciler.operations.planning import choose, load_sources
from reconciler.operations.reading import Sources, read_devices
from schemas.device import Mode
from schemas.errors import Exit, InputError, strongest
from schemas.observed import Applied
from schemas.plan import DevicePlan, Finding
from schemas.rollout import Outcome

NEVER_CONFIRMED = "Nothing was ever confirmed on this device, so there is nothing to drift from; plan and apply first."


@dataclass(frozen=True, slots=True)
class DriftRequest:
    devices: tuple[str, ...] = ()
    against: str | None = None

    @property
    def subject(self) -> str:
        return " ".join(self.devices) or "all devices"


@dataclass(frozen=True, slots=True)
class DriftReport:
    """``devices`` carry ``drift`` (Applied to Observed) and ``unmanaged``; their ``changes`` are not meant."""

    commit: str
    devices: tuple[DevicePlan, ...]
    findings: tuple[Finding, ...]
    at: datetime.datetime

    @property
    def exit(self) -> Exit:
        codes = {Exit(part.unknown_exit) for part in self.devices if part.unknown}
        return strongest(codes | ({Exit.CHANGES} if any(part.drift for part in self.devices) else set()))


@verb("drift", tier=Tier.READ, audited=False)
async def drift(context: Context, request: DriftRequest) -> DriftReport:
    """Compare routers with what was last confirmed on them."""
    sources = _protected(context, request.against)
    readings = await read_devices(context, sources, choose(sources, request.devices))
    parts = tuple(_drifted(context, reading) for reading in readings)
    problems = [problem for reading in readings for problem in reading.result.problems if not reading.result.plan.unknown]
    if problems:
        raise InputError(problems)
    findings = tuple(finding for reading in readings for finding in reading.result.findings)
    return DriftReport(sources.planned.commit, parts, findings, context.now())


def _protected(context: Context, against: str | None) -> Sources:
    ref, commit = context.repository.protected_commit(against)
    return load_sources(context, commit, ref)


def _drifted(context: Context, reading: Reading) -> DevicePlan:
    plan = reading.result.plan
    if plan.unknown or _applied(context, plan.device) is not None:
        return plan
    return DevicePlan(plan.device, environment=plan.environment, version=plan.version, unknown=NEVER_CONFIRMED)


def _applied(context: Context, name: str) -> Applied | None:
    try:
        return read_applied(context.repository, name)
    except InputError:
        return None


@dataclass(frozen=True, slots=True)
class StatusRequest:
    """``live`` reads the routers; without it only what is known is told."""

    devices: tuple[str, ...] = ()
    live: bool = True
    against: str | None = None


@dataclass(frozen=True, slots=True)
class DeviceStatus:
    """Where one device stands. ``state`` is one of in-sync, pending, drifted, never-applied, paused,
    unknown; ``schema_version`` the catalogue's version used for it."""

    device: str
    environment: str
    mode: str
    state: str
    version: str = ""
    schema_version: str = ""
    model: str = ""
    pending: int = 0
    drifted: int = 0
    unmanaged: int = 0
    applied_commit: str = ""
    enrolled: bool = False
    last_outcome: Outcome | None = None
    message: str = ""


@dataclass(frozen=True, slots=True)
class Status:
    commit: str
    devices: tuple[DeviceStatus, ...]
    at: datetime.datetime

    @property
    def exit(self) -> Exit:
        return Exit.UNKNOWN if any(each.state == "unknown" for each in self.devices) else Exit.OK


@verb("status", tier=Tier.READ, audited=False)
async def status(context: Context, request: StatusRequest) -> Status:
    """Where each device stands: what Git wants, what was confirmed, what the router says."""
    sources = _protected(context, request.against)
    names = choose(sources, request.devices) if request.devices else sorted(sources.planned.devices)
    live = [name for name in names if sources.planned.devices[name].mode is not Mode.PAUSED] if request.live else []
    readings = {reading.result.plan.device: reading for reading in await read_devices(context, sources, live)}
    outcomes = await _last_outcomes(context)
    enrolled = {each.device for each in await context.store.enrolments.all()} if context.store else set()
    parts = []
    for name in names:
        parts.append(_status(context, sources, name, readings.get(name), name in enrolled, outcomes.get(name)))
    return Status(sources.planned.commit, tuple(parts), context.now())


def _status(
    context: Context, sources: Sources, name: str, reading: Reading | None, enrolled: bool, outcome: Outcome | None
) -> DeviceStatus:
    device = sources.planned.devices[name]
    applied = _applied(context, name)
    plan = reading.result.plan if reading else None
    version = plan.version if plan and plan.version else applied.version if applied else ""
    unknown = plan.unknown if plan else None
    problems = reading.result.problems if reading else ()
    return DeviceStatus(
        device=name,
        environment=device.environment,
        mode=device.mode.value,
        state="unknown" if problems else _state(device.mode, plan, applied, sources.planned.commit),
        version=version,
        schema_version=context.catalogue.nearest(version) if version else "",
        model=reading.observed.facts.model if reading else "",
        pending=len(plan.changes) if plan else 0,
        drifted=len(plan.drift) if plan else 0,
        unmanaged=len(plan.unmanaged) if plan else 0,
        applied_commit=applied.commit if applied else "",
        enrolled=enrolled,
        last_outcome=outcome,
        message=str(problems[0]) if problems else unknown or "",
    )


def _state(mode: Mode, plan: DevicePlan | None, applied: Applied | None, commit: str) -> str:
    if mode is Mode.PAUSED:
        return "paused"
    if plan is None:
        return "never-applied" if applied is None else "in-sync" if applied.commit == commit else "pending"
    if plan.unknown:
        return "unknown"
    if plan.drift:
        return "drifted"
    if plan.changes:
        return "pending" if applied else "never-applied"
    return "in-sync"


async def _last_outcomes(context: Context) -> dict[str, Outcome]:
    found: dict[str, Outcome] = {}
    if context.store is not None:
        for rollout in await context.store.rollouts.latest(50):
            for outcome in rollout.outcomes:
                found.setdefault(outcome.device, outcome)
    return found
