"""One menu: desired against observed, by identity, ownership and order.

The result is what would have to be done (steps, not yet ordered across menus) and what is left alone
and told about. ``decide.order`` numbers the steps.
"""

from __future__ import annotations

import datetime
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from reconciler.decide.arrange import arrange
from reconciler.decide.compare import Comparer
from reconciler.decide.match import Matching, RowView, match
from reconciler.decide.naming import entry_name, row_name
from reconciler.decide.normalise import Normaliser, normaliser
from reconciler.decide.settled import is_settled
from reconciler.decide.steps import REASONS, MenuDiff, SecretState, Step, made_by_router
from schemas.catalogue.model import Kind, Menu, Order, Unset
from schemas.change import Action, Cause
from schemas.desired import DesiredEntry, DesiredMenu, Prune, Scope, Value
from schemas.observed import AppliedEntry, ObservedMenu, Row
from schemas.plan import Notice

_Key = tuple[str | None, ...]


def diff_menu(
    menu: Menu,
    desired: DesiredMenu,
    observed: ObservedMenu,
    applied: Sequence[AppliedEntry] = (),
    *,
    secrets: SecretState = lambda _identity, _field, _secret: None,
    today: datetime.date,
) -> MenuDiff:
    """Compare one menu. ``applied`` holds what was last confirmed, empty when nothing was."""
    norm = normaliser(menu)
    result = MenuDiff(menu, rows=len(observed.rows))
    if menu.singleton:
        _diff_singleton(desired, observed, applied, norm, secrets, result)
        return result
    if is_settled(desired, observed, applied, norm):
        result.confirmed = True
        return result
    ignores = tuple(ignore for ignore in desired.ignores if ignore.until is None or today <= ignore.until)
    matching, scopes = _matching(desired, observed, applied, norm, result)
    _refuse_both_names(matching, norm, result)
    compare = Comparer(norm, desired, ignores, secrets, result)
    for entry, view in matching.pairs:
        compare.pair(entry, view, matching.wanted.get(id(entry)) or norm.wanted(entry))
    adds = {id(entry): _add(entry, applied, norm, result) for entry in matching.missing}
    _remove(desired, matching, scopes, norm, result)
    if menu.order is Order.EVALUATED:
        arrange(desired, observed, matching, adds, applied, norm, result)
    result.confirmed = _is_confirmed(matching, applied)
    return result


def _is_confirmed(matching: Matching, applied: Sequence[AppliedEntry]) -> bool:
    return (
        len(applied) == len(matching.pairs)
        and not matching.missing
        and all(v.applied is not None and v.applied.fields.items() <= v.row.items() for _, v in matching.pairs)
        and [id(v.applied) for _, v in sorted(matching.pairs, key=lambda pair: pair[1].index)] == list(map(id, applied))
    )


def _matching(
    desired: DesiredMenu,
    observed: ObservedMenu,
    applied: Sequence[AppliedEntry],
    norm: Normaliser,
    result: MenuDiff,
) -> tuple[Matching, Mapping[int, Scope]]:
    """Entries paired with rows, and the scope of each row in ours."""
    scoped = _rows_in_scope(desired, observed, norm)
    entries = [entry for entry in desired.entries if not entry.absent and entry.match is None]
    if norm.menu.kind is Kind.FIXED:
        matching = _match_fixed(entries, scoped, norm, applied)
    else:
        matching = match(entries, [view for view, _ in scoped], applied, norm)
    _match_selected(desired, matching, norm, result)
    return matching, {view.index: scope for view, scope in scoped}


def _refuse_both_names(matching: Matching, norm: Normaliser, result: MenuDiff) -> None:
    """``$renamed-from`` where the new and the former row both are there."""
    renamed = [entry for entry, _ in matching.pairs if entry.renamed_from]
    left = {norm.key(view.row) for view in matching.extra} if renamed else set()
    former_of = {norm.key(entry.fields): norm.key({**entry.fields, **entry.renamed_from}) for entry in renamed}
    there = {norm.key(view.row) for _, view in matching.pairs} if renamed else set()
    for entry in renamed:
        if former_of[norm.key(entry.fields)] in left or _goes_round(norm.key(entry.fields), former_of, there):
            former = " ".join(entry.renamed_from.values())
            text = f"{norm.menu.path}: {entry_name(norm.menu, entry)} and its former {former} are both on the device."
            result.problems.append((f"{text} Remove one of them, or $renamed-from.", entry.origin))


