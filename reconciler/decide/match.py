"""Which desired entry is which row.

A keyed menu matches by its key; rows that share one key are told apart by content. A keyless menu
matches whole rows as a multiset. Only rows that are provably ours are paired by likeness, because a
wrong pair would rewrite somebody else's row; ``Applied`` is the proof, or a scope that is ours alone.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections import defaultdict, deque
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from reconciler.decide.normalise import Content, Normaliser
from schemas.desired import DesiredEntry
from schemas.observed import AppliedEntry, Row

_DANGLING = re.compile(r"\*[0-9A-F]+")
_MOST_PAIRS = 1_000_000
"""Likeness is compared for at most so many pairs; beyond it rows are added and removed instead."""


@dataclass(slots=True)
class RowView:
    """A row with what was found out about it. ``index`` is its place in the table; ``key`` is what rows that
    could be taken for it share: the menu's key, or all of the content."""

    index: int
    row: Row
    content: Content
    ours: bool = False
    applied: AppliedEntry | None = None
    key: Hashable = None


@dataclass(slots=True)
class Matching:
    """``pairs`` in the order of the entries; ``missing`` entries have no row; ``extra`` rows no entry. ``wanted``
    keeps the canonical texts of entries, by the entry's ``id()``."""

    pairs: list[tuple[DesiredEntry, RowView]] = field(default_factory=list)
    missing: list[DesiredEntry] = field(default_factory=list)
    extra: list[RowView] = field(default_factory=list)
    wanted: Mapping[int, Mapping[str, str]] = field(default_factory=dict)


def match(
    entries: Sequence[DesiredEntry],
    rows: Sequence[RowView],
    applied: Sequence[AppliedEntry],
    norm: Normaliser,
) -> Matching:
    """Pair entries with rows. ``rows`` are those inside our scopes, ``ours`` set where the scope is ours alone."""
    wanted = {id(entry): norm.wanted(entry) for entry in entries}
    found: dict[int, RowView] = {}
    left = {view.index: view for view in rows}
    if norm.menu.key:
        alike = _alike(rows, norm)
        _claim_keyed(alike, applied, norm)
        _take(_by_name_given_away(entries, alike, norm), found, left)
        _take(_by_key(_open(entries, found), alike, norm, wanted), found, left)
        _take(_by_former_key(_open(entries, found), left.values(), norm), found, left)
        _take(_by_what_is_left_of_the_key(_open(entries, found), left.values(), norm), found, left)
    else:
        extra = _written_loose(entries, norm)
        for view in rows:
            view.key = _row_key(view.content, extra)
        _claim_keyless(rows, applied, norm, extra)
        _take(_by_content(entries, rows, norm, wanted, extra), found, left)
        _take(_by_memory(_open(entries, found), left.values(), norm, wanted), found, left)
        _take(_by_likeness(_open(entries, found), left.values(), norm, wanted), found, left)
    result = Matching(extra=list(left.values()), wanted=wanted)
    for entry in entries:
        if id(entry) in found:
            result.pairs.append((entry, found[id(entry)]))
        else:
            result.missing.append(entry)
    return result


_Item = TypeVar("_Item", DesiredEntry, AppliedEntry)
_Pairs = Iterator[tuple[DesiredEntry, RowView]]


def _take(pairs: _Pairs, found: dict[int, RowView], left: dict[int, RowView]) -> None:
    for entry, view in pairs:
        if view.index in left and id(entry) not in found:
            found[id(entry)] = view
            del left[view.index]


def _open(entries: Iterable[DesiredEntry], found: Mapping[int, RowView]) -> list[DesiredEntry]:
    return [entry for entry in entries if id(entry) not in found]


# Keyed menus


def _alike(rows: Iterable[RowView], norm: Normaliser) -> dict[Hashable, list[RowView]]:
    """Rows by their key."""
    table: dict[Hashable, list[RowView]] = {}
    for view in rows:
        view.key = key = norm.key(view.row)
        if key in table:
            table[key].append(view)
        else:
            table[key] = [view]
    return table


def _claim_keyed(
    alike: Mapping[Hashable, Sequence[RowView]], applied: Sequence[AppliedEntry], norm: Normaliser
) -> None:
    """Find the row of each entry that Applied declared; another row under the same key is nobody's."""
    declared: dict[Hashable, list[AppliedEntry]] = defaultdict(list)
    for entry in applied:
        declared[norm.key(entry.fields)].append(entry)
    for key, group in declared.items():
        here = alike.get(key, ())
        pairs = (
            zip(group, here, strict=True) if len(group) == len(here) == 1 else _closest_rows(group, here, norm, None)
        )
        for entry, view in pairs:
            view.applied = entry


