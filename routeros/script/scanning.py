"""How far quoted texts, groups and commands reach, and what escapes mean. Nothing here looks at a character twice."""

from __future__ import annotations

import re

NAME = r"[A-Za-z0-9][A-Za-z0-9._-]*"
QUOTED = r'"((?:[^"\\$]++|\\.)*+)"'
BARE = r'[^ \t\r\n"\\;$\[\](){}]'
WRAP = r"\\(?:\r?\n|\Z)[ \t]*"
END = r"(?=[ \t\r\n;]|\Z)"

_CLOSERS = {"[": "]", "(": ")", "{": "}", '"': '"', "$[": "]", "$(": ")"}
_DEEPEST = 200
_WHOLE = QUOTED.replace("((", "(?:(")
_IN_GROUP = re.compile(rf'(?:[^"\\\[\](){{}}#]++|{_WHOLE}|\\.)*+(.)', re.DOTALL)
_IN_QUOTES = re.compile(r'(?:[^"\\$]++|\\.|\$(?![\[(]))*+("|\$.)', re.DOTALL)
_IN_COMMAND = re.compile(rf'(?:[^"\\\[({{\n;#]++|{_WHOLE}|\\\r\n|\\.)*+(.)', re.DOTALL)
_ESCAPE = re.compile(r"\\(?:(\r?\n[ \t]*)|([0-9A-F]{2})|(.))", re.DOTALL)
_KEPT_OR_WRAP = re.compile(rf"(\\[^\r\n])|{WRAP}")
_MEANINGS = {
    '"': '"', "\\": "\\", "$": "$", "?": "?", "_": " ",
    "n": "\n", "r": "\r", "t": "\t", "a": "\a", "b": "\b", "f": "\f", "v": "\v",
}  # fmt: skip
_BEFORE_COMMENT = frozenset(" \t\r\n;{")


class Broken(Exception):
    """The script cannot be understood at ``at``; what comes before ``resume`` was looked at."""

    def __init__(self, message: str, at: int, resume: int) -> None:
        super().__init__(message)
        self.message = message
        self.at = at
        self.resume = resume


def skip_group(text: str, start: int) -> int:
    """The place behind the bracket or quote that belongs to the one at ``start``."""
    closers = [_CLOSERS[text[start]]]
    place = start + 1
    while closers:
        found = (_IN_QUOTES if closers[-1] == '"' else _IN_GROUP).match(text, place)
        if found is None:
            what = "quoted text" if text[start] == '"' else "bracket"
            raise Broken(f"The {what} that begins here never ends: the file is cut off.", start, len(text))
        place = _step(text, found, closers, start)
    return place


def _step(text: str, found: re.Match[str], closers: list[str], start: int) -> int:
    sign = found[1]
    if sign == "\\":
        return found.end()
    if sign == "#":
        return _skip_comment(text, found.start(1))
    if sign == closers[-1]:
        closers.pop()
    elif sign not in _CLOSERS:
        raise Broken(f"The {sign} closes nothing, so what begins here cannot be understood.", start, found.end())
    elif len(closers) == _DEEPEST:
        raise Broken("The brackets are nested too deep; nothing behind them was read.", start, len(text))
    else:
        closers.append(_CLOSERS[sign])
    return found.end()


def skip_command(text: str, place: int) -> int:
    """The end of the command that ``place`` stands in: a line's end or a semicolon outside of all brackets."""
    while found := _IN_COMMAND.match(text, place):
        sign = found[1]
        if sign in "\n;":
            return found.start(1)
        if sign == "#":
            place = _skip_comment(text, found.start(1))
        elif sign != "\\":
            place = skip_group(text, found.start(1))
        else:
            place = found.end()
    return len(text)


def _skip_comment(text: str, place: int) -> int:
    """Behind a comment, or behind the sign where it begins none."""
    if place and text[place - 1] not in _BEFORE_COMMENT:
        return place + 1
    end = text.find("\n", place)
    return len(text) if end < 0 else end


def joined(raw: str) -> str:
    """A text without the line breaks that a backslash takes back."""
    return _KEPT_OR_WRAP.sub(lambda found: found[1] or "", raw) if "\\" in raw else raw


def unescaped(raw: str) -> tuple[str, bool]:
    """What a text with escapes means, and whether all were known; unknown ones stay as they are.

    Bytes that are not UTF-8 become surrogates (``surrogateescape``), as they do from REST.
    """
    known, high = True, False

    def meaning(found: re.Match[str]) -> str:
        nonlocal known, high
        wrap, digits, letter = found.groups()
        if digits:
            byte = int(digits, 16)
            high = high or byte >= 0x80
            return chr(byte if byte < 0x80 else 0xDC00 + byte)
        if wrap:
            return ""
        known = known and letter in _MEANINGS
        return _MEANINGS.get(letter, found[0])

    text = _ESCAPE.sub(meaning, raw)
    if high:
        text = text.encode("utf-8", "surrogateescape").decode("utf-8", "surrogateescape")
    return text, known