def _goes_round(start: _Key, former_of: Mapping[_Key, _Key], there: Collection[_Key]) -> bool:
    """Whether names were exchanged, all of which rows have: nobody can tell whether that was done already."""
    seen, name = set[_Key](), start
    while name in former_of and name in there and name not in seen:
        seen.add(name)
        name = former_of[name]
    return name == start and bool(seen)


def _diff_singleton(
    desired: DesiredMenu,
    observed: ObservedMenu,
    applied: Sequence[AppliedEntry],
    norm: Normaliser,
    secrets: SecretState,
    result: MenuDiff,
) -> None:
    for entry in desired.entries:
        row = observed.rows[0] if observed.rows else {}
        view = RowView(0, row, norm.content(row), ours=True, applied=applied[0] if applied else None)
        result.confirmed = view.applied is not None and view.applied.fields.items() <= row.items()
        Comparer(norm, replace(desired, written_only=True), (), secrets, result).pair(entry, view, norm.wanted(entry))


def _rows_in_scope(desired: DesiredMenu, observed: ObservedMenu, norm: Normaliser) -> list[tuple[RowView, Scope]]:
    """Rows that may be ours, each with its narrowest scope; dynamic rows belong to the router."""
    found = []
    scopes = sorted(desired.scopes, key=lambda scope: -len(scope.match.tests) - len(scope.match.unless))
    whole = scopes[0] if not scopes[0].match.tests and not scopes[0].match.unless else None
    for index, row in enumerate(observed.rows):
        if row.get("dynamic") == "true":
            continue
        scope = whole or next((s for s in scopes if s.match.matches(row, norm.canonical)), None)
        if scope is not None:
            view = RowView(index, row, norm.content(row), ours=scope.prune is Prune.ALL and not made_by_router(row))
            found.append((view, scope))
    return found


def _match_fixed(
    entries: Sequence[DesiredEntry],
    scoped: Sequence[tuple[RowView, Scope]],
    norm: Normaliser,
    applied: Sequence[AppliedEntry],
) -> Matching:
    by_key: dict[tuple[str | None, ...], RowView] = {}
    for view, _ in scoped:
        by_key.setdefault(norm.key(view.row), view)
    for declared in applied:
        known = by_key.get(norm.key(declared.fields))
        if known is not None:
            known.applied = declared
    result = Matching()
    for entry in entries:
        key = norm.key(entry.fields)
        if key in by_key:
            result.pairs.append((entry, by_key.pop(key)))
        else:
            result.missing.append(entry)
    result.extra = list(by_key.values())
    return result


def _match_selected(desired: DesiredMenu, matching: Matching, norm: Normaliser, result: MenuDiff) -> None:
    """``$match``: exactly one row that is there already."""
    for entry in desired.entries:
        if entry.match is None or entry.absent:
            continue
        found = [view for view in matching.extra if entry.match.matches(view.row, norm.canonical)]
        if len(found) == 1:
            matching.extra.remove(found[0])
            matching.pairs.append((entry, found[0]))
        else:
            count = "no row" if not found else f"{len(found)} rows"
            text = f"{desired.path}: $match {entry.match} selects {count} on the device, it must select exactly one."
            result.problems.append((text, entry.origin))


def _add(entry: DesiredEntry, applied: Sequence[AppliedEntry], norm: Normaliser, result: MenuDiff) -> Step | None:
    menu, identity = norm.menu, entry_name(norm.menu, entry)
    if not menu.addable:
        result.problems.append((f"{menu.path}: the device has no row {identity}, and none can be added.", entry.origin))
        return None
    after = {
        name: _as_text(name, value, norm)
        for name, value in entry.fields.items()
        if not _read_only(menu, name) and (value is not None or _may_come_by_itself(menu, name))
    }
    declared = any(_same_row(entry, other, norm) for other in applied)
    cause = Cause.DRIFT if declared else Cause.COMMIT
    reason = "It was removed from the router." if declared else REASONS[Cause.COMMIT]
    step = Step(Action.ADD, identity, menu, {}, after, entry=entry, cause=cause, reason=reason)
    result.steps.append(step)
    return step


