"""The order of execution across menus: create before use, remove after use.

Sets, adds and moves go menu by menu, referred-to menus first; removals come last, in reverse. Where the
router enforces uniqueness on a value that another row of the plan still holds, that row goes first.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping, Sequence

from reconciler.decide.match import RowView
from reconciler.decide.normalise import normaliser
from reconciler.decide.steps import Step
from schemas.catalogue.model import Menu
from schemas.change import Action, Anchor, Change, Risk
from schemas.desired import Value
from schemas.path import MenuPath

_STAGE = {Action.SET: 0, Action.ADD: 1, Action.MOVE: 2, Action.REMOVE: 3}


class CannotOrder(ValueError):
    """No order of these steps works; the text names them."""


def menu_ranks(menus: Iterable[Menu]) -> Mapping[MenuPath, int]:
    """Referred-to menus before those that refer; ties by path. A circle is cut where it closes."""
    known = {menu.path: menu for menu in menus}
    ranks: dict[MenuPath, int] = {}
    for start in sorted(known):
        stack: list[tuple[MenuPath, bool]] = [(start, False)]
        open_: set[MenuPath] = set()
        while stack:
            path, done = stack.pop()
            if done:
                ranks.setdefault(path, len(ranks))
            elif path not in ranks and path not in open_:
                open_.add(path)
                stack.append((path, True))
                stack.extend((p, False) for p in sorted(_needs(known[path], known), reverse=True))
    return ranks


def _needs(menu: Menu, known: Mapping[MenuPath, Menu]) -> set[MenuPath]:
    named = {field.reference for field in menu.fields.values() if field.reference} | set(menu.after)
    interfaces = {path for path in known if path.startswith("/interface/") and "name" in known[path].fields}
    if MenuPath("/interface") in named and menu.path not in interfaces:
        named |= interfaces
    return (named & known.keys()) - {menu.path}


def number(steps: Sequence[Step], menus: Iterable[Menu]) -> tuple[Change, ...]:
    """Steps as changes in the order of execution. Raises CannotOrder on a circle of unique values."""
    if not steps:
        return ()
    ranks = menu_ranks(menus)
    ordered = _in_order(list(steps), ranks)
    numbers = {id(step): place for place, step in enumerate(ordered, start=1)}
    names = _distinct_names(ordered)
    return tuple(_change(step, numbers, names[id(step)]) for step in ordered)


def _sort_key(step: Step, ranks: Mapping[MenuPath, int]) -> tuple[int, int, int]:
    rank = ranks[step.menu.path]
    if step.action is Action.REMOVE:
        return (1, -rank, 0)
    late = max((step.menu.fields[n].phase for n in step.after if n in step.menu.fields), default=0)
    return (0 if step.action is not Action.SET or not late else late, rank, _STAGE[step.action])


def _in_order(steps: list[Step], ranks: Mapping[MenuPath, int]) -> list[Step]:
    first = sorted(range(len(steps)), key=lambda i: (_sort_key(steps[i], ranks), i))
    rank_of = {index: rank for rank, index in enumerate(first)}
    followers, waits = _freeing_edges(steps)
    ready = [(rank_of[i], i) for i in range(len(steps)) if not waits[i]]
    heapq.heapify(ready)
    result = []
    while ready:
        _, index = heapq.heappop(ready)
        result.append(steps[index])
        for other in followers[index]:
            waits[other] -= 1
            if not waits[other]:
                heapq.heappush(ready, (rank_of[other], other))
    if len(result) < len(steps):
        stuck = "; ".join(f"{steps[i].menu.path} {steps[i].identity}" for i in range(len(steps)) if waits[i])
        raise CannotOrder(f"These changes exchange values that must be unique; do it in two commits: {stuck}.")
    return result


def _freeing_edges(steps: Sequence[Step]) -> tuple[list[list[int]], list[int]]:
    """A step that frees a unique value comes before the step that takes it."""
    followers: list[list[int]] = [[] for _ in steps]
    waits = [0] * len(steps)
    holders: dict[tuple[object, ...], list[int]] = {}
    for index, step in enumerate(steps):
        for claim in _held(step):
            holders.setdefault(claim, []).append(index)
    if holders:
        for index, step in enumerate(steps):
            for claim in _taken(step):
                for holder in holders.get(claim, ()):
                    if holder != index:
                        followers[holder].append(index)
                        waits[index] += 1
    return followers, waits


def _held(step: Step) -> Iterable[tuple[object, ...]]:
    if step.row is not None and step.action in (Action.REMOVE, Action.SET):
        for names in step.menu.unique:
            if step.action is Action.REMOVE or any(name in step.after for name in names):
                yield _claim(step.menu, names, step.row.row)


def _taken(step: Step) -> Iterable[tuple[object, ...]]:
    if step.action is Action.ADD:
        for names in step.menu.unique:
            yield _claim(step.menu, names, step.after)
    elif step.action is Action.SET and step.row is not None:
        for names in step.menu.unique:
            if any(name in step.after for name in names):
                yield _claim(step.menu, names, {**step.row.row, **step.after})


def _claim(menu: Menu, names: tuple[str, ...], values: Mapping[str, Value]) -> tuple[object, ...]:
    norm = normaliser(menu)
    texts = tuple(norm.canonical(name, str(values.get(name) or "")) for name in names)
    return (menu.path, names, texts)


def _distinct_names(steps: Sequence[Step]) -> dict[int, str]:
    """Equal rows get ``#2``, ``#3``: a change names one row."""
    seen: dict[tuple[MenuPath, Action, str], int] = {}
    names = {}
    for step in steps:
        key = (step.menu.path, step.action, step.identity)
        seen[key] = seen.get(key, 0) + 1
        names[id(step)] = step.identity if seen[key] == 1 else f"{step.identity} #{seen[key]}"
    return names


def _change(step: Step, numbers: Mapping[int, int], identity: str) -> Change:
    anchor = None
    if step.action is Action.MOVE or (step.action is Action.ADD and step.neighbours is not None):
        anchor = _anchor(step.anchor, numbers)
    return Change(
        number=numbers[id(step)],
        path=step.menu.path,
        action=step.action,
        identity=identity,
        before=step.before,
        after=step.after,
        cause=step.cause,
        risk=Risk.NORMAL,
        reason=step.reason,
        handle=step.row.row.get(".id") if step.row is not None else None,
        anchor=anchor,
        neighbours=step.neighbours,
        label=step.entry.label if step.entry else None,
        singleton=step.menu.singleton,
        context=_context(step),
    )


def _context(step: Step) -> Mapping[str, str]:
    row = step.row.row if step.row is not None else {}
    if step.menu.singleton or step.action is Action.REMOVE:
        return {}
    names = {*step.menu.key, *normaliser(step.menu).defaults}
    return {name: text for name, text in row.items() if name in names}


def _anchor(target: RowView | Step | None, numbers: Mapping[int, int]) -> Anchor:
    if isinstance(target, Step):
        return Anchor(change=numbers[id(target)])
    return Anchor(handle=target.row[".id"]) if target is not None else Anchor()
