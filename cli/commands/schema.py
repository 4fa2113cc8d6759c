"""schema: what Plumbline knows of RouterOS, and what an upgrade changes."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import partial
from pathlib import Path

from cli.shell import Face, Shell
from reconciler.operations import describing
from reconciler.operations.upgrading import UpgradeRequest, upgrade
from reconciler.views import schemas as views
from reconciler.views.documents import Document
from reconciler.views.upgrade import upgrade_document, upgrade_text
from schemas.catalogue.load import Schema
from schemas.errors import Exit, InputError


def menus(shell: Shell, prefix: str, routeros: str | None) -> Exit:
    """Every menu at and below a path."""
    schema = _schema(shell, routeros)
    found = describing.menus_below(schema, prefix)
    return _show(
        shell,
        partial(views.menus_text, found, schema.version),
        partial(views.menus_document, found, schema.version),
    )


def show(shell: Shell, path: str, field: str | None, routeros: str | None) -> Exit:
    """One menu, or one field of it."""
    schema = _schema(shell, routeros)
    view = describing.menu_at(schema, path)
    chosen = describing.field_of(schema, view, field) if field else None
    text = partial(views.field_text, view, chosen) if chosen else partial(views.menu_text, view, schema.version)
    return _show(shell, text, partial(views.menu_document, view, schema.version, chosen))


def search(shell: Shell, words: tuple[str, ...], routeros: str | None) -> Exit:
    """Exit 0 even when nothing is found, as a search does."""
    schema = _schema(shell, routeros)
    hits = describing.search(schema, words)
    return _show(shell, partial(views.hits_text, hits), partial(views.hits_document, hits, schema.version))


async def diff(shell: Shell, old: str, new: str, prefix: str, fleet: bool, ref: str) -> Exit:
    """Exit 2 when an upgrade breaks lines of the fleet."""
    before, after = _schema(shell, old), _schema(shell, new)
    versions = before.version, after.version
    if not fleet:
        changes = describing.differences(before, after, prefix)
        return _show(
            shell, partial(views.changes_text, changes, *versions), partial(views.changes_document, changes, *versions)
        )
    if prefix != "/":
        raise InputError("With --fleet every menu is looked at; leave the path out.")
    async with shell.opened() as context:
        with shell.busy("Rendering the fleet for both versions"):
            done = await upgrade(context, UpgradeRequest(*versions, ref))
    _show(shell, partial(upgrade_text, done, *versions), partial(upgrade_document, done, *versions))
    return Exit.CHANGES if any(item.breaks for item in done.touched) else Exit.OK


def gaps(shell: Shell, prefix: str, routeros: str | None) -> Exit:
    """What nobody has said yet of the menus at and below a path."""
    schema = _schema(shell, routeros)
    found = describing.gaps_below(schema, prefix)
    return _show(
        shell, partial(views.gaps_text, found, schema.version), partial(views.gaps_document, found, schema.version)
    )


def editors(shell: Shell, routeros: str | None) -> Exit:
    """One line of JSON, whatever the output is to look like."""
    text = json.dumps(describing.editor_schema(_schema(shell, routeros)), ensure_ascii=True, separators=(",", ":"))
    shell.show(Face(text=lambda _width, _style: text, document=lambda: json.loads(text), markdown=lambda: text))
    return Exit.OK


def pages(shell: Shell, folder: Path, routeros: str | None) -> Exit:
    """Write a page for every menu that somebody described, an index, and what the types mean."""
    schema = _schema(shell, routeros)
    written = describing.write_pages(schema, folder)
    told = f"{written} pages in {folder}."
    shell.show(
        Face(
            text=lambda _width, _style: told,
            document=lambda: {"format": "plumbline.schema.pages/v1", "folder": str(folder), "pages": written},
        )
    )
    return Exit.OK


def paths() -> tuple[str, ...]:
    """Every menu of the newest version, for completion."""
    return describing.schema_of(None).paths


def _show(shell: Shell, text: Callable[..., str], document: Callable[[], Document]) -> Exit:
    shell.show(Face(text=lambda width, style: text(width=width, style=style), document=document))
    return Exit.OK


def _schema(shell: Shell, version: str | None) -> Schema:
    schema = describing.schema_of(version)
    if version is not None and schema.version != version:
        shell.note(f"RouterOS {version} is not known itself; this is {schema.version}, the nearest.")
    return schema
