"""Names that changes refer to must exist on the device, or be made by the same plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from reconciler.decide.steps import Step
from schemas.change import Action
from schemas.location import Problem
from schemas.observed import ObservedMenu
from schemas.path import MenuPath

INTERFACES = MenuPath("/interface")


def dangling(steps: Sequence[Step], observed: Mapping[MenuPath, ObservedMenu]) -> Iterator[Problem]:
    """A problem for each written name whose menu was read and holds no such row."""
    targets = {field.reference for step in steps for field in step.menu.fields.values() if field.reference}
    names = {path: _names(path, steps, observed) for path in targets}
    for step in steps:
        if step.action not in (Action.ADD, Action.SET):
            continue
        for field_name, value in step.after.items():
            field = step.menu.fields.get(field_name)
            if field is None or field.reference is None or not isinstance(value, str) or not value:
                continue
            known = names.get(field.reference)
            if known is None or not _is_name(field.type, value):
                continue
            for name in _each(field.type, value):
                if name not in known:
                    location = step.entry.origin if step.entry else None
                    text = f"{step.menu.path} {field_name}: the device has no {field.reference} named {name!r}."
                    yield Problem(text, location, "Declare it, or correct the name.")


def _names(path: MenuPath, steps: Sequence[Step], observed: Mapping[MenuPath, ObservedMenu]) -> frozenset[str] | None:
    menu = observed.get(path)
    if menu is None or not menu.present:
        return None
    found = {row["name"] for row in menu.rows if "name" in row}
    found |= {row["default-name"] for row in menu.rows if "default-name" in row}
    for step in steps:
        inside = step.menu.path == path or (path == INTERFACES and step.menu.path.startswith("/interface/"))
        name = step.after.get("name")
        if inside and isinstance(name, str):
            found.add(name)
    return frozenset(found)


def _each(type_text: str, value: str) -> list[str]:
    text = value.removeprefix("!")
    return text.split(",") if "list(" in type_text or "set(" in type_text else [text]


def _is_name(type_text: str, value: str) -> bool:
    """Words of the type itself (``all-ethernet``, ``none``) and addresses are no names."""
    text = value.removeprefix("!")
    start = type_text.find("or(")
    words = type_text[start + 3 :].partition(",")[0].split("|") if start >= 0 else []
    return text not in words and not text.startswith("*")
