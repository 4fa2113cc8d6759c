"""The one row model: what a plan shows, before any face draws it. All text in it is clean and masked.

Devices that get equal changes stand in one group; equal findings and notices stand once, with their devices.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import chain
from typing import TypeVar

from reconciler.views.clean import HIDDEN, clean, pair_text, value_text
from schemas.change import Action, Cause, Change, Risk
from schemas.desired import SecretRef, Value
from schemas.plan import Basis, DevicePlan, Finding, Notice, Plan, Severity

_LONGEST_NAME = 160
_LONGEST_NEIGHBOUR = 48
_LONGEST_SENTENCE = 2_000
_ABOUT = ("chain", "action", "list", "name", "address", "interface")


@dataclass(frozen=True, slots=True)
class FieldRow:
    """One field. ``before`` is None in an add, ``after`` in a remove: there is only one side to show."""

    name: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True)
class ChangeRow:
    """One change. ``identity`` is "" for a singleton; ``about`` says what a row with a label is;
    ``place`` where an ordered row goes; ``why`` the reason where it is not simply that Git says so."""

    action: Action
    path: str
    identity: str
    about: str
    place: str
    fields: tuple[FieldRow, ...]
    why: str
    risk: Risk


@dataclass(frozen=True, slots=True)
class Counts:
    add: int = 0
    set: int = 0
    remove: int = 0
    move: int = 0
    devices: int = 0

    @property
    def changes(self) -> int:
        return self.add + self.set + self.remove + self.move


@dataclass(frozen=True, slots=True)
class Group:
    """Devices that get the same changes. ``where`` tells environments and RouterOS versions."""

    devices: tuple[str, ...]
    where: str
    changes: tuple[ChangeRow, ...]
    counts: Counts


@dataclass(frozen=True, slots=True)
class FindingRow:
    """``place`` is a menu or a file and line, or ""."""

    severity: Severity
    rule: str
    message: str
    place: str
    devices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class NoticeRow:
    """``kind`` is unmanaged, unverified, released or ignored."""

    kind: str
    path: str
    identity: str
    fields: tuple[str, ...]
    reason: str
    devices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence about some devices."""

    text: str
    devices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PlanView:
    """A plan (or the drift beside it) as it is shown. ``total`` counts all devices, ``why_not`` says why the
    plan cannot be approved, "" when it can."""

    digest: str
    commit: str
    total: int
    groups: tuple[Group, ...]
    counts: Counts
    findings: tuple[FindingRow, ...]
    notices: tuple[NoticeRow, ...]
    notes: tuple[Note, ...]
    unknown: tuple[Note, ...]
    batches: tuple[tuple[str, ...], ...]
    why_not: str

    @property
    def refused(self) -> tuple[FindingRow, ...]:
        return tuple(row for row in self.findings if row.severity is Severity.REFUSED)


def plan_view(plan: Plan) -> PlanView:
    """What there is to show of a plan's changes."""
    groups = _groups(plan.devices, lambda device: device.changes)
    return PlanView(
        digest=clean(plan.digest),
        commit=clean(plan.commit),
        total=len(plan.devices),
        groups=groups,
        counts=total_counts(groups),
        findings=_findings(plan.findings),
        notices=_notices(plan.devices),
        notes=_notes(plan.devices),
        unknown=_unknown(plan.devices),
        batches=tuple(tuple(clean(name) for name in batch) for batch in plan.batches if batch),
        why_not=_why_not(plan),
    )


def drift_view(plan: Plan) -> PlanView:
    """What there is to show of a plan's drift: what happened on the routers since they were last confirmed."""
    groups = _groups(plan.devices, lambda device: device.drift)
    view = plan_view(replace(plan, findings=(), batches=()))
    notices = tuple(row for row in view.notices if row.kind in ("unmanaged", "unverified"))
    return replace(view, groups=groups, counts=total_counts(groups), notices=notices, why_not="")


