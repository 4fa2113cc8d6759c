"""Opens the catalogue: one artefact, decoded menu by menu as they are asked for.

The artefact is built from the facts and the knowledge when it is missing or older than they are.
"""

from __future__ import annotations

import difflib
import importlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Protocol, cast

import msgspec

from schemas.catalogue.load_records import FORMAT, Artefact, FieldView, MenuRecord
from schemas.catalogue.model import Field, Menu
from schemas.path import MenuPath
from schemas.release import Release
from schemas.version import parse_version

HERE = Path(__file__).parent
ARTEFACT = HERE / "catalogue.bin"

_SOURCES = ((HERE / "facts", (".facts", ".txt")), (HERE / "knowledge", (".yaml",)))
_BUILDERS = (
    *("artefact.py", "artefact_knowledge.py", "artefact_learnt.py", "facts.py", "learnt.py", "load_records.py"),
    *("model.py", "secrecy.py"),
)


@cache
def open_catalogue() -> Catalogue:
    """The catalogue of this installation, opened once per process.

    Raises InputError, with every problem found, when the knowledge beside it cannot be used.
    """
    return Catalogue(load_artefact(ARTEFACT))


class Catalogue:
    """All versions. ``versions`` ascend; ``digest`` names facts and knowledge (16 hex digits)."""

    def __init__(self, artefact: Artefact) -> None:
        self.versions = artefact.versions
        self.digest = artefact.digest
        self._menus = artefact.menus
        self._records: dict[str, MenuRecord] = {}
        self._schemas: dict[str, Schema] = {}
        self._told: Mapping[Release, Callable[[], Artefact]] = {}
        self._learnt: dict[Release, Schema] = {}

    @property
    def newest(self) -> str:
        return self.versions[-1]

    def nearest(self, version: str) -> str:
        """The version itself, else one of the same minor, else of the nearest minor, the newer of two as near.

        Raises ValueError when ``version`` is no RouterOS version.
        """
        major, minor, *_ = parse_version(version)
        if version in self.versions:
            return version

        def away(known: str) -> tuple[int, int]:
            theirs, known_minor, *_ = parse_version(known)
            return abs((theirs - major) * 1000 + known_minor - minor), -known_minor

        return min(self.versions, key=away)

    def schema(self, version: str) -> Schema:
        """One version's view, or the view of the version nearest to it."""
        found = self._schemas.get(version)
        if found is None:
            near = self.nearest(version)
            found = self._schemas.get(near) or Schema(self, near)
            self._schemas[near] = self._schemas[version] = found
        return found

    def learn(self, told: Mapping[Release, Callable[[], Artefact]]) -> None:
        """What routers told of themselves, in place of what was told before; each is opened when first asked for."""
        self._told = dict(told)
        self._learnt.clear()

    def learnt(self, release: Release) -> Schema | None:
        """What a router of exactly this release told, None when none was asked. Raises what opening it raises."""
        if release not in self._learnt:
            if release not in self._told:
                return None
            inner = Catalogue(self._told[release]())
            self._learnt[release] = Schema(inner, release.version, learnt=inner.digest)
        return self._learnt[release]

    @property
    def releases(self) -> tuple[Release, ...]:
        """What was learnt, the newest first."""
        return tuple(sorted(self._told, key=lambda each: (parse_version(each.version), each.name), reverse=True))

    def newest_first(self) -> Iterator[Schema]:
        """Every version; then what routers told of themselves, which is opened only when it is come to."""
        yield from map(self.schema, reversed(self.versions))
        yield from filter(None, map(self.learnt, self.releases))

    def paths(self, version: str) -> Iterable[str]:
        bit = 1 << self.versions.index(version)
        return (path for path, (mask, _) in self._menus.items() if mask & bit)

    def record(self, path: str) -> MenuRecord | None:
        """A menu in all versions, None when no version has it."""
        if path not in self._records:
            entry = self._menus.get(path)
            if entry is None:
                return None
            self._records[path] = msgspec.msgpack.decode(entry[1], type=MenuRecord)
        return self._records[path]


