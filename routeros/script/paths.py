"""The words in front of a command: a menu, and mostly a verb."""

from __future__ import annotations

import re
from dataclasses import dataclass

from routeros.script.arguments import skip_blanks
from routeros.script.scanning import END, Broken

VERBS = frozenset(
    "add set remove move enable disable unset comment reset print find get edit export import "
    "reset-counters reset-counters-all reset-mac-address reset-configuration monitor run flush release renew "
    "save load install uninstall downgrade reboot shutdown sign make-static start stop fetch".split()
)
"""What is a verb wherever it stands, because no menu is called so. Any other verb is known by what follows it."""

_SEGMENT = r"(?:[0-9]*+[a-z][a-z0-9-]*+|\.\.)"
_WORD = re.compile(rf"{_SEGMENT}(?:/{_SEGMENT})*+/?{END}")
_DEEPEST = 16
_LONGEST = 64
_TOO_LONG = "No menu has so many or so long words."
_SHOWN = 40


@dataclass(frozen=True, slots=True)
class Command:
    """Where a command stands; without a verb it only names the menu for those that follow."""

    path: tuple[str, ...]
    verb: str
    end: int


def command_at(text: str, place: int, menu: tuple[str, ...]) -> Command:
    """The menu and verb of the command at ``place``; ``menu`` is the one named before. Raises Broken."""
    start = place
    parts = list(menu)
    if text[place] == "/":
        parts.clear()
        place = skip_blanks(text, place + 1)
    above = len(parts)
    while found := _WORD.match(text, place):
        if found.end() - found.start() > _DEEPEST * _LONGEST:
            raise Broken(_TOO_LONG, start, start)
        *words, last = found[0].rstrip("/").split("/")
        for word in words:
            _walk(parts, word, start)
        if last in VERBS:
            return _command(parts, last, start, found.end())
        _walk(parts, last, start)
        place = skip_blanks(text, found.end())
    if place >= len(text) or text[place] in "\n;#":
        return Command(tuple(parts), "", place)
    if len(parts) <= above or text[place] == "{":
        raise Broken("This is no command that is understood.", start, place)
    return _command(parts, parts.pop(), start, place)


def _command(parts: list[str], verb: str, start: int, end: int) -> Command:
    if not parts:
        raise Broken(f"{verb[:_SHOWN]} stands in no menu.", start, end)
    return Command(tuple(parts), verb, end)


def _walk(parts: list[str], word: str, start: int) -> None:
    if word in VERBS:
        raise Broken(f"{word} is followed by a path.", start, start)
    if word != "..":
        parts.append(word)
    elif parts:
        parts.pop()
    else:
        raise Broken("There is no menu above the top.", start, start)
    if len(parts) > _DEEPEST or len(word) > _LONGEST:
        raise Broken(_TOO_LONG, start, start)
