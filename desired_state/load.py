"""The room's face: a commit becomes a ``Source``, and a ``Source`` renders devices."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from desired_state.checks import check_menu, check_references
from desired_state.conditions import Situation
from desired_state.documents import Documents, read_all
from desired_state.entries import TOLD_ITSELF, Rendered, Renderer, Row
from desired_state.layers import Part, merge, merge_singleton
from desired_state.menus import Layer, RawEntry, RawMenu
from desired_state.objects import Objects
from desired_state.paths import FILES, FLEET
from desired_state.templates import has_template, literal_start
from desired_state.yaml_reader import Node
from schemas.catalogue.load import Schema, open_catalogue
from schemas.catalogue.model import Menu
from schemas.desired import Desired, DesiredMenu
from schemas.device import Device, Fleet
from schemas.errors import EmptySource, InputError
from schemas.location import Location, Problem
from schemas.path import MenuPath
from schemas.version import in_range

_Menus = dict[MenuPath, tuple[DesiredMenu, tuple[Row, ...]]]
_Key = tuple[str, str, str, frozenset[str], datetime.date, str]


def load(repository: Objects, commit: str) -> Source:
    """Everything a commit says. Raises InputError with every problem of every document at once.

    A commit without fleet.yaml or without devices is an error, never an empty fleet.
    """
    return source_of(repository.resolve(commit), repository.files(commit))


def source_of(commit: str, files: Mapping[str, bytes]) -> Source:
    """The same from files by path. Raises InputError."""
    if not files:
        raise EmptySource(f"The commit {commit[:8]} holds no fleet: no fleet.yaml and no devices. Nothing is planned.")
    problems: list[Problem] = []
    documents = read_all(files, problems)
    if not documents.devices and not any(path.startswith("devices/") for path in files):
        raise EmptySource(f"The commit {commit[:8]} holds no device, so nothing is planned. Write devices/NAME.yaml.")
    source = Source(commit, files, documents)
    if problems:
        raise InputError(_sorted([*problems, *source.validate()]))
    return source


@dataclass(slots=True)
class Source:
    """A commit, understood. ``devices`` by name. Rendering is remembered."""

    commit: str
    files: Mapping[str, bytes]
    documents: Documents
    _static: dict[tuple[RawEntry, str], Rendered] = field(default_factory=dict)
    _conditional: dict[str, bool] = field(default_factory=dict)
    _rendered: dict[_Key, Desired] = field(default_factory=dict)

    @property
    def fleet(self) -> Fleet:
        return self.documents.fleet

    @property
    def devices(self) -> Mapping[str, Device]:
        return self.documents.devices

    def documents_of(self, device: str) -> tuple[str, ...]:
        """The files whose change can alter this device: its own, its groups, fleet.yaml, files it names.

        Where a name is a template, every file that it may come to.
        """
        layers = self._layers(device)
        named = {path for layer in layers for name in _files_named(layer) for path in self._files_meant(name)}
        return tuple(sorted({FLEET, *(layer.file for layer in layers), *named}))

    def render(
        self,
        device: str,
        version: str,
        model: str = "",
        packages: frozenset[str] = frozenset(),
        today: datetime.date | None = None,
        *,
        schema: Schema | None = None,
    ) -> Desired:
        """What a device should be, running a version of RouterOS.

        ``today`` (UTC) ends entries with ``$until``. ``schema`` is what is known of the device's RouterOS, None for
        what the catalogue knows of the version. Raises InputError with all problems of the device.
        """
        day = today or datetime.datetime.now(datetime.UTC).date()
        schema = schema or open_catalogue().schema(version)
        key = (device, version, model, packages, day, schema.name)
        if not self._is_conditional(device):
            key = (device, schema.version, "", frozenset(), datetime.date.min, schema.name)
        if key not in self._rendered:
            problems: list[Problem] = []
            desired = self._render(key, schema, problems)
            if problems:
                raise InputError(_sorted(problems))
            self._rendered[key] = desired
        return self._rendered[key]

    def validate(self) -> tuple[Problem, ...]:
        """All problems of all devices, each rendered for the version it expects, else the newest known."""
        found: dict[Problem, list[str]] = {}
        for name, device in sorted(self.devices.items()):
            if any(group not in self.documents.groups for group in device.groups):
                continue
            for problem in self._problems_of(device):
                found.setdefault(problem, []).append(name)
        return tuple(_sorted(self._told(problem, names) for problem, names in found.items()))

    def _problems_of(self, device: Device) -> tuple[Problem, ...]:
        """None where the device renders for some version it may have; else those of the newest one."""
        first: tuple[Problem, ...] = ()
        for schema in _schemas_for(device):
            try:
                self.render(device.name, schema.version, device.expect.model or "", schema=schema)
            except InputError as error:
                first = first or error.problems
            else:
                return ()
        return first

    def _told(self, problem: Problem, names: list[str]) -> Problem:
        """A problem in a shared document names the devices, unless all have it."""
        place = problem.location
        if place is None or place.file.startswith("devices/"):
            return problem
        users = [name for name in self.devices if any(layer.file == place.file for layer in self._layers(name))]
        if len(names) == len(users):
            return problem
        return Problem(f"{problem.message} (on {', '.join(names)})", place, problem.hint)

    def _files_meant(self, name: str) -> Iterable[str]:
        """The file of this name; of a template every file that begins as its text does."""
        if not has_template(name):
            return {name} & self.files.keys()
        start = literal_start(name)
        return (path for path in self.files if path.startswith(FILES) and path.startswith(start))

    def _layers(self, device: str) -> list[Layer]:
        if device not in self.devices:
            raise InputError(f"There is no device {device!r} in this commit.")
        groups = self.documents.groups
        named = [groups[name] for name in self.devices[device].groups if name in groups]
        return [*named, self.documents.layers[device]]

    def _is_conditional(self, device: str) -> bool:
        for layer in self._layers(device):
            if layer.file not in self._conditional:
                self._conditional[layer.file] = layer.conditional
        return any(self._conditional[layer.file] for layer in self._layers(device))

    def _render(self, key: _Key, schema: Schema, problems: list[Problem]) -> Desired:
        name, version, model, packages, today, _ = key
        layers = self._layers(name)
        device = self.devices[name]
        situation = Situation(version, model, packages, device.tags)
        layers = [layer for layer in layers if layer.when.holds(situation)]
        renderer = Renderer(schema, _values(device, layers), self.files, self._static, problems)
        menus: _Menus = {}
        for path in dict.fromkeys(path for layer in layers for path in layer.menus):
            raws = [layer.menus[path] for layer in layers if path in layer.menus]
            raws = [raw for raw in raws if raw.when.holds(situation)]
            menu = schema.menu(path)
            if raws and menu is None:
                problems.append(_no_menu(schema, raws[-1]))
            elif menu is not None and raws:
                before = len(problems)
                parts = [_part(renderer, menu, raw, situation, today) for raw in raws]
                menus[path] = _merged(menu, parts, problems, check=len(problems) == before)
        if not problems:
            check_references(schema, menus, problems)
        return Desired(device, self.fleet, self.commit, {path: menu for path, (menu, _) in menus.items()})


def _merged(
    menu: Menu, parts: list[Part], problems: list[Problem], *, check: bool
) -> tuple[DesiredMenu, tuple[Row, ...]]:
    """One menu of all layers, checked where its rows came through whole."""
    before = len(problems)
    desired, rows = merge_singleton(menu, parts) if menu.singleton else merge(menu, parts, problems)
    if check and len(problems) == before:
        check_menu(menu, desired, rows, problems)
    return desired, rows


def _part(renderer: Renderer, menu: Menu, raw: RawMenu, situation: Situation, today: datetime.date) -> Part:
    def rows(entries: Iterable[RawEntry]) -> tuple[Row, ...]:
        wanted = (e for e in entries if e.when.holds(situation) and (e.until is None or today <= e.until))
        return tuple(row for entry in wanted for row in renderer.rows(menu, entry))

    return Part(raw, rows(raw.head), rows(raw.entries), rows(raw.tail))


def _values(device: Device, layers: Iterable[Layer]) -> dict[str, Node]:
    """What templates see: the variables of all layers, and the device."""
    values: dict[str, Node] = {}
    for layer in layers:
        values |= layer.vars
    values["device"] = {
        "name": device.name,
        "environment": device.environment,
        "groups": list(device.groups),
        "tags": dict(device.tags),
    }
    return values


def _no_menu(schema: Schema, raw: RawMenu) -> Problem:
    versions = schema.known_elsewhere(raw.path)
    hint = f'Write $when: {{routeros: ">={versions[0]}"}}.' if versions else ""
    text = f"RouterOS {schema.version} has no menu {raw.path}."
    return Problem(text, raw.origin, TOLD_ITSELF if schema.learnt else hint)


def _schemas_for(device: Device) -> Iterable[Schema]:
    """What a device may run, the likeliest first: the versions it expects, else any, newest first; then what routers
    told of themselves."""
    catalogue = open_catalogue()
    wanted = device.expect.routeros
    fitting = [version for version in catalogue.versions if wanted is None or in_range(version, wanted)]
    yield from map(catalogue.schema, fitting[::-1] or [catalogue.newest])
    told = (release for release in catalogue.releases if wanted is None or in_range(release.version, wanted))
    yield from filter(None, map(catalogue.learnt, told))


def _files_named(layer: Layer) -> Iterable[str]:
    """The names of files as written; ``Renderer`` reads no file that is named otherwise."""
    for menu in layer.menus.values():
        for entry in (*menu.head, *menu.entries, *menu.tail):
            for value in entry.node.values():
                for word in ("file", "list"):
                    if isinstance(value, Mapping) and isinstance(value.get(word), str):
                        yield value[word]


def _sorted(problems: Iterable[Problem]) -> list[Problem]:
    """By file and line; equal problems once."""
    none = Location("")
    return sorted(dict.fromkeys(problems), key=lambda problem: (problem.location or none, problem.message))
