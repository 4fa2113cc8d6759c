"""One export as a device of a fleet: read, written down, and checked by rendering it again.

Pure but for the catalogue; the verbs ``import`` and ``try`` both go this way.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from desired_state import paths
from desired_state.importing import Imported, document_of
from desired_state.load import source_of
from reconciler.decide.confirm import applied_from
from routeros.exports import exported
from routeros.script import Script, read_script, unsupported
from schemas.catalogue.load import Catalogue, Schema
from schemas.desired import Desired
from schemas.device import Device, Expect, Tls
from schemas.errors import InputError
from schemas.exported import Exported, ExportedRow, LeftOut
from schemas.observed import Applied, Observed, ObservedMenu
from schemas.path import MenuPath
from schemas.version import parse_version

UNKNOWN_PIN = "sha256:" + "0" * 64
"""Stands where an export cannot tell the certificate; enrolling the device shows the real one."""
UNKNOWN_ADDRESS = "https://192.0.2.1"
_ROUNDS = 4
_COMMIT = "0" * 40


@dataclass(frozen=True, slots=True)
class TakenExport:
    """``desired`` is what the documents render to; ``script`` what was read."""

    device: Device
    script: Script
    exported: Exported
    imported: Imported
    desired: Desired
    schema: Schema

    @property
    def left_out(self) -> tuple[LeftOut, ...]:
        return self.imported.left_out


def why_none(script: Script) -> str:
    """Why a script is no export to go on with; '' where it is one."""
    if script.statements or unsupported(script.header):
        return unsupported(script.header)
    why = next((item.message for item in script.findings if item.remark), "")
    return why or "This is no export of a router: it holds no statement that could be read."


def version_of(text: str, catalogue: Catalogue) -> str:
    """The version a header names; the newest one known where it names none."""
    try:
        parse_version(text)
    except ValueError:
        return catalogue.newest
    return text


def take_export(
    content: bytes, name: str, catalogue: Catalogue, fleet: Mapping[str, bytes], *, environment: str, file: str = ""
) -> TakenExport:
    """An export as documents of the fleet whose files are given. ``name`` '' takes the router's own identity.

    Raises InputError when the documents cannot be rendered whatever is left out.
    """
    script = read_script(content)
    schema = catalogue.schema(version_of(script.header.version, catalogue))
    found = exported(script, schema)
    device = _device(name or identity_of(found) or "router", found, environment)
    refused: dict[int, LeftOut] = {}
    for _ in range(_ROUNDS):
        imported = document_of(device, found, schema.menu, refused)
        source = source_of(_COMMIT, {**fleet, **imported.files})
        try:
            desired = source.render(device.name, found.facts.version, found.facts.model)
        except InputError as error:
            more = dict(_refusals(error, imported, f"devices/{device.name}.yaml"))
            if not more.keys() - refused.keys():
                raise InputError(
                    [replace(each, message=f"{file}: {each.message}") for each in error.problems]
                ) from error
            refused |= more
        else:
            return TakenExport(device, script, found, imported, desired, schema)
    raise InputError(f"{file or device.name}: its documents cannot be rendered.")


def _refusals(error: InputError, imported: Imported, document: str) -> Iterable[tuple[int, LeftOut]]:
    for problem in error.problems:
        place = problem.location
        known = place is not None and place.file == document
        for line in imported.places.get(place.line, ()) if place is not None and known else ():
            yield line, LeftOut(line, "", str(replace(problem, location=None)))


def observed_of(taken: TakenExport, at: datetime.datetime) -> Observed:
    """The export as if it had been read: only what it says."""
    menus = {path: ObservedMenu(tuple(map(_row, rows))) for path, rows in taken.exported.menus.items()}
    return Observed(taken.device.name, taken.exported.facts, menus, at)


def applied_of(taken: TakenExport, commit: str, at: datetime.datetime) -> Applied:
    """What an export confirms: the router said so itself."""
    desired = replace(taken.desired, commit=commit)
    return applied_from(desired, observed_of(taken, at), taken.schema.menu)


def _row(row: ExportedRow) -> Mapping[str, str]:
    return {**row.match, **{name: text for name, text in row.fields.items() if text is not None}}


def identity_of(found: Exported) -> str:
    """A device name made of the router's identity; '' where it has none."""
    rows = found.menus.get(MenuPath("/system/identity"), ())
    return paths.name_of(rows[0].fields.get("name") or "") if rows else ""


def _device(name: str, found: Exported, environment: str) -> Device:
    facts = found.facts
    return Device(
        name=name,
        addresses=(_address(found),),
        tls=Tls(pin=UNKNOWN_PIN),
        read_credential="router-ro",
        write_credential="router-rw",
        environment=environment,
        expect=Expect(serial=facts.serial or None, model=facts.model or None),
    )


def _address(found: Exported) -> str:
    """The first address that the router has by itself; a guess that enrolling corrects."""
    for row in found.menus.get(MenuPath("/ip/address"), ()):
        host = (row.fields.get("address") or "").partition("/")[0]
        if re.fullmatch(r"\d+(\.\d+){3}", host) and row.fields.get("disabled") != "yes":
            return f"https://{host}"
    return UNKNOWN_ADDRESS
