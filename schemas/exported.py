"""What a router's ``/export`` says: only what was written, and where."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.observed import DeviceFacts
from schemas.path import MenuPath


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A part of an export that is not carried over. ``path`` '' where no menu is known."""

    line: int
    path: str
    message: str


@dataclass(frozen=True, slots=True)
class ExportedRow:
    """One row, or a singleton's values, by documents' field names; None for a field that is unset (``!name``).

    ``match`` names a row that the router made itself; ``lines`` are those of the statements that say something of
    the row; ``note`` are the comment lines above the first.
    """

    fields: Mapping[str, str | None]
    lines: tuple[int, ...]
    match: Mapping[str, str] = field(default_factory=dict)
    note: str = ""


@dataclass(frozen=True, slots=True)
class Exported:
    """``menus`` keeps the order of the export, as do the rows in each. ``schema_version`` are the facts it was
    read by; ``statements`` counts what was read, in rows and left out together; ``remarks`` are about
    the export as a whole, or what the router itself did not export."""

    facts: DeviceFacts
    schema_version: str
    menus: Mapping[MenuPath, tuple[ExportedRow, ...]]
    left_out: tuple[LeftOut, ...] = ()
    statements: int = 0
    remarks: tuple[LeftOut, ...] = ()
