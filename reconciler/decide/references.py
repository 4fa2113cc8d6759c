"""Names that rows refer to must exist once the plan is done: nothing new may dangle, nothing old be left hanging."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence

from reconciler.decide.steps import MenuDiff, Step
from schemas.catalogue.model import Field, Menu
from schemas.change import Action
from schemas.desired import Value
from schemas.location import Location, Problem
from schemas.observed import ObservedMenu
from schemas.path import MenuPath

INTERFACES = MenuPath("/interface")


def dangling(diffs: Sequence[MenuDiff], observed: Mapping[MenuPath, ObservedMenu]) -> Iterator[Problem]:
    """A problem for each name that a row would refer to and that no row would have.

    Judged are rows that the plan writes, and, where it removes a name, every row of the menus it manages (rows
    follow a rename by themselves). A menu that was not read is not judged.
    """
    steps = [step for diff in diffs for step in diff.steps]
    names = {path: _names(path, steps, observed) for path in _targets(diffs)}
    gone = frozenset(name for step in steps if step.action is Action.REMOVE for name in _taken(step))
    for step in steps:
        if step.action in (Action.ADD, Action.SET):
            place = step.entry.origin if step.entry else None
            yield from _missing(step.menu, step.after, names, place)
    if gone:
        for diff in diffs:
            yield from _left_hanging(diff, observed[diff.menu.path], names, gone)


def _left_hanging(
    diff: MenuDiff,
    seen: ObservedMenu,
    names: Mapping[MenuPath, frozenset[str] | None],
    gone: frozenset[str],
) -> Iterator[Problem]:
    """Rows that stay as they are and refer to a name the plan takes away."""
    touched = {step.row.index: step for step in diff.steps if step.row is not None}
    for index, row in enumerate(seen.rows):
        step = touched.get(index)
        if row.get("dynamic") == "true" or (step is not None and step.action is Action.REMOVE):
            continue
        written = step.after if step is not None else {}
        kept = {name: text for name, text in row.items() if name not in written and _names_in(text) & gone}
        place = step.entry.origin if step is not None and step.entry is not None else None
        yield from _missing(diff.menu, kept, names, place)


def _missing(
    menu: Menu,
    values: Mapping[str, Value],
    names: Mapping[MenuPath, frozenset[str] | None],
    place: Location | None,
) -> Iterator[Problem]:
    for field_name, value in values.items():
        field = menu.fields.get(field_name)
        if field is None or field.reference is None or not isinstance(value, str) or not value:
            continue
        known = names.get(field.reference)
        if known is None:
            continue
        for name in _each(field, value):
            if _is_name(field.type, name) and name not in known:
                text = f"{menu.path} {field_name}: no {field.reference} named {name!r} would exist after this plan."
                yield Problem(text, place, "Declare it, or correct the name.")


_MAKE_INTERFACES = ("/interface/", "/zerotier/interface", "/caps-man/interface")
"""Where the menus stand whose rows are interfaces too."""


def _targets(diffs: Iterable[MenuDiff]) -> set[MenuPath]:
    return {field.reference for diff in diffs for field in diff.menu.fields.values() if field.reference}


def _names(path: MenuPath, steps: Sequence[Step], observed: Mapping[MenuPath, ObservedMenu]) -> frozenset[str] | None:
    """The names rows of a menu will have; None where the menu was not read."""
    menu = observed.get(path)
    if menu is None or not menu.present:
        return None
    inside = [
        step
        for step in steps
        if step.menu.path == path or (path == INTERFACES and step.menu.path.startswith(_MAKE_INTERFACES))
    ]
    found = {row["name"] for row in menu.rows if "name" in row}
    found -= {name for step in inside for name in _taken(step)}
    found |= {row["default-name"] for row in menu.rows if "default-name" in row}
    return frozenset(found | {name for step in inside if isinstance(name := step.after.get("name"), str)})


def _taken(step: Step) -> Iterator[str]:
    """The name a step takes away: of a row it removes or renames."""
    renames = step.action is Action.SET and "name" in step.after
    if step.row is not None and (renames or step.action is Action.REMOVE) and step.row.row.get("name"):
        yield step.row.row["name"]


def _names_in(text: str) -> frozenset[str]:
    return frozenset(part.lstrip("!") for part in text.split(","))


def _each(field: Field, value: str) -> list[str]:
    text = value.removeprefix("!")
    return text.split(",") if "list(" in field.type or "set(" in field.type else [text]


def _is_name(type_text: str, value: str) -> bool:
    """Words of the type itself (``all-ethernet``, ``none``) and addresses are no names."""
    text = value.removeprefix("!")
    start = type_text.find("or(")
    words = type_text[start + 3 :].partition(",")[0].split("|") if start >= 0 else []
    return text not in words and not text.startswith("*")
