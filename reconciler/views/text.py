"""Plans and drift on a terminal: the diff people know, counts last."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from reconciler.views.layout import NAMES, batches_text, by_kind, more, names_text, notice_text, wrapped
from reconciler.views.rows import (
    ChangeRow,
    FieldRow,
    FindingRow,
    Group,
    Note,
    PlanView,
    changes_sentence,
    drift_view,
    number,
    plan_view,
)
from reconciler.views.style import PLAIN, Paint, Style
from schemas.change import Risk
from schemas.plan import Plan

_WIDTH = 100
_NOTICES = 20
_ARROW = "→"


def plan_text(plan: Plan, *, width: int = _WIDTH, style: Style = PLAIN) -> str:
    """The whole plan for a terminal of ``width`` characters, ending in its counts and what to run next."""
    view = plan_view(plan)
    return _joined(
        [
            *_groups(view.groups, width, style),
            *_about_the_rest(view, width, style),
            _findings(view.findings, width, style),
            list(_plan_summary(view, width, style)),
        ]
    )


def drift_text(plan: Plan, *, width: int = _WIDTH, style: Style = PLAIN) -> str:
    """What happened on the routers since they were last confirmed: before is what was, after what is now."""
    view = drift_view(plan)
    return _joined(
        [
            *_groups(view.groups, width, style),
            *_about_the_rest(view, width, style),
            list(_drift_summary(view, width, style)),
        ]
    )


def _joined(blocks: Sequence[Sequence[str]]) -> str:
    return "\n\n".join("\n".join(block) for block in blocks if block)


# Changes


def _groups(groups: Sequence[Group], width: int, style: Style) -> Iterator[list[str]]:
    for group in groups:
        yield [style.title(line) for line in wrapped(_group_title(group), width)]
        for change in group.changes:
            yield [*_header(change, width, style), *_body(change, width, style)]


def _group_title(group: Group) -> str:
    count = f"{number(len(group.devices), 'device')}: " if len(group.devices) > 1 else ""
    where = f" ({group.where})" if group.where else ""
    return f"{count}{names_text(group.devices, None)}{where}"


def _header(change: ChangeRow, width: int, style: Style) -> list[str]:
    paint = style.named(change.action.value)
    title = " ".join(part for part in (change.path, change.identity) if part)
    lines = [paint(line) for line in wrapped(title, width, first=f"  {change.action.sign} ")]
    if change.risk is not Risk.NORMAL:
        lines[-1] += "  " + style.warning(f"[{change.risk.value}]")
    asides = [change.about, change.place, change.why]
    return lines + [style.muted(line) for aside in asides if aside for line in wrapped(aside, width, first="      # ")]


def _body(change: ChangeRow, width: int, style: Style) -> Iterator[str]:
    paint = style.named(change.action.value)
    for row in change.fields:
        if row.before is not None and row.after is not None:
            yield from _pair(row, row.before, row.after, width, style)
        else:
            text = f"{row.name}: {row.after if row.before is None else row.before}"
            yield from (paint(line) for line in wrapped(text, width, first=" " * 6, rest=" " * 8))


def _pair(row: FieldRow, before: str, after: str, width: int, style: Style) -> Iterator[str]:
    name = f"      {row.name}: "
    if len(name) + len(before) + len(after) + 3 <= width:
        yield f"{name}{style.remove(before)} {_ARROW} {style.add(after)}"
        return
    yield name.rstrip()
    yield from (style.remove(line) for line in wrapped(before, width, first=" " * 10))
    yield from (style.add(line) for line in wrapped(after, width, first=f"        {_ARROW} "))


# What is left alone, and what is known about the plan


def _about_the_rest(view: PlanView, width: int, style: Style) -> Iterator[list[str]]:
    for title, rows in by_kind(view.notices):
        lines = [style.title(f"{title}:")]
        for row in rows[:_NOTICES]:
            text = _with_devices(notice_text(row), row.devices, view)
            lines += (style.muted(line) for line in wrapped(text, width, first="  · ", rest="    "))
        if len(rows) > _NOTICES:
            lines.append(style.muted(f"  {more(len(rows) - _NOTICES, 'row')}"))
        yield lines
    yield _notes("Notes:", view.notes, view, width, style.info, style)
    yield _notes("Unknown:", view.unknown, view, width, style.warning, style)


def _notes(title: str, notes: Sequence[Note], view: PlanView, width: int, paint: Paint, style: Style) -> list[str]:
    lines = [style.title(title)] if notes else []
    for note in notes:
        text = _with_devices(note.text, note.devices, view)
        lines += (paint(line) for line in wrapped(text, width, first="  · ", rest="    "))
    return lines


def _with_devices(text: str, devices: Sequence[str], view: PlanView) -> str:
    """Says whom a sentence is about, where that is not plain."""
    if not devices or view.total == 1:
        return text
    if len(devices) == view.total:
        return f"all devices: {text}"
    return f"{names_text(devices, NAMES)}: {text}"


def _findings(findings: Sequence[FindingRow], width: int, style: Style) -> list[str]:
    lines: list[str] = []
    for row in findings:
        paint = style.named(row.severity.value)
        who = names_text(row.devices, NAMES)
        place = ": ".join(part for part in (who, row.place) if part)
        text = f"{row.rule}: {place + ': ' if place else ''}{row.message}"
        lines += (paint(line) for line in wrapped(text, width, first=f"{row.severity.value.upper()} ", rest="  "))
    return lines


# Last lines


def _plan_summary(view: PlanView, width: int, style: Style) -> Iterator[str]:
    if view.counts.changes:
        yield from (style.title(line) for line in wrapped(f"Plan: {changes_sentence(view.counts)}.", width, rest="  "))
        if len(view.batches) > 1:
            yield from wrapped(f"Batches: {batches_text(view.batches)}.", width, rest="  ")
    else:
        yield style.title(_nothing(view, "Nothing to do", "as Git says"))
    if view.why_not:
        yield from (style.refused(line) for line in wrapped(view.why_not, width))
    elif view.counts.changes:
        short = view.digest[:8]
        yield f"Digest {short} at commit {view.commit[:8]}. To approve it: plumbline approve {short}"


def _drift_summary(view: PlanView, width: int, style: Style) -> Iterator[str]:
    counts = view.counts
    if not counts.changes:
        yield style.title(_nothing(view, "No drift", "as last confirmed"))
        return
    yield style.title(
        f"Drift: {counts.add:,} added, {counts.set:,} changed, {counts.remove:,} removed, {counts.move:,} moved"
        f" on {number(counts.devices, 'device')}."
    )
    yield from wrapped("To put it right: plumbline plan. To keep it: write it into Git.", width)


def _nothing(view: PlanView, verdict: str, state: str) -> str:
    unknown = sum(len(note.devices) for note in view.unknown)
    known = view.total - unknown
    rest = f"; {number(unknown, 'device')} unknown" if unknown else ""
    if not known and unknown:
        return f"Nothing is known of {number(unknown, 'device')}."
    return f"{verdict}: {number(known, 'device')} {'is' if known == 1 else 'are'} {state}{rest}."
