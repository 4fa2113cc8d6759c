"""Order inside one menu: gives adds their place and adds the moves."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from reconciler.decide.match import Matching, RowView
from reconciler.decide.naming import entry_name, row_name
from reconciler.decide.normalise import Normaliser
from reconciler.decide.sequence import Placement, Slot, place
from reconciler.decide.steps import REASONS, MenuDiff, Step
from schemas.change import Action, Cause
from schemas.desired import DesiredEntry, DesiredMenu, Side
from schemas.observed import AppliedEntry, ObservedMenu, Row


def arrange(
    desired: DesiredMenu,
    observed: ObservedMenu,
    matching: Matching,
    adds: Mapping[int, Step | None],
    applied: Sequence[AppliedEntry],
    norm: Normaliser,
    result: MenuDiff,
) -> None:
    views = {id(entry): view for entry, view in matching.pairs}
    steps = {id(step): step for step in adds.values() if step is not None}
    removed = {step.row.index for step in result.steps if step.action is Action.REMOVE and step.row}
    # Sets come before adds and moves, so a row of ours stands in the order scope that it will have.
    scopes = {view.index: _scope_of_entry(entry, norm) for entry, view in matching.pairs}
    table = [
        Slot(index, scopes.get(index) or _scope_of_row(row, norm), row.get("dynamic") == "true")
        for index, row in enumerate(observed.rows)
    ]
    wanted: list[tuple[int | tuple[str, int], str]] = []
    entries: dict[object, DesiredEntry] = {}
    for entry in desired.entries:
        token: int | tuple[str, int] | None = None
        if id(entry) in views:
            token = views[id(entry)].index
        elif (step := adds.get(id(entry))) is not None:
            token = ("add", id(step))
        if token is not None:
            wanted.append((token, _scope_of_entry(entry, norm)))
            entries[token] = entry
    beside = _beside(desired, observed, norm, result)
    placements = place(table, wanted, side=desired.place.side if desired.place else None, beside=beside)
    if desired.place is None:
        _refuse_among_strangers(placements, wanted, table, observed, removed, norm, result)
    by_index = {view.index: view for view in views.values()}
    for item in placements:
        _apply_placement(item, observed, by_index, steps, entries, applied, norm, result)


def _apply_placement(
    item: Placement,
    observed: ObservedMenu,
    by_index: Mapping[int, RowView],
    steps: Mapping[int, Step],
    entries: Mapping[object, DesiredEntry],
    applied: Sequence[AppliedEntry],
    norm: Normaliser,
    result: MenuDiff,
) -> None:
    menu = norm.menu
    names = [entry_name(menu, entries[n]) if n in entries else "" for n in item.neighbours]
    neighbours = (names[0], names[1])
    anchor: RowView | Step | None = None
    if isinstance(item.before, tuple):
        anchor = steps[item.before[1]]
    elif isinstance(item.before, int):
        row = observed.rows[item.before]
        anchor = by_index.get(item.before) or RowView(item.before, row, norm.content(row))
    if item.new and isinstance(item.token, tuple):
        step = steps[item.token[1]]
        step.anchor, step.neighbours = anchor, neighbours
    elif isinstance(item.token, int):
        view = by_index[item.token]
        moved = Step(Action.MOVE, entry_name(menu, entries[item.token]), menu, row=view, entry=entries[item.token])
        moved.anchor, moved.neighbours = anchor, neighbours
        moved.cause = Cause.DRIFT if _applied_in_order(entries, applied, norm) else Cause.COMMIT
        moved.reason = REASONS[moved.cause]
        result.steps.append(moved)


def _applied_in_order(
    entries: Mapping[object, DesiredEntry], applied: Sequence[AppliedEntry], norm: Normaliser
) -> bool:
    """Whether Applied held these rows in the order Git still wants, so that the router moved them."""
    places: dict[str, int] = {}
    for rank, row in enumerate(applied):
        places.setdefault(row_name(norm.menu, row.fields) if not row.label else f"$id {row.label}", rank)
    ranks = []
    for entry in entries.values():
        name = f"$id {entry.label}" if entry.label else entry_name(norm.menu, entry)
        if name in places:
            ranks.append(places[name])
    return bool(ranks) and ranks == sorted(ranks)


def _scope_of_row(row: Row, norm: Normaliser) -> str:
    name = norm.menu.order_scope
    return norm.canonical(name, row.get(name, "")) if name else ""


def _scope_of_entry(entry: DesiredEntry, norm: Normaliser) -> str:
    name = norm.menu.order_scope
    value = entry.fields.get(name) if name else None
    return norm.canonical(name, value) if name and isinstance(value, str) else ""


def _beside(desired: DesiredMenu, observed: ObservedMenu, norm: Normaliser, result: MenuDiff) -> int | None:
    if desired.place is None or desired.place.side not in (Side.BEFORE, Side.AFTER):
        return None
    selector = desired.place.match
    found = [
        index
        for index, row in enumerate(observed.rows)
        if row.get("dynamic") != "true" and selector.matches(row, norm.canonical)
    ]
    if len(found) == 1:
        return found[0]
    count = "no row" if not found else f"{len(found)} rows"
    text = f"{desired.path}: place selects {count} on the device ({selector}), it must select exactly one."
    result.problems.append((text, desired.origin))
    return None


def _refuse_among_strangers(
    placements: Sequence[Placement],
    wanted: Sequence[tuple[object, str]],
    table: Sequence[Slot],
    observed: ObservedMenu,
    removed: set[int],
    norm: Normaliser,
    result: MenuDiff,
) -> None:
    """Rows of others in the same order scope: where ours go among them must be said, not guessed."""
    ours = {token for token, _ in wanted}
    scopes = {scope for token, scope in wanted if any(item.token == token for item in placements)}
    for scope in sorted(scopes):
        strangers = [
            row_name(norm.menu, observed.rows[slot.token])
            for slot in table
            if slot.scope == scope and not slot.dynamic and slot.token not in ours and slot.token not in removed
            if isinstance(slot.token, int)
        ]
        if strangers:
            shown = "; ".join(strangers[:3]) + (" …" if len(strangers) > 3 else "")
            text = (
                f"Rows that are not ours stand in {norm.menu.order_scope or 'the table'} {scope}"
                f" ({shown}). Say place: first, last, before or after a row, or declare them."
            )
            result.refusals.append(("place", text))
