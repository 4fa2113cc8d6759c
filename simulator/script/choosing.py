"""The rows a command is for, on one router; those that a ``set`` speaks of and that are not there are made."""

from __future__ import annotations

from collections.abc import Mapping

from simulator.errors import Refusal
from simulator.script import factory, find
from simulator.script.notes import Matter, Notes, TooMany
from simulator.script.words import Form, Word
from simulator.state import Row, Table
from simulator.writing import Placeholders

_MOST_LOOKS = 20_000_000
"""How many rows one script may have looked at; an export of a large router needs some thousands."""
_SPELLED = {"yes": "true", "no": "false"}


def reference(text: str) -> Word:
    """The value of an argument that names rows, as the word it would be in front of the arguments."""
    return Word(None, text, Form.EXPRESSION if text.startswith("[") else Form.PLAIN)


class Chooser:
    """Finds rows by words; raises Refusal for what names none."""

    def __init__(self, names: Placeholders, notes: Notes) -> None:
        self._names = names
        self._notes = notes
        self._looks = 0

    def look(self, rows: int) -> None:
        """Account for looking at rows. Raises TooMany, so that no script takes forever."""
        self._looks += rows
        if self._looks > _MOST_LOOKS:
            raise TooMany

    def there(self, table: Table, word: Word) -> list[Row]:
        """Rows that are there, in the order in which they are named."""
        self.look(len(table.rows))
        if word.form is Form.EXPRESSION:
            return find.matching(table, _asked(word))
        rows: list[Row] = []
        for part in _parts(table, word):
            row = find.named(table, part, quoted=word.form is Form.QUOTED)
            if row is None:
                raise Refusal(f"no such item ({part[:80]})")
            if row not in rows:
                rows.append(row)
        return rows

    def there_or_made(self, table: Table, word: Word) -> list[Row]:
        """Rows that are there, or that the router must have had, since the script speaks of them."""
        self.look(len(table.rows))
        if word.form is Form.EXPRESSION:
            asked = _asked(word)
            rows = find.matching(table, asked)
            wanted = {condition.name: condition.text for condition in asked if condition.equal}
            return rows or (self._made_like(table, wanted) if wanted else [])
        quoted = word.form is Form.QUOTED
        return [
            find.named(table, part, quoted=quoted) or self._made_named(table, part, quoted)
            for part in _parts(table, word)
        ]

    def _made_like(self, table: Table, wanted: Mapping[str, str]) -> list[Row]:
        """A row with what was asked for, unless one of that name is there and only something else does not hold."""
        names = [find.Condition(name, wanted[name]) for name in ("name", "default-name") if name in wanted]
        if names and find.matching(table, names):
            return []
        self._tell(table, " ".join(f"{name}={text}" for name, text in wanted.items()))
        if table.path == factory.ETHERNET and "default-name" in wanted:
            return factory.add_ports(table.device, [wanted["default-name"]])
        given = {name: _SPELLED.get(text, text) for name, text in wanted.items()}
        return [factory.make(table, self._names, given)]

    def _made_named(self, table: Table, word: str, quoted: bool) -> Row:
        self._tell(table, word)
        key = find.key_of(table)
        if (word.isdecimal() and not quoted) or word.startswith("*") or not key:
            return factory.make(table, self._names, {}, number=find.number_of(word))
        return factory.make(table, self._names, {key: word})

    def _tell(self, table: Table, told: str) -> None:
        self._notes.tell(Matter.MADE, f"{table.path}: there is no {told[:80]}; it is made")


def _asked(word: Word) -> tuple[find.Condition, ...]:
    asked = find.conditions(word)
    if asked is None:
        raise Refusal(f"{word.text[:80]} is not understood")
    return asked


def _parts(table: Table, word: Word) -> list[str]:
    """One name, even with a comma in it when a row has it; otherwise a list of names."""
    if word.form is not Form.PLAIN or "," not in word.text or find.named(table, word.text) is not None:
        return [word.text]
    return word.text.split(",")
