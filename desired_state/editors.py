"""The documents of a fleet repository as one JSON Schema, for editors that complete and check while somebody types.

It is made from the same catalogue and the same lists of keys that the loader uses, and never refuses what the loader
accepts. It accepts more: what spans rows or files, and what templates yield, only the loader can judge.
"""

from __future__ import annotations

from collections.abc import Iterable

from desired_state.conditions import KEYS as WHEN_KEYS
from desired_state.devices import KEYS as DEVICE_KEYS
from desired_state.documents import API_VERSION, GROUP_KEYS
from desired_state.fleet import KEYS as FLEET_KEYS
from desired_state.menus import MENU_KEYS, WORDS
from desired_state.selectors import ROW_FLAGS
from schemas.catalogue.load import Catalogue, Schema
from schemas.catalogue.model import Kind, Menu, Order
from schemas.desired import Prune, Side
from schemas.device import CAPABILITIES, Mode
from schemas.path import MenuPath
from schemas.values import parse_type
from schemas.values.editors import TEXT, JsonSchema, json_schema

_ANY_TEXTS: JsonSchema = {"anyOf": [TEXT, {"type": "array", "items": TEXT}, {"type": "null"}]}
_NOTHING_OR_TEXT: JsonSchema = {"type": ["string", "number", "boolean", "null"]}
_FLAG: JsonSchema = {"type": ["boolean", "null"]}
_COUNT: JsonSchema = {"type": ["integer", "null"], "minimum": 0}
_TEMPLATE: JsonSchema = {"type": "string", "pattern": r"\{[{%#]"}
_ONE_KEY: JsonSchema = {"type": "object", "minProperties": 1, "maxProperties": 1}
_CONDITIONAL: JsonSchema = {"type": "object", "required": ["$when"]}
"""What says that it is for some devices only, whose version this one need not be."""
_OTHER_SPELLING = r"^[^/]| |/$"
"""Menus may be spelt as the console does; what stands there only the loader looks at."""


def documents_schema(catalogue: Catalogue, schema: Schema) -> JsonSchema:
    """One schema for all kinds of documents, with the menus and fields that one version of RouterOS has."""
    shared = _Shared()
    menus = shared.define("menus", _menus(catalogue, schema, shared))
    kinds = {"Device": _device(menus), "Group": _group(menus), "Fleet": _fleet()}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": f"Documents of a Plumbline fleet, RouterOS {schema.version}",
        "type": "object",
        "required": ["apiVersion", "kind"],
        "properties": {"apiVersion": {"const": API_VERSION}, "kind": {"enum": list(kinds)}},
        "allOf": [
            {
                "if": {"properties": {"kind": {"const": kind}}, "required": ["kind"]},
                "then": {"$ref": f"#/$defs/{kind}"},
            }
            for kind in kinds
        ],
        "$defs": {**kinds, **shared.definitions},
    }


def _device(menus: JsonSchema) -> JsonSchema:
    own: dict[str, JsonSchema] = {
        "address": {"anyOf": [TEXT, {"type": "array", "items": TEXT, "minItems": 1}]},
        "tls": _object({"pin": _NOTHING_OR_TEXT, "ca": _NOTHING_OR_TEXT, "insecure": _FLAG}),
        "credentials": _object({"read": TEXT, "write": _NOTHING_OR_TEXT}),
        "expect": _nullable(_object(dict.fromkeys(("serial", "model", "routeros"), _NOTHING_OR_TEXT))),
        "environment": TEXT,
        "mode": {"enum": [*(mode.value for mode in Mode), None]},
        "redundancy": _NOTHING_OR_TEXT,
        "behind": _ANY_TEXTS,
        "groups": _ANY_TEXTS,
        "tags": _nullable({"type": "object", "additionalProperties": TEXT}),
        "capabilities": _texts_of(sorted(CAPABILITIES)),
        "vars": {"type": ["object", "null"]},
        "menus": menus,
    }
    required = ["address", "tls", "credentials", "environment"]
    return _object(_with_header(DEVICE_KEYS, own), required=required)


def _group(menus: JsonSchema) -> JsonSchema:
    """Menus of a group that is for some devices only are theirs to judge."""
    own: dict[str, JsonSchema] = {"vars": {"type": ["object", "null"]}, "$when": {"$ref": "#/$defs/when"}}
    strict = {"if": {"not": {"required": ["$when"]}}, "then": {"properties": {"menus": menus}}}
    return {**_object(_with_header(GROUP_KEYS, {**own, "menus": {"type": ["object", "null"]}})), **strict}


