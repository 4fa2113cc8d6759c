"""What follows a verb: the row it is about, and values."""

from __future__ import annotations

import re
from collections.abc import Callable
from sys import intern

from routeros.script.scanning import END, NAME, QUOTED, WRAP, Broken, joined, unescaped
from routeros.script.statement import Find
from routeros.script.words import ESCAPE, EXPRESSION, VARIABLE, Word, tests_of, word_at

BLANKS = re.compile(rf"(?:[ \t\r]|{WRAP})*+")
COMMENT = re.compile(r"#([^\n]*)")

_PLAIN = re.compile(
    rf'(!?)(\.?{NAME})(?:(=)(?:{WRAP})*+(?:{QUOTED}|([^ \t\r\n"\\;$\[\](){{}}]*+)))?{END}[ \t]*', re.DOTALL
)
_NAMED = re.compile(rf"(\.?{NAME})=(?:{WRAP})*+")
_FLAG = re.compile(r"[a-z][a-z0-9-]*+(?:\.[a-z0-9-]++)*+")
_MOST_VALUES = 5_000
_MOST_DIGITS = 9
_SHOWN = 40

ROWLESS = frozenset({"add", "print", "find", "export", "import"})
"""Verbs whose first word names no row."""
_SECOND = {"move": "destination", "unset": "value-name", "comment": "comment"}
"""What the word behind the row is called where it needs no name."""


class Arguments:
    """Reads the arguments of one command; ``tell`` is told what of them is not understood."""

    def __init__(self, text: str, verb: str, tell: Callable[[int, str], None]) -> None:
        self.text = text
        self.verb = verb
        self.tell = tell
        self.find: Find | None = None
        self.values: list[tuple[str, str | None]] = []
        self.comment = ""
        self._prefix = ""

    def read(self, place: int) -> int:
        """Read to the end of the command, and give it. Raises Broken."""
        text = self.text
        while (place := skip_blanks(text, place)) < len(text) and text[place] not in "\n;":
            if len(self.values) == _MOST_VALUES:
                raise Broken(f"A command with more than {_MOST_VALUES} values is none.", place, place)
            if text[place] == "#":
                return self._read_comment(place)
            found = _PLAIN.match(text, place)
            place = self._take_odd(place) if found is None else self._take(found)
        return place

    def _take(self, found: re.Match[str]) -> int:
        negated, name, equals, quoted, bare = found.groups()
        if equals and not negated:
            value = bare if quoted is None else quoted
            if quoted is None or "\\" not in quoted:
                self._add(name, value)
            else:
                value, known = unescaped(quoted)
                self._add(name, value)
                self._tell_of(name, Word(value, 0, odd="" if known else ESCAPE), found.start())
        elif negated and not equals:
            self._add(name, None)
        elif equals:
            raise Broken(f"{name} has both a ! and a value.", found.start(), found.end())
        else:
            self._take_word(Word(name, found.end()), found.start())
        return found.end()

    def _take_odd(self, place: int) -> int:
        named = _NAMED.match(self.text, place)
        start = named.end() if named else place
        word = word_at(self.text, start) if start < len(self.text) else Word("", start)
        if named is None:
            self._take_word(word, place)
        else:
            self._add(named[1], word.text)
            self._tell_of(named[1], word, place)
        return word.end

    def _take_word(self, word: Word, place: int) -> None:
        if self.find is None and not self.values and self.verb not in ROWLESS:
            self.find = self._row(word, place)
            if self.find.word is not None:
                self._tell_of("The row's name", word, place)
            return
        name = _SECOND.get(self.verb, "")
        if name and name not in (given for given, _ in self.values):
            self._add(name, word.text)
        elif not word.quoted and _FLAG.fullmatch(word.text):
            self._add(word.text, "")
        else:
            self.values.append(("", word.text))
        self._tell_of("A value", word, place)

    def _row(self, word: Word, place: int) -> Find:
        text = word.text
        if word.odd in (EXPRESSION, VARIABLE) and not word.quoted:
            text = joined(self.text[place : word.end])
            tests = tests_of(text)
            return Find(expression=text) if tests is None else Find(tests=tests)
        if not word.quoted and text.isascii() and text.isdigit() and len(text) <= _MOST_DIGITS:
            return Find(number=int(text))
        return Find(word=text)

    def _add(self, name: str, value: str | None) -> None:
        """``.ft=yes`` behind ``security.wps=disable`` is ``security.ft=yes``."""
        if name.startswith("."):
            name = self._prefix + name
        elif "." in name:
            self._prefix = name[: name.index(".")]
        self.values.append((intern(name), value))

    def _tell_of(self, name: str, word: Word, place: int) -> None:
        if word.odd:
            self.tell(place, f"{name[:_SHOWN]} {word.odd}.")

    def _read_comment(self, place: int) -> int:
        found = COMMENT.match(self.text, place)
        assert found is not None, "the caller has seen the sign"
        self.comment = found[1].strip()
        return found.end()


def skip_blanks(text: str, place: int) -> int:
    """The next place in a command with something at it."""
    found = BLANKS.match(text, place)
    return place if found is None else found.end()
