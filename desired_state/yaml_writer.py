"""Writes values so that the strict reader reads back the same text."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from desired_state.yaml_reader import Node

WIDTH = 110
"""A row longer than this is written over several lines."""

_PLAIN = re.compile(r"[A-Za-z0-9_/.](?:[A-Za-z0-9_/.+@*()$-]|:(?=[A-Za-z0-9_/.+@*()$-])| (?=[A-Za-z0-9_/.+@*()$-]))*")
_NOT_TEXT = frozenset({"null", "~", ""})
_ESCAPES = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\t": "\\t", "\r": "\\r"}


def writable(text: str) -> bool:
    """Whether a text can stand in a UTF-8 file at all; bytes of other encodings cannot."""
    return not any("\ud800" <= sign <= "\udfff" for sign in text)


def scalar(value: Node) -> str:
    """One value: text plain where that is safe, else in double quotes."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "null"
    text = str(value)
    if isinstance(value, int) or (_PLAIN.fullmatch(text) and text not in _NOT_TEXT and not text.startswith("...")):
        return text
    return '"' + "".join(_escaped(sign) for sign in text) + '"'


def flow(value: Node) -> str:
    """A value on one line: ``{chain: input, action: accept}``."""
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key_text(key)}: {flow(item)}" for key, item in value.items()) + "}"
    if isinstance(value, Sequence) and not isinstance(value, str):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    return scalar(value)


def key_text(key: str) -> str:
    """A key; ``$id`` and ``servers+`` stay plain."""
    return key if re.fullmatch(r"[$/]?[A-Za-z0-9][A-Za-z0-9/_.-]*\+?", key) else scalar(key)


def block(value: Mapping[str, Node], indent: int) -> str:
    """A mapping over several lines, each value on its own."""
    pad = " " * indent
    return "".join(f"{pad}{key_text(key)}: {flow(item)}\n" for key, item in value.items())


def rows(items: Iterable[Mapping[str, Node]], indent: int) -> str:
    """A list of rows, each on one line where it fits."""
    pad = " " * indent
    text = ""
    for item in items:
        line = f"{pad}- {flow(item)}\n"
        if len(line) > WIDTH and item:
            line = pad + "- " + block(item, indent + 2).lstrip(" ")
        text += line
    return text


def _escaped(sign: str) -> str:
    if sign in _ESCAPES:
        return _ESCAPES[sign]
    if sign.isprintable():
        return sign
    code = ord(sign)
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"
