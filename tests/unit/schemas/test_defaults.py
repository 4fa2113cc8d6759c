"""Defaults against captured rows: what a row lacks is absent by default, or the catalogue says why it is not shown."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from schemas.catalogue.load import open_catalogue
from schemas.catalogue.model import Field, Menu, Shown
from schemas.path import MenuPath

EXPLAINED_FLOOR = 0.98
"""The rest has a default that is left out while it holds, and that is written to go back."""


def test_what_captured_rows_lack_is_absent_by_default(corpus: Path) -> None:
    lacking = explained = 0
    wrong: set[str] = set()
    for menu, row in _captures(corpus):
        missing = [field for field in menu.fields.values() if _judged(menu, field) and field.wire not in row]
        lacking += len(missing)
        explained += sum(_may_lack(menu, field) for field in missing)
        wrong |= {f"{menu.path} {field.name}" for field in missing if not _may_lack(menu, field)}
    print(f"{explained} of {lacking} ({explained / lacking:.1%}) lacking fields are explained; not: {sorted(wrong)}")
    assert lacking > 300
    assert explained >= EXPLAINED_FLOOR * lacking


def _captures(corpus: Path) -> Iterator[tuple[Menu, Mapping[str, str]]]:
    for entry in json.loads((corpus / "rest-json" / "_index.json").read_text()):
        if entry["kind"] == "rest-capture" and ".proplist" not in entry["note"]:
            for row in json.loads((corpus / "rest-json" / entry["file"]).read_text())["objects"]:
                menu = _oldest(MenuPath.parse(entry["path"]), row)
                if menu is not None:
                    yield menu, row


def _oldest(path: MenuPath, row: Mapping[str, str]) -> Menu | None:
    """The menu in the oldest version that has most of what the row shows; what came later is not lacking."""
    menus = [open_catalogue().schema(version).menu(path) for version in open_catalogue().versions]
    found = [menu for menu in menus if menu is not None and menu.known]
    return max(found, key=lambda menu: sum(field.wire in row for field in menu.fields.values()), default=None)


def _judged(menu: Menu, field: Field) -> bool:
    return field.writable and field.default is not None and not (field.write_only or field.required)


def _may_lack(menu: Menu, field: Field) -> bool:
    """Flags are left out while they are false."""
    return field.default in ("", "false") or menu.shown is Shown.WRITTEN or field.name in menu.hidden_unless