def _fleet() -> JsonSchema:
    environment = _object(
        {
            "lab": _FLAG,
            "approval": {"enum": ["self", "other", None]},
            "approvals": _nullable(_object({risk: {"type": "integer"} for risk in ("normal", "management-path")})),
        }
    )
    strategy = _object({"batches": _ANY_TEXTS, "halt": {"enum": ["first", None]}})
    own: dict[str, JsonSchema] = {
        "branches": _nullable(_object({"protected": _NOTHING_OR_TEXT})),
        "environments": _nullable({"type": "object", "additionalProperties": _nullable(environment)}),
        "management": _nullable(_object({"sources": _ANY_TEXTS})),
        "limits": _nullable(
            _object({"removes": _COUNT, "devices": _COUNT, "remove-share": {"type": ["number", "string", "null"]}})
        ),
        "strategies": _nullable({"type": "object", "additionalProperties": _nullable(strategy)}),
    }
    return _object(_with_header(FLEET_KEYS, own))


def _with_header(keys: Iterable[str], own: dict[str, JsonSchema]) -> dict[str, JsonSchema]:
    """The keys the loader takes, in its order."""
    return {key: own.get(key, {}) for key in keys}


def _menus(catalogue: Catalogue, schema: Schema, shared: _Shared) -> JsonSchema:
    found: dict[str, JsonSchema] = {}
    for path in sorted({MenuPath(path) for version in catalogue.versions for path in catalogue.paths(version)}):
        menu = schema.menu(path)
        if menu is None:
            found[path] = shared.elsewhere
        elif menu.kind is not Kind.READONLY:
            found[path] = _menu(menu, shared)
    return {
        "type": ["object", "null"],
        "properties": found,
        "patternProperties": {_OTHER_SPELLING: {}},
        "additionalProperties": False,
    }


def _menu(menu: Menu, shared: _Shared) -> JsonSchema:
    row = _row(menu, shared)
    if menu.singleton:
        return row
    rows: JsonSchema = {"type": "array", "items": row}
    selector = shared.selector(menu)
    keys: dict[str, JsonSchema] = {
        "own": {"type": ["array", "null"], "items": shared.selector(menu, scope=True)},
        "prune": {"enum": [*(prune.value for prune in Prune), None]},
        "fields": {"enum": ["written", None]},
        "ignore": {"type": ["array", "null"], "items": _ignore(menu, shared)},
        "entries": _nullable(rows),
        "$when": shared.when,
    }
    if menu.order is not Order.NONE:
        sides = {"properties": {"before": selector, "after": selector}, "additionalProperties": False}
        keys |= {
            "place": {"anyOf": [{"enum": [Side.FIRST.value, Side.LAST.value, None]}, {**_ONE_KEY, **sides}]},
            "head": _nullable(rows),
            "tail": _nullable(rows),
        }
    assert keys.keys() <= set(MENU_KEYS), "the loader takes no others"
    return {"anyOf": [rows, shared.elsewhere, {**_object(keys), "minProperties": 1}]}


def _row(menu: Menu, shared: _Shared) -> JsonSchema:
    """A row; one with ``$when`` is for devices whose version may have other fields."""
    fields: dict[str, JsonSchema] = {}
    for name, field in sorted(menu.fields.items()):
        if field.writable or (name in menu.key and not menu.addable):
            fields[name] = shared.secret if field.secret else shared.typed(field.type)
            if "list(" in field.type or "set(" in field.type:
                fields[f"{name}+"] = fields[name]
    strict = _object({**fields, **_words(menu, shared)})
    if not menu.singleton:
        strict["minProperties"] = 1
    return {"anyOf": [strict, _CONDITIONAL]}


def _words(menu: Menu, shared: _Shared) -> dict[str, JsonSchema]:
    names = shared.names(menu)
    own: dict[str, JsonSchema] = {
        "$when": shared.when,
        "$initial": names,
        "$omit": names,
        "$until": {"type": "string", "pattern": r"^\d{4}-?\d{2}-?\d{2}$"},
    }
    if not menu.singleton:
        own |= {
            "$id": TEXT,
            "$match": {"allOf": [shared.selector(menu)], "minProperties": 1},
            "$absent": _FLAG,
            "$drop": _FLAG,
            "$for-each": {"anyOf": [{"type": ["string", "array"]}, {**_ONE_KEY, "properties": {"list": TEXT}}]},
            **({"$renamed-from": {}} if menu.key else {}),
        }
    assert own.keys() <= set(WORDS), "the loader takes no others"
    return own