class Schema:
    """What one RouterOS version's menus and fields are. ``learnt`` names what a router told of itself (16 hex digits),
    "" for what the catalogue knows; ``name`` tells schemas of the same version apart."""

    def __init__(self, catalogue: Catalogue, version: str, *, learnt: str = "") -> None:
        self.version = version
        self.learnt = learnt
        self.name = f"{version} {learnt}".rstrip()
        self._catalogue = catalogue
        self._bit = 1 << catalogue.versions.index(version)
        self._menus: dict[str, Menu | None] = {}
        self.paths: tuple[MenuPath, ...] = tuple(MenuPath(path) for path in catalogue.paths(version))

    def menu(self, path: MenuPath) -> Menu | None:
        """The menu, None when this version lacks it."""
        try:
            return self._menus[path]
        except KeyError:
            menu = self._menus[path] = self._view(path)
            return menu

    def suggest_menu(self, text: str) -> str | None:
        """The path most like ``text``, None when none is near."""
        wanted = "/" + text.strip().strip("/").replace(" ", "/").lower()
        return _nearest(wanted, self.paths)

    def suggest_field(self, menu: Menu, name: str) -> str | None:
        """The field documents would use: the new name of an old one, else the name most like it."""
        return menu.renamed.get(name) or _nearest(name.lower(), menu.fields)

    def known_elsewhere(self, path: MenuPath, field: str | None = None) -> tuple[str, ...]:
        """The versions that have the field (or the menu, when no field is given)."""
        record = self._catalogue.record(path)
        if record is None:
            return ()
        masks = [mask for mask, item in record.fields if item.name == field] if field else [m for m, _ in record.views]
        return tuple(v for i, v in enumerate(self._catalogue.versions) if any(mask >> i & 1 for mask in masks))

    def _view(self, path: str) -> Menu | None:
        record = self._catalogue.record(path)
        view = next((view for mask, view in record.views if mask & self._bit), None) if record else None
        if record is None or view is None:
            return None
        return Menu(
            path=MenuPath(path),
            kind=view.kind,
            commands=frozenset(name for mask, name in record.commands if mask & self._bit),
            fields={item.name: _field(item) for mask, item in record.fields if mask & self._bit},
            known=view.known,
            key=view.key,
            key_evidence=view.key_evidence,
            unique=view.unique,
            order=view.order,
            order_scope=view.order_scope,
            management=view.management,
            capability=view.capability,
            after=tuple(MenuPath(after) for after in view.after),
            shown=view.shown,
            hidden_unless=view.hidden_unless,
            builtin=view.builtin,
            imported=view.imported,
        )


def load_artefact(file: Path) -> Artefact:
    """The artefact in a file, built anew (and written there, if that is allowed) unless it is fresh."""
    return _fresh(file) or _build(file)


def source_files() -> Mapping[str, os.stat_result]:
    """Everything the artefact is built from, by ``folder/name``, builders included."""
    found: dict[str, os.stat_result] = {}
    for folder, endings in _SOURCES:
        if folder.is_dir():
            with os.scandir(folder) as entries:
                found |= {f"{folder.name}/{e.name}": e.stat() for e in entries if e.name.endswith(endings)}
    found |= {name: (HERE / name).stat() for name in _BUILDERS if (HERE / name).exists()}
    return found


def source_sizes() -> dict[str, int]:
    """Their sizes in bytes, by which an artefact tells what it was built from."""
    return {name: stat.st_size for name, stat in sorted(source_files().items())}


def _field(view: FieldView) -> Field:
    return Field(
        name=view.name,
        wire=view.wire,
        type=view.type,
        writable=view.writable,
        default=view.default,
        unset=view.unset,
        secret=view.secret,
        write_only=view.write_only,
        computed=view.computed,
        volatile=view.volatile,
        reference=MenuPath(view.reference) if view.reference else None,
        required=view.required,
        phase=view.phase,
        free=view.free,
        completed_by=view.completed_by,
    )


def _nearest(wanted: str, names: Iterable[str]) -> str | None:
    return next(iter(difflib.get_close_matches(wanted, list(names), n=1, cutoff=0.6)), None)


def _fresh(file: Path) -> Artefact | None:
    """The artefact on disk, None when it is missing, unreadable or older than its sources."""
    try:
        built = file.stat().st_mtime_ns
        artefact = msgspec.msgpack.decode(file.read_bytes(), type=Artefact)
    except (OSError, msgspec.MsgspecError):
        return None
    sources = source_files()
    current = artefact.format == FORMAT and artefact.sources == {name: s.st_size for name, s in sources.items()}
    return artefact if current and all(stat.st_mtime_ns <= built for stat in sources.values()) else None


class _Builder(Protocol):
    def build(self, file: Path) -> Artefact: ...


def _build(file: Path) -> Artefact:
    # The one import by string: building needs the YAML reader (30 ms), opening does not.
    return cast(_Builder, importlib.import_module("schemas.catalogue.artefact")).build(file)
