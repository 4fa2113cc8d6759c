"""What a device says it is, at one moment."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field

from schemas.path import MenuPath

Row = Mapping[str, str]
"""One row as read, with documents' field names, ``.id`` included. A field not read is absent."""


@dataclass(frozen=True, slots=True)
class ObservedMenu:
    """The rows of a menu in table order; a singleton has exactly one. ``present`` is False when the
    device lacks the menu. ``unknown`` are the names of fields that the catalogue does not know; they are kept in the
    rows, unless they sound like secrets, and are never written."""

    rows: tuple[Row, ...]
    present: bool = True
    unknown: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class DeviceFacts:
    """Who answered. ``serial`` is the board's serial number, or a CHR's system id, or ''."""

    serial: str = ""
    model: str = ""
    version: str = ""
    architecture: str = ""


@dataclass(frozen=True, slots=True)
class Observed:
    """``address`` is the base URL that answered; ``login`` the router user that read."""

    device: str
    facts: DeviceFacts
    menus: Mapping[MenuPath, ObservedMenu]
    at: datetime.datetime
    address: str = ""
    login: str = ""
    notes: tuple[str, ...] = field(default=())


@dataclass(frozen=True, slots=True)
class AppliedEntry:
    """A declared row as it was confirmed on the router (texts as read), and its ``$id``. ``omit`` are the
    fields that Git left to the router; ``match`` is how Git selected a row that the router made."""

    fields: Mapping[str, str]
    label: str | None = None
    omit: frozenset[str] = frozenset()
    match: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Applied:
    """What was last confirmed equal to the router: only what was declared, nothing else."""

    device: str
    commit: str
    serial: str
    version: str
    menus: Mapping[MenuPath, tuple[AppliedEntry, ...]]