def _by_key(
    entries: Sequence[DesiredEntry],
    alike: Mapping[Hashable, Sequence[RowView]],
    norm: Normaliser,
    wanted: Mapping[int, Mapping[str, str]],
) -> _Pairs:
    groups: dict[Hashable, list[DesiredEntry]] = defaultdict(list)
    for entry in entries:
        groups[norm.key(entry.fields)].append(entry)
    for key, group in groups.items():
        candidates = alike.get(key, ())
        if len(group) == 1 and len(candidates) == 1:
            yield group[0], candidates[0]
        else:
            yield from _closest(group, candidates, norm, wanted, limit=None)


def _by_name_given_away(
    entries: Sequence[DesiredEntry], alike: Mapping[Hashable, Sequence[RowView]], norm: Normaliser
) -> _Pairs:
    """``$renamed-from`` where a new row takes the former name at once: the row there is not that new one."""
    renamed = [entry for entry in entries if entry.renamed_from]
    new = {norm.key(entry.fields) for entry in entries if not entry.renamed_from} if renamed else set()
    for entry in renamed:
        former = norm.key({**entry.fields, **entry.renamed_from})
        if former in new and norm.key(entry.fields) not in alike:
            yield from ((entry, view) for view in alike.get(former, ())[:1])


def _by_former_key(entries: list[DesiredEntry], rows: Iterable[RowView], norm: Normaliser) -> _Pairs:
    """``$renamed-from``: the row that still has the name Git gave up."""
    renamed = [entry for entry in entries if entry.renamed_from]
    table = {view.key: view for view in rows} if renamed else {}
    for entry in renamed:
        view = table.get(norm.key({**entry.fields, **entry.renamed_from}))
        if view is not None:
            yield entry, view


def _by_what_is_left_of_the_key(entries: list[DesiredEntry], rows: Iterable[RowView], norm: Normaliser) -> _Pairs:
    """A row whose key refers to something removed (it reads ``*1``), or does not show all of its key."""
    for view in list(rows):
        lost = {name for name in norm.menu.key if _DANGLING.fullmatch(view.row.get(name, ""))}
        lost |= norm.hidden(view.row).intersection(norm.menu.key)
        rest = [name for name in norm.menu.key if name not in lost]
        if not lost or not rest:
            continue
        here = [norm.canonical(name, view.row.get(name, "")) for name in rest]
        for entry in entries:
            if [norm.canonical(name, str(entry.fields.get(name) or "")) for name in rest] == here:
                yield entry, view


# Keyless menus


def _written_loose(entries: Iterable[DesiredEntry], norm: Normaliser) -> frozenset[str]:
    """Fields of unknown default that some entry writes: they count for telling rows apart."""
    unknown = {name for name, default in norm.defaults.items() if default is None}
    return frozenset(name for entry in entries for name in entry.fields if name in unknown)


def _row_key(content: Content, extra: frozenset[str], without: frozenset[str] = frozenset()) -> Hashable:
    if not without and not (extra and content.loose):
        return frozenset(content.firm.items())
    items = set(content.firm.items())
    items.update((name, text) for name, text in content.loose.items() if name in extra)
    return frozenset(item for item in items if item[0] not in without) if without else frozenset(items)


def _entry_key(wanted: Mapping[str, str], norm: Normaliser) -> Hashable:
    return frozenset((name, text) for name, text in wanted.items() if text != (norm.defaults[name] or ""))


def _claim_keyless(
    rows: Sequence[RowView], applied: Sequence[AppliedEntry], norm: Normaliser, extra: frozenset[str]
) -> None:
    """Find the rows that Applied declared, exactly or drifted, and remember which they are."""
    table: dict[Hashable, list[RowView]] = defaultdict(list)
    for view in rows:
        table[view.key].append(view)
    drifted = []
    last: dict[str | None, int] = {}
    for entry in applied:
        content = norm.content(entry.fields)
        same = table.get(_row_key(content, extra))
        if same:
            scope = content.value(norm.menu.order_scope or "")
            view = same.pop(_which(same, None, last.get(scope, -1)))
            last[scope] = view.index
            view.applied, view.ours = entry, True
        else:
            drifted.append(entry)
    rest = [view for view in rows if view.applied is None]
    for entry, view in _closest_rows(drifted, rest, norm):
        view.applied, view.ours = entry, True


def _closest_rows(
    drifted: Sequence[AppliedEntry], rest: Sequence[RowView], norm: Normaliser, limit: float | None = 0.5
) -> Iterator[tuple[AppliedEntry, RowView]]:
    texts = {}
    for entry in drifted:
        content = norm.content(entry.fields)
        texts[id(entry)] = {**content.firm, **content.loose}
    yield from _greedy(drifted, rest, lambda entry: texts[id(entry)], _telling(norm), limit)


