"""JSON as RouterOS writes and reads it.

Every value of a reply is a string. RouterOS stores bytes and does not check them: a reply may hold raw
control characters and bytes that are not UTF-8. Such bytes survive as surrogates (``surrogateescape``)
and go out again as the bytes they were.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

import msgspec

_ROWS = msgspec.json.Decoder(list[dict[str, str]])
_ROW = msgspec.json.Decoder(dict[str, str])


def encode(body: Mapping[str, str | list[str]]) -> bytes:
    """A request body. Texts with surrogates go out as the bytes they came from."""
    try:
        return msgspec.json.encode(body)
    except UnicodeEncodeError:
        return json.dumps(body, ensure_ascii=False).encode("utf-8", "surrogateescape")


def decode_rows(body: bytes) -> list[dict[str, str]]:
    """The objects of a reply; one object counts as a list of one.

    Raises ValueError, for an empty body too: taken for an empty list it would read as "no rows".
    """
    try:
        return [_ROW.decode(body)] if body.startswith(b"{") else _ROWS.decode(body)
    except ValueError:
        return _tolerant(body)


def decode_error(body: bytes) -> str:
    """RouterOS's own words in an error body, or ''."""
    try:
        found = _native(body)
    except ValueError:
        return ""
    detail = found.get("detail", "") if isinstance(found, dict) else ""
    return detail if isinstance(detail, str) else ""


def _tolerant(body: bytes) -> list[dict[str, str]]:
    found = _native(body)
    rows = [found] if isinstance(found, dict) else found
    if not isinstance(rows, list) or not all(isinstance(row, dict) for row in rows):
        raise ValueError("the reply is neither an object nor a list of objects")
    return [{name: _text(value) for name, value in row.items()} for row in rows]


def _native(body: bytes) -> object:
    try:
        return json.loads(body.decode("utf-8", "surrogateescape"), strict=False)
    except RecursionError as error:
        raise ValueError("the reply is nested too deep") from error


def _text(value: object) -> str:
    """Texts of native JSON, which no known version sends."""
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool | int | float):
        return json.dumps(value)
    raise ValueError("the reply holds a nested value")
