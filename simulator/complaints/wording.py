"""The words for a value that fits nothing, from the expressions of ``fields.facts``.

They were asked of 7.23.2; that other versions complain alike is unproven. Whole sentences of a router stand behind
every form; that each form follows its grammar in every field is inferred.
"""

from __future__ import annotations

import functools
import re
from pathlib import Path

from simulator import forms

_WORDS = {
    "base": "invalid or unexpected argument base",
    "range": "value of {} expects range of ip addresses",
    "mac": "invalid value of {}, mac address required",
    "argument": "invalid value for argument {}",
    "number": "value of {} contains invalid trailing characters",
    "time": "invalid time value for argument {}",
    "match": "input does not match any value of {}",
}
_NEEDS_TEXT = frozenset({"mac", "number", "base"})
"""What the router parses, so that no text at all is only an invalid value (unproven)."""
_AFTER_ADDRESS = re.compile(r"[/@%][^,]*")
_BETWEEN_ADDRESSES = re.compile(r"[,+-]")
_EXPRESSION = re.compile(r"(\w+)(?:\((\S*?)(?: (.*))?\))?")


@functools.cache
def complaints() -> dict[str, dict[str, str]]:
    """The expressions by menu and field."""
    found: dict[str, dict[str, str]] = {}
    for line in Path(__file__).with_name("fields.facts").read_text("utf-8").splitlines():
        path, _, fields = line.partition(" ")
        found[path] = {name: told for name, _, told in (each.partition(" ") for each in fields.split("; "))}
    return found


@functools.cache
def _form(expression: str) -> re.Match[str] | None:
    """The parts of an expression; there are as many as lines in ``fields.facts`` at most."""
    return _EXPRESSION.fullmatch(expression)


def words_for(expression: str, text: str) -> str:
    """What a router says of a text that does not fit."""
    found = _form(expression)
    if found is None:
        raise ValueError(f"{expression!r} is no expression of a complaint.")
    kind, noun, inner = found[1], found[2] or "", found[3] or ""
    if kind == "union":
        alternatives = [words_for(each, text) for each in _split(inner)]
        return "\n    ".join([f"invalid value for argument {noun}:", *alternatives])
    if kind in ("prefix", "network"):
        whole = not text or (kind == "network" and "/" not in text)
        return _WORDS["argument"].format(noun) if whole else words_for(inner, text)
    if not text and kind in _NEEDS_TEXT and noun:
        kind = "argument"
    return _WORDS[kind].format(noun)


def misfit(expression: str, read: str) -> str:
    """What a router says of a value that reads well and fits nothing all the same, '' when it fits."""
    return _not_an_address(expression, read) or _out_of_span(expression, read)


def _not_an_address(expression: str, text: str) -> str:
    """Where only addresses fit, and one of a text's is none."""
    found = _form(expression)
    masked = found is not None and found[1] in ("prefix", "network")
    if found is None or not (masked or (found[2] and found[1] in ("base", "range"))):
        return ""
    pieces = _BETWEEN_ADDRESSES.split(_AFTER_ADDRESS.sub("", text.removeprefix("!")))
    try:
        for piece in filter(None, (piece.strip() for piece in pieces)):
            forms.ip(piece)
    except forms.BadValue:
        return words_for(expression, text)
    return ""


def _out_of_span(expression: str, read: str) -> str:
    """Where a length of time is too short or too long; that it is worded so everywhere is inferred from one field."""
    found = _form(expression)
    if found is None or found[1] != "time" or not found[3]:
        return ""
    low, _, high = found[3].partition("..")
    try:
        if forms.seconds(low) <= forms.seconds(read) <= forms.seconds(high):
            return ""
    except forms.BadValue:
        return ""
    return f"value of {found[2]} is out of range ({_clock(low)} .. {_clock(high)})"


def _clock(length: str) -> str:
    """``1d10s`` as ``1d00:00:10``."""
    whole = round(forms.seconds(length) * 1000)
    rest, thousandths = divmod(whole, 1000)
    minutes, seconds = divmod(rest, 60)
    hours, minutes = divmod(minutes, 60)
    days, hours = divmod(hours, 24)
    weeks, days = divmod(days, 7)
    before = (f"{weeks}w" if weeks else "") + (f"{days}d" if days else "")
    return f"{before}{hours:02}:{minutes:02}:{seconds:02}" + (f".{thousandths:03}" if thousandths else "")


def _split(expressions: str) -> list[str]:
    """The expressions of a row of them."""
    found, depth = [""], 0
    for letter in expressions:
        depth += (letter == "(") - (letter == ")")
        if letter == " " and depth == 0:
            found.append("")
        else:
            found[-1] += letter
    return found
