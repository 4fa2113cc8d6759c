"""What a script holds."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.path import MenuPath


@dataclass(frozen=True, slots=True)
class Find:
    """How ``set``, ``remove`` and the like name their row; empty means every row.

    At most one of the four is given.
    """

    tests: tuple[tuple[str, str], ...] = ()
    """``[ find default-name=ether1 ]``: all must hold."""
    number: int | None = None
    """``set 0``: the row's place in the table."""
    word: str | None = None
    """``set public``, ``set *0``: a name or an id, or several joined by commas."""
    expression: str = ""
    """Any other ``[ … ]``, with its brackets."""


@dataclass(frozen=True, slots=True)
class Statement:
    """One command of a script. ``line`` is where it begins, from 1; ``comment`` what stands directly above it."""

    path: MenuPath
    verb: str
    line: int
    find: Find | None = None
    values: tuple[tuple[str, str | None], ...] = ()
    """In order. ``!name`` has None, a flag without a value the empty text; a text without a name has the name ''."""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class Header:
    """What an export says of its router; '' for what is missing or masked."""

    version: str = ""
    model: str = ""
    serial: str = ""
    software_id: str = ""
    date: str = ""


@dataclass(frozen=True, slots=True)
class Finding:
    """Something in a script that is no statement, or no more than its text was understood of.

    ``message`` holds nothing of the script but names; ``text`` may hold secrets. A ``remark`` is about the script
    as a whole or about what never was in it, not about a statement.
    """

    line: int
    message: str
    text: str = ""
    remark: bool = False


@dataclass(frozen=True, slots=True)
class Script:
    """A script as far as it was understood; ``findings`` say what was not."""

    header: Header
    statements: tuple[Statement, ...]
    findings: tuple[Finding, ...]
