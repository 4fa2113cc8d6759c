"""Nouns from the plain mappings of a YAML case."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from schemas.catalogue.load import Schema
from schemas.catalogue.model import Menu
from schemas.change import Change
from schemas.desired import DesiredEntry, DesiredMenu, Ignore, Place, Prune, Scope, SecretRef, Side
from schemas.location import Location
from schemas.observed import AppliedEntry, ObservedMenu
from schemas.path import MenuPath
from schemas.selector import Selector

HERE = Location("devices/edge.yaml", 1)


def menu_of(schema: Schema, path: str) -> Menu:
    menu = schema.menu(MenuPath(path))
    assert menu is not None, path
    return menu


def selector(test: Mapping[str, Any]) -> Selector:
    return Selector(tuple((name, (text,) if isinstance(text, str) else tuple(text)) for name, text in test.items()))


def entry(fields: Mapping[str, Any]) -> DesiredEntry:
    values = {
        name: SecretRef(value["secret"]) if isinstance(value, dict) else value
        for name, value in fields.items()
        if not name.startswith("$")
    }
    return DesiredEntry(
        values,
        HERE,
        label=fields.get("$id"),
        match=selector(fields["$match"]) if "$match" in fields else None,
        absent=bool(fields.get("$absent", False)),
        initial=frozenset(fields.get("$initial", ())),
        omit=frozenset(fields.get("$omit", ())),
        renamed_from=fields.get("$renamed-from", {}),
    )


def desired(path: str, case: Mapping[str, Any]) -> DesiredMenu:
    scopes = tuple(
        Scope(selector({n: t for n, t in own.items() if n != "prune"}), Prune(own.get("prune", "applied")))
        for own in case.get("own", [{}])
    )
    place = case.get("place")
    if isinstance(place, dict):
        side, match = next(iter(place.items()))
        found: Place | None = Place(Side(side), selector(match))
    else:
        found = Place(Side(place)) if place else None
    return DesiredMenu(
        MenuPath(path),
        tuple(entry(fields) for fields in case["desired"]),
        scopes,
        found,
        written_only=bool(case.get("written", False)),
        ignores=tuple(Ignore(selector(i["match"]), frozenset(i.get("fields", ()))) for i in case.get("ignore", ())),
        origin=HERE,
    )


def observed(rows: Sequence[Mapping[str, str]]) -> ObservedMenu:
    return ObservedMenu(tuple({".id": f"*{place:X}", **row} for place, row in enumerate(rows, start=1)))


def applied(rows: Sequence[Mapping[str, str]]) -> tuple[AppliedEntry, ...]:
    return tuple(AppliedEntry({n: t for n, t in row.items() if n != "$id"}, row.get("$id")) for row in rows)


def told(change: Change) -> dict[str, Any]:
    """A change in the words of a case: rows by their number in ``observed``."""
    result: dict[str, Any] = {}
    if change.action.value == "add":
        result["add"] = {n: str(v) if v is not None else None for n, v in change.after.items()}
    else:
        result[change.action.value] = 0 if change.singleton else int((change.handle or "*0")[1:], 16)
    if change.action.value == "set":
        result["to"] = {n: str(v) if v is not None else None for n, v in change.after.items()}
    if change.anchor is not None:
        anchor = change.anchor
        if anchor.change is not None:
            result["before"] = f"change {anchor.change}"
        else:
            result["before"] = int(anchor.handle[1:], 16) if anchor.handle else "end"
    return result
