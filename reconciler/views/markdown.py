"""Plans and drift for pull requests: summary first, refusals, then the changes folded away.

Text of devices stands in code only, where neither Markdown nor HTML nor a mention means anything.
"""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Iterator, Sequence

from reconciler.views.layout import NAMES, batches_text, by_kind, names_text, notice_text, wrapped
from reconciler.views.rows import (
    ChangeRow,
    FieldRow,
    FindingRow,
    Group,
    PlanView,
    changes_sentence,
    drift_view,
    number,
    plan_view,
)
from schemas.change import Action, Risk
from schemas.plan import Plan, Severity

LIMIT = 60_000
"""Forges refuse comments of 65,536 characters and more."""

_RESERVE = 400
_ITEMS = 30
_LONGEST_ITEM = 600
_SEVERITY = {Severity.REFUSED: "Refused", Severity.WARNING: "Warning", Severity.INFO: "Note"}
_DIFF_SIGN = {Action.ADD: "+", Action.SET: "!", Action.REMOVE: "-", Action.MOVE: "↕"}
"""``!`` and not ``~``: it is what a diff block colours."""


def plan_markdown(plan: Plan, *, limit: int = LIMIT) -> str:
    """A plan for a pull request, under ``limit`` characters; what is not shown is counted."""
    view = plan_view(plan)
    head = [_plan_title(view), *_findings(view)]
    if view.why_not:
        head.append(f"**{view.why_not}**")
    return _cut(head, view, _plan_foot(view), limit)


def drift_markdown(plan: Plan, *, limit: int = LIMIT) -> str:
    """Drift for an issue or a comment, under ``limit`` characters; what is not shown is counted."""
    view = drift_view(plan)
    counts = view.counts
    title = (
        f"### Drift: {counts.add:,} added, {counts.set:,} changed, {counts.remove:,} removed, {counts.move:,} moved"
        f" on {number(counts.devices, 'device')}"
        if counts.changes
        else "### No drift"
    )
    return _cut([title, *_unknown_count(view)], view, [], limit)


def code(text: str) -> str:
    """A code span that holds any one-line text as it is."""
    if not text:
        return ""
    fence = "`" * (_longest_run(text) + 1)
    edge = " " if text.startswith(("`", " ")) or text.endswith(("`", " ")) else ""
    return f"{fence}{edge}{text}{edge}{fence}"


def block(lines: Sequence[str], language: str = "") -> str:
    """A fenced block that no line inside can close."""
    fence = "`" * max(3, max(map(_longest_run, lines), default=0) + 1)
    return "\n".join([f"{fence}{language}", *lines, fence])


def _longest_run(text: str) -> int:
    return max((len(run) for run in re.findall("`+", text)), default=0)


def _details(summary: str, body: str) -> str:
    """``summary`` is plain text; it stands in an HTML block, where only HTML has to be escaped."""
    return f"<details><summary><code>{html.escape(summary)}</code></summary>\n\n{body}\n\n</details>"


# Head


def _plan_title(view: PlanView) -> str:
    if not view.counts.changes:
        title = "### Plan: nothing to do"
        return "\n\n".join([title, *_unknown_count(view)])
    title = f"### Plan: {changes_sentence(view.counts)}"
    facts = f"Digest {code(view.digest[:8])} at commit {code(view.commit[:8])}."
    return "\n\n".join([title, facts, *_unknown_count(view)])


def _unknown_count(view: PlanView) -> list[str]:
    unknown = sum(len(note.devices) for note in view.unknown)
    return [f"**{number(unknown, 'device')} unknown**, see below."] if unknown else []


def _findings(view: PlanView) -> Iterator[str]:
    for severity, word in _SEVERITY.items():
        rows = [row for row in view.findings if row.severity is severity]
        if rows:
            yield "\n".join([f"**{word}**\n", *_items(_finding(row) for row in rows)])


def _finding(row: FindingRow) -> str:
    parts = [row.rule, names_text(row.devices, NAMES), row.place, row.message]
    return ": ".join(part for part in parts if part)


def _items(texts: Iterable[str]) -> list[str]:
    found = list(texts)
    lines = [f"- {code(_shortened(text))}" for text in found[:_ITEMS]]
    if len(found) > _ITEMS:
        lines.append(f"- {len(found) - _ITEMS:,} more are not shown here.")
    return lines


