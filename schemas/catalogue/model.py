"""What the catalogue says about menus and fields. Pure data, no behaviour beyond lookups.

A ``MenuRecord`` merges all versions and is what the artefact holds; ``Menu`` and ``Field`` are one
version's view of it, which everything else uses.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from schemas.path import MenuPath


class Kind(StrEnum):
    """``fixed`` is a list whose rows the router makes; ``readonly`` can be read but not set."""

    LIST = "list"
    SINGLETON = "singleton"
    FIXED = "fixed"
    READONLY = "readonly"


class Order(StrEnum):
    """``evaluated`` order means something to the router; ``cosmetic`` order is never compared."""

    NONE = "none"
    COSMETIC = "cosmetic"
    EVALUATED = "evaluated"


class Unset(StrEnum):
    """How a field goes back to nothing: ``empty`` writes "", ``unset`` uses the unset command,
    ``default`` writes the default."""

    EMPTY = "empty"
    UNSET = "unset"
    DEFAULT = "default"


class Management(StrEnum):
    """How changes of a menu may cut the controller off; the guard ``decide.management`` reads it."""

    NEVER = "never"
    ALWAYS = "always"
    INTERFACE = "interface"
    ADDRESS = "address"
    ROUTE = "route"
    PACKET_FILTER = "packet-filter"
    DESTINATION_NAT = "destination-nat"
    MEMBER_OF_LIST = "member-of-list"
    SERVICE = "service"
    LOGIN = "login"


class Shown(StrEnum):
    """Whether replies carry defaults ``always``, or a field only once it was ``written``."""

    ALWAYS = "always"
    WRITTEN = "written"


@dataclass(frozen=True, slots=True)
class Field:
    """One field of a menu in one RouterOS version.

    ``name`` is the documents' (newest) name, ``wire`` this version's. ``type`` is a type expression
    (see ``schemas.values``). ``default`` is text as read back, "" when the field is absent by default,
    None when the default is not known. ``writable`` on add or set; ``readable`` in replies.
    ``computed`` follows from other fields and is compared only where Git writes it; ``volatile`` moves by
    itself and is never compared.
    ``reference`` names the menu whose ``name`` it holds; ``phase`` delays it (later is higher). ``free`` says that
    somebody judged the type, so that ``text`` means free text and not that nothing is known.
    ``completed_by`` maps fields to the part of this address, ``host`` or ``network``, that the router puts in
    itself while they are set.
    """

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
    reference: MenuPath | None = None
    required: bool = False
    phase: int = 0
    free: bool = False
    completed_by: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, eq=False)
class Menu:
    """One menu in one RouterOS version; equal only to itself, so that it can key a cache.

    ``key`` is the identity (field names; empty: rows are told apart by content), ``key_evidence`` one of
    enforced, convention, none. ``unique`` lists field tuples no two enabled rows may share.
    ``order_scope`` is the field inside whose equal values order counts, None for the whole table.
    ``after`` names menus whose rows must exist before ours. ``hidden_unless`` maps a field to the values
    of another field with which alone replies carry it; ``builtin`` rows are made by the router itself. Menus that are
    not ``imported`` are left out when a router is read into documents.
    """

    path: MenuPath
    kind: Kind
    commands: frozenset[str]
    fields: Mapping[str, Field]
    known: bool = False
    key: tuple[str, ...] = ()
    key_evidence: str = "none"
    unique: tuple[tuple[str, ...], ...] = ()
    order: Order = Order.NONE
    order_scope: str | None = None
    management: Management = Management.ALWAYS
    capability: str | None = None
    after: tuple[MenuPath, ...] = ()
    shown: Shown = Shown.ALWAYS
    hidden_unless: Mapping[str, Mapping[str, tuple[str, ...]]] = field(default_factory=dict)
    builtin: tuple[Mapping[str, str], ...] = ()
    imported: bool = True

    @property
    def singleton(self) -> bool:
        return self.kind is Kind.SINGLETON

    @property
    def listed(self) -> bool:
        """Whether it has rows."""
        return self.kind in (Kind.LIST, Kind.FIXED)

    @property
    def addable(self) -> bool:
        return "add" in self.commands

    @property
    def secrets(self) -> frozenset[str]:
        """Names on the wire of the fields that hold secrets."""
        return frozenset(item.wire for item in self.fields.values() if item.secret)

    @property
    def renamed(self) -> Mapping[str, str]:
        """Wire name to documents' name, of the fields for which they differ."""
        return {item.wire: item.name for item in self.fields.values() if item.wire != item.name}