def _by_content(
    entries: Sequence[DesiredEntry],
    rows: Sequence[RowView],
    norm: Normaliser,
    wanted: Mapping[int, Mapping[str, str]],
    extra: frozenset[str],
) -> _Pairs:
    """Equal rows; among several, the one that Applied knows under the entry's label first, else the next in order.

    Fields that an entry leaves to the router do not count for it; whole rows find their entries first.
    """
    groups: dict[frozenset[str], list[DesiredEntry]] = defaultdict(list)
    for entry in entries:
        groups[entry.omit | entry.initial].append(entry)
    taken: set[int] = set()
    for without in sorted(groups, key=len):
        table: dict[Hashable, list[RowView]] = defaultdict(list)
        for view in rows:
            if view.index not in taken:
                table[_row_key(view.content, extra, without) if without else view.key].append(view)
        last: dict[str | None, int] = {}
        for entry in groups[without]:
            texts = wanted[id(entry)]
            same = table.get(_entry_key(texts, norm))
            if same:
                scope = texts.get(norm.menu.order_scope or "")
                view = same.pop(_which(same, entry.label, last.get(scope, -1)))
                last[scope] = view.index
                taken.add(view.index)
                yield entry, view


def _which(same: Sequence[RowView], label: str | None, last: int) -> int:
    """Which of equal rows: by label, else the first after the place ``last``, so that nothing need be moved."""
    if len(same) == 1:
        return 0
    named = (i for i, view in enumerate(same) if view.applied and view.applied.label == label) if label else iter(())
    following = bisect_right(same, last, key=lambda view: view.index)
    return next(named, following if following < len(same) else 0)


def _by_memory(
    entries: Sequence[DesiredEntry], rows: Iterable[RowView], norm: Normaliser, wanted: Mapping[int, Mapping[str, str]]
) -> _Pairs:
    """Rows that Applied knows: by label, else because the entry says what Applied says."""
    by_label: dict[str, RowView] = {}
    by_text: dict[Hashable, deque[RowView]] = defaultdict(deque)
    for view in rows:
        if view.applied is not None:
            if view.applied.label:
                by_label[view.applied.label] = view
            content = norm.content(view.applied.fields)
            by_text[frozenset({**content.firm, **content.loose}.items())].append(view)
    for entry in entries:
        if entry.label and entry.label in by_label:
            yield entry, by_label[entry.label]
            continue
        same = by_text.get(_entry_key(wanted[id(entry)], norm))
        if same:
            yield entry, same.popleft()


def _by_likeness(
    entries: Sequence[DesiredEntry], rows: Iterable[RowView], norm: Normaliser, wanted: Mapping[int, Mapping[str, str]]
) -> _Pairs:
    ours = [view for view in rows if view.ours]
    yield from _closest(entries, ours, norm, wanted)


def _closest(
    entries: Sequence[DesiredEntry],
    rows: Sequence[RowView],
    norm: Normaliser,
    wanted: Mapping[int, Mapping[str, str]],
    limit: float | None = 0.5,
) -> _Pairs:
    def text(entry: DesiredEntry) -> dict[str, str]:
        return {n: t for n, t in wanted[id(entry)].items() if t != (norm.defaults[n] or "")}

    yield from _greedy(entries, rows, text, _telling(norm), limit)


def _telling(norm: Normaliser) -> frozenset[str]:
    """Fields that tell rows of one key apart: exchanging them between rows is what the router may refuse."""
    return frozenset(name for names in norm.menu.unique for name in names)


def _greedy(
    items: Sequence[_Item],
    rows: Sequence[RowView],
    text: Callable[[_Item], Mapping[str, str]],
    telling: frozenset[str],
    limit: float | None = 0.5,
) -> Iterator[tuple[_Item, RowView]]:
    """Pair by least difference, that in ``telling`` fields first, then nearest place; more than ``limit`` of the
    fields different is no pair."""
    if not items or not rows or len(items) * len(rows) > _MOST_PAIRS:
        return
    scored = []
    seen = [{**view.content.firm, **view.content.loose} for view in rows]
    for place, item in enumerate(items):
        left = text(item)
        for rank, right in enumerate(seen):
            loose = rows[rank].content.loose
            if loose and not loose.keys() <= left.keys():
                right = {name: value for name, value in right.items() if name in left or name not in loose}
            total = len(left.keys() | right.keys())
            different = total - len(left.items() & right.items())
            if limit is None or different <= limit * total:
                apart = sum(left.get(name) != right.get(name) for name in telling) if telling else 0
                scored.append((apart, different, abs(place - rank), place, rank))
    scored.sort()
    taken_items: set[int] = set()
    taken_rows: set[int] = set()
    for *_, place, rank in scored:
        if place not in taken_items and rank not in taken_rows:
            taken_items.add(place)
            taken_rows.add(rank)
            yield items[place], rows[rank]
