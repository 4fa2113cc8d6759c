"""What a change on a router must be found as: worked out from the rules of what is managed alone.

Written without the code that it judges. Rows are followed by their ``.id`` from before the change to after it, and
what Git owns of each is read from the device's document; so nothing here has to guess which row is which.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from schemas.catalogue.model import Field, Kind, Menu, Order

Row = Mapping[str, str]
State = Mapping[str, Sequence[Row]]
"""Rows by menu, with documents' field names."""

Verdict = tuple[str, ...]
"""(``set``, path, .id, fields) · (``add``, path, fields and texts) · (``remove``, path, fields and texts)
· (``move``, path) · (``unmanaged``, path) · (``unverified``, path, fields)"""

_DANGLING = re.compile(r"!?\*[0-9A-F]+")
_MADE_BY_ROUTER = ("dynamic", "builtin", "default")


@dataclass(frozen=True)
class Entry:
    """One declared row: what Git writes of it. ``selected`` when the router made the row, ``match`` by which fields."""

    fields: Mapping[str, str]
    omit: frozenset[str] = frozenset()
    selected: bool = False
    match: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Declared:
    """A menu of a device's document, its entries by the ``.id`` of their rows; ``own`` are (selector, prune)."""

    entries: Mapping[str, Entry]
    own: tuple[tuple[Mapping[str, str], str], ...] = (({}, "applied"),)

    def prune_of(self, row: Row) -> str | None:
        """How rows like this one are pruned; None where they are not ours to judge."""
        return next((prune for match, prune in self.own if all(row.get(n) == t for n, t in match.items())), None)


@dataclass
class Expected:
    """``verdicts`` are all that must be reported; ``left_alone`` are changed fields that nobody may report."""

    verdicts: Counter[Verdict] = field(default_factory=Counter)
    left_alone: int = 0

    @property
    def word(self) -> str:
        """The strongest class among the verdicts."""
        kinds = {verdict[0] for verdict in self.verdicts}
        order = ("remove", "add", "set", "move", "unmanaged", "unverified")
        return next((kind for kind in order if kind in kinds), "not owned" if self.left_alone else "no difference")


def declared_of(menu: Menu, document: Any, rows: Sequence[Row]) -> Declared:
    """A menu of a document (every value a text) against the rows it was written from."""
    if menu.singleton:
        written, omit = _fields(document)
        return Declared({"": Entry(written, omit, selected=True)})
    own = tuple(
        ({n: t for n, t in scope.items() if n != "prune"}, scope.get("prune", "applied"))
        for scope in (document.get("own", [{}]) if isinstance(document, dict) else [{}])
    )
    listed = document["entries"] if isinstance(document, dict) else document
    left = [row for row in rows if not made_by_router(row)]
    found = {}
    for item in listed:
        written, omit = _fields(item)
        match = item.get("$match")
        wanted = match if match is not None else written
        row = next(row for row in (rows if match else left) if all(_is(menu, row, n, t) for n, t in wanted.items()))
        if match is None:
            left.remove(row)
        found[row[".id"]] = Entry(written, omit, selected=match is not None or menu.kind is Kind.FIXED)
    return Declared(found, own)


def declared_by_place(menu: Menu, document: Any, rows: Sequence[Row]) -> Declared | None:
    """The same where values may be spelled another way than the router shows them: the n-th row that was added is
    the n-th of the document. None where that cannot be so; then nobody can judge edits of the menu."""
    if menu.singleton:
        written, omit = _fields(document)
        return Declared({"": Entry(written, omit, selected=True)})
    listed = document["entries"] if isinstance(document, dict) else document
    selected = {id(item): _only(rows, item["$match"]) for item in listed if "$match" in item}
    if None in selected.values():
        return None
    taken = {row[".id"] for row in selected.values() if row}
    left = [row for row in rows if not made_by_router(row) and row[".id"] not in taken]
    added = [item for item in listed if "$match" not in item]
    found = {}
    for item, row in zip(added, left[len(left) - len(added) :], strict=False):
        found[row[".id"]] = Entry(*_fields(item), selected=menu.kind is Kind.FIXED)
        if any(item[name] != row.get(name) for name in ("name", "comment") if isinstance(item.get(name), str)):
            return None
    for item in listed:
        if (one := selected.get(id(item))) is not None:
            found[one[".id"]] = Entry(*_fields(item), selected=True, match=frozenset(item["$match"]))
    return Declared(found) if len(found) == len(listed) else None


def _only(rows: Sequence[Row], match: Mapping[str, str]) -> Row | None:
    fitting = [row for row in rows if all(_same_word(row.get(name, ""), text) for name, text in match.items())]
    return fitting[0] if len(fitting) == 1 else None


