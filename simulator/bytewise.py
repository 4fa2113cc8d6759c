"""Replies as bytes: RouterOS stores what it was sent and checks no encoding."""

from __future__ import annotations

import json
import re

import msgspec

_ESCAPED = re.compile(rb"\\(?:u00([01][0-9a-fA-F])|.)", re.DOTALL)


def encoded(body: object, *, raw_control: bool = False) -> bytes:
    """Compact JSON. What was no UTF-8 when it came is none when it goes; with ``raw_control`` control characters are
    not escaped."""
    try:
        text = msgspec.json.encode(body)
    except UnicodeEncodeError:
        text = json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(errors="surrogateescape")
    return _ESCAPED.sub(_unescaped, text) if raw_control else text


def decoded(raw: bytes) -> str:
    """Text in which bytes that are no UTF-8 survive (inferred from clients that have to cope with them)."""
    return raw.decode(errors="surrogateescape")


def _unescaped(found: re.Match[bytes]) -> bytes:
    return bytes([int(found[1], 16)]) if found[1] else found[0]