def _shortened(text: str) -> str:
    return text if len(text) <= _LONGEST_ITEM else text[: _LONGEST_ITEM - 1] + "…"


# Body


def _group(group: Group) -> tuple[str, list[str]]:
    names = f"{number(len(group.devices), 'device')}: {names_text(group.devices, 5)}"
    if len(group.devices) == 1:
        names = group.devices[0]
    counts = " ".join(f"{a.sign}{getattr(group.counts, a.value)}" for a in Action if getattr(group.counts, a.value))
    where = f" ({group.where})" if group.where else ""
    lines = [line for change in group.changes for line in _change(change)]
    if len(group.devices) > 5:
        lines = [*wrapped(", ".join(group.devices), 100, first="# ", rest="# "), *lines]
    return f"{names}{where}  {counts}", lines


def _change(change: ChangeRow) -> Iterator[str]:
    sign = _DIFF_SIGN[change.action]
    risk = f"  [{change.risk.value}]" if change.risk is not Risk.NORMAL else ""
    yield f"{sign} " + " ".join(part for part in (change.path, change.identity) if part) + risk
    yield from (f"#     {aside}" for aside in (change.about, change.place, change.why) if aside)
    yield from (f"{sign}     {_field(row)}" for row in change.fields)


def _field(row: FieldRow) -> str:
    if row.before is not None and row.after is not None:
        return f"{row.name}: {row.before} → {row.after}"
    return f"{row.name}: {row.after if row.before is None else row.before}"


def _plan_foot(view: PlanView) -> list[str]:
    if len(view.batches) < 2 or not view.counts.changes:
        return []
    return [f"Batches: {code(_shortened(batches_text(view.batches)))}"]


def _rest(view: PlanView) -> Iterator[str]:
    if view.unknown:
        yield "\n".join(
            ["**Unknown**\n", *_items(f"{names_text(note.devices, NAMES)}: {note.text}" for note in view.unknown)]
        )
    if view.notes:
        yield "\n".join(
            ["**Notes**\n", *_items(f"{names_text(note.devices, NAMES)}: {note.text}" for note in view.notes)]
        )
    for title, rows in by_kind(view.notices):
        texts = [f"{names_text(row.devices, 5)}: {notice_text(row)}" for row in rows]
        yield _details(f"{title}: {len(rows):,}", "\n".join(_items(texts)))


# Size


def _cut(head: Sequence[str], view: PlanView, foot: Sequence[str], limit: int) -> str:
    """Whole parts as long as they fit; of changes as many lines as fit; then a sentence that counts the rest."""
    pages = _Page(limit - _RESERVE)
    for part in head:
        pages.put(part)
    hidden_changes = hidden_devices = 0
    for group in view.groups:
        if not pages.put_group(group):
            hidden_devices += len(group.devices)
            hidden_changes += group.counts.changes * len(group.devices)
    for part in (*foot, *_rest(view)):
        pages.put(part)
    if hidden_changes:
        pages.parts.append(
            f"**Not shown here, or cut short: {number(hidden_changes, 'change')} on "
            f"{number(hidden_devices, 'device')}.** The command line and its JSON show all."
        )
    if pages.refused:
        pages.parts.append("Some remarks are not shown here; the command line and its JSON show all.")
    return "\n\n".join(pages.parts) + "\n"


class _Page:
    """Parts with a blank line between, in at most ``room`` characters."""

    def __init__(self, room: int) -> None:
        self.parts: list[str] = []
        self.room = room
        self.refused = 0
        """How many parts found no room."""

    def put(self, part: str) -> bool:
        size = len(part) + 2
        if size > self.room:
            self.refused += 1
            return False
        self.parts.append(part)
        self.room -= size
        return True

    def put_group(self, group: Group) -> bool:
        """False when not all of it found room."""
        summary, lines = _group(group)
        kept, used = 0, len(_details(summary, block([], "diff"))) + 2 * max(map(_longest_run, lines), default=0)
        for line in lines:
            used += len(line) + 1
            if used + 80 > self.room:
                break
            kept += 1
        if kept == len(lines):
            return self.put(_details(summary, block(lines, "diff")))
        if kept:
            shown = [*lines[:kept], f"# … and {len(lines) - kept:,} more lines"]
            self.put(_details(summary, block(shown, "diff")))
        return False
