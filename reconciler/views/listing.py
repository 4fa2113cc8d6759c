"""Status, outcomes and problems on a terminal."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

from reconciler.views.clean import clean
from reconciler.views.layout import table, wrapped
from reconciler.views.rows import nearest_sentence, number
from reconciler.views.style import PLAIN, Paint, Style
from schemas.change import Cause
from schemas.device import Device
from schemas.errors import InputError, PlumblineError, StalePlan
from schemas.location import Problem
from schemas.plan import DevicePlan
from schemas.rollout import Result, Rollout
from schemas.status import DeviceStatus

_WIDTH = 100


def device_status(device: Device, plan: DevicePlan) -> DeviceStatus:
    """Where a device stands, by its part of a fresh plan."""
    remarks = list(plan.notes)
    if plan.version and plan.schema_version and plan.version != plan.schema_version:
        remarks.insert(0, nearest_sentence(plan.version, plan.schema_version))
    return DeviceStatus(
        device=device.name,
        environment=device.environment,
        mode=device.mode,
        version=plan.version,
        schema_version=plan.schema_version,
        unmanaged=len(plan.unmanaged),
        pending=sum(change.cause is not Cause.DRIFT for change in plan.changes),
        drift=max(len(plan.drift), sum(change.cause is Cause.DRIFT for change in plan.changes)),
        unknown=plan.unknown,
        why=" ".join(remarks),
    )


def status_text(rows: Sequence[DeviceStatus], *, width: int = _WIDTH, style: Style = PLAIN) -> str:
    """A table, one line a device (more where the reason is long), and how many are in which state."""
    if not rows:
        return "No devices."
    heads = ("DEVICE", "ENVIRONMENT", "MODE", "VERSION", "STATE", "WHY")
    cells = [
        (row.device, row.environment, row.mode.value, row.version or "-", row.state, row.unknown or row.why)
        for row in rows
    ]
    paints = [_paint_of_state(row, style) for row in rows]
    unknown = sum(row.unknown is not None for row in rows)
    quiet = sum(row.state == "in sync" for row in rows)
    sums = (
        f"{number(len(rows), 'device')}: {quiet:,} in sync, {sum(row.pending > 0 for row in rows):,} pending, "
        f"{sum(row.drift > 0 for row in rows):,} drifted, {unknown:,} unknown."
    )
    return "\n".join([*table(heads, cells, paints, 4, width, style), "", style.title(sums)])


def outcomes_text(rollout: Rollout, *, width: int = _WIDTH, style: Style = PLAIN) -> str:
    """What became of every device of a rollout."""
    heads = ("DEVICE", "BATCH", "RESULT", "DONE", "WHY")
    cells = [
        (
            outcome.device,
            str(outcome.batch) if outcome.batch else "-",
            outcome.result.value,
            f"{outcome.done}/{outcome.planned}",
            outcome.message,
        )
        for outcome in rollout.outcomes
    ]
    paints = [_paint_of_result(outcome.result, style) for outcome in rollout.outcomes]
    tally = Counter(outcome.result for outcome in rollout.outcomes)
    sums = ", ".join(f"{tally[result]:,} {result.value}" for result in Result if tally[result]) or "no devices"
    lines = [*table(heads, cells, paints, 2, width, style), ""] if cells else []
    return "\n".join([*lines, style.title(f"Rollout {clean(rollout.id)}: {sums}.")])


def problems_text(problems: InputError | Iterable[Problem], *, width: int = _WIDTH, style: Style = PLAIN) -> str:
    """Every problem with its place, what to write instead below it, and the count last."""
    found = problems.problems if isinstance(problems, InputError) else tuple(problems)
    lines: list[str] = []
    for problem in found:
        place = f"{clean(str(problem.location))}: " if problem.location else ""
        first, *rest = wrapped(clean(problem.message), width, first=place, rest="  ")
        lines += [style.title(place) + style.refused(first[len(place) :]), *map(style.refused, rest)]
        if problem.hint:
            lines += map(style.info, wrapped(clean(problem.hint), width, first="  help: "))
    if len(found) > 1:
        files = {problem.location.file for problem in found if problem.location}
        where = f" in {number(len(files), 'file')}" if files else ""
        lines += ["", style.title(f"{number(len(found), 'problem')}{where}.")]
    return "\n".join(lines)


def error_text(error: PlumblineError, *, width: int = _WIDTH, style: Style = PLAIN) -> str:
    """Any error of ours, for people."""
    if isinstance(error, InputError):
        return problems_text(error, width=width, style=style)
    first, *rest = str(error).split("\n")
    lines = [style.refused(line) for line in wrapped(clean(first), width, rest="  ")]
    bullet = "  · " if isinstance(error, StalePlan) else "  "
    return "\n".join([*lines, *(line for text in rest for line in wrapped(clean(text), width, first=bullet))])


def _paint_of_state(row: DeviceStatus, style: Style) -> Paint:
    if row.unknown is not None:
        return style.refused
    return style.warning if row.pending or row.drift else style.info


def _paint_of_result(result: Result, style: Style) -> Paint:
    if result in (Result.CONFIRMED, Result.UNCHANGED):
        return style.info
    return style.muted if result is Result.SKIPPED else style.refused
