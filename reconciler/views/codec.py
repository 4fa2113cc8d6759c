"""Nouns as JSON and back, strictly, by their own annotations: a field added to a noun is in its document at once.

Mappings keep their order. A secret is only ever ``{"secret": NAME}``.
"""

from __future__ import annotations

import dataclasses
import datetime
import types
import typing
from collections.abc import Mapping
from difflib import get_close_matches
from enum import StrEnum
from functools import cache

from schemas.desired import SecretRef
from schemas.errors import InputError
from schemas.location import Location, Problem
from schemas.path import MenuPath

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]

_T = typing.TypeVar("_T")
_SECRET = "secret"  # noqa: S105 - a key's name


def to_json(value: object) -> Json:
    """A noun, or what nouns are made of, as JSON. Raises TypeError for anything else."""
    match value:
        case SecretRef():
            return {_SECRET: value.name}
        case None | bool() | int():
            return value
        case str():  # enumerations and menu paths are text
            return str(value)
        case datetime.datetime():
            return value.astimezone(datetime.UTC).isoformat()
        case tuple() | list():
            return [to_json(item) for item in value]
        case Mapping():
            return {str(name): to_json(item) for name, item in value.items()}
        case _ if dataclasses.is_dataclass(value):
            return {item.name: to_json(getattr(value, item.name)) for item in dataclasses.fields(value)}
    raise TypeError(f"{type(value).__name__} has no form in JSON")


def from_json(kind: type[_T], document: object, source: str) -> _T:
    """A noun from its JSON. Unknown keys, missing keys and wrong types raise one InputError with all of them;
    ``source`` is what the document is called there."""
    reader = _Reader(source)
    result = reader.read(kind, document, "")
    if reader.problems or not isinstance(result, kind):
        raise InputError(reader.problems or [Problem("This is not what was expected.", Location(source))])
    return result


@cache
def _hints(kind: type) -> Mapping[str, object]:
    return typing.get_type_hints(kind)


class _Reader:
    """Reads by annotation and collects problems; what cannot be read becomes None."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.problems: list[Problem] = []

    def wrong(self, where: str, message: str) -> None:
        self.problems.append(Problem(f"{where or 'the document'}: {message}", Location(self.source)))

    def read(self, kind: object, value: object, where: str) -> object:
        origin, arguments = typing.get_origin(kind), typing.get_args(kind)
        if origin in (typing.Union, types.UnionType):
            return self._one_of(arguments, value, where)
        if origin is tuple:
            return self._tuple(arguments, value, where)
        if origin is not None and issubclass(origin, Mapping):
            return self._mapping(arguments[1], value, where)
        if dataclasses.is_dataclass(kind) and isinstance(kind, type):
            return self._noun(kind, value, where)
        return self._plain(kind, value, where)

    def _one_of(self, kinds: tuple[object, ...], value: object, where: str) -> object:
        if value is None and type(None) in kinds:
            return None
        if SecretRef in kinds and isinstance(value, dict):
            return self._secret(value, where)
        rest = [kind for kind in kinds if kind not in (type(None), SecretRef)]
        return self.read(rest[0], value, where)

    def _secret(self, value: Mapping[object, object], where: str) -> object:
        name = value.get(_SECRET)
        if len(value) == 1 and isinstance(name, str):
            return SecretRef(name)
        self.wrong(where, 'it must be text, null, or {"secret": NAME}.')
        return None

    def _tuple(self, arguments: tuple[object, ...], value: object, where: str) -> object:
        if not isinstance(value, list):
            self.wrong(where, "it must be a list.")
            return ()
        if arguments[-1] is Ellipsis:
            return tuple(self.read(arguments[0], item, f"{where}[{place}]") for place, item in enumerate(value))
        if len(value) != len(arguments):
            self.wrong(where, f"it must be a list of {len(arguments)}.")
            return ()
        kinds = zip(arguments, value, strict=True)
        return tuple(self.read(kind, item, f"{where}[{place}]") for place, (kind, item) in enumerate(kinds))

    def _mapping(self, kind: object, value: object, where: str) -> object:
        if not isinstance(value, dict):
            self.wrong(where, "it must be an object.")
            return {}
        return {str(name): self.read(kind, item, f"{where}.{name}") for name, item in value.items()}

    def _noun(self, kind: type, value: object, where: str) -> object:
        if not isinstance(value, dict):
            self.wrong(where, "it must be an object.")
            return None
        fields = {item.name: item for item in dataclasses.fields(kind)}
        before = len(self.problems)
        prefix = f"{where}." if where else ""
        for name in value:
            if name not in fields:
                near = get_close_matches(str(name), fields, 1)
                self.wrong(prefix + str(name), f"this key is not known{f'; did you mean {near[0]}?' if near else '.'}")
        for name, item in fields.items():
            if name not in value and item.default is dataclasses.MISSING is item.default_factory:
                self.wrong(prefix + name, "this key is missing.")
        hints = _hints(kind)
        found = {name: self.read(hints[name], value[name], prefix + name) for name in fields if name in value}
        return kind(**found) if len(self.problems) == before else None

    def _plain(self, kind: object, value: object, where: str) -> object:
        if kind is bool or kind is int:
            if type(value) is kind:
                return value
            self.wrong(where, "it must be true or false." if kind is bool else "it must be a whole number.")
            return None
        if not isinstance(value, str):
            self.wrong(where, "it must be text.")
            return None
        if kind is MenuPath:
            return self._path(value, where)
        if kind is datetime.datetime:
            return self._time(value, where)
        if isinstance(kind, type) and issubclass(kind, StrEnum):
            return self._word(kind, value, where)
        return value

    def _path(self, value: str, where: str) -> object:
        try:
            return MenuPath.parse(value)
        except ValueError as error:
            self.wrong(where, f"{error}.")
            return None

    def _time(self, value: str, where: str) -> object:
        try:
            found = datetime.datetime.fromisoformat(value)
        except ValueError:
            found = None
        if found is None or found.tzinfo is None:
            self.wrong(where, "it must be a time with its zone, such as 2026-11-23T10:00:00+00:00.")
            return None
        return found.astimezone(datetime.UTC)

    def _word(self, kind: type[StrEnum], value: str, where: str) -> object:
        words = [word.value for word in kind]
        if value in words:
            return kind(value)
        self.wrong(where, f"{value!r} is none of {', '.join(words)}.")
        return None
