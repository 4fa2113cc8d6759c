"""A console script as commands: which menu, which verb, which rows, which arguments. Nothing is carried out here."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from simulator.script.words import Form, Statement, Word, decoded, statements

VERBS = frozenset({"add", "set", "remove", "move", "enable", "disable", "unset", "comment", "reset", "print"})
_OTHER_VERBS = frozenset(
    """
    export import fetch ping traceroute info warning error debug run reboot shutdown reset-configuration backup save
    load get find monitor scan sign upgrade downgrade download install uninstall check-for-updates reset-counters
    reset-counters-all flush execute delay put log local global if for foreach while do edit ssh telnet renew release
    make-static wol send-keepalive set-time format-drive eject-drive quit
    """.split()
)
LIMIT = 16 * 1024 * 1024
"""The longest script that is read, in characters: as much as the flash of most routers holds."""
MOST_STATEMENTS = 250_000
MOST_PROBLEMS = 10_000

_ROW = re.compile(r"\d+|\*.*")
"""What names a row and never a directory."""

Leads = Callable[[str], bool]
Arguments = tuple[tuple[str, "str | None"], ...]


@dataclass(frozen=True, slots=True)
class Command:
    """``selector`` are the words without a name, in order; an argument ``!name`` is ``(name, None)``, and a bare word
    of ``add`` is ``(word, "")``.

    A command of an unknown verb keeps the verb; one that is a script of its own has none and keeps its ``text``.
    ``expressions`` names the arguments whose text would have to be evaluated.
    """

    line: int
    path: str
    verb: str
    selector: tuple[Word, ...] = ()
    arguments: Arguments = ()
    text: str = ""
    expressions: frozenset[str] = frozenset()
    complaint: str = ""

    @property
    def known(self) -> bool:
        return self.verb in VERBS


@dataclass(frozen=True, slots=True)
class Header:
    """What the first lines of an export say of the router; '' for what they do not say."""

    version: str = ""
    model: str = ""
    serial: str = ""

    @property
    def given(self) -> bool:
        """Whether there is a header at all."""
        return bool(self.version)


def header(text: str | bytes) -> Header:
    """Version, model and serial number from the comments an export begins with."""
    found: dict[str, str] = {}
    version = ""
    for line in text_of(text[:4096]).lstrip("\ufeff").splitlines():
        if line.strip() and not line.startswith("#"):
            break
        made = re.search(r"\bby RouterOS (\d+\.\d+(?:\.\d+)?(?:(?:alpha|beta|rc)\d+)?)", line)
        version = version or (made[1] if made else "")
        name, equals, value = line.lstrip("# ").partition("=")
        if equals:
            found.setdefault(name.strip(), value.strip())
    return Header(version, found.get("model", ""), found.get("serial number", ""))


def text_of(text: str | bytes) -> str:
    """A script as text, whatever it came as."""
    return decoded(text) if isinstance(text, bytes) else text


def read(text: str | bytes, leads: Leads) -> list[Command]:
    """The commands of a script in order; ``leads`` tells whether a path is a menu or a directory above one.

    Reading stops at ``LIMIT`` characters, and after ``MOST_STATEMENTS`` or ``MOST_PROBLEMS`` that are no menu commands.
    """
    whole = text_of(text)
    reader = _Reader(leads)
    found: list[Command] = []
    problems = 0
    for number, statement in enumerate(statements(whole[:LIMIT])):
        if problems >= MOST_PROBLEMS or number >= MOST_STATEMENTS:
            told = "too many statements" if number >= MOST_STATEMENTS else "too much is no menu command"
            found.append(Command(statement.line, "", "", complaint=f"{told}; the rest is not read"))
            return found
        command = reader.command(statement)
        if command is not None:
            found.append(command)
            problems += not command.known
    if len(whole) > LIMIT:
        found.append(Command(0, "", "", complaint=f"longer than {LIMIT} characters; the rest is not read"))
    return found


class _Reader:
    """Remembers the current menu from line to line."""

    def __init__(self, leads: Leads) -> None:
        self._known: dict[str, bool] = {}
        self._asked = leads
        self.current = ""

    def command(self, statement: Statement) -> Command | None:
        """The command of a statement; None for one that only changes the menu."""
        if statement.opaque:
            return Command(
                statement.line, self.current, "", text=statement.words[0].text, complaint=statement.complaint
            )
        path, verb, rest = self._walk(statement.words)
        if not verb:
            self.current = path
            if not rest and not statement.complaint:
                return None
        selector, arguments, expressions = _sorted(rest, flags=verb == "add")
        return Command(
            statement.line,
            path or "/",
            verb,
            selector,
            arguments,
            " ".join(word.text for word in statement.words[:6])[:80],
            expressions,
            statement.complaint,
        )

    def _walk(self, words: Sequence[Word]) -> tuple[str, str, Sequence[Word]]:
        """Path, verb and the words behind it. The verb is '' when the words are all path."""
        parts = _parts(words)
        absolute = words[0].text.startswith("/") if parts else False
        path = "" if absolute else self.current
        for number, (part, rest) in enumerate(parts):
            ahead = f"{path}/{part}"
            if part == "..":
                path = path.rpartition("/")[0]
            elif self._leads(ahead):
                path = ahead
            elif part in VERBS or part in _OTHER_VERBS:
                return path, part, words[rest:]
            elif any(later in VERBS for later, _ in parts[number + 1 :]):
                path = ahead
            elif not (absolute or number) or (number + 1 == len(parts) and rest < len(words)):
                return path, part, words[rest:]
            else:
                path = ahead
        return path, "", words[parts[-1][1] :] if parts else words

    def _leads(self, path: str) -> bool:
        known = self._known.get(path)
        if known is None:
            known = self._known[path] = self._asked(path)
        return known


def _parts(words: Sequence[Word]) -> list[tuple[str, int]]:
    """The leading words split at slashes, each with the number of the word that follows it."""
    found: list[tuple[str, int]] = []
    for number, word in enumerate(words):
        if word.name is not None or word.form is not Form.PLAIN or _ROW.fullmatch(word.text) or len(found) > 20:
            break
        found.extend((part, number + 1) for part in word.text.split("/") if part)
        if found and (found[-1][0] in VERBS):
            break
    return found


def _sorted(words: Iterable[Word], *, flags: bool) -> tuple[tuple[Word, ...], Arguments, frozenset[str]]:
    """Positions, arguments and the names of those that are expressions; ``flags`` takes bare words for arguments."""
    selector: list[Word] = []
    arguments: list[tuple[str, str | None]] = []
    expressions: set[str] = set()
    prefix = ""
    for word in words:
        flag = word.name is None and word.form is Form.PLAIN and word.text.startswith("!") and len(word.text) > 1
        name = word.text[1:] if flag else word.name
        if name is None and flags and word.form is Form.PLAIN:
            arguments.append((word.text, ""))
            continue
        if name is None:
            selector.append(word)
            continue
        if name.startswith("."):
            name = prefix + name
        elif "." in name:
            prefix = name.rpartition(".")[0]
        arguments.append((name, None if flag else word.text))
        if word.form is Form.EXPRESSION:
            expressions.add(name)
    return tuple(selector), tuple(arguments), frozenset(expressions)
