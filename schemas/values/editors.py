"""Value types as JSON Schema, for editors that complete and check YAML as it is typed.

Never narrower than the types themselves: what a type reads is accepted here, in every native form it may be written
in. Wider where JSON Schema cannot say more: the loader has the last word.
"""

from __future__ import annotations

from schemas.values.base import ValueType
from schemas.values.composite import Both, List, Loose, Negatable, Or
from schemas.values.scalars import Bool, Enum, Int, Range, Text

JsonSchema = dict[str, object]

TEXT: JsonSchema = {"type": ["string", "number", "boolean"]}
_NUMBER_TEXT: JsonSchema = {"type": "string", "pattern": r"^\s*([+-]?(0[xX][0-9a-fA-F]+|[0-9]+))?\s*$"}
_QUANTITY: JsonSchema = {"type": ["string", "number"]}


def json_schema(type_: ValueType) -> JsonSchema:
    """What may stand for a value of a type, templates and references aside."""
    match type_:
        case Bool():
            return {"enum": [True, False, "true", "false", "yes", "no", ""]}
        case Enum():
            return {"enum": [*_words(type_.spellings), ""]}
        case Int() if not isinstance(type_, Range):
            return {"anyOf": [_bounded(type_), _NUMBER_TEXT]}
        case Text() | Loose():
            return TEXT
        case List():
            return {"anyOf": [{"type": "array", "items": json_schema(type_.item)}, _QUANTITY, json_schema(type_.item)]}
        case Or():
            return {"anyOf": [{"enum": _words(type_.words)}, json_schema(type_.other)]}
        case Negatable():
            return {"anyOf": [{"type": "string", "pattern": r"^\s*!"}, json_schema(type_.inner)]}
        case Both():
            return {"anyOf": [{"type": "array", "minItems": 2, "maxItems": 2}, _QUANTITY]}
        case _:
            return _QUANTITY


def _bounded(type_: Int) -> JsonSchema:
    if type_.bounds is None:
        return {"type": "integer"}
    low, high = type_.bounds
    return {"type": "integer", "minimum": low, "maximum": high}


def _words(words: tuple[str, ...]) -> list[object]:
    """Words, and the truths and numbers that YAML makes of some of them."""
    truths: list[object] = [True, False] if {"yes", "no"} <= set(words) or {"true", "false"} <= set(words) else []
    return [*words, *truths, *(int(word) for word in words if word.isdecimal())]
