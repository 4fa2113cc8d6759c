"""``/import`` on a simulated router: the commands of a script, carried out one after the other.

Nothing is refused: a configuration lands even where it is only a part. What is not carried out, and what is carried
out otherwise than it is written, is told in notes.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from schemas.catalogue.model import Kind
from simulator import actions
from simulator.codec import Value
from simulator.errors import Refusal
from simulator.menus import facts_of, policy_text
from simulator.names import generated
from simulator.schema import INTERFACE, unknown_menu
from simulator.script import factory
from simulator.script.choosing import Chooser, reference
from simulator.script.notes import Matter, Note, Notes, TooMany
from simulator.script.reader import Command, read
from simulator.script.words import Word
from simulator.state import Device, Row, Table
from simulator.writing import Placeholders, write

_NO_EFFECT = frozenset({"print", "export", "get", "find", "put"})
_REFERENCES = frozenset({"numbers", "place-before", "copy-from", "destination"})
_OF_ROWS = frozenset({"add", "remove", "move", "enable", "disable", "comment"})
_SINGLE = (Kind.SINGLETON, Kind.READONLY)
_FIELD = re.compile(r"(?=[^a-z]*[a-z])[\w-][\w.-]*", re.ASCII)
_MENU = re.compile(r"(/[a-z0-9][a-z0-9-]*)+")


def run(device: Device, text: str | bytes) -> list[Note]:
    """Import a script on a router as it is. Rows that a ``set`` speaks of and that are not there are made."""
    device.seeding(True)
    try:
        return carry_out(device, read(text, device.leads))
    finally:
        device.seeding(False)


def carry_out(device: Device, commands: list[Command]) -> list[Note]:
    """Import commands that were read; the caller lets what follows from them follow."""
    return Running(device).script(commands)


class _Later(Exception):
    """A reference to a row that the script has not named yet."""


class _Names(Placeholders):
    """Waits for names that are still to come before a placeholder stands for them."""

    def __init__(self, device: Device, notes: Notes) -> None:
        super().__init__(device, notes.trouble)
        self.to_come: set[str] = set()

    def missing(self, _menu: str, name: str) -> None:
        if name in self.to_come:
            raise _Later


class Running:
    """One script on one router."""

    def __init__(self, device: Device) -> None:
        self.device = device
        self.notes = Notes()
        self.names = _Names(device, self.notes)
        self.rows = Chooser(self.names, self.notes)
        self._later: dict[tuple[Row, str], tuple[int, str]] = {}
        self._listed: set[str] = set()
        self._labels: dict[str, dict[str, Row]] = {}

    def script(self, commands: list[Command]) -> list[Note]:
        """Carry all of it out, unless there is too much to tell."""
        self._listed = {command.path for command in commands if command.verb in _OF_ROWS or command.selector}
        self.names.to_come = {
            text for command in commands for name, text in command.arguments if name in ("name", "slot") and text
        }
        try:
            for command in commands:
                self.notes.line = command.line
                self._command(command)
            self._finish()
        except TooMany:
            told = "this is too much; the rest is not carried out"
            self.notes.all.append(Note(self.notes.line, told, Matter.FAILED))
        return self.notes.all

    def _finish(self) -> None:
        """Write what waited; placeholders stand for what never came."""
        self.names.to_come = set()
        for (row, name), (line, text) in self._later.items():
            if row.alive:
                self.notes.line = line
                write(self.names, row, name, text, self.notes.trouble)

    def _command(self, command: Command) -> None:
        if command.complaint:
            self.notes.tell(Matter.WRITING, command.complaint)
        if not command.verb:
            if not command.complaint:
                self.notes.tell(Matter.SCRIPT, f"no menu command, not executed: {' '.join(command.text[:80].split())}")
            return
        if command.verb in _NO_EFFECT:
            return
        verb = _VERBS.get(command.verb)
        if verb is None:
            self.notes.tell(Matter.VERB, f"{command.path}: {command.verb} is not carried out")
            return
        for name in sorted(command.expressions - _REFERENCES):
            told = f"{command.path}: {name} would have to be evaluated; kept as it is written"
            self.notes.tell(Matter.EXPRESSION, told)
        try:
            verb(self, self._table(command.path), command)
        except Refusal as refusal:
            self.notes.tell(Matter.FAILED, f"{command.path} {command.verb}: {refusal.detail or refusal}")

    def _table(self, path: str) -> Table:
        """The table of a menu. One that this router lacks is kept; what can be no menu is refused."""
        if self.device.menu(path) is None and path not in self.device.tables():
            if not _MENU.fullmatch(path):
                raise Refusal("there is no such menu")
            version = self.device.schema.version
            self.notes.tell(Matter.MENU, f"{path}: RouterOS {version} has no such menu; kept as it is")
            self.device.keep(unknown_menu(path, listed=path in self._listed))
        return self.device.table(path)

    def add(self, table: Table, command: Command) -> None:
        given = dict(command.arguments)
        if table.menu.kind in _SINGLE:
            self.notes.tell(Matter.MENU, f"{table.path} has no rows in this version; its fields are set")
            self._write(table.rows[0], given)
            return
        at = self._place(table, given.pop("place-before", None))
        copied = self._copied(table, given.pop("copy-from", None))
        name = given.get("name")
        row = self._same(table, name) if name else None
        if row is not None:
            self.notes.tell(Matter.SAME, f"{table.path}: {name} is there already; its fields are set")
        else:
            row = table.create(at=at)
            row.facts.update(facts_of(table))
            self._name(table, given)
        for field, value in copied.items():
            row.put(field, value)
        self._write(row, given)
        if table.path == "/ip/vrf" and name:
            self._make_vrf(name)

    def set(self, table: Table, command: Command) -> None:
        arguments, words = dict(command.arguments), list(command.selector)
        numbers = arguments.pop("numbers", None) or arguments.pop(".id", None)
        if numbers:
            words.insert(0, reference(numbers))
        if table.menu.kind in _SINGLE:
            rows = table.rows[:1]
        elif not words:
            raise Refusal("needs to know which row")
        else:
            rows = self.rows.there_or_made(table, words.pop(0))
        flags = {word.text: "" for word in words}
        for row in rows:
            label = row.label
            self._write(row, arguments | flags)
            if row.label != label:
                self.rows.look(20 * len(row.referrers))
                self.device.relabel(row)

    def remove(self, table: Table, command: Command) -> None:
        for row in self._chosen(table, command)[0]:
            try:
                actions.remove(table, [row])
            except Refusal as refusal:
                self.notes.tell(Matter.FAILED, f"{table.path} remove {row.label[:80]}: {refusal.detail}")

    def move(self, table: Table, command: Command) -> None:
        rows, words = self._chosen(table, command)
        to = dict(command.arguments).get("destination")
        place = words[0] if words else reference(to) if to else None
        targets = self.rows.there(table, place) if place else []
        if place and not targets:
            raise Refusal("there is nothing to move before")
        if not targets or targets[0] not in rows:
            actions.move(table, rows, targets[0].id if targets else None)

    def enable(self, table: Table, command: Command) -> None:
        for row in self._chosen(table, command)[0]:
            self._write(row, {"disabled": "no"})

    def disable(self, table: Table, command: Command) -> None:
        for row in self._chosen(table, command)[0]:
            self._write(row, {"disabled": "yes"})

    def comment(self, table: Table, command: Command) -> None:
        rows, words = self._chosen(table, command)
        text = dict(command.arguments).get("comment") or (words[0].text if words else "")
        for row in rows:
            self._write(row, {"comment": text})

    def unset(self, table: Table, command: Command) -> None:
        """Fields go back to where nobody wrote them."""
        names = (dict(command.arguments).get("value-name") or "").split(",")
        if table.menu.kind in _SINGLE:
            rows, words = table.rows[:1], list(command.selector)
        else:
            rows, words = self._chosen(table, command)
        for name in filter(None, [*names, *(word.text for word in words)]):
            for row in rows:
                row.put(name, table.menu.defaults.get(name))
                row.facts.pop(name, None)

    def _chosen(self, table: Table, command: Command) -> tuple[list[Row], list[Word]]:
        """The rows of a command that is for rows that are there, and the words behind those that name them."""
        numbers, words = dict(command.arguments).get("numbers"), list(command.selector)
        if table.menu.kind in _SINGLE:
            raise Refusal("a menu without rows")
        if not numbers and not words:
            raise Refusal("needs to know which row")
        return self.rows.there(table, reference(numbers) if numbers else words.pop(0)), words

    def _same(self, table: Table, name: str) -> Row | None:
        """The row with which a new one of that name cannot be, found without walking through the table each time."""
        if table.menu.fields and not table.menu.named:
            return None
        labels = self._labels.get(table.path)
        if labels is None:
            labels = {row.config["name"]: row for row in table.rows if "name" in row.config}
            self._labels[table.path] = labels
        row = labels.get(name)
        if row is None or not row.alive or row.config.get("name") != name:
            return None
        return row if row.builtin or table.menu.interface_type or ("name",) in table.menu.unique else None

    def _name(self, table: Table, given: dict[str, str | None]) -> None:
        if table.menu.interface_type and "name" not in given:
            self.rows.look(len(self.device.table(INTERFACE).rows))
            name = generated(table)
            given.update({"name": name} if name else {})

    def _make_vrf(self, name: str) -> None:
        """A VRF brings its own interface and routing table."""
        for path, facts in ((INTERFACE, {"type": "vrf"}), ("/routing/table", {"dynamic": "true"})):
            table = self.device.table(path)
            if table.named(name) is None:
                row = factory.make(table, self.names, {"name": name})
                row.facts.update(facts)

    def _place(self, table: Table, text: str | None) -> int | None:
        """Where a new row goes; a place that is not there is the end."""
        if not text:
            return None
        try:
            rows = self.rows.there(table, reference(text))
        except Refusal:
            rows = []
        if not rows:
            self.notes.tell(Matter.FAILED, f"{table.path}: place-before={text[:80]} names no row; added at the end")
        return table.rows.index(rows[0]) if rows else None

    def _copied(self, table: Table, text: str | None) -> dict[str, Value]:
        rows = self.rows.there(table, reference(text)) if text else []
        return {name: row.links.get(name, value) for row in rows[:1] for name, value in row.config.items()}

    def _write(self, row: Row, given: Mapping[str, str | None]) -> None:
        for name, text in given.items():
            if not _FIELD.fullmatch(name) or (name in _REFERENCES and name not in row.table.menu.fields):
                self.notes.tell(Matter.FAILED, f"{row.table.path}: {name[:80]} can be no field")
                continue
            self._later.pop((row, name), None)
            if text is None:
                row.put(name, None)
                row.facts.pop(name, None)
                continue
            if row.table.path == "/user/group" and name == "policy":
                text = policy_text(text, row.config.get("policy", ""))
            try:
                write(self.names, row, name, text, self.notes.trouble)
            except _Later:
                self._later[row, name] = (self.notes.line, text)
        label = row.config.get("name")
        if label is not None and row.table.path in self._labels:
            self._labels[row.table.path][label] = row


_VERBS = {
    "add": Running.add,
    "set": Running.set,
    "remove": Running.remove,
    "move": Running.move,
    "enable": Running.enable,
    "disable": Running.disable,
    "comment": Running.comment,
    "unset": Running.unset,
}