def _same_word(shown: str, written: str) -> bool:
    return shown == written or (shown, written) in (("true", "yes"), ("false", "no"))


def made_by_router(row: Row) -> bool:
    return any(row.get(flag) == "true" for flag in _MADE_BY_ROUTER)


def expected(menus: Mapping[str, Menu], declared: Mapping[str, Declared], before: State, after: State) -> Expected:
    """What the difference between two states of a router must be found as."""
    result = Expected()
    follow = _renamed_back(menus, declared, before, after)
    for path, git in declared.items():
        old = {row.get(".id", ""): row for row in before[path]}
        new = {row.get(".id", ""): row for row in after[path]}
        for key, row in old.items():
            _compare(menus[path], git, git.entries.get(key), row, new.get(key), follow, result)
        for key, row in new.items():
            if key not in old:
                _extra(menus[path], git, row, result)
        if menus[path].order is Order.EVALUATED:
            moves = _moves(menus[path], git, before[path], after[path])
            result.verdicts.update({("move", path): moves} if moves else {})
    return result


def _compare(
    menu: Menu, git: Declared, entry: Entry | None, old: Row, new: Row | None, follow: Mapping[str, str], out: Expected
) -> None:
    changed = _changed(menu, old, new, follow) if new is not None else set()
    if entry is None:
        out.left_alone += len(changed)
    elif new is not None and changed & entry.match:
        out.verdicts["problem", str(menu.path)] += 1
        _extra(menu, git, new, out)
    elif new is None or _lost(menu, git, entry, changed, new):
        out.verdicts[_add(menu, entry, old)] += 1
        if new is not None:
            _extra(menu, git, new, out)
    else:
        owned = {name for name in changed if _owned(menu.fields[name], entry) is True}
        unverified = {name for name in changed if _owned(menu.fields[name], entry) is None and not old.get(name)}
        out.left_alone += len(changed - owned - unverified)
        if owned:
            owned |= _not_seen(menu, entry, new, owned)
            out.verdicts["set", str(menu.path), new.get(".id", ""), ",".join(sorted(owned))] += 1
        if unverified:
            out.verdicts["unverified", str(menu.path), ",".join(sorted(unverified))] += 1


def _changed(menu: Menu, old: Row, new: Row, follow: Mapping[str, str]) -> set[str]:
    found = set()
    for name in old.keys() | new.keys():
        known = menu.fields.get(name)
        if known is None or not known.writable:
            continue
        was, now = _effective(known, old), _effective(known, new)
        if was != now and not (known.reference and _back(now, follow) == was):
            found.add(name)
    return found


def _effective(known: Field, row: Row) -> str:
    """A field's text; a field that is not shown is at its default, and absent and empty are one."""
    text = row.get(known.name)
    if known.type == "flag":
        return "true" if text == "" or text == "true" else "false"
    if text == "" and known.type.startswith(_EMPTY_ON_PURPOSE):
        return ""
    return text or known.default or ""


_EMPTY_ON_PURPOSE = ("list(", "set(", "text")
"""Types of which a router shows an empty value that is one, and not what stands for the default."""


def _owned(known: Field, entry: Entry) -> bool | None:
    """Whether Git holds a field of a declared row; None where nobody knows what it should be."""
    if known.secret or known.write_only or known.volatile or known.name in entry.omit:
        return False
    if known.name in entry.fields:
        return True
    if entry.selected or known.computed:
        return False
    return True if known.default is not None else None


def _not_seen(menu: Menu, entry: Entry, new: Row, owned: set[str]) -> set[str]:
    """Fields of Git's that the row will show only once it is set right: nobody knows them, so they go along."""
    return {
        name
        for name, rulers in menu.hidden_unless.items()
        if name in entry.fields and name not in new and owned & (rulers.keys() - {name})
    }


def _lost(menu: Menu, git: Declared, entry: Entry, changed: set[str], new: Row) -> bool:
    """Whether a row is no longer the one Git names: another key, or outside of what is ours."""
    if entry.selected:
        return False
    if git.prune_of(new) is None:
        return True
    keys = changed & set(menu.key)
    dangling = {name for name in keys if _DANGLING.fullmatch(new.get(name, ""))}
    return bool(keys) and (keys != dangling or dangling == set(menu.key))


def _add(menu: Menu, entry: Entry, old: Row) -> Verdict:
    """What brings a row back: what Git writes, as the router showed it before."""
    fields = {}
    for name, text in entry.fields.items():
        known = menu.fields[name]
        if known.type == "flag":
            fields[name] = "true" if text in ("", "yes", "true") else "false"
        elif not known.secret:
            fields[name] = text if known.type in _AS_IN_GIT else old.get(name, text)
    return ("add", str(menu.path), words(fields))


