"""Writing that refuses nothing: what a real router would not take is kept as it is written, and told."""

from __future__ import annotations

from collections.abc import Callable
from enum import StrEnum

from simulator.codec import Referent
from simulator.forms import BadValue
from simulator.interfaces import guessed_type
from simulator.menus import facts_of
from simulator.schema import INTERFACE, INTERFACE_TYPES
from simulator.state import Device, Row


class Trouble(StrEnum):
    """What can be told of a value that was written."""

    PLACEHOLDER = "placeholder"
    FIELD = "field"
    VALUE = "value"


Tell = Callable[[Trouble, str], None]


class Placeholders:
    """Looks references up and makes what is missing, so that a part of a configuration can stand alone."""

    def __init__(self, device: Device, tell: Tell) -> None:
        self._device = device
        self._tell = tell
        self._found: dict[tuple[str, str], Row] = {}

    def find(self, menu: str, name: str) -> Referent | None:
        if not name or name.startswith("*"):
            return None
        found = self._remembered(menu, name)
        if found is not None:
            return found
        known = self._device.menu(INTERFACE if menu in INTERFACE_TYPES else menu)
        if known is None or not known.named:
            return None
        self.missing(menu, name)
        table = self._device.table(str(known.path))
        row = table.create()
        row.facts.update(facts_of(table))
        if table.path == INTERFACE:
            row.facts["type"] = INTERFACE_TYPES.get(menu) or guessed_type(name)
        row.put("name", name)
        table.refresh(row)
        self._tell(Trouble.PLACEHOLDER, f"{table.path}: {name} is only named; a placeholder stands for it")
        return row

    def missing(self, _menu: str, name: str) -> None:
        """Called before a placeholder is made; may raise to have none."""

    def _remembered(self, menu: str, name: str) -> Row | None:
        """A row or a placeholder, looked up anew when the one found before is gone or named otherwise by now."""
        row = self._found.get((menu, name))
        if row is not None and row.alive and row.config.get("name") == name:
            return row
        found = self._device.find(menu, name)
        if found is None and menu in INTERFACE_TYPES:
            found = self._device.find(INTERFACE, name)
            found = found if found is not None and found.table.path == INTERFACE else None
        if found is not None:
            self._found[menu, name] = found
        return found


def write(names: Placeholders, row: Row, name: str, text: str, tell: Tell) -> None:
    """Write one field of a row, as it reads back or else as it is."""
    known = row.table.menu.fields.get(name)
    if known is None or not known.writable:
        if known is None and row.table.menu.fields:
            version = row.table.device.schema.version
            tell(Trouble.FIELD, f"{row.table.path}: {name} is no field of RouterOS {version}; kept")
        (row.config if name == "name" else row.facts)[name] = text
    elif known.hidden:
        row.hidden[name] = text
    else:
        try:
            row.put(name, known.read(text, names))
        except BadValue:
            row.put(name, text or None)
            if text and not text.lstrip("!").startswith("*"):
                tell(Trouble.VALUE, f"{row.table.path}: {name}={text} is not what the field takes; kept")
