"""What the catalogue knows of RouterOS, asked without any fleet: menus, fields, and where a word stands."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from desired_state.editors import documents_schema
from reconciler.views.schema_pages import MARK, index_page, menu_page, page_name, types_page
from reconciler.views.schemas import Hit, MenuView
from schemas.catalogue.gaps import Gaps, gaps_of
from schemas.catalogue.load import Catalogue, Schema, open_catalogue
from schemas.catalogue.model import Field, Kind
from schemas.catalogue.versions import SchemaChange, changes_between, span_of_field, span_of_menu
from schemas.errors import InputError
from schemas.path import MenuPath
from schemas.values.editors import JsonSchema
from schemas.version import parse_version


def schema_of(version: str | None) -> Schema:
    """The newest version's schema, or that of the version nearest to one. Raises InputError for what is no version."""
    catalogue = open_catalogue()
    if version is None:
        return catalogue.schema(catalogue.newest)
    try:
        parse_version(version)
    except ValueError as error:
        known = ", ".join(catalogue.versions)
        raise InputError(f"{version} is no version of RouterOS; Plumbline knows {known}.") from error
    return catalogue.schema(version)


def menus_below(schema: Schema, prefix: str) -> list[MenuView]:
    """The menus at and below a path, all for "/". Raises InputError when there are none."""
    start = _path(prefix)
    found = [path for path in sorted(schema.paths) if f"{path}/".startswith(f"{start}/")]
    if not found:
        raise _no_menu(schema, start)
    return [_view(schema, path) for path in found]


def gaps_below(schema: Schema, prefix: str) -> list[Gaps]:
    """What is not known of the menus at and below a path that can be set. Raises InputError when there are no menus."""
    return gaps_of(schema, [view.menu.path for view in menus_below(schema, prefix)])


def menu_at(schema: Schema, path: str) -> MenuView:
    """Raises InputError, with the path most like it."""
    wanted = MenuPath(_path(path))
    if schema.menu(wanted) is None:
        raise _no_menu(schema, wanted)
    return _view(schema, wanted)


def field_of(schema: Schema, view: MenuView, name: str) -> Field:
    """A field by the name of documents, or by an older one. Raises InputError, with the name most like it."""
    fields = view.menu.fields
    if name in fields:
        return fields[name]
    near = schema.suggest_field(view.menu, name)
    versions = schema.known_elsewhere(view.menu.path, name)
    where = f" RouterOS {', '.join(versions)} has it." if versions else ""
    hint = f" Did you mean {near}?" if near and not versions else ""
    raise InputError(f"{view.menu.path} has no field {name} in RouterOS {schema.version}.{where}{hint}")


def search(schema: Schema, words: tuple[str, ...]) -> list[Hit]:
    """Menus and fields whose path, name or type holds every word, names that are a word themselves first.

    Raises InputError where there is no word.
    """
    wanted = [word.lower() for word in words if word.strip()]
    if not wanted:
        raise InputError("Name a word to look for, such as vlan or dhcp lease.")
    hits = [hit for hit in _everything(schema) if _holds(hit, wanted)]
    return sorted(hits, key=lambda hit: (not _is_named(hit, wanted), len(hit.path), hit.path, hit.field))


def differences(old: Schema, new: Schema, prefix: str) -> tuple[SchemaChange, ...]:
    """What differs at and below a path. Raises InputError when neither version has a menu there."""
    start = _path(prefix)
    if not any(f"{path}/".startswith(f"{start}/") for path in (*old.paths, *new.paths)):
        raise _no_menu(new, start)
    return tuple(change for change in changes_between(old, new) if f"{change.path}/".startswith(f"{start}/"))


def editor_schema(schema: Schema) -> JsonSchema:
    """The JSON Schema of documents, for one version of RouterOS."""
    return documents_schema(open_catalogue(), schema)


def write_pages(schema: Schema, folder: Path) -> int:
    """How many pages there are now in a folder. Pages of former times go; what is none of them is never touched.

    Raises InputError when a page would take the place of something else.
    """
    views = [view for view in menus_below(schema, "/") if view.menu.known and view.menu.kind is not Kind.READONLY]
    texts = {page_name(view.menu.path): menu_page(view, schema.version) for view in views}
    texts |= {"README.md": index_page(views, schema.version), "types.md": types_page()}
    if folder.exists() and not folder.is_dir():
        raise InputError(f"{folder} is a file; give a folder for the pages.")
    there = {path.name: path for path in folder.glob("*.md")} if folder.is_dir() else {}
    former = {name for name, path in there.items() if path.read_text("utf-8", "replace").startswith(MARK)}
    if others := sorted(there.keys() & texts.keys() - former):
        raise InputError(f"{folder / others[0]} is no page of this command; give a folder of its own.")
    folder.mkdir(parents=True, exist_ok=True)
    for name in former - texts.keys():
        there[name].unlink()
    for name, text in texts.items():
        (folder / name).write_text(text, "utf-8")
    return len(texts)


def _everything(schema: Schema) -> Iterator[Hit]:
    for path in schema.paths:
        yield Hit(path, "", "")
        menu = schema.menu(path)
        assert menu is not None, "a schema has the menus it lists"
        yield from (Hit(path, field.name, field.type) for field in menu.fields.values())


def _holds(hit: Hit, words: list[str]) -> bool:
    """A word in the path alone finds the menu, not each of its fields."""
    own = f"{hit.field} {hit.type}" if hit.field else hit.path
    text = f"{hit.path} {own}".lower()
    return all(word in text for word in words) and any(word in own.lower() for word in words)


def _is_named(hit: Hit, words: list[str]) -> bool:
    return any(word in re.split(r"[/.-]", hit.field or hit.path) for word in words)


def _view(schema: Schema, path: MenuPath) -> MenuView:
    menu = schema.menu(path)
    assert menu is not None, "asked for menus of this schema only"
    catalogue: Catalogue = open_catalogue()
    return MenuView(
        menu, span_of_menu(catalogue, path), {name: span_of_field(catalogue, path, name) for name in menu.fields}
    )


def _path(text: str) -> str:
    """``ip firewall filter`` and ``/ip/firewall/filter/`` alike; "" for the root."""
    words = text.strip().replace(" ", "/").split("/")
    return "".join(f"/{word}" for word in words if word)


def _no_menu(schema: Schema, path: str) -> InputError:
    if not path:
        return InputError("Name a menu, such as /ip/firewall/filter.")
    versions = schema.known_elsewhere(MenuPath(path)) if path else ()
    near = schema.suggest_menu(path)
    if versions:
        return InputError(f"RouterOS {schema.version} has no menu {path}; {', '.join(versions)} has it.")
    hint = f" Did you mean {near}?" if near else ""
    return InputError(f"RouterOS {schema.version} has no menu {path}.{hint}")
