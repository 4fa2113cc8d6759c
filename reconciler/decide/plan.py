"""From three corners of a device to its part of a plan, and from the parts to one plan."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from reconciler.decide import batch, digest
from reconciler.decide.diff import diff_menu
from reconciler.decide.drift import as_desired, as_drift
from reconciler.decide.guard import guard_device, guard_fleet
from reconciler.decide.management import NEEDED, is_risky, management_path
from reconciler.decide.naming import row_name
from reconciler.decide.order import CannotOrder, number
from reconciler.decide.references import dangling
from reconciler.decide.rename import as_renamed, renames
from reconciler.decide.steps import MenuDiff, SecretState
from schemas.catalogue.model import Management, Menu
from schemas.change import Action, Change, Risk
from schemas.desired import Desired, DesiredMenu, SecretRef
from schemas.device import Device, Limits
from schemas.location import Problem
from schemas.observed import Applied, DeviceFacts, Observed, ObservedMenu
from schemas.path import MenuPath
from schemas.plan import Basis, DevicePlan, Finding, Notice, Plan, Severity

_MOST_UNKNOWN = 20
"""Names of one menu that a sentence lists."""

MenuOf = Callable[[MenuPath], Menu | None]

ENGINE = "1"
"""Raised whenever the same inputs would yield other changes; it is part of every digest."""


@dataclass(frozen=True, slots=True)
class Judging:
    """What a device is judged under: taken from the protected branch, never from the change."""

    limits: Limits
    sources: tuple[str, ...]
    logins: frozenset[str]
    today: datetime.date
    secrets: SecretState = lambda _identity, _field, _secret: None


@dataclass(frozen=True, slots=True)
class DeviceResult:
    """A device's plan with its findings; ``problems`` are faults of the documents it brought to light."""

    plan: DevicePlan
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()


def menus_to_observe(menu_of: MenuOf, desired: Iterable[MenuPath], applied: Iterable[MenuPath]) -> dict[MenuPath, bool]:
    """Menus a plan reads: path to whether it is managed (read whole) or only looked into."""
    managed = [path for path in dict.fromkeys((*desired, *applied)) if menu_of(path) is not None]
    result = dict.fromkeys(managed, True)
    guarded = False
    for path in managed:
        menu = menu_of(path)
        if menu is not None:
            guarded = guarded or menu.management not in (Management.NEVER, Management.LOGIN, Management.SERVICE)
            for field in menu.fields.values():
                if field.reference is not None and menu_of(field.reference) is not None:
                    result.setdefault(field.reference, False)
    if guarded:
        for path in NEEDED:
            result.setdefault(path, False)
    return result


def plan_device(
    device: Device,
    desired: Desired,
    observed: Observed,
    applied: Applied | None,
    menu_of: MenuOf,
    judging: Judging,
    *,
    schema_version: str,
    basis: Basis = Basis.LIVE,
    applied_note: str = "",
) -> DeviceResult:
    """Plan one device. ``device`` is its control data by the protected branch.

    ``applied_note`` says why Applied could not be read; then nothing is removed.
    """
    diffs = _diffs(desired.menus, observed, applied, menu_of, judging)
    if applied_note:
        for diff in diffs:
            diff.steps = [step for step in diff.steps if step.action is not Action.REMOVE]
    problems = [Problem(text, place) for diff in diffs for text, place in diff.problems]
    problems += _lacking(desired, observed, menu_of)
    steps = [step for diff in diffs for step in diff.steps]
    problems += dangling(diffs, observed.menus)
    findings = [
        Finding(rule, Severity.REFUSED, text, device=device.name, path=diff.menu.path)
        for diff in diffs
        for rule, text in diff.refusals
    ]
    menus = {diff.menu.path: diff.menu for diff in diffs}
    changes: tuple[Change, ...] = ()
    try:
        changes = number(steps, menus.values())
    except CannotOrder as error:
        findings.append(Finding("order", Severity.REFUSED, str(error), device=device.name))
    changes = _with_risk(changes, device, observed, menus, judging)
    plan = DevicePlan(
        device=device.name,
        environment=device.environment,
        serial=observed.facts.serial,
        version=observed.facts.version,
        schema_version=schema_version,
        basis=basis,
        changes=changes,
        drift=_drift(desired.menus, observed, applied, menu_of, judging, _quiet(diffs)),
        unmanaged=_notices(diffs, "unmanaged"),
        unverified=_notices(diffs, "unverified"),
        ignored=_notices(diffs, "ignored"),
        released=tuple(_released(desired, applied, menu_of)),
        notes=(*observed.notes, *((applied_note,) if applied_note else ()), *_not_known(desired, observed)),
    )
    rows = {path: len(menu.rows) for path, menu in observed.menus.items()}
    findings += guard_device(device, plan, menus, rows, judging.limits)
    return DeviceResult(plan, tuple(findings), tuple(problems))


