"""From a type expression of the catalogue to a reader: written text in, read-back value out.

A value that names other rows (``ref``) reads as *pieces*, texts and referents in turn, so that renames follow and
removed rows show as their ids. Expressions this codec does not know read as plain text.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Mapping
from typing import Protocol

from simulator import forms, texts
from simulator.forms import BadValue


class Referent(Protocol):
    """What a reference points at; ``label`` is its name, or its id once it is gone."""

    @property
    def label(self) -> str: ...


class Names(Protocol):
    """Where references are looked up, by name or by id, in the menu they name."""

    def find(self, menu: str, name: str) -> Referent | None: ...


Pieces = tuple["str | Referent", ...]
Value = str | Pieces | None
"""Read-back text, or pieces where rows are named, or None: the field goes away (a flag said ``no``)."""

Reader = Callable[[str, Names], Value]


def text_of(value: str | Pieces) -> str:
    """The text a reply shows for a value."""
    if isinstance(value, str):
        return value
    return "".join(piece if isinstance(piece, str) else piece.label for piece in value)


@functools.cache
def reader(expression: str) -> Reader:
    """The reader of a type expression such as ``!set(enum(new|related))`` or ``ref(/interface)``."""
    expression = expression.strip()
    if expression.startswith("!"):
        return _negatable(reader(expression[1:]))
    head, _, rest = expression.partition("(")
    arguments, _, after = rest.rpartition(")")
    if after.startswith(" max "):
        return _few(arguments, int(after.removeprefix(" max ")))
    if head in _PLAIN:
        return _plain(_PLAIN[head])
    if head in _BUILDERS:
        return _BUILDERS[head](arguments)
    return _as_written


def _plain(form: Callable[[str], str]) -> Reader:
    return lambda text, _names: form(text)


def _as_written(text: str, _names: Names) -> Value:
    return text


def _flag(text: str, _names: Names) -> Value:
    return None if text in ("no", "false") else ""


def _enum(arguments: str) -> Reader:
    """One word. ``true`` and ``false`` stand for yes and no where these are all; five fields with a third word
    were asked, and refuse them. A word that is a number may be written in either base."""
    words = tuple(arguments.split("|"))
    known = {word: word for word in words}
    if len(words) == len(_SWITCH.keys() & set(words)):
        known = {other: word for other, word in _SWITCH.items() if word in known} | known
    numbers = {str(int(word, 16)): word for word in words if word.startswith("0x")}

    def read(text: str, _names: Names) -> Value:
        word = known.get(text)
        if word is None and numbers and forms.is_number(text):
            word = numbers.get(str(int(text)))
        if word is None:
            raise BadValue("match")
        return word

    return read


def _switch(arguments: str) -> Reader:
    """One of two words, of which ``false`` is the first and ``true`` the second."""
    off, on = arguments.split("|")
    known = {"no": off, "false": off, "yes": on, "true": on, off: off, on: on}

    def read(text: str, _names: Names) -> Value:
        if text not in known:
            raise BadValue("match")
        return known[text]

    return read


def _third(arguments: str) -> Reader:
    """A word, or yes and no that read back as ``true`` and ``false``, which cannot be written."""
    known = {arguments: arguments, "yes": "true", "no": "false"}

    def read(text: str, _names: Names) -> Value:
        if text not in known:
            raise BadValue("match")
        return known[text]

    return read


def _bounds(arguments: str, base: int) -> tuple[int | None, int | None]:
    low, dots, high = arguments.partition("..")
    if not dots:
        return None, None
    return (int(low, base) if low.strip() else None), (int(high, base) if high.strip() else None)


def _int(arguments: str) -> Reader:
    low, high = _bounds(arguments, 10)
    return lambda text, _names: forms.integer(text, low, high)


def _range(arguments: str) -> Reader:
    low, high = _bounds(arguments, 10)
    return lambda text, _names: forms.number_range(text, low or 0, high)


def _seconds(arguments: str) -> Reader:
    low, high = _bounds(arguments, 10)
    return lambda text, _names: forms.whole_seconds(text, low, high)


def _hex(arguments: str) -> Reader:
    low, high = _bounds(arguments, 16)
    return lambda text, _names: forms.hexadecimal(text, low, high)


def _duration(arguments: str) -> Reader:
    unit = arguments.strip() or "s"
    return lambda text, _names: forms.duration(text, unit)


def _many(arguments: str) -> Reader:
    return _few(arguments, None)


def _few(arguments: str, most: int | None) -> Reader:
    """A list, of so many at most; how a longer one is refused is unproven."""
    one = reader(arguments)

    def read(text: str, names: Names) -> Value:
        if not text.strip():
            return ""
        items = text.split(",")
        if most is not None and len(items) > most:
            raise BadValue("number")
        return _joined([one(item.strip(), names) for item in items], ",")

    return read


def _pair(arguments: str) -> Reader:
    one = reader(arguments)

    def read(text: str, names: Names) -> Value:
        first, slash, last = text.partition("/")
        return _joined([one(first, names), one(last if slash else first, names)], "/")

    return read


def _one_or_pair(arguments: str) -> Reader:
    """A pair; a single value stays alone."""
    one, both = reader(arguments), _pair(arguments)
    return lambda text, names: both(text, names) if "/" in text else one(text, names)


def _span(arguments: str) -> Reader:
    one = reader(arguments)
    return lambda text, names: _joined([one(part.strip(), names) for part in text.split("-")], "-") if text else ""


def _both(arguments: str) -> Reader:
    left, _, right = arguments.partition(",")
    first, second = reader(left), reader(right)

    def read(text: str, names: Names) -> Value:
        if not text:
            return ""
        one, comma, two = text.partition(",")
        if not comma:
            raise BadValue("invalid")
        return _joined([first(one, names), second(two, names)], ",")

    return read


def _or(arguments: str) -> Reader:
    """A word, else the other type. After the word ``0`` stands what zero reads back as, after ``-`` what reads back as
    nothing."""
    listed, _, expression = arguments.partition(",")
    mark, *marked = listed.split("|")
    other = reader(expression)
    if mark not in ("0", "-"):
        return _word_or({word: word for word in (mark, *marked)}, other, {})
    words = {word: word for word in marked}
    if mark == "0":
        return _word_or(words, other, dict.fromkeys(("0", "0s"), marked[0]))
    return _word_or({**words, marked[0]: "", "": ""}, other, {marked[0]: ""})


def _word_or(words: Mapping[str, str], other: Reader, instead: Mapping[str, str]) -> Reader:
    """``instead`` has what the other type's own texts are told as."""

    def read(text: str, names: Names) -> Value:
        if text in words:
            return words[text]
        value = other(text, names)
        return instead.get(value, value) if isinstance(value, str) else value

    return read


