"""What an import has to tell: one note for everything not carried out, or carried out otherwise than written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from simulator.writing import Trouble

MOST_NOTES = 10_000
_LONGEST = 200


class Matter(StrEnum):
    """What a note is about. The last four were not carried out."""

    PLACEHOLDER = "placeholder"
    FIELD = "field"
    VALUE = "value"
    MENU = "menu"
    MADE = "made"
    SAME = "same"
    EXPRESSION = "expression"
    SCRIPT = "script"
    VERB = "verb"
    WRITING = "writing"
    FAILED = "failed"


_NOT_DONE = frozenset({Matter.SCRIPT, Matter.VERB, Matter.WRITING, Matter.FAILED})


@dataclass(frozen=True, slots=True)
class Note:
    """One thing to know about one line; line 0 is the script as a whole."""

    line: int
    text: str
    matter: Matter

    @property
    def made(self) -> bool:
        """Whether the line was carried out on a row that only it speaks of."""
        return self.matter is Matter.MADE

    @property
    def failed(self) -> bool:
        """Whether the line, or a part of it, was not carried out."""
        return self.matter in _NOT_DONE

    def __str__(self) -> str:
        return f"line {self.line}: {self.text}" if self.line else self.text


class TooMany(Exception):
    """There are as many notes as anybody would read, or as many rows were looked at as a router would have time for."""


class Notes:
    """Collects notes for the line that is being carried out."""

    def __init__(self) -> None:
        self.all: list[Note] = []
        self.line = 0

    def tell(self, matter: Matter, text: str) -> None:
        """Raises TooMany at the end of anybody's patience."""
        if len(self.all) >= MOST_NOTES:
            raise TooMany
        self.all.append(Note(self.line, text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…", matter))

    def trouble(self, trouble: Trouble, text: str) -> None:
        """What writing a value has to tell."""
        self.tell(Matter(trouble.value), text)
