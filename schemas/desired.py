"""What Git says a device should be, at one commit."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from schemas.device import Device, Fleet
from schemas.location import Location
from schemas.path import MenuPath
from schemas.selector import Selector


@dataclass(frozen=True, slots=True)
class SecretRef:
    """A secret by name. Its value exists in memory only where it is written to the device."""

    name: str

    def __str__(self) -> str:
        return f"(secret {self.name})"


Value = str | SecretRef | None
"""A field's desired value: RouterOS text, a secret's name, or None to unset it on the router."""


class Prune(StrEnum):
    """What happens to rows inside a scope that Git does not declare."""

    APPLIED = "applied"
    ALL = "all"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Scope:
    """Rows of a menu that are ours. The empty selector is the whole menu."""

    match: Selector = Selector()
    prune: Prune = Prune.APPLIED


class Side(StrEnum):
    FIRST = "first"
    LAST = "last"
    BEFORE = "before"
    AFTER = "after"


@dataclass(frozen=True, slots=True)
class Place:
    """Where our first row of an order scope stands among rows that are not ours."""

    side: Side
    match: Selector = Selector()


@dataclass(frozen=True, slots=True)
class Ignore:
    """Fields (all, when empty) of matching rows that diff and apply leave alone, until a day."""

    match: Selector
    fields: frozenset[str] = frozenset()
    reason: str = ""
    until: datetime.date | None = None


@dataclass(frozen=True, slots=True)
class DesiredEntry:
    """One row (or a singleton's values) as Git wants it.

    ``fields`` uses documents' names and native text; ``label`` is ``$id``; ``match`` selects a row
    the router made; ``absent`` says the row must not exist; ``initial`` fields are sent on add only;
    ``omit`` fields are not managed; ``renamed_from`` is the former key.
    """

    fields: Mapping[str, Value]
    origin: Location
    label: str | None = None
    match: Selector | None = None
    absent: bool = False
    initial: frozenset[str] = frozenset()
    omit: frozenset[str] = frozenset()
    renamed_from: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class DesiredMenu:
    """One menu of one device. ``written_only`` is ``fields: written``."""

    path: MenuPath
    entries: tuple[DesiredEntry, ...]
    scopes: tuple[Scope, ...] = (Scope(),)
    place: Place | None = None
    written_only: bool = False
    ignores: tuple[Ignore, ...] = ()
    origin: Location | None = None


@dataclass(frozen=True, slots=True)
class Desired:
    """A device and its menus at a commit."""

    device: Device
    fleet: Fleet
    commit: str
    menus: Mapping[MenuPath, DesiredMenu]