def _formed(form: str) -> Reader:
    """A text, of a form that this codec knows or of none."""
    return _plain(_FORMS[form]) if form in _FORMS else _as_written


def of_family(read: Reader, family: int) -> Reader:
    """The same, for addresses of one family alone."""

    def strict(text: str, names: Names) -> Value:
        value = read(text, names)
        if isinstance(value, str) and texts.of_other_family(value, family):
            raise BadValue("addresses")
        return value

    return strict


def _loose(arguments: str) -> Reader:
    strict = reader(arguments)

    def read(text: str, names: Names) -> Value:
        try:
            return strict(text, names)
        except BadValue:
            return text

    return read


def _words(arguments: str) -> Reader:
    """One word or several with commas: vocabularies do not tell which."""
    one = _negatable(_enum(arguments))
    return lambda text, names: _joined([one(item.strip(), names) for item in text.split(",")], ",") if text else ""


def _reference(arguments: str) -> Reader:
    menu = arguments.strip()

    def read(text: str, names: Names) -> Value:
        found = names.find(menu, text)
        if found is None:
            raise BadValue("match")
        return (found,)

    return read


def _negatable(positive: Reader) -> Reader:
    def read(text: str, names: Names) -> Value:
        if not text.startswith("!"):
            return positive(text, names)
        return _joined(["!", positive(text[1:].strip(), names)], "")

    return read


def _gateway(_arguments: str) -> Reader:
    def read(text: str, names: Names) -> Value:
        address, mark, rest = re.fullmatch(r"(?s)([^%@]*)([%@]?)(.*)", text).groups()  # type: ignore[union-attr]
        try:
            known: str = forms.ip(address)
        except BadValue:
            name = address if mark == "@" else text
            found = names.find("/interface", name)
            if found is None:
                raise BadValue("gateway") from None
            return (found, mark, rest) if mark == "@" else (found,)
        found = names.find("/interface", rest) if mark == "%" else None
        return (known, mark, found) if found else known + mark + rest

    return read


def _joined(values: list[Value], separator: str) -> Value:
    pieces: list[str | Referent] = []
    for value in values:
        if pieces and separator:
            pieces.append(separator)
        if isinstance(value, tuple):
            pieces.extend(value)
        elif value:
            pieces.append(value)
    if all(isinstance(piece, str) for piece in pieces):
        return "".join(str(piece) for piece in pieces)
    return tuple(pieces)


_SWITCH = {"true": "yes", "false": "no", "yes": "true", "no": "false"}

_PLAIN: dict[str, Callable[[str], str]] = {
    "bool": forms.boolean,
    "kibibytes": forms.kibibytes,
    "rate": forms.rate,
    "ipv4": forms.ipv4,
    "ipv6": forms.ipv6,
    "ip": forms.ip,
    "prefix": forms.prefix,
    "network": forms.network,
    "interface-address": forms.interface_address,
    "address-or-prefix": forms.address_or_prefix,
    "address-list-entry": forms.address_list_entry,
    "address6": texts.address6,
    "classifier": texts.classifier,
    "decimal": texts.decimal,
    "every": texts.every,
    "key": texts.key,
    "protocol": texts.protocol,
    "rates": texts.rates,
    "zone": texts.zone,
    "ethertype": lambda text: forms.hexadecimal(text, 0, 0xFFFF),
}

_FORMS: Mapping[str, Callable[[str], str]] = {
    "day": texts.date,
    "dst-limit": texts.dst_limit,
    "frame-limit": texts.frame_limit,
    "hours": texts.hours,
    "limit": texts.limit,
    "old-day": texts.old_date,
    "time-of-day": texts.time_of_day,
}
"""Other forms are kept as they are written."""

_BUILDERS: dict[str, Callable[[str], Reader]] = {
    "text": _formed,
    "mac": lambda _: _plain(forms.mac),
    "range": _range,
    "seconds": _seconds,
    "switch": _switch,
    "third": _third,
    "flagset": lambda words: _many(f"!enum({words})"),
    "size": lambda unit: _plain(forms.kibibytes if unit == "KiB" else forms.size),
    "flag": lambda _: _flag,
    "enum": _enum,
    "int": _int,
    "hex": _hex,
    "duration": _duration,
    "list": _many,
    "set": _many,
    "pair": _pair,
    "one-or-pair": _one_or_pair,
    "or": _or,
    "span": _span,
    "both": _both,
    "loose": _loose,
    "words": _words,
    "ref": _reference,
    "gateway": _gateway,
}
