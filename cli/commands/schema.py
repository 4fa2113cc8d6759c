"""schema: what Plumbline knows of RouterOS, and what an upgrade changes."""

from __future__ import annotations

import json
from pathlib import Path

from cli.shell import Face, Shell
from reconciler.operations import describing
from reconciler.operations.upgrading import UpgradeRequest, upgrade
from reconciler.views import schemas as views
from reconciler.views.upgrade import upgrade_document, upgrade_text
from schemas.catalogue.load import Schema
from schemas.errors import Exit, InputError


def menus(shell: Shell, prefix: str, routeros: str | None) -> Exit:
    """Every menu at and below a path."""
    schema = _schema(shell, routeros)
    found = describing.menus_below(schema, prefix)
    shell.show(
        Face(
            text=lambda width, style: views.menus_text(found, schema.version, width=width, style=style),
            document=lambda: views.menus_document(found, schema.version),
        )
    )
    return Exit.OK


def show(shell: Shell, path: str, field: str | None, routeros: str | None) -> Exit:
    """One menu, or one field of it."""
    schema = _schema(shell, routeros)
    view = describing.menu_at(schema, path)
    chosen = describing.field_of(schema, view, field) if field else None
    shell.show(
        Face(
            text=lambda width, style: (
                views.field_text(view, chosen, width=width, style=style)
                if chosen
                else views.menu_text(view, schema.version, width=width, style=style)
            ),
            document=lambda: views.menu_document(view, schema.version, chosen),
        )
    )
    return Exit.OK


def search(shell: Shell, words: tuple[str, ...], routeros: str | None) -> Exit:
    """Exit 0 even when nothing is found, as a search does."""
    schema = _schema(shell, routeros)
    hits = describing.search(schema, words)
    shell.show(
        Face(
            text=lambda width, style: views.hits_text(hits, width=width, style=style),
            document=lambda: views.hits_document(hits, schema.version),
        )
    )
    return Exit.OK


async def diff(shell: Shell, old: str, new: str, prefix: str, fleet: bool, ref: str) -> Exit:
    """Exit 2 when an upgrade breaks lines of the fleet."""
    before, after = _schema(shell, old), _schema(shell, new)
    if not fleet:
        changes = describing.differences(before, after, prefix)
        shell.show(
            Face(
                text=lambda width, style: views.changes_text(
                    changes, before.version, after.version, width=width, style=style
                ),
                document=lambda: views.changes_document(changes, before.version, after.version),
            )
        )
        return Exit.OK
    if prefix != "/":
        raise InputError("With --fleet every menu is looked at; leave the path out.")
    async with shell.opened() as context:
        with shell.busy("Rendering the fleet for both versions"):
            done = await upgrade(context, UpgradeRequest(before.version, after.version, ref))
    shell.show(
        Face(
            text=lambda width, style: upgrade_text(done, before.version, after.version, width=width, style=style),
            document=lambda: upgrade_document(done, before.version, after.version),
        )
    )
    return Exit.CHANGES if any(item.breaks for item in done.touched) else Exit.OK


def gaps(shell: Shell, prefix: str, routeros: str | None) -> Exit:
    """What nobody has said yet of the menus at and below a path."""
    schema = _schema(shell, routeros)
    found = describing.gaps_below(schema, prefix)
    shell.show(
        Face(
            text=lambda width, style: views.gaps_text(found, schema.version, width=width, style=style),
            document=lambda: views.gaps_document(found, schema.version),
        )
    )
    return Exit.OK


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


def _schema(shell: Shell, version: str | None) -> Schema:
    schema = describing.schema_of(version)
    if version is not None and schema.version != version:
        shell.note(f"RouterOS {version} is not known itself; this is {schema.version}, the nearest.")
    return schema
