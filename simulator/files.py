"""``/file``: sizes, kinds and dates of files, and what may be written into one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from simulator.errors import Refusal
from simulator.state import Device, Row, Table
from simulator.times import stamp

PATH = "/file"
SHOWN = 4096
"""The longest contents that a list shows, in bytes (a few KiB; the number itself is unproven)."""
LONGEST = 61_440
"""The longest contents that can be written at once: 61,250 bytes were taken and 61,500 were not."""
_DATES = ("last-modified", "creation-time")
_DATED = "dated"
_DIRECTORY = "directory"
_KINDS = {"rsc": "script", "backup": "backup", "npk": "package", "txt": ".txt file", "log": ".log file"}
"""By the end of the name; what other files are called is unproven."""


def shape(row: Row, shown: dict[str, str]) -> None:
    """Date, kind and size; contents of what is small and text."""
    contents = row.config.get("contents", "")
    if row.memory.get(_DATED) != contents and "size" not in row.facts:
        row.memory[_DATED] = contents
        row.facts[dated(row.table)] = stamp(row.table.device)
    shown.update(row.facts)
    shown.setdefault("type", _KINDS.get(row.label.rpartition(".")[2], "file"))
    if shown["type"] == _DIRECTORY:
        shown.pop("contents", None)
        return
    size = len(encoded(contents))
    shown.setdefault("size", str(size))
    if size > SHOWN or "size" in row.facts:
        shown.pop("contents", None)
    else:
        shown["contents"] = contents


def dated(table: Table) -> str:
    """What the version calls the date of a file."""
    return next(name for name in _DATES if name in table.menu.fields)


def encoded(contents: str) -> bytes:
    """A file as the bytes it is."""
    return contents.encode(errors="surrogateescape")


def check(table: Table, row: Row | None, config: Mapping[str, str]) -> None:
    """Raise the Refusal of contents that are too long or a name that is taken (how that is told is unproven)."""
    if len(encoded(config.get("contents", ""))) > LONGEST and (
        row is None or row.config.get("contents") != config["contents"]
    ):
        raise Refusal("failure: contents too long")
    other = table.named(config.get("name", ""))
    if other is not None and other is not row:
        raise Refusal("failure: file already exists")


def write(device: Device, name: str, contents: str) -> Row:
    """A file that the router itself writes, over what was there."""
    table = device.table(PATH)
    row = table.named(name) or table.create()
    row.put("name", name)
    row.put("contents", contents)
    row.facts.pop("size", None)
    row.facts[dated(table)] = stamp(device)
    row.memory[_DATED] = contents
    table.refresh(row)
    return row


def with_contents(rows: Sequence[Row]) -> list[Row]:
    """Files and, of folders, everything in them, which goes with them (unproven)."""
    folders = tuple(f"{row.label}/" for row in rows if row.shown.get("type") == _DIRECTORY)
    inside = [row for row in rows[0].table.rows if row.label.startswith(folders)] if folders else []
    return list(dict.fromkeys([*rows, *inside]))
