"""The verb schema diff: which lines of a fleet another version of RouterOS touches."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from desired_state.load import Source, load
from reconciler.decide.permit import Tier
from reconciler.operations.context import Context
from reconciler.operations.front_desk import verb
from schemas.catalogue.load import Schema, open_catalogue
from schemas.catalogue.model import Field
from schemas.catalogue.versions import NOT_KNOWN, SchemaChange, What, changes_between
from schemas.desired import Desired, DesiredMenu
from schemas.errors import InputError
from schemas.location import Location, Problem
from schemas.upgrade import Touched, Upgrade

_QUIET = frozenset({What.MENU_ADDED, What.FIELD_ADDED, What.COMMANDS})
"""Differences that touch no line which is there already."""


@dataclass(frozen=True, slots=True)
class UpgradeRequest:
    """Versions as the catalogue names them; ``ref`` is the commit whose documents are looked at."""

    old: str
    new: str
    ref: str = "HEAD"


@verb("schema diff", tier=Tier.READ, audited=False)
async def upgrade(context: Context, request: UpgradeRequest) -> Upgrade:
    """Render every device for both versions and tell what becomes different. Raises InputError."""
    commit = context.repository.resolve(request.ref)
    source = load(context.repository, commit)
    catalogue = open_catalogue()
    old, new = catalogue.schema(request.old), catalogue.schema(request.new)
    changes = [change for change in changes_between(old, new) if change.what not in _QUIET]
    found: dict[_Told, dict[str, None]] = {}
    unjudged: dict[str, str] = {}
    for name in sorted(source.devices):
        try:
            before = _rendered(source, name, old)
        except InputError as error:
            unjudged[name] = error.problems[0].message
            continue
        for place, message, hint, breaks in _touched(source, name, before, changes, old, new):
            found.setdefault((place, message, hint, breaks), {})[name] = None
    touched = [Touched(*key[:3], tuple(devices), key[3]) for key, devices in found.items()]
    touched.sort(key=lambda item: (not item.breaks, item.location or Location(""), item.message))
    return Upgrade(commit, tuple(sorted(source.devices)), tuple(touched), unjudged)


_Told = tuple[Location | None, str, str, bool]


def _touched(
    source: Source, device: str, before: Desired, changes: list[SchemaChange], old: Schema, new: Schema
) -> Iterator[_Told]:
    try:
        _rendered(source, device, new)
    except InputError as error:
        yield from ((problem.location, *_words(problem), True) for problem in error.problems)
    for change in changes:
        menu = before.menus.get(change.path)
        if menu is not None:
            yield from ((place, message, "", False) for place, message in _of_change(menu, change, old))


def _words(problem: Problem) -> tuple[str, str]:
    return problem.message, problem.hint


def _of_change(menu: DesiredMenu, change: SchemaChange, old: Schema) -> Iterator[tuple[Location, str]]:
    """What one difference means for rows that are written down; what breaks is told by rendering, not here."""
    known = old.menu(change.path)
    assert known is not None, "what is rendered has a menu"
    sentence = _sentence(change)
    if not sentence:
        return
    if not change.field:
        yield (menu.origin or menu.entries[0].origin if menu.entries else Location("")), sentence
        return
    field = known.fields.get(change.field)
    for entry in menu.entries:
        written = change.field in entry.fields
        unwritten = known.addable and not menu.written_only and not entry.absent and _plain(field)
        if written if change.what is not What.DEFAULT else (not written and unwritten):
            yield entry.origin, sentence


def _plain(field: Field | None) -> bool:
    """Whether a field that nobody wrote is held at its default."""
    return field is not None and field.writable and not field.computed and not field.volatile


def _sentence(change: SchemaChange) -> str:
    """What a difference means, "" for one that means nothing to lines which are there already."""
    what = f"{change.path} {change.field}" if change.field else f"{change.path}"
    was, becomes = change.before, change.after
    if change.what is What.DEFAULT and NOT_KNOWN in (was, becomes):
        if becomes == NOT_KNOWN:
            return f"{what}: its default ({was} until now) is not known any more; unwritten it is left alone."
        return f"{what}: its default was not known and is {becomes}; another value is drift from then on."
    return {
        What.RENAMED: f"{what}: the router calls it {becomes}, no longer {was}; the document stays as it is.",
        What.DEFAULT: f"{what}: its default is {becomes}, no longer {was}; write it down if it is to stay.",
        What.KIND: f"{what}: it is a {becomes}, no longer a {was}.",
        What.IDENTITY: f"{what}: rows are told apart by {becomes}, no longer by {was}.",
        What.ORDER: f"{what}: its order is {becomes}, no longer {was}.",
    }.get(change.what, "")


def _rendered(source: Source, device: str, schema: Schema) -> Desired:
    return source.render(device, schema.version, source.devices[device].expect.model or "")
