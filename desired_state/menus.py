"""The ``menus`` of a document: rows as written, scopes, places, ignores. Nothing is rendered yet."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from desired_state.conditions import ALWAYS, When, read_when
from desired_state.report import Report, nearest, shown
from desired_state.selectors import read_selector
from desired_state.templates import has_template
from desired_state.yaml_reader import Map, Node, Seq
from schemas.catalogue.load import open_catalogue
from schemas.catalogue.model import Kind, Menu, Order
from schemas.desired import Ignore, Place, Prune, Side
from schemas.location import Location
from schemas.path import MenuPath
from schemas.selector import Selector

WORDS = (
    "$id",
    "$match",
    "$absent",
    "$drop",
    "$for-each",
    "$when",
    "$initial",
    "$omit",
    "$renamed-from",
    "$until",
)
MENU_KEYS = ("own", "prune", "place", "fields", "ignore", "head", "entries", "tail", "$when")


@dataclass(frozen=True, slots=True, eq=False)
class RawEntry:
    """A row as written. ``static`` rows hold no template and mean the same on every device."""

    node: Map
    file: str
    static: bool
    when: When = ALWAYS
    until: datetime.date | None = None

    def at(self, name: str | None = None) -> Location:
        return Location(self.file, self.node.lines.get(name, self.node.line) if name else self.node.line)


@dataclass(frozen=True, slots=True)
class RawScope:
    """``own`` as written; ``prune`` None where it is not said."""

    match: Selector
    prune: Prune | None
    origin: Location


@dataclass(frozen=True, slots=True, eq=False)
class RawMenu:
    """One menu of one document. ``own`` is empty where it is not said."""

    path: MenuPath
    origin: Location
    entries: tuple[RawEntry, ...] = ()
    head: tuple[RawEntry, ...] = ()
    tail: tuple[RawEntry, ...] = ()
    own: tuple[RawScope, ...] = ()
    place: Place | None = None
    written_only: bool | None = None
    ignores: tuple[Ignore, ...] = ()
    when: When = ALWAYS


@dataclass(frozen=True, slots=True, eq=False)
class Layer:
    """A group or a device as a layer of configuration."""

    file: str
    vars: Map = field(default_factory=lambda: Map(0))
    menus: Mapping[MenuPath, RawMenu] = field(default_factory=dict)
    when: When = ALWAYS

    @property
    def conditional(self) -> bool:
        """Whether anything in it depends on more than the menus of a RouterOS version."""
        menus = self.menus.values()
        entries = (entry for menu in menus for entry in (*menu.head, *menu.entries, *menu.tail))
        return (
            self.when is not ALWAYS
            or any(menu.when is not ALWAYS for menu in menus)
            or any(entry.when is not ALWAYS or entry.until is not None for entry in entries)
        )


def read_menus(report: Report, node: Map) -> dict[MenuPath, RawMenu]:
    """The ``menus`` of a document; what is wrong goes to the report."""
    found: dict[MenuPath, RawMenu] = {}
    for key, body in node.items():
        line = node.lines[key]
        menu = _menu_of(report, key, body, line)
        if menu is None:
            continue
        if menu.path in found:
            report.add(line, f"The menu {menu.path} is given twice; it stands on line {found[menu.path].origin.line}.")
            continue
        found[menu.path] = _read_menu(report, menu, body, line)
    return found


def _menu_of(report: Report, key: str, body: Node, line: int) -> Menu | None:
    """The menu of the newest version that has it; where versions differ, one that is as the body is written."""
    catalogue = open_catalogue()
    try:
        path = MenuPath.parse(key)
    except ValueError as error:
        report.add(line, f"{error}.")
        return None
    for schema in catalogue.newest_first():
        menu = schema.menu(path)
        if menu is None:
            continue
        if menu.kind is Kind.READONLY:
            report.add(line, f"The menu {path} can be read but not set.")
            return None
        return _as_written(path, body) or menu
    near = catalogue.schema(catalogue.newest).suggest_menu(key)
    report.add(line, f"RouterOS has no menu {path}.", f'Did you mean "{near}"?' if near else "")
    return None


def _as_written(path: MenuPath, body: Node) -> Menu | None:
    """The newest version's menu with rows, or without any, as the body has it (``/interface/ovpn-server/server``)."""
    rows = isinstance(body, Seq) or (isinstance(body, Map) and any(key in MENU_KEYS for key in body))
    catalogue = open_catalogue()
    menus = (catalogue.schema(version).menu(path) for version in reversed(catalogue.versions))
    return next((menu for menu in menus if menu is not None and menu.singleton is not rows), None)


