"""What a simulated router holds: tables of rows, ids, order, and references that follow renames.

A row keeps its configuration as read-back text, made once when it is written; ``shown`` is the finished reply.
A reference is kept as the row it points at, so that a rename shows at once in every referrer, and a removed row
shows there as its id and is never linked again.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Protocol

import msgspec

from simulator.bytewise import encoded
from simulator.clock import Clock
from simulator.codec import Pieces, Value, text_of
from simulator.hardware import Hardware
from simulator.history import History
from simulator.schema import INTERFACE, MenuTable, SchemaTable

_FIRST_ID = {
    **dict.fromkeys(("/interface/wireless/security-profiles", "/ip/ipsec/proposal", "/ip/service", "/log"), 0),
    **dict.fromkeys(("/routing/table", "/system/logging/action", "/system/scheduler"), 0),
    **dict.fromkeys(("/ip/route", "/ipv6/route"), 0x80000001),
    "/queue/tree": 0x1000000,
}


USABLE = "usable"
"""What a row remembers that cannot be named yet: the second of the router's clock from which it can."""
_RUNNING = 114_260.0
"""Seconds that a fresh simulated router has been up."""


class Rules(Protocol):
    """What single menus do by themselves; ``simulator.menus`` has them."""

    linked: frozenset[str]

    def populate(self, device: Device, table: Table) -> None:
        """Put the router's own rows into a table that is asked for the first time."""

    def shape(self, row: Row, shown: dict[str, str]) -> None:
        """Change a reply in place: derived fields come, fields of another kind of row go."""

    def summary(self, row: Row) -> dict[str, str]:
        """An interface as ``/interface`` shows it."""

    def settle(self, device: Device, changed: str, how: str) -> None:
        """Derive what follows from a changed menu; from everything for an empty path. ``how`` it was changed is
        ``added``, ``changed``, ``removed`` or ``moved``."""


@dataclass(slots=True, eq=False)
class Row:
    """``facts`` are what the router says by itself; ``hidden`` is never shown (passwords), nor is ``memory``, by
    which the router keeps its own count of a row; ``wire`` is the reply as
    bytes, once somebody asked for it.

    ``born`` and ``expires`` are the seconds of the router's clock at which the row came and will disappear.
    """

    table: Table
    id: str
    config: dict[str, str] = field(default_factory=dict)
    links: dict[str, Pieces] = field(default_factory=dict)
    facts: dict[str, str] = field(default_factory=dict)
    hidden: dict[str, str] = field(default_factory=dict)
    memory: dict[str, str] = field(default_factory=dict)
    shown: dict[str, str] = field(default_factory=dict)
    summary: dict[str, str] = field(default_factory=dict)
    wire: msgspec.Raw | None = None
    referrers: dict[tuple[Row, str], None] = field(default_factory=dict)
    builtin: bool = False
    alive: bool = True
    born: float = 0.0
    expires: float | None = None

    @property
    def label(self) -> str:
        return self.config.get("name", self.id) if self.alive else self.id

    @property
    def enabled(self) -> bool:
        return self.config.get("disabled") != "true"

    @property
    def protected(self) -> bool:
        """Made by the router as it runs, or part of it: neither changed nor moved."""
        return self.expires is None and "true" in (self.facts.get("dynamic"), self.facts.get("builtin"))

    def put(self, name: str, value: Value) -> None:
        """Store a value; None removes it. What the router said by itself under that name is over."""
        self._unlink(name)
        self.facts.pop(name, None)
        if name == "name":
            self.table.rename(self, text_of(value) if value is not None else None)
        if name == "timeout":
            self.expires = None
        if value is None:
            self.config.pop(name, None)
            return
        if not isinstance(value, str):
            self.links[name] = value
            for target in _rows(value):
                target.referrers[self, name] = None
        self.config[name] = text_of(value)

    def release(self) -> None:
        """Forget everything this row points at."""
        for name in tuple(self.links):
            self._unlink(name)

    def _unlink(self, name: str) -> None:
        for target in _rows(self.links.pop(name, ())):
            target.referrers.pop((self, name), None)


def _rows(pieces: Pieces) -> list[Row]:
    return [piece for piece in pieces if isinstance(piece, Row)]


