"""Limits and permissions: what a plan may not do, as findings on the plan."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence

from schemas.catalogue.model import Menu
from schemas.change import Action, Change, Risk
from schemas.device import Device, Limits, Mode
from schemas.path import MenuPath
from schemas.plan import Basis, DevicePlan, Finding, Severity

_FEW_ROWS = 10
"""Shares of fewer rows than this are noise."""


def guard_device(
    device: Device, plan: DevicePlan, menus: Mapping[MenuPath, Menu], rows: Mapping[MenuPath, int], limits: Limits
) -> Iterator[Finding]:
    """Findings on one device's changes. ``rows`` counts the rows of each menu as read."""
    if not plan.changes:
        return
    yield from _mode(device, plan.changes)
    yield from _capabilities(device, plan.changes, menus)
    yield from _removals(device, plan.changes, rows, limits)
    yield from _management(device, plan.changes)


def guard_fleet(devices: Sequence[Device], plans: Sequence[DevicePlan], limits: Limits) -> Iterator[Finding]:
    """Findings that concern the plan as a whole."""
    changed = [plan for plan in plans if plan.changes]
    if len(changed) > limits.devices:
        text = f"The plan changes {len(changed)} devices; the limit is {limits.devices}. Plan fewer devices at a time."
        yield Finding("limit", Severity.REFUSED, text)
    if any(plan.basis is not Basis.LIVE for plan in changed):
        yield Finding(
            "preview", Severity.INFO, "This is a preview; only a plan read live by the controller can be approved."
        )
    if len(changed) > 1:
        known = {device.name: device for device in devices}
        for plan in changed:
            device = known.get(plan.device)
            if device is not None and "professional-workflows" not in device.capabilities:
                yield _missing(device, "professional-workflows", "be changed together with other devices")


def doubled(devices: Iterable[Device]) -> Iterator[Finding]:
    """Two documents for one router: each would undo what the other says."""
    seen: dict[str, str] = {}
    for device in devices:
        serial = (f"serial number {device.expect.serial}",) if device.expect.serial else ()
        for name in (*device.addresses, *serial):
            first = seen.setdefault(name, device.name)
            if first != device.name:
                text = f"{first} and {device.name} are one router ({name}); their documents may undo each other."
                yield Finding("doubled", Severity.WARNING, text, device=device.name, location=device.origin)
                break


def _mode(device: Device, changes: Sequence[Change]) -> Iterator[Finding]:
    if device.mode is not Mode.MANAGE and changes:
        text = f"The device is in mode {device.mode.value}; nothing is written until it says mode: manage."
        yield Finding("mode", Severity.INFO, text, device=device.name, location=device.origin)


def _capabilities(device: Device, changes: Sequence[Change], menus: Mapping[MenuPath, Menu]) -> Iterator[Finding]:
    if "advanced-writes" not in device.capabilities:
        yield _missing(device, "advanced-writes", "be written to")
    needed = {(menus[change.path].capability, change.path) for change in changes if menus[change.path].capability}
    for capability, path in sorted((c, p) for c, p in needed if c is not None):
        if capability not in device.capabilities:
            yield _missing(device, capability, f"have {path} written", path)


def _missing(device: Device, capability: str, purpose: str, path: MenuPath | None = None) -> Finding:
    severity = Severity.REFUSED if device.mode is Mode.MANAGE else Severity.INFO
    text = f"The device needs the capability {capability} to {purpose}."
    return Finding("capability", severity, text, device=device.name, path=path, location=device.origin)


def _removals(
    device: Device, changes: Sequence[Change], rows: Mapping[MenuPath, int], limits: Limits
) -> Iterator[Finding]:
    removed = Counter(change.path for change in changes if change.action is Action.REMOVE)
    if removed.total() > limits.removes:
        text = f"The plan removes {removed.total()} rows; the limit is {limits.removes}."
        yield Finding("limit", Severity.REFUSED, text, device=device.name)
    for path, count in sorted(removed.items()):
        have = rows.get(path, 0)
        if have >= _FEW_ROWS and count > limits.remove_share * have:
            share = f"{limits.remove_share:.0%}"
            text = f"The plan removes {count} of {have} rows; the limit is {share} of a menu."
            yield Finding("limit", Severity.REFUSED, text, device=device.name, path=path)


def _management(device: Device, changes: Sequence[Change]) -> Iterator[Finding]:
    for change in changes:
        if change.risk is Risk.MANAGEMENT:
            text = (
                f"{change.action.value} {change.identity} could cut the controller off,"
                " and there is no fail-safe on the device yet. Do it by hand, then plan again."
            )
            yield Finding("management-path", Severity.REFUSED, text, device=device.name, path=change.path)


def refused(findings: Iterable[Finding]) -> bool:
    return any(finding.severity is Severity.REFUSED for finding in findings)