def _may_come_by_itself(menu: Menu, name: str) -> bool:
    """Whether a new row may have a field that nobody wrote, so that it has to be unset where it shall be absent."""
    known = menu.fields[name]
    return known.default is None and known.unset is not Unset.DEFAULT


def _as_text(name: str, value: Value, norm: Normaliser) -> Value:
    return norm.sent(name, value) if isinstance(value, str) and name in norm.defaults else value


def _read_only(menu: Menu, name: str) -> bool:
    known = menu.fields.get(name)
    return known is not None and not known.writable


def _same_row(entry: DesiredEntry, other: AppliedEntry, norm: Normaliser) -> bool:
    if norm.menu.key:
        return norm.key(entry.fields) == norm.key(other.fields)
    if entry.label or other.label:
        return entry.label == other.label
    declared = norm.content(other.fields)
    return all(norm.actual(declared, name) == text for name, text in norm.wanted(entry).items())


def _remove(
    desired: DesiredMenu, matching: Matching, scopes: Mapping[int, Scope], norm: Normaliser, result: MenuDiff
) -> None:
    """Rows Git does not declare: removed only where they are provably ours."""
    absent = [entry for entry in desired.entries if entry.absent]
    for view in matching.extra:
        prune = scopes[view.index].prune
        unwanted = next((entry for entry in absent if _is_absent(entry, view, norm)), None)
        removable = "remove" in norm.menu.commands and not made_by_router(view.row)
        if unwanted is not None and removable:
            _remove_row(view, Cause.COMMIT, "Git says it must not exist.", norm, result)
        elif norm.menu.kind is not Kind.LIST or made_by_router(view.row) or prune is Prune.NONE:
            continue
        elif prune is Prune.ALL and removable:
            cause = Cause.COMMIT if view.applied else Cause.DRIFT
            reason = "Git no longer declares it." if view.applied else "Git owns this scope and never declared it."
            _remove_row(view, cause, reason, norm, result)
        elif view.applied is not None and view.applied.match:
            result.unmanaged.append(
                Notice(norm.menu.path, row_name(norm.menu, view.row), (), "the router made it; Git lets go of it")
            )
        elif view.applied is not None and removable:
            _remove_row(view, Cause.COMMIT, "Git no longer declares it.", norm, result)
        else:
            result.unmanaged.append(Notice(norm.menu.path, row_name(norm.menu, view.row), (), "nobody declared it"))


def _is_absent(entry: DesiredEntry, view: RowView, norm: Normaliser) -> bool:
    if entry.match is not None:
        return entry.match.matches(view.row, norm.canonical)
    if norm.menu.key and all(name in entry.fields for name in norm.menu.key):
        return norm.key(entry.fields) == norm.key(view.row)
    return all(
        norm.canonical(name, view.row.get(name, "")) == norm.canonical(name, value)
        for name, value in entry.fields.items()
        if isinstance(value, str)
    )


def _remove_row(view: RowView, cause: Cause, reason: str, norm: Normaliser, result: MenuDiff) -> None:
    before = {name: text for name, text in view.row.items() if name in norm.menu.fields and _is_ours(norm, name)}
    identity = row_name(norm.menu, view.row)
    result.steps.append(Step(Action.REMOVE, identity, norm.menu, before, {}, row=view, cause=cause, reason=reason))


def _is_ours(norm: Normaliser, name: str) -> bool:
    known = norm.menu.fields[name]
    return (name in norm.defaults or name in norm.menu.key) and not known.secret


def pair_rows(menu: Menu, desired: DesiredMenu, observed: ObservedMenu) -> list[tuple[DesiredEntry, Row]]:
    """Entries with their rows, where a row was found; absent entries have none."""
    norm = normaliser(menu)
    if menu.singleton:
        row = observed.rows[0] if observed.rows else {}
        return [(entry, row) for entry in desired.entries if not entry.absent]
    matching = _matching(desired, observed, (), norm, MenuDiff(menu))[0]
    return [(entry, view.row) for entry, view in matching.pairs]
