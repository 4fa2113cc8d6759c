"""An export written down as a device's document: minimal, readable, and without a secret.

What an export says ends in the document, is at its default, or is told as left out; nothing is lost in silence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from desired_state.documents import API_VERSION
from desired_state.paths import FILES, LISTS
from desired_state.row_writer import ALWAYS, derived, is_same, ordered, written_value
from desired_state.scaffold import device_head
from desired_state.templates import has_template
from desired_state.yaml_reader import Node
from desired_state.yaml_writer import WIDTH, block, flow, rows, writable
from schemas.catalogue.model import Field, Menu, Order
from schemas.device import Device
from schemas.exported import Exported, ExportedRow, LeftOut
from schemas.path import MenuPath
from schemas.values import canonical_or_exact, parse_type

MenuOf = Callable[[MenuPath], Menu | None]

_FROM_EXPORT = """\
# Read from an export, which tells neither where the router answers nor its certificate: check the address (it is the
# first one in the export). plumbline device enrol then shows the certificate's pin; write it here, and enrol again.
"""
_FILE_LINES = 2
"""A text of more lines than this goes to a file of its own."""
_FILE_LENGTH = 240
_MANY = 50
"""So many rows of one shape are a list."""
_NOTHING = (None, "", "no")
_WORD = re.compile(r"[^A-Za-z0-9_.-]+")


@dataclass(frozen=True, slots=True)
class Imported:
    """``files`` by path, the device's document among them; ``secrets`` by name, which must stay out of Git.
    ``places`` maps lines of the document to the lines of the export they came from, several where a list is named."""

    files: Mapping[str, bytes]
    secrets: Mapping[str, str] = field(repr=False)
    left_out: tuple[LeftOut, ...] = ()
    places: Mapping[int, tuple[int, ...]] = field(default_factory=dict)


def document_of(
    device: Device, exported: Exported, menu_of: MenuOf, refused: Mapping[int, LeftOut] | None = None
) -> Imported:
    """The documents of one exported router, in mode observe. Rows whose first line is ``refused`` are left out."""
    writer = _Writer(device.name, refused or {})
    head = f"{_FROM_EXPORT}apiVersion: {API_VERSION}\nkind: Device\n" + device_head(device, "observe")
    pieces: list[_Piece] = []
    for path, found in exported.menus.items():
        menu = menu_of(path)
        if menu is not None:
            pieces += _menu(writer, menu, found)
    text, places = _joined([(head, ()), ("menus:\n" if pieces else "menus: {}\n", ()), *pieces])
    files = {f"devices/{device.name}.yaml": text.encode(), **writer.files}
    left_out = sorted([*exported.left_out, *writer.left_out], key=lambda item: item.line)
    return Imported(files, writer.secrets, tuple(left_out), places)


_Piece = tuple[str, tuple[int, ...]]
"""A piece of the document, and the lines of the export that it says."""


def _joined(pieces: Sequence[_Piece]) -> tuple[str, dict[int, tuple[int, ...]]]:
    places: dict[int, tuple[int, ...]] = {}
    line = 1
    for text, origin in pieces:
        count = text.count("\n")
        if origin:
            places |= dict.fromkeys(range(line, line + count), origin)
        line += count
    return "".join(text for text, _ in pieces), places


class _Writer:
    """What comes up beside the document."""

    def __init__(self, device: str, refused: Mapping[int, LeftOut]) -> None:
        self.device = device
        self.refused = refused
        self.files: dict[str, bytes] = {}
        self.secrets: dict[str, str] = {}
        self.left_out: list[LeftOut] = []

    def leave(self, menu: Menu, row: ExportedRow, why: str) -> None:
        self.left_out.append(LeftOut(row.lines[0], str(menu.path), why))

    def secret(self, menu: Menu, row: ExportedRow, name: str, text: str) -> Node:
        """The reference that stands for a secret; equal values of one name are one secret."""
        words = (self.device, menu.path.rpartition("/")[2], _row_word(menu, row), name)
        base = "-".join(filter(None, (_WORD.sub("-", word).strip("-.").lower() for word in words)))
        return {"secret": _free(base, self.secrets, text)}

    def file(self, menu: Menu, row: ExportedRow, name: str, text: str) -> Node:
        """The reference that stands for a long text."""
        word = _WORD.sub("-", _row_word(menu, row) or name).strip("-.") or "text"
        folder = menu.path.rpartition("/")[2]
        taken = {path: content.decode() for path, content in self.files.items()}
        path = _free(f"{FILES}{self.device}/{folder}-{word}", taken, text, ".rsc")
        self.files[path] = text.encode()
        return {"file": path}


def _free(base: str, taken: dict[str, str], text: str, ending: str = "") -> str:
    """A name that is not taken by another text; the text is noted under it."""
    number = 1
    while taken.setdefault(name := base + (f"-{number}" if number > 1 else "") + ending, text) != text:
        number += 1
    return name


def _row_word(menu: Menu, row: ExportedRow) -> str:
    values = {**row.match, **{name: text for name, text in row.fields.items() if text}}
    return next((text for name in ("name", *menu.key, "comment") if (text := values.get(name))), "")


def _menu(writer: _Writer, menu: Menu, found: tuple[ExportedRow, ...]) -> list[_Piece]:
    if menu.singleton:
        return _singleton(writer, menu, found)
    seen: dict[tuple[str, ...], ExportedRow] = {}
    entries: list[_Written] = []
    for row in found:
        if row.lines[0] in writer.refused:
            writer.left_out.append(writer.refused[row.lines[0]])
        elif any(map(has_template, row.match.values())):
            writer.leave(menu, row, "what selects it reads as a template.")
        elif not _is_second(writer, menu, row, seen):
            entry = _entry(writer, menu, row) or ({} if row.match else _default_entry(menu))
            if not entry and not row.match:
                writer.leave(menu, row, "it says nothing but defaults, by which nobody could know the row.")
            elif entry:
                entries.append((row, {"$match": dict(row.match), **entry} if row.match else entry))
    pieces = list(_rows(writer, menu, entries))
    return [(f"  {menu.path}:\n", ()), *pieces] if pieces else []


_Written = tuple[ExportedRow, dict[str, Node]]


def _rows(writer: _Writer, menu: Menu, entries: Sequence[_Written]) -> Iterator[_Piece]:
    """Each row on its own; many that are alike go to a list, where their order means nothing."""
    alike: dict[tuple[Node, ...], list[_Written]] = {}
    if menu.order is Order.NONE:
        for row, entry in entries:
            if not row.note and all(isinstance(value, str) and not has_template(value) for value in entry.values()):
                alike.setdefault((entry.get("list"), *entry), []).append((row, entry))
    large = {id(row): group for group in alike.values() if len(group) >= _MANY for row, _ in group}
    for row, entry in entries:
        group = large.get(id(row))
        if group is None:
            note = "".join(f"    # {_one_line(line)}\n" for line in row.note.splitlines())
            yield note + rows([entry], 4), (row.lines[0],)
        elif row is group[0][0]:
            yield rows([_by_list(writer, menu, group)], 4), tuple(row.lines[0] for row, _ in group)


def _one_line(text: str) -> str:
    """A comment of the export as one of the document: nothing in it may end the line, as YAML sees lines."""
    return "".join(sign if sign.isprintable() else " " for sign in text)


def _by_list(writer: _Writer, menu: Menu, group: Sequence[_Written]) -> dict[str, Node]:
    """One entry for all: what is equal is said there, what differs stands in a file below lists/."""
    first = group[0][1]
    same = [name for name in first if all(entry[name] == first[name] for _, entry in group)]
    items = [{name: text for name, text in entry.items() if name not in same} for _, entry in group]
    word = _WORD.sub("-", str(first.get("list", ""))).strip("-.") or menu.path.rpartition("/")[2]
    text = rows(items, 0)
    taken = {path: content.decode() for path, content in writer.files.items()}
    path = _free(f"{LISTS}{writer.device}-{word}", taken, text, ".yaml")
    writer.files[path] = text.encode()
    named = {name: first[name] if name in same else f"{{{{ item[{name!r}] }}}}" for name in first}
    return {"$for-each": {"list": path}, **named}


def _singleton(writer: _Writer, menu: Menu, found: tuple[ExportedRow, ...]) -> list[_Piece]:
    pieces: list[_Piece] = []
    for row in found:
        if row.lines[0] in writer.refused:
            writer.left_out.append(writer.refused[row.lines[0]])
            continue
        written = _entry(writer, menu, row)
        line = f"  {menu.path}: {flow(written)}\n"
        if written:
            text = line if len(line) <= WIDTH else f"  {menu.path}:\n{block(written, 4)}"
            pieces.append((text, (row.lines[0],)))
    return pieces


def _is_second(writer: _Writer, menu: Menu, row: ExportedRow, seen: dict[tuple[str, ...], ExportedRow]) -> bool:
    """Whether a row repeats a key of which the router takes only one."""
    if menu.key_evidence != "enforced" or not menu.key or row.match:
        return False
    key = tuple(_canonical(menu.fields[name], row.fields.get(name) or "") for name in menu.key)
    first = seen.setdefault(key, row)
    if first is not row:
        writer.leave(menu, row, f"its key {' '.join(filter(None, key))} is taken by line {first.lines[0]}.")
    return first is not row


def _entry(writer: _Writer, menu: Menu, row: ExportedRow) -> dict[str, Node]:
    """The fields worth writing, as they are written."""
    made = _made(menu, row)
    values: dict[str, Node] = {}
    for name in ordered(menu, row.fields):
        known, text = menu.fields[name], row.fields[name]
        if known.volatile or (not known.writable and text in _NOTHING):
            continue  # a state of the moment, or a flag that is not up: nothing that somebody wrote
        if not known.writable:
            writer.leave(menu, row, f"{name} is read-only.")
        elif not _goes_without_saying(menu, row, known, text, made):
            _write(writer, menu, row, known, text, values)
    return values


def _default_entry(menu: Menu) -> dict[str, Node]:
    """One default, so that a row at nothing but defaults can be written down at all."""
    known = [menu.fields[name] for name in ordered(menu, menu.fields) if menu.fields[name].writable]
    written = ((item.name, written_value(item, item.default)) for item in known if item.default)
    return next(({name: value} for name, value in written if value is not None), {})


def _write(
    writer: _Writer, menu: Menu, row: ExportedRow, known: Field, text: str | None, values: dict[str, Node]
) -> None:
    if text is None:
        values[known.name] = None
    elif known.secret:
        values[known.name] = writer.secret(menu, row, known.name, text) if text else ""
    elif _is_long(text) and writable(text) and parse_type(known.type).canonical_or_exact(text)[1]:
        values[known.name] = writer.file(menu, row, known.name, text)
    elif (written := written_value(known, text)) is not None:
        values[known.name] = written
    elif writable(text) and not has_template(text):
        values[known.name] = {"text": text}
    else:
        writer.leave(menu, row, f"{known.name}: {text[:60]!r} cannot be written down.")
        if menu.addable and not row.match:
            omitted = values.setdefault("$omit", [])
            assert isinstance(omitted, list)
            omitted.append(known.name)


def _is_long(text: str) -> bool:
    return text.count("\n") >= _FILE_LINES or len(text) > _FILE_LENGTH


def _made(menu: Menu, row: ExportedRow) -> Mapping[str, str]:
    """What a row that the router made is before anybody sets it."""
    if not row.match:
        return {}
    wanted = {name: _canonical(menu.fields[name], text) for name, text in row.match.items() if name in menu.fields}
    for built in menu.builtin:
        if all(_canonical(menu.fields[name], built.get(name, "")) == text for name, text in wanted.items()):
            return built
    return {"name": row.match["default-name"]} if "default-name" in row.match else {}


def _goes_without_saying(menu: Menu, row: ExportedRow, known: Field, text: str | None, made: Mapping[str, str]) -> bool:
    """Whether a value selects the row, is at its default, or follows from others."""
    if _is_default(menu, known, text, made):
        return True
    return text is not None and text in (row.match.get(known.name), derived(menu, known.name, row.fields))


def _is_default(menu: Menu, known: Field, text: str | None, made: Mapping[str, str]) -> bool:
    """Whether nobody has to write a value for it to be so."""
    default = made.get(known.name, known.default)
    if default is None:
        return False
    if text is None or (text == "" and not parse_type(known.type).holds_empty):
        return text == "" or default == ""
    return known.name not in (*menu.key, *ALWAYS) and is_same(known, text, default)


def _canonical(known: Field, text: str) -> str:
    return canonical_or_exact(parse_type(known.type), text)[0]
