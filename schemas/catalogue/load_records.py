"""How the artefact lies on disk: msgpack arrays, an index of menus that are decoded one by one.

A mask is a set of versions: bit i is the i-th of ``Header.versions``. Views of a menu or field that
differ between versions are listed each with its mask; of one thing the masks never overlap.
"""

from __future__ import annotations

import msgspec

from schemas.catalogue.model import Kind, Management, Order, Shown, Unset

FORMAT = 4
"""Raised when these records change, so that older artefacts are built anew."""


class FieldView(msgspec.Struct, array_like=True, frozen=True):
    """``model.Field`` without behaviour; ``reference`` is a path or None."""

    name: str
    wire: str
    type: str
    writable: bool = True
    default: str | None = None
    unset: Unset = Unset.UNSET
    secret: bool = False
    write_only: bool = False
    computed: bool = False
    volatile: bool = False
    reference: str | None = None
    required: bool = False
    phase: int = 0
    free: bool = False
    completed_by: dict[str, str] = {}


class MenuView(msgspec.Struct, array_like=True, frozen=True):
    """``model.Menu`` without path, commands and fields."""

    kind: Kind
    known: bool = False
    key: tuple[str, ...] = ()
    key_evidence: str = "none"
    unique: tuple[tuple[str, ...], ...] = ()
    order: Order = Order.NONE
    order_scope: str | None = None
    management: Management = Management.ALWAYS
    capability: str | None = None
    after: tuple[str, ...] = ()
    shown: Shown = Shown.ALWAYS
    hidden_unless: dict[str, dict[str, tuple[str, ...]]] = {}
    builtin: tuple[dict[str, str], ...] = ()
    imported: bool = True


class MenuRecord(msgspec.Struct, array_like=True, frozen=True):
    """One menu in all versions."""

    views: list[tuple[int, MenuView]]
    commands: list[tuple[int, str]]
    fields: list[tuple[int, FieldView]]


class Artefact(msgspec.Struct, array_like=True, frozen=True):
    """``sources`` maps the names of what it was built from to their sizes in bytes; ``menus`` maps a
    path to the versions that have it and its encoded ``MenuRecord``."""

    format: int
    digest: str
    versions: tuple[str, ...]
    sources: dict[str, int]
    menus: dict[str, tuple[int, msgspec.Raw]]