class Table:
    """The rows of one menu, in the router's order. A menu without rows holds one row without an id.

    ``counted`` is the second up to which its counters count.
    """

    def __init__(self, device: Device, menu: MenuTable) -> None:
        self.device = device
        self.menu = menu
        self.path = str(menu.path)
        self.rows: list[Row] = []
        self.ids: dict[str, Row] = {}
        self._names: dict[str, Row] = {}
        self.counted = -math.inf

    def create(self, *, number: int | None = None, at: int | None = None) -> Row:
        """A new row with the defaults that replies carry, not yet shown."""
        row = Row(self, f"*{number if number is not None else self.device.next_id(self):X}", dict(self.menu.defaults))
        row.born = self.device.clock.monotonic()
        self.rows.insert(len(self.rows) if at is None else at, row)
        self.ids[row.id] = row
        if self.menu.interface_type:
            self.device.table(INTERFACE).adopt(row)
        return row

    def adopt(self, row: Row) -> None:
        """Show a row of another table here as well (``/interface`` shows those of every kind)."""
        self.rows.append(row)
        self.ids[row.id] = row

    def drop(self, row: Row) -> None:
        """Remove a row; whoever points at it shows its id from now on."""
        row.alive = False
        row.release()
        for table in {self, self.device.table(INTERFACE) if row.table.menu.interface_type else self}:
            table.rows.remove(row)
            del table.ids[row.id]
            table.reordered()
        self.device.relabel(row)

    def named(self, name: str) -> Row | None:
        """The first row with that name."""
        if not self._names:
            self._names = {text: row for row in reversed(self.rows) if (text := row.config.get("name")) is not None}
        return self._names.get(name)

    def rename(self, row: Row, name: str | None) -> None:
        """Know a row by another name from now on; the interface it is, too."""
        own = self.device.tables().get(INTERFACE) if self.menu.interface_type else None
        for table in (self, own) if own is not None else (self,):
            if row.config.get("name") is None and name is not None and name not in table._names:
                if table._names:
                    table._names[name] = row
            else:
                table.reordered()

    def reordered(self) -> None:
        """Forget which row has which name: rows went, moved, or have other names."""
        self._names = {}

    def reply(self, row: Row) -> dict[str, str]:
        """The row as this menu shows it."""
        return row.summary if self.path == INTERFACE else row.shown

    def replies(self) -> list[dict[str, str]]:
        """All rows as a GET shows them."""
        if self.path not in self.device.rules.linked:
            return [self.reply(row) for row in self.rows]
        following = [*(row.id for row in self.rows[1:]), "*FFFFFFFF"]
        return [
            {".id": row.id, ".nextid": after, **self.reply(row)}
            for row, after in zip(self.rows, following, strict=False)
        ]

    def wires(self) -> list[msgspec.Raw] | list[dict[str, str]]:
        """The same, ready to be sent: rows that were sent before and have not changed are not encoded again."""
        if self.path == INTERFACE or self.path in self.device.rules.linked:
            return self.replies()
        return [row.wire or _encoded(row) for row in self.rows]

    def refresh(self, row: Row) -> None:
        """Make the reply again from configuration and facts."""
        menu, config = self.menu, row.config
        shown = {
            name: text
            for name, text in config.items()
            if (text or name not in menu.never_empty)
            and (name not in menu.hidden_unless or _visible(menu, name, config))
        }
        if menu.listed:
            shown[".id"] = row.id
        shown.update(row.facts)
        self.device.rules.shape(row, shown)
        row.shown = dict(sorted(shown.items()))
        row.wire = None
        if menu.interface_type or self.path == INTERFACE:
            row.summary = dict(sorted(self.device.rules.summary(row).items()))


def _encoded(row: Row) -> msgspec.Raw:
    row.wire = msgspec.Raw(encoded(row.shown))
    return row.wire


def _visible(menu: MenuTable, name: str, config: Mapping[str, str]) -> bool:
    conditions = menu.hidden_unless[name]
    return all(config.get(key, menu.effective.get(key, "")) in values for key, values in conditions.items())


