"""Console text to statements of words, in one pass whose time grows with the text alone.

A statement ends at a line break or ``;``. A word is a position (``set``), ``name=value``, or a group in brackets that
is kept as it is written. Whatever begins like a script (``:if``, ``{``) is one opaque statement to its end.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from sys import intern


class Form(Enum):
    """How the text of a word was written; an ``expression`` would have to be evaluated to be known."""

    PLAIN = "plain"
    QUOTED = "quoted"
    EXPRESSION = "expression"


@dataclass(frozen=True, slots=True)
class Word:
    """``name`` is what stands before the first ``=``, None without one."""

    name: str | None
    text: str
    form: Form = Form.PLAIN


@dataclass(frozen=True, slots=True)
class Statement:
    """``opaque`` statements carry their text as the only word; ``complaint`` says what is wrong with the writing."""

    line: int
    words: tuple[Word, ...]
    opaque: bool = False
    complaint: str = ""


_BETWEEN = re.compile(r"(?:[ \t\r\f\v\0\ufeff]|\\\r?\n[ \t]*+)++")
_COMMENT = re.compile(r"#[^\n]*+")
_CONTINUED = re.compile(r"\\\r?\n[ \t]*+")
_PLAIN_WORD = re.compile(r'(!?[^\s;"\\=\[\]{}()$#!]++)(?:=((?:[^\s;"\\\[{($][^\s;"\\]*+)?))?(?=[\s;]|\Z)')
_QUOTED_WORD = re.compile(r'([^\s;"\\=\[\]{}()$#]++)="((?:[^"\\]++|\\[\s\S])*+)"(?=[\s;]|\Z)')
_STRING = re.compile(r'"((?:[^"\\]++|\\[\s\S])*+)"')
_PIECE = re.compile(r'[^\s;"\\=]++|=')
_SCRIPT_PIECE = re.compile(
    r'[^"\\\[\]{}();\n]++|\n[ \t]*+(?:#[^\n]*+)?|"(?:[^"\\]++|\\[\s\S])*+"|\\(?:\r?\n|[\s\S])?|[\s\S]'
)
_ESCAPE = re.compile(r"\\(?:\r?\n[ \t]*+|([0-9A-F]{2}(?:\\[0-9A-F]{2})*+)|([\s\S])|\Z)")
_INTERPOLATED = re.compile(r"(?<!\\)(?:\\\\)*+\$")
_LETTERS = {
    '"': '"',
    "\\": "\\",
    "n": "\n",
    "r": "\r",
    "t": "\t",
    "a": "\a",
    "b": "\b",
    "f": "\f",
    "v": "\v",
    "_": " ",
    "$": "$",
    "?": "?",
}
_OPENING, _CLOSING = frozenset("[{("), frozenset("]})")
_OPAQUE_STARTS = frozenset(":{}()[]$")


def unescaped(text: str) -> str:
    """The inside of a quoted string without its escapes; unknown escapes stay as they are written."""
    return _ESCAPE.sub(_unescape, text) if "\\" in text else text


def _unescape(match: re.Match[str]) -> str:
    digits, letter = match.groups()
    if digits:
        return decoded(bytes.fromhex(digits.replace("\\", "")))
    if letter is None:
        return ""
    return _LETTERS.get(letter, "\\" + letter)


def decoded(content: bytes) -> str:
    """Bytes of a script as text: UTF-8, UTF-16 with its mark, or else one character a byte."""
    for encoding in ("utf-16",) if content[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8", "cp1252"):
        try:
            return content.decode(encoding)
        except UnicodeDecodeError:
            continue
    return content.decode("latin-1")


def statements(text: str) -> Iterator[Statement]:
    """Every statement of a script, in order."""
    scan = _Scan(text)
    while (statement := scan.statement()) is not None:
        yield statement


def words_of(text: str) -> tuple[Word, ...]:
    """The words of the inside of a group."""
    return _Scan(text).words()


class _Scan:
    """A position in a text. Every step leaves it behind what was read."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.at = 0
        self.complaint = ""
        self._line = 1
        self._counted = 0

    def statement(self) -> Statement | None:
        self._to_next()
        if self.at >= len(self.text):
            return None
        line, start, self.complaint = self._line_here(), self.at, ""
        if self.text[start] in _OPAQUE_STARTS:
            self._skip_script(nested=False)
            return Statement(line, (Word(None, self.text[start : self.at]),), True, self.complaint)
        words = self.words()
        return Statement(line, words, False, self.complaint)

    def words(self) -> tuple[Word, ...]:
        """Words up to the end of the statement."""
        found: list[Word] = []
        text = self.text
        while True:
            between = _BETWEEN.match(text, self.at)
            if between:
                self.at = between.end()
            if self.at >= len(text) or text[self.at] in "\n;":
                return tuple(found)
            if text[self.at] == "#":
                self.at = _end(_COMMENT.match(text, self.at), self.at)
                continue
            found.append(self._word())

    def _to_next(self) -> None:
        text = self.text
        while self.at < len(text):
            if text[self.at] in "\n;":
                self.at += 1
            elif text[self.at] == "#":
                self.at = _end(_COMMENT.match(text, self.at), self.at)
            else:
                between = _BETWEEN.match(text, self.at)
                if between is None:
                    return
                self.at = between.end()

    def _line_here(self) -> int:
        self._line += self.text.count("\n", self._counted, self.at)
        self._counted = self.at
        return self._line

    def _word(self) -> Word:
        simple = _PLAIN_WORD.match(self.text, self.at)
        if simple:
            self.at = simple.end()
            first, value = simple.groups()
            return Word(None, intern(first)) if value is None else Word(intern(first), intern(value))
        quoted = _QUOTED_WORD.match(self.text, self.at)
        if quoted:
            self.at = quoted.end()
            return Word(quoted[1], unescaped(quoted[2]), _form(quoted[2]))
        return self._composed()

    def _composed(self) -> Word:
        """A word of several pieces, or with continuations inside it."""
        text, name, parts, form = self.text, None, list[str](), Form.PLAIN
        while self.at < len(text) and (here := text[self.at]) not in " \t\r\n;":
            if here == "=" and name is None and parts and form is Form.PLAIN:
                name, parts = "".join(parts), []
                self.at += 1
            elif here == "\\":
                parts.append(self._escape())
            elif here == '"':
                piece, quoted = self._string()
                parts.append(piece)
                form = form if form is Form.EXPRESSION else quoted
            elif (here in _OPENING or here == "$") and not parts:
                form = Form.EXPRESSION
                parts.append(self._group() if here != "$" else self._piece())
            else:
                parts.append(self._piece())
        return Word(name, "".join(parts), form)

    def _piece(self) -> str:
        start = self.at
        self.at = _end(_PIECE.match(self.text, start), start + 1)
        return self.text[start : self.at]

    def _escape(self) -> str:
        found = _CONTINUED.match(self.text, self.at) or _ESCAPE.match(self.text, self.at)
        start, self.at = self.at, _end(found, self.at + 1)
        return unescaped(self.text[start : self.at])

    def _string(self) -> tuple[str, Form]:
        found = _STRING.match(self.text, self.at)
        if found is None:
            self.complaint = "a quoted text has no end"
            inside = self.text[self.at + 1 :]
            self.at = len(self.text)
        else:
            inside = found[1]
            self.at = found.end()
        return unescaped(inside), _form(inside)

    def _group(self) -> str:
        start = self.at
        self._skip_script(nested=True)
        return self.text[start : self.at]

    def _skip_script(self, *, nested: bool) -> None:
        """To the end of the bracket that begins here, or of the whole statement."""
        depth = 0
        while self.at < len(self.text):
            found = _SCRIPT_PIECE.match(self.text, self.at)
            piece = found[0] if found else ""
            if depth == 0 and piece[:1] in ("\n", ";"):
                return
            self.at += len(piece)
            if piece in _OPENING:
                depth += 1
            elif piece in _CLOSING:
                depth = max(0, depth - 1)
                if nested and depth == 0:
                    return
            elif piece == '"':
                break
        if depth or self.at < len(self.text):
            self.complaint = "a bracket or a quoted text has no end"
            self.at = len(self.text)


def _form(inside: str) -> Form:
    return Form.EXPRESSION if "$" in inside and _INTERPOLATED.search(inside) else Form.QUOTED


def _end(match: re.Match[str] | None, otherwise: int) -> int:
    return match.end() if match else otherwise