def _read_menu(report: Report, menu: Menu, body: Node, line: int) -> RawMenu:
    origin = report.at(line)
    if menu.singleton:
        return RawMenu(menu.path, origin, _singleton(report, menu, body, line))
    if isinstance(body, Seq):
        return RawMenu(menu.path, origin, _rows(report, menu, body))
    if not isinstance(body, Map) or not body:
        hint = "Write [] for no rows, or - {field: value} for each row."
        report.add(line, f"{menu.path} is a list of rows, not {shown(body)}.", hint)
        return RawMenu(menu.path, origin)
    if not any(key in MENU_KEYS for key in body):
        report.add(line, f"{menu.path} is a list of rows; a single mapping stands here.", "Write - before the row.")
        return RawMenu(menu.path, origin)
    report.keys(body, MENU_KEYS, str(menu.path))
    if menu.order is Order.NONE:
        for key in ("head", "tail", "place"):
            if key in body:
                report.add(body.lines[key], f"The order of {menu.path} means nothing.", "Write entries instead.")
    rows = {key: _rows(report, menu, report.sequence(body, key)) for key in ("entries", "head", "tail")}
    return RawMenu(
        menu.path,
        origin,
        rows["entries"],
        rows["head"],
        rows["tail"],
        _own(report, menu, body),
        _place(report, menu, body),
        _written_only(report, body),
        tuple(_ignores(report, menu, report.sequence(body, "ignore"))),
        read_when(report, body["$when"], body.lines["$when"]) if "$when" in body else ALWAYS,
    )


def _singleton(report: Report, menu: Menu, body: Node, line: int) -> tuple[RawEntry, ...]:
    if isinstance(body, Map):
        return (_entry(report, body),) if body else ()
    hint = f"Write {menu.path}: {{field: value}}."
    report.add(line, f"{menu.path} has one set of values and no rows; {shown(body)} stands here.", hint)
    return ()


def _rows(report: Report, menu: Menu, body: Seq) -> tuple[RawEntry, ...]:
    found = []
    for item, line in zip(body, body.lines, strict=True):
        if isinstance(item, Map) and item:
            found.append(_entry(report, item))
        else:
            report.add(
                line, f"A row of {menu.path} is a mapping, not {shown(item or None)}.", "Write - {field: value}."
            )
    return tuple(found)


def _entry(report: Report, node: Map) -> RawEntry:
    for key in node:
        if key.startswith("$") and key not in WORDS:
            hint = nearest(key, WORDS) or f"There are {', '.join(WORDS)}."
            report.add(node.lines[key], f"{key!r} is no word of ours.", hint)
    when = read_when(report, node["$when"], node.lines["$when"]) if "$when" in node else ALWAYS
    static = "$for-each" not in node and not has_template(node)
    return RawEntry(node, report.file, static, when, _until(report, node, "$until"))


def _own(report: Report, menu: Menu, body: Map) -> tuple[RawScope, ...]:
    general = _prune(report, body)
    scopes = report.sequence(body, "own")
    found = []
    for item, line in zip(scopes, scopes.lines, strict=True):
        match = read_selector(report, item, line, menu, beside=("prune",))
        own = _prune(report, item) if isinstance(item, Map) else None
        found.append(RawScope(match, own or general, report.at(line)))
    if not found and general is not None:
        found.append(RawScope(Selector(), general, report.at(body.lines["prune"])))
    return tuple(found)


def _prune(report: Report, node: Map) -> Prune | None:
    return report.choice(node, "prune", tuple(Prune), Prune.APPLIED) if node.get("prune") is not None else None


def _place(report: Report, menu: Menu, body: Map) -> Place | None:
    value = body.get("place")
    if value is None:
        return None
    line = body.lines["place"]
    if value in (Side.FIRST, Side.LAST):
        return Place(Side(value))
    if isinstance(value, Map) and len(value) == 1 and next(iter(value)) in (Side.BEFORE, Side.AFTER):
        side, match = next(iter(value.items()))
        return Place(Side(side), read_selector(report, match, line, menu))
    hint = "Write first, last, {before: {comment: X}} or {after: {comment: X}}."
    report.add(line, f"'place' cannot be {shown(value)}.", hint)
    return None


def _written_only(report: Report, body: Map) -> bool | None:
    value = body.get("fields")
    if value is None:
        return None
    if value != "written":
        report.add(body.lines["fields"], f"'fields' cannot be {shown(value)}.", "Write fields: written.")
    return True


def _ignores(report: Report, menu: Menu, body: Seq) -> list[Ignore]:
    found = []
    for item, line in zip(body, body.lines, strict=True):
        if not isinstance(item, Map):
            report.add(line, "An ignore is a mapping.", "Write {match: {name: X}, fields: [Y], reason: WHY}.")
            continue
        report.keys(item, ("match", "fields", "reason", "until"), "'ignore'")
        names = report.texts(item, "fields")
        for name in names:
            if name not in menu.fields:
                report.add(item.lines["fields"], f"{menu.path} has no field {name!r}.", nearest(name, menu.fields))
        match = read_selector(report, item["match"], item.lines["match"], menu) if "match" in item else Selector()
        reason = report.text(item, "reason") or ""
        found.append(Ignore(match, frozenset(names), reason, _until(report, item, "until")))
    return found


def _until(report: Report, node: Map, key: str) -> datetime.date | None:
    text = report.text(node, key)
    if text is None:
        return None
    try:
        return datetime.date.fromisoformat(text)
    except ValueError:
        report.add(node.lines[key], f"{text!r} is not a date.", "Write 2027-01-31.")
        return None
