"""From a device's name to its plan: who may be connected to, read it, render for it, diff.

Connections and judgements use the protected branch's control data, whatever the planned commit says.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from desired_state.applied import read_applied
from desired_state.load import Source
from reconciler.act.device import Reading
from reconciler.decide import control
from reconciler.decide.management import INTERFACES, NEEDED
from reconciler.decide.plan import (
    Judging,
    menus_to_observe,
    observed_from_applied,
    plan_device,
    unknown_device,
)
from reconciler.operations.context import Context
from reconciler.operations.known import Known
from reconciler.vault import credentials
from routeros.client import Client
from routeros.identify import identify, packages_of
from routeros.observe import MenuRead, observe
from schemas.catalogue.load import Schema
from schemas.desired import Desired
from schemas.device import Device, Limits
from schemas.errors import CertificateMismatch, DeviceError, DeviceReplaced, InputError, PlumblineError, Refused
from schemas.observed import Applied, DeviceFacts, Observed, ObservedMenu
from schemas.path import MenuPath
from schemas.plan import Basis, Finding, Severity
from schemas.release import Release
from schemas.version import in_range

_LOOKED_AT = ("name", "default-name", "type")
_AT_ONCE = 100
"""Devices read at the same time."""


@dataclass(frozen=True, slots=True)
class Sources:
    """The commit that is planned, and the protected one under which it is judged."""

    planned: Source
    protected: Source
    protected_ref: str


async def read_devices(context: Context, known: Known, sources: Sources, names: Sequence[str]) -> list[Reading]:
    """Plan every named device at once; a device that cannot be read is Unknown and hides no other.

    The rows that were read are let go with each device's plan, so that memory does not grow with the fleet."""
    gate = asyncio.Semaphore(_AT_ONCE)

    async def one(name: str) -> Reading:
        async with gate:
            reading = await read_or_unknown(context, known, sources, name)
            return replace(reading, observed=replace(reading.observed, menus={}))

    return await asyncio.gather(*(one(name) for name in names))


async def read_or_unknown(context: Context, known: Known, sources: Sources, name: str) -> Reading:
    device = sources.protected.devices.get(name) or sources.planned.devices[name]
    try:
        return await read_device(context, known, sources, name)
    except (DeviceError, Refused) as error:
        result = unknown_device(device, error.message, int(error.exit))
        if isinstance(error, Refused):
            rule = _RULES.get(type(error), "refused")
            finding = Finding(rule, Severity.REFUSED, error.message, device=name, location=device.origin)
            result = replace(result, findings=(finding,))
    except InputError as error:
        result = replace(unknown_device(device, error.message, int(error.exit)), problems=error.problems)
    return Reading(result, Observed(name, DeviceFacts(), {}, context.now()), lambda _path: None)


_RULES = {CertificateMismatch: "certificate", DeviceReplaced: "replaced"}


async def read_device(context: Context, known: Known, sources: Sources, name: str) -> Reading:
    """Read and plan one device. Raises DeviceError, Refused, InputError."""
    planned, device = sources.planned, sources.protected.devices.get(name)
    findings: list[Finding] = []
    if name in planned.devices and device is not None:
        findings += control.device_differences(device, planned.devices[name])
    if device is None:
        return _new_on_branch(context, sources, name)
    applied, note = _applied(context, name)
    if not known.has_login(device.read_credential):
        return _unread(context, sources, device, applied, note, findings)
    client, facts = await connect(context, known, device, device.read_credential, sources.protected)
    findings += _expectations(device, facts)
    schema = await schema_for(context, client, facts)
    desired = planned.render(name, facts.version, facts.model, schema=schema)
    observed = await observe(client, facts, _reads(schema, (*desired.menus, *(applied.menus if applied else ()))))
    if schema.learnt:
        observed = replace(observed, notes=(*observed.notes, f"{_LEARNT} of RouterOS {facts.version} was used."))
    findings += _widened(sources, desired, facts, schema)
    judging = _judging(context, known, sources, device, client.user)
    result = plan_device(
        device,
        desired,
        observed,
        applied,
        schema.menu,
        judging,
        schema_version=schema.version,
        basis=Basis.LIVE if context.store is not None else Basis.PREVIEW,
        applied_note=note,
    )
    return Reading(replace(result, findings=(*findings, *result.findings)), observed, schema.menu, schema)


_LEARNT = "What a router with this architecture and these packages told"


async def schema_for(context: Context, client: Client, facts: DeviceFacts) -> Schema:
    """What a router of exactly this version, architecture and packages told, where one was asked; else what is known
    of the nearest version."""
    catalogue = context.catalogue
    told = {(release.version, release.architecture) for release in catalogue.releases}
    if (facts.version, facts.architecture) in told:
        release = Release(facts.version, facts.architecture, await packages_of(client))
        return catalogue.learnt(release) or catalogue.schema(facts.version)
    return catalogue.schema(facts.version)


def catalogue_named(context: Context, readings: Iterable[Reading]) -> str:
    """What a plan was made with: the catalogue, and what routers told of themselves where that was used."""
    told = {reading.schema.learnt for reading in readings if reading.schema is not None}
    return "+".join((context.catalogue.digest, *sorted(told - {""})))


