"""One word of a command: a plain or quoted text, or something that only a router can evaluate."""

from __future__ import annotations

import re
from dataclasses import dataclass

from routeros.script.scanning import BARE, END, NAME, QUOTED, WRAP, Broken, joined, skip_group, unescaped

_QUOTED = re.compile(QUOTED, re.DOTALL)
_PLAIN = re.compile(rf"{BARE}++")
_END = re.compile(END)
_WRAP = re.compile(WRAP)
_ESCAPED = re.compile(r"(?:\\[^ \t\r\n])++")
_VARIABLE = re.compile(rf"(?:\$[A-Za-z0-9_-]*+(?![\[(])|{BARE}++)++")
_MOST_TESTS = 1_000

VARIABLE = "takes the value of a variable, which is known on the router only"
EXPRESSION = "is an expression, which only a router can evaluate"
ESCAPE = "has an escape that RouterOS does not know"


@dataclass(frozen=True, slots=True)
class Word:
    """``odd`` says why the text may not be what the router takes; '' when it is."""

    text: str
    end: int
    quoted: bool = False
    odd: str = ""


def word_at(text: str, start: int) -> Word:
    """The word that begins at ``start``. Raises Broken."""
    word = _quoted_word(text, start) if text.startswith('"', start) else _plain_word(text, start)
    if word.end == start:
        raise Broken(f"The {text[start]!r} is not understood here.", start, start)
    if not _END.match(text, word.end) and not _WRAP.match(text, word.end):
        raise Broken(f"The {text[word.end]!r} runs into the word before it.", word.end, word.end)
    return word


def _quoted_word(text: str, start: int) -> Word:
    found = _QUOTED.match(text, start)
    if found is None:
        end = skip_group(text, start)
        return Word(unescaped(text[start + 1 : end - 1])[0], end, True, VARIABLE)
    value, known = unescaped(found[1]) if "\\" in found[1] else (found[1], True)
    return Word(value, found.end(), True, "" if known else ESCAPE)


def _plain_word(text: str, start: int) -> Word:
    pieces: list[str] = []
    odd = ""
    place = start
    while place < len(text):
        if found := _PLAIN.match(text, place):
            pieces.append(found[0])
            place = found.end()
        elif found := _WRAP.match(text, place):
            if not _goes_on(text, found):
                break
            place = found.end()
        elif found := _ESCAPED.match(text, place):
            piece, known = unescaped(found[0])
            pieces.append(piece)
            odd = odd or ("" if known else ESCAPE)
            place = found.end()
        elif text[place] in "[({$":
            end, odd = _evaluated(text, place)
            pieces.append(joined(text[place:end]))
            place = end
        else:
            break
    return Word("".join(pieces), place, False, odd)


def _goes_on(text: str, wrap: re.Match[str]) -> bool:
    """Whether the word goes on behind a line break that a backslash takes back; an export breaks lists so."""
    return not _END.match(text, wrap.end())


def _evaluated(text: str, place: int) -> tuple[int, str]:
    if text[place] != "$":
        return skip_group(text, place), EXPRESSION
    found = _VARIABLE.match(text, place)
    return (place + 1 if found is None else found.end()), VARIABLE


_TEST = re.compile(
    rf'((?:and(?=[ \t\r\n])|&&)[ \t\r\n]*)?(\.?{NAME})=(?:{QUOTED}|([^ \t\r\n"\\;$\[\](){{}}]++)){END}[ \t\r\n]*',
    re.DOTALL,
)
_FIND = re.compile(r"\[[ \t\r\n]*find(?![A-Za-z0-9-])[ \t\r\n]*(?:where(?![A-Za-z0-9-])[ \t\r\n]*)?")


def tests_of(group: str) -> tuple[tuple[str, str], ...] | None:
    """The tests of ``[ find name=x and comment="y" ]``; None for any other expression."""
    found = _FIND.match(group)
    if found is None or skip_group(group, 0) != len(group):
        return None
    tests: list[tuple[str, str]] = []
    inside = group[found.end() : -1].rstrip(" \t\r\n")
    place = 0
    while place < len(inside):
        test = _TEST.match(inside, place)
        if test is None or len(tests) == _MOST_TESTS or (test[1] and not tests):
            return None
        text, known = unescaped(test[3]) if test[3] is not None else (test[4], True)
        if not known:
            return None
        tests.append((test[2], text))
        place = test.end()
    return tuple(tests)