def assemble(
    parts: Sequence[DeviceResult],
    *,
    devices: Sequence[Device],
    commit: str,
    catalogue: str,
    limits: Limits,
    sizes: Sequence[str],
    created: datetime.datetime,
    findings: Iterable[Finding] = (),
    secrets: Mapping[str, str] | None = None,
) -> Plan:
    """One plan of all devices. ``secrets`` maps the names of secrets it writes to fingerprints."""
    plans = tuple(part.plan for part in parts)
    changed = [plan.device for plan in plans if plan.changes]
    redundancy = {device.name: device.redundancy for device in devices}
    turns = batch.batches(changed, sizes, redundancy)
    found = (*findings, *(f for part in parts for f in part.findings), *guard_fleet(devices, plans, limits))
    return Plan(
        commit=commit,
        devices=plans,
        findings=found,
        batches=turns,
        digest=digest.plan_digest(
            plans,
            commit=commit,
            engine=ENGINE,
            catalogue=catalogue,
            limits=limits,
            batches=turns,
            secrets=secrets,
        ),
        effect=digest.effect(plans),
        created=created,
        engine=ENGINE,
        catalogue=catalogue,
    )


def unknown_device(device: Device, why: str, exit_code: int) -> DeviceResult:
    """A device that could not be read: Unknown, never compliant."""
    plan = DevicePlan(device.name, environment=device.environment, unknown=why, unknown_exit=exit_code)
    return DeviceResult(plan)


def _diffs(
    menus: Mapping[MenuPath, DesiredMenu],
    observed: Observed,
    applied: Applied | None,
    menu_of: MenuOf,
    judging: Judging,
) -> list[MenuDiff]:
    result = []
    renamed = renames(menus, observed.menus, menu_of)
    for path, wanted in menus.items():
        menu, seen = menu_of(path), observed.menus.get(path)
        if menu is not None and seen is not None and seen.present:
            seen = as_renamed(seen, menu, renamed) if renamed else seen
            before = applied.menus.get(path, ()) if applied else ()
            result.append(diff_menu(menu, wanted, seen, before, secrets=judging.secrets, today=judging.today))
    return result


def _lacking(desired: Desired, observed: Observed, menu_of: MenuOf) -> list[Problem]:
    result = []
    for path, wanted in desired.menus.items():
        seen = observed.menus.get(path)
        if menu_of(path) is None or seen is None or not seen.present:
            text = f"{path}: {desired.device.name} has no such menu (RouterOS {observed.facts.version})."
            result.append(Problem(text, wanted.origin, "Leave it out for this device, or exclude it with $when."))
    return result


def _with_risk(
    changes: Sequence[Change],
    device: Device,
    observed: Observed,
    menus: Mapping[MenuPath, Menu],
    judging: Judging,
) -> tuple[Change, ...]:
    if not changes:
        return ()
    path = management_path(device, observed, judging.sources, judging.logins)
    return tuple(
        replace(change, risk=Risk.MANAGEMENT) if is_risky(change, menus[change.path], path) else change
        for change in changes
    )


def _drift(
    menus: Mapping[MenuPath, DesiredMenu],
    observed: Observed,
    applied: Applied | None,
    menu_of: MenuOf,
    judging: Judging,
    quiet: frozenset[MenuPath],
) -> tuple[Change, ...]:
    if applied is None:
        return ()
    diffs = _diffs(as_desired(applied, menus, quiet), observed, applied, menu_of, judging)
    steps = [step for diff in diffs for step in diff.steps]
    try:
        numbered = number(steps, [diff.menu for diff in diffs])
    except CannotOrder:
        numbered = tuple(c for diff in diffs for step in diff.steps for c in number([step], [diff.menu]))
    return tuple(as_drift(change) for change in numbered)


def _quiet(diffs: Iterable[MenuDiff]) -> frozenset[MenuPath]:
    """Menus that are as Git says and as they were confirmed: nothing can have drifted there."""
    return frozenset(diff.menu.path for diff in diffs if diff.confirmed and not diff.steps)


def _released(desired: Desired, applied: Applied | None, menu_of: MenuOf) -> Iterable[Notice]:
    for path, entries in (applied.menus if applied else {}).items():
        menu = menu_of(path)
        if path not in desired.menus and menu is not None:
            for entry in entries:
                yield Notice(path, row_name(menu, entry.fields), (), "its menu left Git; the row stays")


def _not_known(desired: Desired, observed: Observed) -> Iterable[str]:
    """One sentence about the fields that were read and that nothing is known of."""
    seen = {path: sorted(observed.menus[path].unknown) for path in desired.menus if path in observed.menus}
    found = [
        f"{path} {', '.join(names[:_MOST_UNKNOWN])}" + (" and more" if len(names) > _MOST_UNKNOWN else "")
        for path, names in seen.items()
        if names
    ]
    if found:
        yield f"Not known to Plumbline, and left as it is: {'; '.join(found)}."


def _notices(diffs: Iterable[MenuDiff], kind: str) -> tuple[Notice, ...]:
    return tuple(notice for diff in diffs for notice in getattr(diff, kind))


def secrets_written(parts: Iterable[DeviceResult]) -> frozenset[str]:
    """Names of the secrets that changes write."""
    return frozenset(
        value.name
        for part in parts
        for change in part.plan.changes
        for value in change.after.values()
        if isinstance(value, SecretRef)
    )


def observed_from_applied(device: Device, applied: Applied, at: datetime.datetime, note: str) -> Observed:
    """What Applied remembers, as if it had been read: for a preview without logins."""
    from_git = {path: ObservedMenu(tuple(entry.fields for entry in entries)) for path, entries in applied.menus.items()}
    facts = DeviceFacts(serial=applied.serial, version=applied.version)
    return Observed(device.name, facts, from_git, at, notes=(note,))
