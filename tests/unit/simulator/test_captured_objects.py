"""Objects as real routers answered them, against what a simulated router answers after the same was written.

Only what a client can write is seeded; everything else has to come from the simulated router itself.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from schemas.catalogue.load import open_catalogue
from schemas.catalogue.model import Kind
from simulator.fleet import SimulatedRouter, run_in_thread
from simulator.packages import EVERY
from simulator.schema import MenuTable, schema_of
from tests.unit.simulator.plain import Client

FLOOR = 0.96

Fields = Mapping[str, str]

_MOVING = re.compile(
    r"\.(id|nextid|section|about)"
    r"|date|time|.*(bytes?|packets?|drops?|errors?|octets|uptime|counter|-count|-time|age|last-.*|creation-.*|queued|dropped)"
)
"""Ids, counters and times say nothing about the shape of an object that they happen to be in."""
_AS_REST = ("rest-capture", "official-docs")
"""Other captures hold values as a client library or the console typed them."""
_FORMS = {
    "bool": r"true|false",
    "switch": r"yes|no",
    "empty": r"",
    "number": r"-?\d+",
    "hex": r"0x[0-9A-Fa-f]+",
    "duration": r"(\d+(w|d|h|m|s|ms|us))+",
    "mac": r"([0-9A-F]{2}:){5}[0-9A-F]{2}",
    "ip": r"\d+\.\d+\.\d+\.\d+(/\d+)?",
    "date": r"\d{4}-\d\d-\d\d( \d\d:\d\d:\d\d)?",
}


def test_captured_objects_are_answered_alike(corpus: Path) -> None:
    shares: dict[str, float] = {}
    misses: dict[str, list[str]] = {}
    for entry in json.loads((corpus / "rest-json" / "_index.json").read_text("utf-8")):
        document = json.loads((corpus / "rest-json" / entry["file"]).read_text("utf-8"))
        if entry["kind"] not in _AS_REST or ".proplist" in entry["note"]:
            continue
        objects = [captured for captured in document["objects"] if captured]
        version = _version(entry["path"], entry["version"], objects)
        menu = schema_of(version).menu(entry["path"]) if version else None
        if version and menu and objects and menu.kind is not Kind.READONLY:
            shares[entry["file"]], misses[entry["file"]] = _share(version, menu, objects)
    average = sum(shares.values()) / len(shares)
    print(f"\n{len(shares)} files, alike on average: {average:.4f}")
    for name in sorted(shares, key=shares.__getitem__)[:60]:
        if misses[name]:
            print(f"{shares[name]:.2f} {name}: {'; '.join(misses[name])}")
    assert len(shares) > 60
    assert average >= FLOOR


def _version(path: str, told: str | None, objects: list[Fields]) -> str | None:
    """The version told; else that whose fields are most like those of the objects, the newest of several."""
    catalogue = open_catalogue()
    if told and re.match(r"7\.\d+", told):
        return told
    names = {name for captured in objects for name in captured}
    known = {version: schema_of(version).menu(path) for version in catalogue.versions}
    unlike = {version: len(names ^ menu.fields.keys()) for version, menu in known.items() if menu}
    return min(unlike, key=lambda version: (unlike[version], -catalogue.versions.index(version)), default=None)


def _share(version: str, menu: MenuTable, objects: list[Fields]) -> tuple[float, list[str]]:
    path = str(menu.path)
    written = [_writable(menu, captured) for captured in objects]
    everything = {"packages": sorted(EVERY)}
    fresh = _read(SimulatedRouter("lab", everything, version=version, users={"admin": "secret"}), path)
    seed = {**everything, "menus": {path: written if menu.listed else written[0]}}
    answered = _read(SimulatedRouter("lab", seed, version=version, users={"admin": "secret"}), path)
    known = {row.get(".id") for row in fresh}
    added = iter([row for row in answered if row.get(".id") not in known])
    named = {row["name"]: row for row in answered if "name" in row}
    total, told = 0.0, set()
    for captured, fields in zip(objects, written, strict=True):
        row = answered[0] if not menu.listed else named.get(fields.get("name", "")) or next(added, {})
        wrong = _differences(captured, row, fields)
        compared = {name for name in captured.keys() | row.keys() if not _MOVING.fullmatch(name)}
        total += 1 - len(wrong) / len(compared) if compared else 1.0
        told |= wrong
    return total / len(objects), sorted(told)


def _writable(menu: MenuTable, captured: Fields) -> dict[str, str]:
    return {name: text for name, text in captured.items() if name in menu.fields and menu.fields[name].writable}


def _read(router: SimulatedRouter, path: str) -> list[dict[str, str]]:
    with run_in_thread([router]):
        rows = Client(router).get(path)
    return rows if isinstance(rows, list) else [rows]


def _differences(captured: Fields, row: Fields, written: Fields) -> set[str]:
    """``-name`` is missing, ``+name`` is too much; what was written must read back as it was captured."""
    wrong = {f"-{name}" for name in captured.keys() - row.keys()} | {
        f"+{name}" for name in row.keys() - captured.keys()
    }
    for name in captured.keys() & row.keys():
        same = captured[name] == row[name] if name in written else _form(captured[name]) == _form(row[name])
        if not same:
            wrong.add(f"{name}={row[name]}≠{captured[name]}"[:60])
    return {text for text in wrong if not _MOVING.fullmatch(re.split("=", text.lstrip("+-"))[0])}


def _form(text: str) -> str:
    return next((name for name, pattern in _FORMS.items() if re.fullmatch(pattern, text)), "text")


@pytest.mark.parametrize(("text", "form"), [("true", "bool"), ("1d2h", "duration"), ("", "empty"), ("a", "text")])
def test_forms_are_told_apart(text: str, form: str) -> None:
    assert _form(text) == form