_AS_IN_GIT = frozenset({"text(address)"})
"""Types that are written as Git has them: exports leave the length of an IPv6 address out where it is 64."""


def words(fields: Mapping[str, object]) -> str:
    """Fields and their texts, in one order; so are the items of lists, whose order other verdicts tell."""
    texts = {name: ",".join(sorted(_SWITCH.get(str(text), str(text)).split(","))) for name, text in fields.items()}
    return " ".join(f"{name}={text}" for name, text in sorted(texts.items()))


_SWITCH = {"yes": "true", "no": "false"}


def _extra(menu: Menu, git: Declared, row: Row, out: Expected) -> None:
    """A row that nobody declared."""
    prune = git.prune_of(row)
    if made_by_router(row) or prune is None or prune == "none" or menu.kind is not Kind.LIST:
        out.left_alone += 1
    elif prune == "all":
        out.verdicts["remove", str(menu.path), words(_removed(menu, row))] += 1
    else:
        out.verdicts["unmanaged", str(menu.path)] += 1


def _removed(menu: Menu, row: Row) -> Row:
    """The content of a row, by which it is named when it goes; equal rows are one another's like."""
    fields = {item.name for item in menu.fields.values() if item.writable and not item.volatile and not item.secret}
    return {name: text for name, text in row.items() if name in fields and text}


def _renamed_back(
    menus: Mapping[str, Menu], declared: Mapping[str, Declared], before: State, after: State
) -> dict[str, str]:
    """New name to old, of rows that Git gives their old name again: hard references follow by themselves."""
    found = {}
    for path, git in declared.items():
        new = {row.get(".id", ""): row for row in after[path]}
        for row in before[path]:
            entry = git.entries.get(row.get(".id", ""))
            now = new.get(row.get(".id", ""), {}).get("name")
            if entry and now and now != row.get("name") and "name" in entry.fields and "name" not in menus[path].key:
                found[now] = row["name"]
    return found


def _back(text: str, follow: Mapping[str, str]) -> str:
    parts = []
    for part in text.split(","):
        sign = "!" if part.startswith("!") else ""
        parts.append(sign + follow.get(part.removeprefix("!"), part.removeprefix("!")))
    return ",".join(parts)


def _moves(menu: Menu, git: Declared, before: Sequence[Row], after: Sequence[Row]) -> int:
    """The least moves that bring declared rows back into order, inside each order scope."""
    place = {row[".id"]: rank for rank, row in enumerate(before)}
    rows = {row[".id"]: row for row in before}
    scopes: dict[str, list[str]] = {}
    for row in after:
        if row[".id"] in git.entries and row[".id"] in place:
            scope = rows[row[".id"]].get(menu.order_scope or "", "")
            scopes.setdefault(scope, []).append(row[".id"])
    return sum(len(ids) - _longest(_ranks(ids, place, menu, rows)) for ids in scopes.values())


def _ranks(ids: Iterable[str], place: Mapping[str, int], menu: Menu, rows: Mapping[str, Row]) -> list[int]:
    """Places in Git's order. Equal rows are one another's like: they count as standing in order."""
    free: dict[frozenset[tuple[str, str]], list[int]] = {}
    contents = {key: _content(menu, rows[key]) for key in ids}
    for key, content in contents.items():
        free.setdefault(content, []).append(place[key])
    for places in free.values():
        places.sort(reverse=True)
    return [free[contents[key]].pop() for key in ids]


def _content(menu: Menu, row: Row) -> frozenset[tuple[str, str]]:
    fields = [item for item in menu.fields.values() if item.writable and not item.volatile]
    return frozenset((item.name, _effective(item, row)) for item in fields)


def _longest(ranks: Sequence[int]) -> int:
    tails: list[int] = []
    for rank in ranks:
        position = bisect_left(tails, rank)
        tails[position : position + 1] = [rank]
    return len(tails)


def _fields(item: Mapping[str, Any]) -> tuple[dict[str, str], frozenset[str]]:
    written = {
        name: ",".join(value)
        if isinstance(value, list)
        else value
        if isinstance(value, str) and value != "null"
        else ""
        for name, value in item.items()
        if not name.startswith("$")
    }
    return written, frozenset(item.get("$omit", ()))


def _is(menu: Menu, row: Row, name: str, text: str) -> bool:
    known = menu.fields[name]
    return _effective(known, row) == _effective(known, {name: text}) if known.writable else row.get(name, "") == text
