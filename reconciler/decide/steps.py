"""What one menu needs, before changes are numbered across menus."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from reconciler.decide.match import RowView
from schemas.catalogue.model import Menu
from schemas.change import Action, Cause
from schemas.desired import DesiredEntry, SecretRef, Value
from schemas.location import Location
from schemas.observed import Row
from schemas.plan import Notice

SecretState = Callable[[str, str, SecretRef], bool | None]
"""(identity, field, secret) -> whether the last value written is the present one; None when unknown."""


@dataclass(slots=True)
class Step:
    """A change before it has a number. ``row`` is the place in the table of the row it touches; an
    anchor is the place of a row, or another step that adds one; ``None`` is the end of the table."""

    action: Action
    identity: str
    menu: Menu
    before: Mapping[str, str | None] = field(default_factory=dict)
    after: Mapping[str, Value] = field(default_factory=dict)
    row: RowView | None = None
    entry: DesiredEntry | None = None
    cause: Cause = Cause.COMMIT
    reason: str = ""
    anchor: RowView | Step | None = None
    neighbours: tuple[str, str] | None = None


@dataclass(slots=True)
class MenuDiff:
    """What one menu needs, and what is left alone. ``problems`` make the device's plan impossible.

    ``confirmed`` says that every declared row reads exactly as when it was last confirmed.
    """

    menu: Menu
    steps: list[Step] = field(default_factory=list)
    unmanaged: list[Notice] = field(default_factory=list)
    unverified: list[Notice] = field(default_factory=list)
    ignored: list[Notice] = field(default_factory=list)
    problems: list[tuple[str, Location | None]] = field(default_factory=list)
    refusals: list[tuple[str, str]] = field(default_factory=list)
    rows: int = 0
    confirmed: bool = False


def made_by_router(row: Row) -> bool:
    """Built-in and default rows: they can be set, never removed."""
    return row.get("builtin") == "true" or row.get("default") == "true"


REASONS = {
    Cause.COMMIT: "Git says so.",
    Cause.DRIFT: "The router was changed by hand.",
    Cause.BOTH: "Git and the router both changed.",
    Cause.ADOPT: "Nothing was ever confirmed here.",
}
