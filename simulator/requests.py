"""What a request says: the menu its URL names, and its body as RouterOS reads JSON."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Sequence
from urllib.parse import unquote_to_bytes

import msgspec

from simulator import errors
from simulator.bytewise import decoded as text_of
from simulator.state import Device

Body = dict[str, "str | list[str]"]

_NUMBERS = re.compile(r'"(?:[^"\\]|\\.)*"|(?<![\w.])-?0(?:[xX][0-9a-fA-F]+|\d+)(?![\w.])')


class Target(msgspec.Struct, frozen=True):
    """A menu and, below it, at most one word still undecoded: an id, a name or a command."""

    path: str
    word: str | None = None

    @property
    def encoded_id(self) -> bool:
        """``%2A`` is never decoded, so that such an id names nothing."""
        return self.word is not None and "%2a" in self.word.lower()

    @property
    def plain(self) -> str:
        return decoded(self.word or "")


def decoded(text: str) -> str:
    """Percent-decoding; bytes that are no UTF-8 survive as Latin-1."""
    if "%" not in text and text.isascii():
        return text
    raw = unquote_to_bytes(text)
    try:
        return raw.decode()
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def target_of(device: Device, url: str, does: Callable[[str, str], object]) -> Target:
    """Walk the words of a URL after ``/rest``; ``does`` tells whether a directory has a command that does something.

    Raises Refusal naming the first word that leads nowhere.
    """
    parent, _, last = url.rpartition("/")
    if device.leads(url):
        return Target(url)
    if last and device.leads(parent) and not device.leads(f"{parent}/{decoded(last)}"):
        return _last(device, parent, [last], does)
    path, words = "", [word for word in url.split("/") if word]
    for position, word in enumerate(words):
        further = f"{path}/{decoded(word)}"
        if not device.leads(further):
            return _last(device, path, words[position:], does)
        path = further
    return Target(path)


def _last(device: Device, path: str, rest: Sequence[str], does: Callable[[str, str], object]) -> Target:
    word, menu = decoded(rest[0]), device.menu(path)
    command = (menu is not None and word in menu.commands) or does(path, word)
    if len(rest) > 1 and command:
        raise errors.Refusal(errors.NO_COMMAND)
    if len(rest) > 1 or (menu is None and not command):
        raise errors.unknown_word(word)
    return Target(path, rest[0])


def body_of(raw: bytes, content_type: str) -> Body:
    """The fields of a body as text. Raises Refusal 415 or ``Failed to parse json``."""
    if not raw:
        return {}
    if content_type.partition(";")[0].strip().lower() != "application/json":
        raise errors.Refusal(None, 415)
    try:
        document = _parsed(text_of(raw))
    except (ValueError, RecursionError) as error:
        raise errors.Refusal(errors.BAD_JSON) from error
    if not isinstance(document, dict) or (b"\\ud" in raw.lower() and _has_half_a_character(document)):
        raise errors.Refusal(errors.BAD_JSON)
    return {name: _field(value) for name, value in document.items()}


def _has_half_a_character(document: dict[str, object]) -> bool:
    """Whether an escape names half of a pair alone, which no bytes stand for (that it is refused is unproven)."""
    try:
        for name, value in document.items():
            for text in (name, *(value if isinstance(value, list) else [value])):
                str(text).encode(errors="surrogateescape")
    except UnicodeEncodeError:
        return True
    return False


def _parsed(text: str) -> object:
    try:
        return _DECODER.decode(text)
    except json.JSONDecodeError:
        return _DECODER.decode(_NUMBERS.sub(_decimal, text))


def _decimal(found: re.Match[str]) -> str:
    """Octal with a leading zero and hexadecimal, which JSON itself does not know."""
    text = found[0]
    if text.startswith('"'):
        return text
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    return sign + str(int(digits, 16 if digits[1:2] in ("x", "X") else 8))


def _no_exponent(text: str) -> str:
    if "e" in text.lower():
        raise ValueError("RouterOS reads no exponents")
    return text


def _no_constant(text: str) -> str:
    raise ValueError(f"{text} is not JSON")


_DECODER = json.JSONDecoder(parse_int=str, parse_float=_no_exponent, parse_constant=_no_constant)


def _field(value: object) -> str | list[str]:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if value is None:
        return ""
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(item, str) for item in value):
        return value
    raise errors.Refusal(errors.BAD_JSON)


def fields_of(body: Body) -> dict[str, str]:
    """A body of fields to write; lists have no meaning there (unproven)."""
    found: dict[str, str] = {}
    for name, value in body.items():
        if not isinstance(value, str):
            raise errors.Refusal(errors.BAD_JSON)
        found[name] = value
    return found


def names_of(value: str | list[str] | None) -> list[str] | None:
    """A ``.proplist`` or ``.query``: a list, or text with commas."""
    if value is None:
        return None
    return value if isinstance(value, list) else [item for item in value.split(",") if item]


def filters_of(query: str) -> list[tuple[str, str]]:
    """The parameters of a URL, decoded."""
    pairs = (item.partition("=") for item in query.split("&") if item)
    return [(decoded(name), decoded(text)) for name, _, text in pairs]
