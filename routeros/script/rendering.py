"""Statements to text that RouterOS takes: ASCII alone, quoted and wrapped as ``/export`` does it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from routeros.script.arguments import ROWLESS
from routeros.script.paths import VERBS
from routeros.script.scanning import NAME, Broken
from routeros.script.statement import Find, Statement
from routeros.script.words import EXPRESSION, VARIABLE, Word, word_at

_WIDTH = 99
_INDENT = "    "
_PLAIN = re.compile(r"[A-Za-z0-9._:,/*@+%!-]+")
_NUMBER = re.compile(r"[0-9]{1,9}")
_NAME = re.compile(NAME)
_TEST_NAME = re.compile(rf"\.?{NAME}")
_VERB = re.compile(r"[a-z0-9][a-z0-9-]*")
_FLAGS = frozenset({"blackhole", "fib", "no-summaries", "passive"})
"""Flags that an export writes as a word alone. All others have a value, if only the empty one."""

_ESCAPES = [chr(byte) if 0x20 <= byte < 0x7F else f"\\{byte:02X}" for byte in range(256)]
for _sign, _escape in {'"': '\\"', "\\": "\\\\", "$": "\\$", "?": "\\?", "\n": "\\n", "\r": "\\r", "\t": "\\t"}.items():
    _ESCAPES[ord(_sign)] = _escape


def render_script(statements: Iterable[Statement], *, header: str = "") -> str:
    """A script that ``read_script`` reads as the same statements, and RouterOS too.

    ``header`` goes before them, as comments; the statements' own comments and lines are left out.
    Raises ValueError for a name, verb or expression that would be read as something else.
    """
    lines = [_comment(line) for line in header.splitlines()]
    menu = ""
    for statement in statements:
        if statement.path != menu:
            menu = statement.path
            lines.append("/" + menu[1:].replace("/", " "))
        lines.extend(_wrapped(_words(statement)))
    return "".join(f"{line}\n" for line in lines)


def quoted(text: str) -> str:
    """A text as RouterOS quotes it; surrogates of ``surrogateescape`` are the bytes that they stand for."""
    try:
        data = text.encode("utf-8", "surrogateescape")
    except UnicodeEncodeError as error:
        raise ValueError(f"{text!r} holds half a character, which no router can") from error
    return '"' + "".join([_ESCAPES[byte] for byte in data]) + '"'


def _words(statement: Statement) -> list[str]:
    words = [_word(_VERB, statement.verb), *_arguments(statement)]
    if len(words) == 1 and statement.verb not in VERBS:
        raise ValueError(f"{statement.verb} alone would be read as a menu")
    return words


def _arguments(statement: Statement) -> Iterator[str]:
    if statement.find is not None:
        if statement.verb in ROWLESS:
            raise ValueError(f"{statement.verb} takes no row")
        yield _row(statement.find, known=statement.verb in VERBS)
    for name, value in statement.values:
        if name == "":
            yield quoted(value or "")
            continue
        _word(_NAME, name)
        if value is None:
            yield f"!{name}"
        elif value == "" and name in _FLAGS and statement.verb in ("add", "set"):
            yield name
        else:
            yield f"{name}={_value(value)}"


def _row(find: Find, *, known: bool) -> str:
    """``known`` tells whether the verb can be told from a menu; if not, a plain word would be read as a part of it."""
    if find.number is not None:
        return str(find.number)
    if find.word is not None:
        return quoted(find.word) if not known or _NUMBER.fullmatch(find.word) else _text(find.word)
    if find.expression:
        return _expression(find.expression)
    tests = (f"{_word(_TEST_NAME, name)}={_text(value)}" for name, value in find.tests)
    return " ".join(("[ find", *tests, "]"))


def _expression(text: str) -> str:
    try:
        word = word_at(text, 0)
    except Broken:
        word = Word("", 0)
    if word.end < len(text) or word.quoted or word.odd not in (EXPRESSION, VARIABLE):
        raise ValueError(f"{text!r} is no expression")
    return "".join(_escaped(sign) for sign in text)


def _escaped(sign: str) -> str:
    return sign if sign.isascii() else quoted(sign)[1:-1]


def _value(text: str) -> str:
    return text if _PLAIN.fullmatch(text) else quoted(text)


def _text(text: str) -> str:
    """Like a value, but a ! in front is no denial."""
    return quoted(text) if text.startswith("!") else _value(text)


def _word(pattern: re.Pattern[str], text: str) -> str:
    if not pattern.fullmatch(text):
        raise ValueError(f"{text!r} is no word that a script can hold here")
    return text


def _wrapped(words: Iterable[str]) -> Iterator[str]:
    """The words in lines, each but the last with a backslash at its end."""
    line = ""
    for word in words:
        if not line:
            line = word
        elif len(line) + len(word) + len("  \\") <= _WIDTH:
            line = f"{line} {word}"
        else:
            yield f"{line} \\"
            line = _INDENT + word
    yield line


def _comment(line: str) -> str:
    text = "".join(_escaped(sign) if sign.isprintable() else " " for sign in line)
    return text if text.startswith("#") else f"# {text}".rstrip()