def total_counts(groups: Iterable[Group]) -> Counts:
    """The counts of several groups together, each of their devices counted."""
    sums: Counter[str] = Counter()
    for group in groups:
        for action in Action:
            sums[action.value] += getattr(group.counts, action.value) * len(group.devices)
        sums["devices"] += len(group.devices)
    return Counts(**sums)


def changes_sentence(counts: Counts) -> str:
    """``3 to add, 1 to set, 0 to remove, 1 to move on 2 devices``."""
    parts = ", ".join(f"{getattr(counts, action.value):,} to {action.value}" for action in Action)
    return f"{parts} on {number(counts.devices, 'device')}"


def number(count: int, noun: str) -> str:
    """``1 device``, ``2 devices``."""
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def change_row(change: Change) -> ChangeRow:
    """One change, clean and masked."""
    singleton = change.singleton or change.identity == change.path
    quiet = change.cause is Cause.COMMIT and change.action is not Action.REMOVE
    return ChangeRow(
        action=change.action,
        path=clean(change.path),
        identity="" if singleton else clean(change.identity, _LONGEST_NAME),
        about=_about(change),
        place=_place(change),
        fields=tuple(_fields(change)),
        why="" if quiet else clean(change.reason, _LONGEST_SENTENCE),
        risk=change.risk,
    )


def _fields(change: Change) -> Iterable[FieldRow]:
    if change.action is Action.REMOVE:
        for name, text in change.before.items():
            if text:
                yield FieldRow(clean(name), value_text(text, field=name), None)
        return
    for name, value in change.after.items():
        if change.action is Action.ADD:
            yield FieldRow(clean(name), None, value_text(value, field=name))
        else:
            before, after = _before_after(name, change.before.get(name), value)
            yield FieldRow(clean(name), before, after)


def _before_after(name: str, before: str | None, after: Value) -> tuple[str, str]:
    if isinstance(before, str) and isinstance(after, str) and value_text(before, field=name) != HIDDEN:
        return pair_text(before, after)
    if isinstance(after, SecretRef) or (before is None and after is None):
        return HIDDEN, HIDDEN if after is None else value_text(after)  # what a secret was is never known here
    return value_text(before, field=name), value_text(after, field=name)


def _about(change: Change) -> str:
    """What a row is that its label does not tell: ``chain=input action=drop``."""
    if change.label is None or change.action is Action.ADD:
        return ""
    values = {name: text for name, text in change.context.items() if text and name in _ABOUT}
    return clean(" ".join(f"{name}={values[name]}" for name in _ABOUT if name in values), _LONGEST_NAME)


def _place(change: Change) -> str:
    if change.neighbours is None:
        return ""
    previous, following = (clean(name, _LONGEST_NEIGHBOUR) for name in change.neighbours)
    words = []
    if previous:
        words.append(f"after '{previous}'")
    if following:
        words.append(f"before '{following}'")
    if not words:
        return "the only one of ours"
    return ", ".join(words) + ("" if len(words) == 2 else ", last of ours" if previous else ", first of ours")


# Groups


def _groups(devices: Sequence[DevicePlan], pick: Callable[[DevicePlan], tuple[Change, ...]]) -> tuple[Group, ...]:
    together: dict[Hashable, list[DevicePlan]] = {}
    for device in devices:
        if pick(device):
            together.setdefault(_effect(pick(device)), []).append(device)
    return tuple(_group(members, pick(members[0])) for members in together.values())


def _effect(changes: tuple[Change, ...]) -> Hashable:
    """Equal for devices that get the same: everything that is shown, and nothing that is not (``.id``s, times)."""
    return tuple(
        (
            change.path,
            change.action,
            change.identity,
            tuple(change.before.items()),
            tuple(change.after.items()),
            change.neighbours,
            change.cause,
            change.risk,
            change.reason,
            change.label,
            _about(change),
        )
        for change in changes
    )


