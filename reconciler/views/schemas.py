"""What the catalogue knows, for people and for programs: menus, fields, and what differs between versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from reconciler.views.clean import clean
from reconciler.views.codec import Json
from reconciler.views.documents import Document
from reconciler.views.layout import more, names_text, table, wrapped
from reconciler.views.rows import number
from reconciler.views.style import PLAIN, Paint, Style
from schemas.catalogue.gaps import Gaps, Score, score
from schemas.catalogue.model import Field, Management, Menu, Order
from schemas.catalogue.versions import SchemaChange, Span, What, default_text

MENUS = "plumbline.schema.menus/v1"
MENU = "plumbline.schema.menu/v1"
FIELDS = "plumbline.schema.search/v1"
CHANGES = "plumbline.schema.diff/v1"
GAPS = "plumbline.schema.gaps/v1"

_WIDTH = 100
_MOST = 200
_RISKS = {
    Management.NEVER: "nothing here can cut the controller off",
    Management.ALWAYS: "any change here is taken for one that may cut the controller off",
}


@dataclass(frozen=True, slots=True)
class MenuView:
    """A menu of one version, the versions that have it, and those of each of its fields."""

    menu: Menu
    span: Span
    spans: Mapping[str, Span]


@dataclass(frozen=True, slots=True)
class Hit:
    """A menu, or a field of it, that a search found."""

    path: str
    field: str
    type: str


def menus_text(menus: Sequence[MenuView], version: str, *, width: int = _WIDTH, style: Style = PLAIN) -> str:
    """A line a menu, and the sums."""
    heads = ("MENU", "KIND", "FIELDS", "VERSIONS", "ORDER", "IDENTITY")
    rows = [
        (
            str(view.menu.path),
            view.menu.kind.value,
            str(sum(field.writable for field in view.menu.fields.values())),
            str(view.span),
            "" if view.menu.order is Order.NONE else view.menu.order.value,
            identity_text(view.menu) if view.menu.listed else "",
        )
        for view in menus
    ]
    paints = [style.info if view.menu.known else style.muted for view in menus]
    fields = sum(field.writable for view in menus for field in view.menu.fields.values())
    known = sum(view.menu.known for view in menus)
    sums = (
        f"{number(len(menus), 'menu')} with {number(fields, 'writable field')} in RouterOS {version}; "
        f"{known:,} of them described by somebody, the others by RouterOS's own tree alone."
    )
    return "\n".join([*table(heads, rows, paints, 0, width, style), "", *wrapped(sums, width)])


def menu_text(view: MenuView, version: str, *, width: int = _WIDTH, style: Style = PLAIN) -> str:
    """A menu and its fields, as somebody needs them who writes documents."""
    menu = view.menu
    lines = [style.title(f"{menu.path}"), ""]
    for head, text in facts_of(view, version):
        lines += wrapped(text, width, first=f"  {head:<11} ")
    rows = [_field_row(field, view.spans[field.name]) for field in _shown(menu)]
    paints = [style.info if field.writable else style.muted for field in _shown(menu)]
    heads = ("FIELD", "DEFAULT", "VERSIONS", "TYPE")
    return "\n".join([*lines, "", *table(heads, rows, paints, 0, width, style)])


def field_text(view: MenuView, field: Field, *, width: int = _WIDTH, style: Style = PLAIN) -> str:
    """One field in full."""
    told = [
        ("type", field.type),
        ("default", default_text(field)),
        ("versions", str(view.spans[field.name]) or "all that have the menu"),
        ("goes back", f"by {field.unset.value}"),
        ("notes", ", ".join(notes_of(field))),
    ]
    lines = [style.title(f"{view.menu.path} {field.name}"), ""]
    for head, text in told:
        if text:
            lines += wrapped(clean(text, 10_000), width, first=f"  {head:<11} ")
    return "\n".join(lines)


def hits_text(hits: Sequence[Hit], *, width: int = _WIDTH, style: Style = PLAIN) -> str:
    """What a search found, best first."""
    rows = [(hit.path, hit.field, hit.type) for hit in hits[:_MOST]]
    lines = table(("MENU", "FIELD", "TYPE"), rows, [style.info] * len(rows), 0, width, style)
    return "\n".join(lines + ([more(len(hits) - _MOST, "hit")] if len(hits) > _MOST else []))


def changes_text(
    changes: Sequence[SchemaChange], old: str, new: str, *, width: int = _WIDTH, style: Style = PLAIN
) -> str:
    """What one version changed from another, menu by menu, like a diff."""
    if not changes:
        return f"Nothing that Plumbline knows of differs between RouterOS {old} and {new}."
    lines: list[str] = []
    path = ""
    for change in changes:
        if change.path != path and change.what not in (What.MENU_ADDED, What.MENU_REMOVED):
            lines.append(style.title(f"  {change.path}"))
        path = change.path
        sign, text = _line(change)
        first, *rest = wrapped(clean(text, 1_000), width, first=f"{sign} ", rest="      ")
        lines += [_paint(sign, style)(first), *rest]
    counts = Counter(change.what for change in changes)
    sums = ", ".join(f"{counts[what]:,} {_PLURALS[what]}" for what in What if counts[what])
    return "\n".join([*lines, "", *wrapped(f"From RouterOS {old} to {new}: {sums}.", width)])


def gaps_text(gaps: Sequence[Gaps], version: str, *, width: int = _WIDTH, style: Style = PLAIN) -> str:
    """A line for every menu of which something is not known, and how much is known of all."""
    wanting = [each for each in gaps if each.missing]
    heads = ("MENU", "DESCRIBED", "FIELDS", "UNTYPED", "WITHOUT DEFAULT")
    rows = [
        (
            str(each.path),
            "yes" if each.described else "no",
            str(each.fields),
            str(len(each.untyped) or ""),
            names_text(each.undefaulted),
        )
        for each in wanting
    ]
    paints = [style.info if each.described else style.muted for each in wanting]
    lines = [*table(heads, rows, paints, 0, width, style), ""] if wanting else []
    return "\n".join([*lines, *wrapped(score_text(score(gaps), version), width)])


def score_text(known: Score, version: str) -> str:
    """How much is known, in one line."""
    return (
        f"RouterOS {version}: {known.described:.1%} of the menus that can be set are described "
        f"({known.addable_described:.1%} of those with add); of their fields {known.typed:.1%} have a type "
        f"and {known.defaulted:.1%} a default that is known."
    )


def identity_text(menu: Menu) -> str:
    """What names a row, and the evidence."""
    if not menu.key:
        return "whole rows; $id names one"
    return f"{', '.join(menu.key)} ({menu.key_evidence})"


def menus_document(menus: Iterable[MenuView], version: str) -> Document:
    """Menus without their fields."""
    return {"format": MENUS, "routeros": version, "menus": [_menu_json(view) for view in menus]}


def menu_document(view: MenuView, version: str, only: Field | None = None) -> Document:
    """A menu with its fields, or with one of them."""
    told = [only] if only else view.menu.fields.values()
    fields: list[Json] = [_field_json(field, view.spans[field.name]) for field in told]
    return {"format": MENU, "routeros": version, **_menu_json(view), "fields": fields}


def hits_document(hits: Iterable[Hit], version: str) -> Document:
    """Everything a search found."""
    found: list[Json] = [{"menu": hit.path, "field": hit.field or None, "type": hit.type or None} for hit in hits]
    return {"format": FIELDS, "routeros": version, "found": found}


def changes_document(changes: Iterable[SchemaChange], old: str, new: str) -> Document:
    """Every difference between two versions."""
    told: list[Json] = [
        {
            "menu": str(change.path),
            "field": change.field or None,
            "what": change.what.value,
            "before": change.before or None,
            "after": change.after or None,
        }
        for change in changes
    ]
    return {"format": CHANGES, "old": old, "new": new, "changes": told}


def gaps_document(gaps: Sequence[Gaps], version: str) -> Document:
    """Every menu that can be set, with what is not known of it."""
    known = score(gaps)
    told: list[Json] = [
        {
            "path": str(each.path),
            "described": each.described,
            "addable": each.addable,
            "fields": each.fields,
            "untyped": list[Json](each.untyped),
            "without_default": list[Json](each.undefaulted),
        }
        for each in gaps
    ]
    shares: Json = {
        "described": known.described,
        "addable_described": known.addable_described,
        "typed": known.typed,
        "defaulted": known.defaulted,
    }
    return {"format": GAPS, "routeros": version, "menus": told, "score": shares}


def _shown(menu: Menu) -> list[Field]:
    """What can be written before what can only be read; each by its name."""
    return sorted(menu.fields.values(), key=lambda field: (not field.writable, field.name))


def facts_of(view: MenuView, version: str) -> Iterable[tuple[str, str]]:
    menu = view.menu
    there = str(view.span) or "every known version"
    yield "kind", f"{menu.kind.value}, as RouterOS {version} has it; in {there}"
    if menu.listed:
        yield "identity", identity_text(menu)
    if menu.unique:
        yield "unique", "; ".join(", ".join(names) for names in menu.unique) + " (among enabled rows)"
    if menu.order is not Order.NONE:
        yield "order", menu.order.value + (f" inside {menu.order_scope}" if menu.order_scope else "")
    yield "risk", _RISKS.get(menu.management, f"judged as: {menu.management.value}")
    if menu.capability:
        yield "capability", menu.capability
    if menu.after:
        yield "after", ", ".join(menu.after)
    yield "commands", ", ".join(sorted(menu.commands - {"place-before"}))
    if not menu.known:
        yield "knowledge", "nobody has described this menu yet; identity and defaults are not known"


def _field_row(field: Field, span: Span) -> tuple[str, str, str, str]:
    return (
        field.name,
        default_text(field) if field.writable else "",
        str(span),
        " · ".join([field.type, *notes_of(field)]),
    )


def notes_of(field: Field) -> list[str]:
    told = {
        "read only": not field.writable,
        "required": field.required,
        "secret": field.secret,
        "never read back": field.write_only,
        "follows from other fields": field.computed,
        "moves by itself": field.volatile,
        "written last": field.phase > 0,
        f"{field.wire} on this version": field.wire != field.name,
        "type not known": field.type == "text" and field.writable and not field.free,
    }
    return [note for note, holds in told.items() if holds]


def _line(change: SchemaChange) -> tuple[str, str]:
    match change.what:
        case What.MENU_ADDED:
            return "+", f"{change.path}"
        case What.MENU_REMOVED:
            return "-", f"{change.path}"
        case What.FIELD_ADDED:
            return "+", f"    {change.field}: {change.after}"
        case What.FIELD_REMOVED:
            return "-", f"    {change.field}: {change.before}"
        case What.COMMANDS:
            told = [f"{sign}{names}" for sign, names in (("-", change.before), ("+", change.after)) if names]
            return "~", f"    commands: {' '.join(told)}"
        case _:
            name = f"{change.field} " if change.field else ""
            return "~", f"    {name}{change.what.value}: {change.before} → {change.after}"


def _paint(sign: str, style: Style) -> Paint:
    return {"+": style.add, "-": style.remove}.get(sign, style.set)


_PLURALS = {
    What.MENU_ADDED: "menus added",
    What.MENU_REMOVED: "menus removed",
    What.FIELD_ADDED: "fields added",
    What.FIELD_REMOVED: "fields removed",
    What.RENAMED: "renamed",
    What.TYPE: "of another type",
    What.DEFAULT: "with another default",
    What.WRITABLE: "writable or no longer",
    What.REQUIRED: "required or no longer",
    What.KIND: "menus of another kind",
    What.IDENTITY: "menus with another identity",
    What.ORDER: "menus with another order",
    What.COMMANDS: "menus with other commands",
}


def _menu_json(view: MenuView) -> dict[str, Json]:
    menu = view.menu
    return {
        "path": str(menu.path),
        "kind": menu.kind.value,
        "known": menu.known,
        "key": list(menu.key),
        "key_evidence": menu.key_evidence,
        "unique": [list(names) for names in menu.unique],
        "order": menu.order.value,
        "order_scope": menu.order_scope,
        "management": menu.management.value,
        "capability": menu.capability,
        "after": list[Json](map(str, menu.after)),
        "commands": list[Json](sorted(menu.commands - {"place-before"})),
        "since": view.span.since or None,
        "until": view.span.until or None,
    }


def _field_json(field: Field, span: Span) -> dict[str, Json]:
    return {
        "name": field.name,
        "wire": field.wire,
        "type": field.type,
        "default": field.default,
        "writable": field.writable,
        "required": field.required,
        "secret": field.secret,
        "write_only": field.write_only,
        "computed": field.computed,
        "volatile": field.volatile,
        "reference": str(field.reference) if field.reference else None,
        "unset": field.unset.value,
        "phase": field.phase,
        "type_known": field.type != "text" or field.free,
        "since": span.since or None,
        "until": span.until or None,
    }
