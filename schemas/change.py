"""One action on one entry of one menu."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Self

from schemas.desired import Value
from schemas.path import MenuPath


class Action(StrEnum):
    """RouterOS's own words."""

    ADD = "add"
    SET = "set"
    REMOVE = "remove"
    MOVE = "move"

    @property
    def sign(self) -> str:
        return {"add": "+", "set": "~", "remove": "-", "move": "↕"}[self.value]


class Cause(StrEnum):
    """Why a change is in the plan: Git moved, the router moved, both did, or both agree already."""

    COMMIT = "commit"
    DRIFT = "drift"
    BOTH = "both"
    ADOPT = "adopt"


class Risk(StrEnum):
    NORMAL = "normal"
    MANAGEMENT = "management-path"
    CONTROL = "control"


@dataclass(frozen=True, slots=True)
class Anchor:
    """Where an added or moved row goes: directly before a row of the table, or to its end.

    Exactly one of ``handle`` (the ``.id`` of a row that was read) and ``change`` (the number of an
    add earlier in the same device plan) is set; neither means the end of the table.
    """

    handle: str | None = None
    change: int | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """``number`` counts from 1 in the order of execution. ``identity`` names the row for people.

    ``before`` holds the fields that change as they were read (absent fields as None) and ``after``
    what they become (None unsets). For a remove ``before`` is the whole row. ``handle`` is the row's
    ``.id``, good for this observation only. ``neighbours`` name the rows of the order scope it is
    placed between. ``label`` is ``$id``. ``context`` holds the fields of the row that say what it is
    for guards and readers. ``reason`` is for readers; nothing
    decides on it.
    """

    number: int
    path: MenuPath
    action: Action
    identity: str
    before: Mapping[str, str | None] = field(default_factory=dict)
    after: Mapping[str, Value] = field(default_factory=dict)
    cause: Cause = Cause.COMMIT
    risk: Risk = Risk.NORMAL
    reason: str = ""
    handle: str | None = None
    anchor: Anchor | None = None
    neighbours: tuple[str, str] | None = None
    label: str | None = None
    singleton: bool = False
    context: Mapping[str, str] = field(default_factory=dict)

    def essence(self) -> Self:
        """The change without what differs between two readings of one plan."""
        return replace(
            self,
            number=0,
            handle=None,
            anchor=None,
            context={},
            reason="",
            label=None,
            cause=Cause.COMMIT,
            risk=Risk.NORMAL,
        )
