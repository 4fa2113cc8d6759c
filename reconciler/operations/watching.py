"""The verbs drift and status: where the fleet stands."""

from __future__ import annotations

import datetime
from dataclasses import dataclass, replace

from desired_state.applied import read_applied
from reconciler.act.device import Reading
from reconciler.decide.permit import Tier
from reconciler.operations.context import Context
from reconciler.operations.front_desk import verb
from reconciler.operations.known import load_known
from reconciler.operations.planning import choose, load_sources, protected
from reconciler.operations.reading import Sources, read_devices
from reconciler.views.listing import device_status
from schemas.device import Device, Mode
from schemas.errors import Exit, InputError, strongest
from schemas.location import Problem
from schemas.observed import Applied
from schemas.plan import DevicePlan, Finding
from schemas.status import DeviceStatus

NEVER_CONFIRMED = "Nothing was ever confirmed on this device, so there is nothing to drift from; plan and apply first."


@dataclass(frozen=True, slots=True)
class DriftRequest:
    devices: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        return " ".join(self.devices) or "all devices"


@dataclass(frozen=True, slots=True)
class DriftReport:
    """``devices`` carry ``drift`` (Applied to Observed) and ``unmanaged``; their ``changes`` are not meant.

    ``problems`` of documents hide no drift.
    """

    commit: str
    devices: tuple[DevicePlan, ...]
    findings: tuple[Finding, ...]
    at: datetime.datetime
    problems: tuple[Problem, ...] = ()

    @property
    def exit(self) -> Exit:
        codes = {Exit(part.unknown_exit) for part in self.devices if part.unknown}
        codes |= {Exit.ERROR} if self.problems else set()
        return strongest(codes | ({Exit.CHANGES} if any(part.drift for part in self.devices) else set()))


@verb("drift", tier=Tier.READ, audited=False)
async def drift(context: Context, request: DriftRequest) -> DriftReport:
    """Compare routers with what was last confirmed on them."""
    sources = _protected(context)
    readings = await read_devices(context, await load_known(context), sources, choose(sources, request.devices))
    parts = tuple(_drifted(context, reading) for reading in readings)
    findings = tuple(finding for reading in readings for finding in reading.result.findings)
    problems = tuple(problem for reading in readings for problem in reading.result.problems)
    return DriftReport(sources.planned.commit, parts, findings, context.now(), problems)


def _protected(context: Context) -> Sources:
    return load_sources(context, protected(context)[1])


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


@dataclass(frozen=True, slots=True)
class Status:
    commit: str
    devices: tuple[DeviceStatus, ...]
    at: datetime.datetime

    @property
    def exit(self) -> Exit:
        return Exit.UNKNOWN if any(each.unknown is not None for each in self.devices) else Exit.OK


@verb("status", tier=Tier.READ, audited=False)
async def status(context: Context, request: StatusRequest) -> Status:
    """Where each device stands: what Git wants, what was confirmed, what the router says."""
    sources = _protected(context)
    names = choose(sources, request.devices) if request.devices else sorted(sources.planned.devices)
    live = [name for name in names if sources.planned.devices[name].mode is not Mode.PAUSED] if request.live else []
    known = await load_known(context)
    readings = {reading.result.plan.device: reading for reading in await read_devices(context, known, sources, live)}
    results = await _last_results(context)
    parts = []
    for name in names:
        base = _status(sources.planned.devices[name], readings.get(name))
        applied = _applied(context, name)
        version = base.version or (applied.version if applied else "")
        parts.append(
            replace(
                base,
                version=version,
                schema_version=base.schema_version or (context.catalogue.nearest(version) if version else ""),
                applied_commit=applied.commit if applied else "",
                enrolled=name in known.enrolments,
                last_result=results.get(name, ""),
            )
        )
    return Status(sources.planned.commit, tuple(parts), context.now())


def _status(device: Device, reading: Reading | None) -> DeviceStatus:
    if reading is None:
        return DeviceStatus(device.name, device.environment, device.mode, read=False)
    problems = reading.result.problems
    status = replace(device_status(device, reading.result.plan), model=reading.observed.facts.model)
    return replace(status, unknown=str(problems[0])) if problems else status


async def _last_results(context: Context) -> dict[str, str]:
    found: dict[str, str] = {}
    if context.store is not None:
        for rollout in await context.store.rollouts.latest(50):
            for outcome in rollout.outcomes:
                found.setdefault(outcome.device, outcome.result.value)
    return found