async def connect(
    context: Context, known: Known, device: Device, credential: str, source: Source
) -> tuple[Client, DeviceFacts]:
    """A client of a device that was found to be the expected one. Raises DeviceError, Refused, InputError."""
    try:
        login = known.login(device, credential)
    except InputError as error:
        raise DeviceError(error.message, device=device.name) from error
    reached = replace(device, addresses=known.addresses(device, credential))
    client = context.client(reached, login, source)
    facts = await identify(client)
    must_be_itself(known, device, facts)
    return client, facts


def must_be_itself(known: Known, device: Device, facts: DeviceFacts) -> None:
    """Raises DeviceReplaced when another board answers than the one Git or the enrolment names."""
    expected = device.expect.serial
    if expected is None and device.name in known.enrolments:
        expected = known.enrolments[device.name].serial or None
    if expected is not None and facts.serial != expected:
        found = facts.serial or "no serial number"
        text = f"The device at {device.addresses[0]} is {found}, not {expected}: another device answers."
        raise DeviceReplaced(text, device=device.name)


def _expectations(device: Device, facts: DeviceFacts) -> list[Finding]:
    found = []
    wanted = device.expect
    if wanted.model is not None and facts.model != wanted.model:
        found.append(f"expect.model is {wanted.model}, the device is a {facts.model}.")
    if wanted.routeros is not None and not in_range(facts.version, wanted.routeros):
        found.append(f"expect.routeros is {wanted.routeros}, the device runs {facts.version}.")
    return [Finding("expect", Severity.REFUSED, text, device=device.name, location=device.origin) for text in found]


@lru_cache(maxsize=256)
def _reads(schema: Schema, paths: tuple[MenuPath, ...]) -> tuple[MenuRead, ...]:
    """What to read for menus; devices of a fleet mostly have the same."""
    wanted = menus_to_observe(schema.menu, paths, ())
    return tuple(_menu_read(schema, path, whole) for path, whole in wanted.items())


def _menu_read(schema: Schema, path: MenuPath, whole: bool) -> MenuRead:
    menu = schema.menu(path)
    if menu is None:
        raise PlumblineError(f"{path}: the catalogue has no such menu.")
    return MenuRead(menu, None if whole or path in _GUARDED else _LOOKED_AT)


_GUARDED = frozenset(NEEDED) - {INTERFACES}
"""Menus the guards read whole."""


def _applied(context: Context, name: str) -> tuple[Applied | None, str]:
    try:
        return read_applied(context.repository, name), ""
    except InputError as error:
        return None, f"applied unknown: {error.message} Nothing is removed."


def _new_on_branch(context: Context, sources: Sources, name: str) -> Reading:
    """A device that the protected branch does not have: nothing is connected to."""
    device = sources.planned.devices[name]
    note = f"{name} is not on {sources.protected_ref} yet; nothing was read from it."
    facts = DeviceFacts(version=context.catalogue.newest)
    return _offline(context, sources, device, Observed(name, facts, {}, context.now(), notes=(note,)), None, "")


def _unread(
    context: Context,
    sources: Sources,
    device: Device,
    applied: Applied | None,
    note: str,
    findings: Sequence[Finding],
) -> Reading:
    """No login for a device: compare with what was last confirmed."""
    told = f"not read from routers: {credentials.variable_of(device.read_credential)} is not set."
    if applied is None:
        raise DeviceError(f"{told} Nothing was ever confirmed on it either.", device=device.name)
    observed = observed_from_applied(device, applied, context.now(), told)
    reading = _offline(context, sources, device, observed, applied, note)
    return replace(reading, result=replace(reading.result, findings=(*findings, *reading.result.findings)))


def _offline(
    context: Context, sources: Sources, device: Device, observed: Observed, applied: Applied | None, note: str
) -> Reading:
    schema = context.catalogue.schema(observed.facts.version)
    desired = sources.planned.render(device.name, observed.facts.version, observed.facts.model)
    menus = {path: ObservedMenu(()) for path in desired.menus} | dict(observed.menus)
    judging = Judging(limits(sources), sources.protected.fleet.management_sources, frozenset(), context.now().date())
    basis = Basis.APPLIED if applied else Basis.PREVIEW
    result = plan_device(
        device,
        desired,
        replace(observed, menus=menus),
        applied,
        schema.menu,
        judging,
        schema_version=schema.version,
        basis=basis,
        applied_note=note,
    )
    if applied is None:  # what only the router can answer is no fault of the documents
        result = replace(result, problems=())
    return Reading(result, observed, schema.menu, schema)


def _widened(sources: Sources, desired: Desired, facts: DeviceFacts, schema: Schema) -> list[Finding]:
    if sources.planned is sources.protected:
        return []
    name = desired.device.name
    before = sources.protected.render(name, facts.version, facts.model, schema=schema)
    return list(control.widened_ownership(before.menus, desired.menus, name))


def _judging(context: Context, known: Known, sources: Sources, device: Device, user: str) -> Judging:
    users = {user, known.user_of(device.write_credential) or user}
    networks = sources.protected.fleet.management_sources
    state = known.secret_state(device.name)
    return Judging(limits(sources), networks, frozenset(users), context.now().date(), state)


def limits(sources: Sources) -> Limits:
    """The stricter of both: a branch cannot loosen its own limits."""
    ours, theirs = sources.protected.fleet.limits, sources.planned.fleet.limits
    return Limits(
        min(ours.removes, theirs.removes),
        min(ours.remove_share, theirs.remove_share),
        min(ours.devices, theirs.devices),
    )
