"""One random change on a router, made by another administrator over plain REST."""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from schemas.catalogue.model import Menu, Order
from simulator.edits.administrator import Administrator
from simulator.edits.expecting import Row, State, made_by_router
from simulator.edits.other_values import another

_T = TypeVar("_T")
LOGIN_GROUP = "full"
_SERVICE = frozenset({"www-ssl"})
_TRIES = 60


@dataclass(frozen=True)
class Mutation:
    """``kind`` is value, disabled, remove, extra or swap; ``told`` says it for people."""

    kind: str
    path: str
    told: str


class _NothingFits(Exception):
    """No menu, or no row of a menu, is such that the change could be made there."""


class Mutator:
    """Draws and makes changes on one router; ``state`` is what it held before, by menu. ``spared`` are users that
    nobody touches, since everything here runs under their logins."""

    def __init__(
        self, rng: random.Random, menus: Mapping[str, Menu], state: State, admin: Administrator, spared: Sequence[str]
    ) -> None:
        self.rng = rng
        self.spared = frozenset(spared) | {LOGIN_GROUP}
        self.menus = menus
        self.state = state
        self.admin = admin

    def mutate(self) -> Mutation | None:
        """Make one change. What the router refuses is drawn again; None when it refused every change."""
        for _ in range(_TRIES):
            draw = self.rng.choice((self._value, self._disabled, self._remove, self._extra, self._swap))
            try:
                made = draw()
            except _NothingFits:
                continue
            if made is not None:
                return made
        return None

    def _value(self) -> Mutation | None:
        path = self._path(lambda menu, _row: bool(menu.fields))
        row = self._row(path)
        names = [name for name in row if self._settable(path, name) and name != "disabled"]
        return self._set("value", path, row, self.rng.choice(sorted(names))) if names else None

    def _disabled(self) -> Mutation | None:
        path = self._path(lambda menu, _row: self._settable(str(menu.path), "disabled"))
        return self._set("disabled", path, self._row(path), "disabled")

    def _set(self, kind: str, path: str, row: Row, name: str) -> Mutation | None:
        known = self.menus[path].fields[name]
        current = row.get(name, known.default or "")
        text = another(self.rng, known.type, current, self._names)
        if text is None:
            return None
        if self.menus[path].singleton:
            status, _ = self.admin.ask("POST", f"{path}/set", {known.wire: text})
        else:
            status, _ = self.admin.ask("PATCH", f"{path}/{row['.id']}", {known.wire: text})
        return Mutation(kind, path, f"{_shown(row)}: {name} {current!r} to {text!r}") if status == 200 else None

    def _remove(self) -> Mutation | None:
        path = self._path(lambda menu, row: "remove" in menu.commands and not made_by_router(row))
        row = self._row(path, lambda row: not made_by_router(row))
        status, _ = self.admin.ask("DELETE", f"{path}/{row['.id']}")
        return Mutation("remove", path, _shown(row)) if status == 204 else None

    def _extra(self) -> Mutation | None:
        """A row like another one: in a keyed menu under another key, else perhaps equal to it."""
        path = self._path(lambda menu, row: menu.addable and not made_by_router(row))
        menu = self.menus[path]
        row = self._row(path, lambda row: not made_by_router(row))
        values = {name: text for name, text in row.items() if self._settable(path, name) and text}
        names = sorted(values.keys() & set(menu.key) if menu.key else values)
        if menu.key or self.rng.random() < 0.8:
            name = self._choice(names)
            text = another(self.rng, menu.fields[name].type, values[name], self._names)
            if not text:
                return None
            values[name] = text
        values = {name: text for name, text in values.items() if not menu.fields[name].computed}
        body = {menu.fields[name].wire: text for name, text in values.items()}
        if menu.order is Order.EVALUATED and self.rng.random() < 0.7:
            body["place-before"] = self._row(path, lambda row: not made_by_router(row))[".id"]
        status, _ = self.admin.ask("PUT", path, body)
        return Mutation("extra", path, _shown(values)) if status == 201 else None

    def _swap(self) -> Mutation | None:
        """Two rows of one order scope change places."""
        path = self._path(lambda menu, row: menu.order is Order.EVALUATED and not made_by_router(row))
        scope = self.menus[path].order_scope or ""
        row = self._row(path, lambda row: not made_by_router(row))
        alike = [r for r in self.state[path] if not made_by_router(r) and r.get(scope, "") == row.get(scope, "")]
        if len(alike) < 2:
            return None
        first, second = sorted(self.rng.sample(range(len(alike)), 2))
        ids = [each[".id"] for each in self.state[path]]
        one, two = alike[first][".id"], alike[second][".id"]
        after = ids[ids.index(two) + 1] if ids.index(two) + 1 < len(ids) else None
        self._move(path, two, one)
        if ids.index(two) - ids.index(one) > 1:
            self._move(path, one, after)
        return Mutation("swap", path, f"{_shown(alike[first])} and {_shown(alike[second])}")

    def _move(self, path: str, row: str, before: str | None) -> None:
        body = {"numbers": row} if before is None else {"numbers": row, "destination": before}
        status, found = self.admin.ask("POST", f"{path}/move", body)
        if status != 200:
            raise RuntimeError(f"{path}: the move was refused: {found}")

    def _path(self, wanted: Callable[[Menu, Row], bool]) -> str:
        """A menu in which some row will do; each menu is as likely as the next."""
        return self._choice(sorted(p for p, rows in self.state.items() if any(wanted(self.menus[p], r) for r in rows)))

    def _choice(self, items: Sequence[_T]) -> _T:
        if not items:
            raise _NothingFits
        return self.rng.choice(items)

    def _row(self, path: str, wanted: Callable[[Row], bool] = lambda _row: True) -> Row:
        """A row of a menu, never the login or the service that everything here runs over."""
        spared: frozenset[str] = self.spared if path.startswith("/user") else _SERVICE
        rows = [row for row in self.state[path] if wanted(row) and row.get("name") not in spared]
        return self._choice(rows)

    def _settable(self, path: str, name: str) -> bool:
        known = self.menus[path].fields.get(name)
        return known is not None and known.writable and not known.secret

    def _names(self, path: str) -> Sequence[str]:
        return sorted({row["name"] for row in self.admin.rows(path) if "name" in row})


def _shown(row: Row) -> str:
    texts = [
        f"{name}={row[name]}" for name in ("name", "list", "chain", "action", "address", "interface") if row.get(name)
    ]
    return " ".join(texts) or row.get("comment", "") or row.get("default-name", "")


def read_state(admin: Administrator, menus: Mapping[str, Menu]) -> State:
    """All rows of the menus as the router shows them, with documents' field names."""
    return {
        path: [{menu.renamed.get(name, name): text for name, text in row.items()} for row in admin.rows(path)]
        for path, menu in menus.items()
    }