def _group(members: Sequence[DevicePlan], changes: Sequence[Change]) -> Group:
    tally = Counter(change.action.value for change in changes)
    environments = _distinct(clean(member.environment) for member in members)
    versions = _distinct(clean(member.version) for member in members)
    where = [", ".join(environments)] if environments else []
    if versions:
        where.append(f"RouterOS {', '.join(versions)}")
    return Group(
        devices=tuple(clean(member.device) for member in members),
        where=", ".join(where),
        changes=tuple(change_row(change) for change in changes),
        counts=Counts(**tally, devices=1),
    )


def _distinct(texts: Iterable[str]) -> list[str]:
    return sorted({text for text in texts if text})


# Findings, notices and notes: each once, with its devices

_Row = TypeVar("_Row", FindingRow, NoticeRow, Note)


def _merged(rows: Iterable[_Row]) -> tuple[_Row, ...]:
    together: dict[_Row, list[str]] = {}
    for row in rows:
        together.setdefault(replace(row, devices=()), []).extend(row.devices)
    return tuple(replace(row, devices=tuple(names)) for row, names in together.items())


def _findings(findings: Iterable[Finding]) -> tuple[FindingRow, ...]:
    order = (Severity.REFUSED, Severity.WARNING, Severity.INFO)
    rows = _merged(_finding(finding) for finding in findings)
    return tuple(sorted(rows, key=lambda row: order.index(row.severity)))


def _finding(finding: Finding) -> FindingRow:
    place = str(finding.location or finding.path or "")
    return FindingRow(
        severity=finding.severity,
        rule=clean(finding.rule),
        message=clean(finding.message, _LONGEST_SENTENCE),
        place=clean(place),
        devices=(clean(finding.device),) if finding.device else (),
    )


def _notices(devices: Sequence[DevicePlan]) -> tuple[NoticeRow, ...]:
    kinds: tuple[tuple[str, Callable[[DevicePlan], tuple[Notice, ...]]], ...] = (
        ("unmanaged", lambda device: device.unmanaged),
        ("unverified", lambda device: device.unverified),
        ("released", lambda device: device.released),
        ("ignored", lambda device: device.ignored),
    )
    return _merged(_notice(kind, device, item) for kind, pick in kinds for device in devices for item in pick(device))


def _notice(kind: str, device: DevicePlan, notice: Notice) -> NoticeRow:
    return NoticeRow(
        kind=kind,
        path=clean(notice.path),
        identity="" if notice.identity == notice.path else clean(notice.identity, _LONGEST_NAME),
        fields=tuple(clean(name) for name in notice.fields),
        reason=clean(notice.reason, _LONGEST_SENTENCE),
        devices=(clean(device.device),),
    )


def _notes(devices: Sequence[DevicePlan]) -> tuple[Note, ...]:
    nearest = (
        Note(nearest_sentence(device.version, device.schema_version), (clean(device.device),))
        for device in devices
        if device.schema_version and device.version and device.schema_version != device.version
    )
    said = (
        Note(clean(text, _LONGEST_SENTENCE), (clean(device.device),)) for device in devices for text in device.notes
    )
    return _merged(chain(nearest, said))


def nearest_sentence(version: str, schema_version: str) -> str:
    """Says that another version's facts were used."""
    return (
        f"RouterOS {clean(version)} is not in the catalogue; "
        f"the facts of the nearest version, {clean(schema_version)}, were used."
    )


def _unknown(devices: Sequence[DevicePlan]) -> tuple[Note, ...]:
    return _merged(
        Note(clean(device.unknown, _LONGEST_SENTENCE), (clean(device.device),))
        for device in devices
        if device.unknown is not None
    )


def _why_not(plan: Plan) -> str:
    if plan.refusals:
        count = number(len(_findings(plan.refusals)), "finding")
        return f"This plan is refused ({count}) and cannot be approved."
    if any(finding.rule == "mode" for finding in plan.findings):
        return "Some of these devices are not managed yet, so this plan cannot be approved; set mode: manage first."
    bases = {device.basis for device in plan.changed}
    if Basis.APPLIED in bases:
        return (
            "This plan was not read from the routers and cannot be approved; make it again where they can be reached."
        )
    if Basis.PREVIEW in bases:
        return "This plan is a preview and cannot be approved; make it again on the controller."
    return ""