class Device:
    """The whole state of one router. ``notes`` tell what seeding could not understand.

    ``booted`` is the second of its clock at which it started; ``silent`` are hosts that answer it nothing;
    ``installed`` are the packages beside ``routeros``, ``missing`` the menus it lacks although its version has them.
    ``planted`` is the second at which its seed was in, ``unplugged`` are ports without a cable, and ``actor`` is the
    user whose request is carried out.
    """

    def __init__(self, schema: SchemaTable, rules: Rules, hardware: Hardware) -> None:
        self.schema = schema
        self.rules = rules
        self.hardware = hardware
        self.clock = Clock()
        self.booted = self.clock.monotonic() - _RUNNING
        self.planted = math.inf
        self.silent: set[str] = set()
        self.unplugged: set[str | None] = set()
        self.actor = ""
        self.missing = hardware.missing
        self.installed: frozenset[str] = frozenset()
        self.services_changed: Callable[[], None] = lambda: None
        self.notes: list[str] = []
        self.history = History()
        self._tables: dict[str, Table] = {}
        self._kept: set[str] = set()
        self._ids: dict[str, int] = {}
        self._settling = True

    def menu(self, path: str) -> MenuTable | None:
        """The menu as this router has it: in this version, on this hardware, or kept from a seed."""
        if path in self.missing:
            return None
        return self.schema.menu(path) or (self._tables[path].menu if path in self._tables else None)

    def leads(self, path: str) -> bool:
        """Whether a URL may walk here: a menu or a directory above one."""
        if path in self.missing:
            return False
        return path in self.schema.directories or any((kept + "/").startswith(path + "/") for kept in self._kept)

    def table(self, path: str) -> Table:
        """The table of a menu, made with the router's own rows when first asked for.

        Raises KeyError when this router has no such menu.
        """
        found = self._tables.get(path)
        if found is None:
            menu = self.menu(path)
            if menu is None:
                raise KeyError(path)
            found = self._tables[path] = Table(self, menu)
            self.rules.populate(self, found)
        return found

    def tables(self) -> dict[str, Table]:
        """The tables touched so far."""
        return self._tables

    def ids(self) -> dict[str, int]:
        """The next id of each counter that was used."""
        return dict(self._ids)

    def become(self, tables: Mapping[str, Table], rows: Mapping[str, list[Row]], ids: Mapping[str, int]) -> None:
        """Hold these tables with these rows and nothing else, as after a restored backup or a reset."""
        self._tables = dict(tables)
        self._ids = dict(ids)
        for path, table in self._tables.items():
            table.rows = rows[path]
            table.ids = {row.id: row for row in table.rows}
            table.reordered()

    def keep(self, menu: MenuTable) -> Table:
        """A table for a menu that this version does not know (from a seed)."""
        found = self._tables[str(menu.path)] = Table(self, menu)
        self._kept.add(str(menu.path))
        self.rules.populate(self, found)
        return found

    def next_id(self, table: Table) -> int:
        """Ids count up per menu and are never used twice; all interfaces share one counter."""
        key = INTERFACE if table.menu.interface_type else table.path
        number = self._ids.get(key, _FIRST_ID.get(key, 1))
        self._ids[key] = number + 1
        return number

    def find(self, menu: str, name: str) -> Row | None:
        """What a reference names, by name or by id; None when nothing does."""
        if self.menu(menu) is None:
            return None
        table = self.table(menu)
        row = table.ids.get(name) if name.startswith("*") else table.named(name)
        until = row.memory.get(USABLE) if row is not None else None
        return None if until is not None and float(until) > self.clock.monotonic() else row

    def relabel(self, row: Row) -> None:
        """Show a new name (or the id of a removed row) in every row that points at this one."""
        for other, name in tuple(row.referrers):
            other.config[name] = text_of(other.links[name])
            other.table.refresh(other)

    def settle(self, changed: str, how: str = "changed") -> None:
        """Let everything that follows from a changed menu follow."""
        if self._settling:
            self.rules.settle(self, changed, how)

    def seeding(self, active: bool) -> None:
        """While seeding nothing is derived; at its end everything is."""
        self._settling = not active
        if not active:
            for table in tuple(self._tables.values()):
                for row in table.rows:
                    row.table.refresh(row)
            self.planted = min(self.planted, self.clock.monotonic())
            self.rules.settle(self, "", "changed")
