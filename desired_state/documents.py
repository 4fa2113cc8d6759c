"""All documents of a commit: which kind each is, their inventory parts and their layers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from desired_state.conditions import ALWAYS, read_when
from desired_state.devices import read_device
from desired_state.fleet import read_fleet
from desired_state.menus import Layer, read_menus
from desired_state.paths import FLEET, is_name
from desired_state.report import Report, nearest, shown
from desired_state.templates import has_template
from desired_state.yaml_reader import Document, Map, Node, read_documents
from schemas.device import Device, Fleet
from schemas.errors import InputError
from schemas.location import Location, Problem

API_VERSION = "plumbline/v1"
_KINDS = {"devices": "Device", "groups": "Group", "policies": "Policy"}
GROUP_KEYS = ("apiVersion", "kind", "vars", "menus", "$when")
_RESERVED = frozenset({"device", "item", "loop", "range", "self", "true", "false", "none"})


@dataclass(slots=True)
class Documents:
    """What a commit says, as far as it could be understood."""

    fleet: Fleet = field(default_factory=Fleet)
    devices: dict[str, Device] = field(default_factory=dict)
    groups: dict[str, Layer] = field(default_factory=dict)
    layers: dict[str, Layer] = field(default_factory=dict)


def read_all(files: Mapping[str, bytes], problems: list[Problem]) -> Documents:
    """Every document of a commit; everything wrong with them goes to ``problems``."""
    found = Documents()
    roots = {path: _root(path, data, problems) for path, data in files.items() if _is_ours(path)}
    if FLEET not in files:
        problems.append(Problem("fleet.yaml is missing.", hint="It names the environments of the fleet."))
    elif (root := roots[FLEET]) is not None:
        found.fleet = read_fleet(Report(FLEET, problems), root)
    known = {path: root for path, root in roots.items() if root is not None}
    for path, root in known.items():
        name = _name(path)
        if path.startswith("groups/"):
            found.groups[name] = _layer(path, root, problems)
        elif path.startswith("devices/"):
            found.devices[name] = read_device(Report(path, problems), name, root, found.fleet)
            found.layers[name] = _layer(path, root, problems)
    for path in files:
        _check_place(path, problems)
    _check_names(found, known, set(roots), problems)
    return found


def _is_ours(path: str) -> bool:
    folder, _, rest = path.partition("/")
    return path == FLEET or (folder in ("devices", "groups") and rest.endswith(".yaml") and "/" not in rest)


def _name(path: str) -> str:
    return path.rpartition("/")[2].removesuffix(".yaml")


def _check_place(path: str, problems: list[Problem]) -> None:
    folder, _, rest = path.partition("/")
    if folder in _KINDS and not (rest.endswith(".yaml") and "/" not in rest) and not rest.startswith("."):
        hint = f"Documents are {folder}/NAME.yaml."
        problems.append(Problem(f"This is not the place or the ending of a {_KINDS[folder]}.", Location(path), hint))
    elif folder in ("devices", "groups") and rest.endswith(".yaml") and not is_name(_name(path)):
        hint = "Use letters, digits, - _ and ."
        problems.append(Problem(f"{_name(path)!r} cannot name a {_KINDS[folder].lower()}.", Location(path), hint))
    elif folder == "policies" and rest.endswith(".yaml"):
        message = "Policies are not evaluated yet, so this one would guard nothing."
        problems.append(Problem(message, Location(path), "Take the file out for now."))
    elif folder == "secrets":
        message = "Secrets in the repository are not read yet."
        problems.append(Problem(message, Location(path), "Use: plumbline credential set NAME."))


def _root(path: str, data: bytes, problems: list[Problem]) -> Map | None:
    try:
        documents = _parsed(path, data)
    except InputError as error:
        problems.extend(error.problems)
        return None
    report = Report(path, problems)
    if not documents:
        report.add(0, "The file is empty.", f"Write apiVersion: {API_VERSION} and kind: {_kind(path)}.")
        return None
    for extra in documents[1:]:
        report.add(extra.line, "A file holds one document.", "Move this one to a file of its own.")
    root = documents[0].root
    if not isinstance(root, Map):
        report.add(documents[0].line, f"A document is a mapping, not {shown(root)}.")
        return None
    return root if _check_header(report, path, root) else None


@lru_cache(maxsize=4096)
def _parsed(path: str, data: bytes) -> tuple[Document, ...]:
    """Each content is read once, whichever commit it stands in. Nothing changes what was read."""
    return read_documents(path, data)


def _kind(path: str) -> str:
    return _KINDS.get(path.partition("/")[0], "Fleet")


def _check_header(report: Report, path: str, root: Map) -> bool:
    line = root.lines.get("apiVersion", root.line)
    if root.get("apiVersion") != API_VERSION:
        report.add(line, f"'apiVersion' must be {API_VERSION}, not {shown(root.get('apiVersion'))}.")
    wanted, given = _kind(path), root.get("kind")
    if given != wanted:
        line = root.lines.get("kind", root.line)
        report.add(line, f"'kind' must be {wanted} in {path}, not {shown(given)}.")
        return False
    return True


def _layer(path: str, root: Map, problems: list[Problem]) -> Layer:
    report = Report(path, problems)
    is_group = path.startswith("groups/")
    if is_group:
        report.keys(root, GROUP_KEYS, "A Group")
    when = read_when(report, root["$when"], root.lines["$when"]) if is_group and "$when" in root else ALWAYS
    variables = report.mapping(root, "vars")
    for name, value in variables.items():
        _check_variable(report, name, value, variables.lines[name])
    return Layer(path, variables, read_menus(report, report.mapping(root, "menus")), when)


def _check_variable(report: Report, name: str, value: Node, line: int) -> None:
    if not name.isidentifier():
        report.add(line, f"{name!r} cannot name a variable.", "Use letters, digits and _.")
    elif name in _RESERVED:
        report.add(line, f"{name!r} has a meaning in templates already.", "Take another name.")
    if has_template(value):
        report.add(line, f"Templates are not rendered inside vars: {name!r} holds one.", "Write the template in menus.")


def _check_names(found: Documents, roots: Mapping[str, Map], held: set[str], problems: list[Problem]) -> None:
    """Groups and devices that are referred to but do not exist. A broken file counts as existing."""
    for name, device in found.devices.items():
        path = f"devices/{name}.yaml"
        report = Report(path, problems)
        lines = roots[path].lines
        for key, what, wanted, there in (
            ("groups", "group", device.groups, found.groups),
            ("behind", "device", device.behind, found.devices),
        ):
            for word in wanted:
                if f"{what}s/{word}.yaml" not in held:
                    hint = nearest(word, there) or f"There is no {what}s/{word}.yaml."
                    report.add(lines.get(key, 0), f"There is no {what} {word!r}.", hint)
        for word in {word for word in device.groups if device.groups.count(word) > 1}:
            report.add(lines.get("groups", 0), f"The group {word!r} is named twice.", "Name it once.")
