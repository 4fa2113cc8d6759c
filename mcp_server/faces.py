"""From what verbs return to what tools answer; every text that others wrote passes ``clean_text`` or the views."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from mcp_server.answers import (
    BUDGET,
    ChangeData,
    ChangeOut,
    CountsOut,
    DeviceState,
    DriftAnswer,
    DriftState,
    Facts,
    FieldChange,
    FindingOut,
    PlanAnswer,
    ProposalAnswer,
    ProposalData,
    ProposalRow,
    ProposalsAnswer,
    RequestAnswer,
    RowsAnswer,
    Said,
    StatusAnswer,
    UnknownOut,
    UnmanagedData,
    UnmanagedOut,
    within,
)
from mcp_server.untrusted import clean_row, clean_text
from reconciler.operations.devices import DeviceRows
from reconciler.operations.proposing import Proposals, Proposed, Requested
from reconciler.operations.watching import DriftReport, Status
from reconciler.views.rows import ChangeRow, Counts, FindingRow, PlanView, change_row, plan_view
from schemas.plan import DevicePlan, Plan
from schemas.status import DeviceStatus

_MOST_FINDINGS = 50
_MOST_UNMANAGED = 50
_LONGEST_DIFF = 8_000
_LONGEST_MESSAGE = 2_000


def status_answer(status: Status, total: int, offset: int, live: bool, now: datetime.datetime) -> StatusAnswer:
    devices, left = within([_device_state(each) for each in status.devices], offset)
    return StatusAnswer(
        total=total,
        offset=offset,
        next_offset=_following(offset, len(devices), total, left),
        commit=status.commit,
        read_from_routers=live,
        observed_at=status.at.isoformat(),
        age_s=_age(status.at, now),
        devices=devices,
    )


def rows_answer(read: DeviceRows, offset: int, now: datetime.datetime) -> RowsAnswer:
    rows: list[dict[str, str]] = []
    left = BUDGET
    for row in map(clean_row, read.rows):
        left -= sum(len(name) + len(text) + 6 for name, text in row.items())
        if left < 0 and rows:
            break
        rows.append(row)
    return RowsAnswer(
        total=read.total,
        offset=offset,
        next_offset=_following(offset, len(rows), read.total, None),
        device=read.device,
        menu=read.path,
        observed_at=read.at.isoformat(),
        age_s=_age(read.at, now),
        device_data=rows,
    )


def drift_answer(report: DriftReport, offset: int, limit: int, now: datetime.datetime) -> DriftAnswer:
    every = [_change(change_row(change), [part.device]) for part in report.devices for change in part.drift]
    changes, left = within(every[offset : offset + limit], offset)
    foreign = [
        UnmanagedOut(device=part.device, menu=row.path, device_data=UnmanagedData(identity=clean_text(row.identity)))
        for part in report.devices
        for row in part.unmanaged
    ]
    return DriftAnswer(
        total=len(every),
        offset=offset,
        next_offset=_following(offset, len(changes), len(every), left),
        commit=report.commit,
        observed_at=report.at.isoformat(),
        age_s=_age(report.at, now),
        devices=[_drift_state(part) for part in report.devices],
        changes=changes,
        unmanaged=foreign[:_MOST_UNMANAGED],
    )


def plan_answer(plan: Plan, offset: int, limit: int, now: datetime.datetime) -> PlanAnswer:
    view = plan_view(plan)
    every = [_change(row, group.devices) for group in view.groups for row in group.changes]
    changes, left = within(every[offset : offset + limit], offset)
    return PlanAnswer(
        total=len(every),
        offset=offset,
        next_offset=_following(offset, len(changes), len(every), left),
        digest=plan.digest,
        commit=plan.commit,
        basis=_basis(plan),
        approvable=bool(plan.changed) and not view.why_not,
        why_not=view.why_not or ("" if plan.changed else "There is nothing to do."),
        observed_at=plan.created.isoformat(),
        age_s=_age(plan.created, now),
        summary=_counts(view.counts),
        batches=[list(batch) for batch in view.batches],
        findings=_findings(view.findings),
        unknown=_unknown(view),
        changes=changes,
    )


def proposal_answer(proposed: Proposed, limit: int, now: datetime.datetime) -> ProposalAnswer:
    return ProposalAnswer(
        branch=proposed.branch,
        commit=proposed.commit,
        base=proposed.base,
        document=proposed.document,
        plan=plan_answer(proposed.plan, 0, limit, now) if proposed.plan else None,
        device_data=ProposalData(
            document_diff=_diff(proposed.diff), message=clean_text(proposed.unplanned, _LONGEST_MESSAGE)
        ),
    )


def proposals_answer(found: Proposals, offset: int, limit: int) -> ProposalsAnswer:
    every = [
        ProposalRow(
            branch=each.branch,
            commit=each.commit,
            title=clean_text(each.title),
            author=clean_text(each.author),
            agent=clean_text(each.agent),
            created=each.created.isoformat(),
            documents=[clean_text(path) for path in each.documents],
        )
        for each in found.proposals
    ]
    rows, left = within(every[offset : offset + limit], offset)
    return ProposalsAnswer(
        total=len(every), offset=offset, next_offset=_following(offset, len(rows), len(every), left), proposals=rows
    )


def request_answer(requested: Requested) -> RequestAnswer:
    view = plan_view(requested.plan)
    return RequestAnswer(
        state=requested.state,
        digest=requested.plan.digest,
        commit=requested.plan.commit,
        approvals_needed=requested.approvals,
        command=requested.command,
        summary=_counts(view.counts),
        batches=[list(batch) for batch in view.batches],
        findings=_findings(view.findings),
    )


def _following(offset: int, shown: int, total: int, left: int | None) -> int | None:
    """The offset of the next page; ``left`` is where the budget of this one ended."""
    if left is not None:
        return left
    return offset + shown if offset + shown < total else None


def _age(at: datetime.datetime, now: datetime.datetime) -> float:
    return round(max((now - at).total_seconds(), 0.0), 1)


def _device_state(status: DeviceStatus) -> DeviceState:
    message = status.unknown if status.unknown is not None else status.why
    return DeviceState(
        device=status.device,
        environment=status.environment,
        mode=status.mode.value,
        state=status.state,
        pending=status.pending,
        drifted=status.drift,
        unmanaged=status.unmanaged,
        applied_commit=status.applied_commit,
        enrolled=status.enrolled,
        last_result=status.last_result,
        device_data=Facts(
            model=clean_text(status.model, 64),
            version=clean_text(status.version, 64),
            message=clean_text(message, _LONGEST_MESSAGE),
        ),
    )


def _drift_state(part: DevicePlan) -> DriftState:
    return DriftState(
        device=part.device,
        state="unknown" if part.unknown else "drifted" if part.drift else "in-sync",
        drifted=len(part.drift),
        unmanaged=len(part.unmanaged),
        device_data=Said(message=clean_text(part.unknown or "", _LONGEST_MESSAGE)),
    )


def _change(row: ChangeRow, devices: Iterable[str]) -> ChangeOut:
    return ChangeOut(
        devices=list(devices),
        action=row.action.value,
        menu=row.path,
        risk=row.risk.value,
        device_data=ChangeData(
            identity=clean_text(row.identity),
            place=clean_text(row.place),
            why=clean_text(row.why),
            fields=[
                FieldChange(name=clean_text(field.name, 64), before=_side(field.before), after=_side(field.after))
                for field in row.fields
            ],
        ),
    )


def _side(text: str | None) -> str | None:
    return None if text is None else clean_text(text)


def _findings(rows: Sequence[FindingRow]) -> list[FindingOut]:
    return [
        FindingOut(
            severity=row.severity.value,
            rule=row.rule,
            place=row.place,
            devices=list(row.devices),
            device_data=Said(message=clean_text(row.message, _LONGEST_MESSAGE)),
        )
        for row in rows[:_MOST_FINDINGS]
    ]


def _unknown(view: PlanView) -> list[UnknownOut]:
    return [
        UnknownOut(devices=list(note.devices), device_data=Said(message=clean_text(note.text, _LONGEST_MESSAGE)))
        for note in view.unknown
    ]


def _counts(counts: Counts) -> CountsOut:
    return CountsOut(add=counts.add, set=counts.set, remove=counts.remove, move=counts.move, devices=counts.devices)


def _basis(plan: Plan) -> str:
    """The weakest basis of any part that changes; ``live`` where nothing changes."""
    found = {part.basis.value for part in plan.changed or plan.devices}
    return next((basis for basis in ("applied", "preview") if basis in found), "live")


def _diff(lines: Sequence[str]) -> str:
    """Each line on its own, cleaned; cut where it grows too long."""
    shown: list[str] = []
    left = _LONGEST_DIFF
    for line in lines:
        text = clean_text(line)
        left -= len(text) + 1
        if left < 0:
            shown.append("… the rest is on the branch")
            break
        shown.append(text)
    return "\n".join(shown)