class _Shared:
    """What many fields have in common, defined once and referred to."""

    def __init__(self) -> None:
        self.definitions: dict[str, JsonSchema] = {"template": _TEMPLATE}
        self._types: dict[str, JsonSchema] = {}
        self.when = self.define("when", _when())
        self.secret = self.define("secret", {"anyOf": [{"enum": ["", None]}, _TEMPLATE, _naming("secret")]})
        rows: JsonSchema = {"type": "array", "items": _CONDITIONAL}
        self.elsewhere = self.define("elsewhere", {"anyOf": [_CONDITIONAL, rows]})

    def typed(self, expression: str) -> JsonSchema:
        """A value of a type, in every form it may be written in."""
        if expression not in self._types:
            own = json_schema(parse_type(expression))
            forms = [own, {"type": "null"}, {"$ref": "#/$defs/template"}, _naming("file"), _naming("text")]
            self._types[expression] = self.define(f"type-{len(self._types)}", {"anyOf": forms})
        return self._types[expression]

    def selector(self, menu: Menu, *, scope: bool = False) -> JsonSchema:
        """How rows of a menu are selected."""
        name = f"{'scope' if scope else 'selector'}{menu.path}".replace("/", ".")
        return self.define(name, _selector(self._name(menu), scope=scope))

    def names(self, menu: Menu) -> JsonSchema:
        """Names of fields of a menu, one or several."""
        name = self._name(menu)
        return {"anyOf": [name, {"type": "array", "items": name}, {"type": "null"}]}

    def _name(self, menu: Menu) -> JsonSchema:
        return self.define(f"field{menu.path}".replace("/", "."), {"enum": sorted(menu.fields)})

    def define(self, name: str, schema: JsonSchema) -> JsonSchema:
        self.definitions[name] = schema
        return {"$ref": f"#/$defs/{name}"}


def _naming(word: str) -> JsonSchema:
    return {**_ONE_KEY, "properties": {word: TEXT}, "required": [word]}


def _selector(field: JsonSchema, *, scope: bool) -> JsonSchema:
    """What tells rows apart; a scope says besides what becomes of the others in it."""
    value: JsonSchema = {"anyOf": [_NOTHING_OR_TEXT, {"type": "array", "items": _NOTHING_OR_TEXT}]}
    one: JsonSchema = {"anyOf": [field, {"enum": sorted(ROW_FLAGS)}]}
    own: dict[str, JsonSchema] = {"not": {"type": "object", "propertyNames": one, "additionalProperties": value}}
    if scope:
        own["prune"] = {"enum": [*(each.value for each in Prune), None]}
    names = {"anyOf": [one, {"enum": list(own)}]}
    return {"type": "object", "propertyNames": names, "properties": own, "additionalProperties": value}


def _ignore(menu: Menu, shared: _Shared) -> JsonSchema:
    return _object(
        {
            "match": shared.selector(menu),
            "fields": shared.names(menu),
            "reason": _NOTHING_OR_TEXT,
            "until": _NOTHING_OR_TEXT,
        }
    )


def _when() -> JsonSchema:
    own: dict[str, JsonSchema] = dict.fromkeys(WHEN_KEYS, _ANY_TEXTS)
    own["routeros"] = _NOTHING_OR_TEXT
    own["tag"] = _nullable({"type": "object", "additionalProperties": _ANY_TEXTS})
    return _object(own)


def _object(properties: dict[str, JsonSchema], required: Iterable[str] = ()) -> JsonSchema:
    found: JsonSchema = {"type": "object", "properties": properties, "additionalProperties": False}
    return {**found, "required": list(required)} if required else found


def _nullable(schema: JsonSchema) -> JsonSchema:
    return {"anyOf": [schema, {"type": "null"}]}


def _texts_of(words: Iterable[str]) -> JsonSchema:
    word: JsonSchema = {"enum": list(words)}
    return {"anyOf": [word, {"type": "array", "items": word}, {"type": "null"}]}
