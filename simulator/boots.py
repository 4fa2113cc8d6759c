"""What a boot carries out: packages that were scheduled, a version that was downloaded, a device mode asked for.

Of a board the firmware stays what it was. What a real router makes of a configuration that another version cannot
express is unproven: here it keeps what it has.
"""

from __future__ import annotations

import dataclasses

from simulator import packages
from simulator.profiles import Does, does
from simulator.schema import schema_of
from simulator.state import Device, Row

UPDATE, DEVICE_MODE = "/system/package/update", "/system/device-mode"
ENABLE, DISABLE, UNINSTALL = (f"scheduled for {what}" for what in ("enable", "disable", "uninstall"))
_DOWNLOADED, _UNTIL, _ASKED = "downloaded", "asked until", "asked "
_BOARD = "/system/routerboard"


def carry_out(device: Device) -> None:
    """Do what waits for a boot, or forget it."""
    if does(device.hardware.version, Does.BOOTS_FORGET_PACKAGES):
        for row in _rows(device, packages.PATH):
            row.facts["scheduled"] = ""
            row.table.refresh(row)
    else:
        apply_packages(device)
    for row in _rows(device, UPDATE):
        if version := row.memory.pop(_DOWNLOADED, ""):
            _become(device, version)
    for row in _rows(device, DEVICE_MODE):
        _change_mode(row)


def download(row: Row, version: str) -> None:
    """Have the next boot be that of another version."""
    row.memory[_DOWNLOADED] = version


def ask_for_mode(row: Row, wanted: dict[str, str], seconds: float) -> None:
    """Have a boot within so many seconds change the device mode."""
    row.memory[_UNTIL] = str(row.table.device.clock.monotonic() + seconds)
    row.memory |= {_ASKED + name: text for name, text in wanted.items()}


def apply_packages(device: Device) -> None:
    """Enable, disable and uninstall what is scheduled; the base package stays."""
    for row in _rows(device, packages.PATH):
        todo = row.facts.get("scheduled", "")
        row.facts["scheduled"] = ""
        if row.label != packages.BASE:
            _apply(device, row, todo)
        if row.alive:
            row.table.refresh(row)
    packages.install(device, ())


def _apply(device: Device, row: Row, todo: str) -> None:
    if todo == ENABLE:
        row.facts |= {"available": "false", "disabled": "false", "version": device.hardware.version}
        device.installed |= {row.label}
    elif todo == DISABLE:
        row.facts["disabled"] = "true"
        device.installed -= {row.label}
    elif todo == UNINSTALL:
        device.installed -= {row.label}
        row.table.drop(row)


def _become(device: Device, version: str) -> None:
    """Run another version: its menus, and what the system says of itself."""
    device.hardware = dataclasses.replace(device.hardware, version=version)
    device.schema = schema_of(version)
    packages.install(device, ())
    for path, table in device.tables().items():
        table.menu = device.schema.menu(path) or table.menu
        told = device.hardware.objects(path)
        if path == _BOARD:
            told = {"upgrade-firmware": told["upgrade-firmware"]}
        if not table.menu.listed:
            table.rows[0].facts |= told
    for row in _rows(device, packages.PATH):
        row.facts["version"] = row.facts["version"] and version
    for row in _rows(device, UPDATE):
        for name in ("latest-version", "status"):
            row.facts.pop(name, None)
    device.seeding(True)
    device.seeding(False)


def _change_mode(row: Row) -> None:
    memory, until = row.memory, float(row.memory.pop(_UNTIL, "0"))
    for key in [key for key in memory if key.startswith(_ASKED)]:
        text = memory.pop(key)
        if row.table.device.clock.monotonic() <= until:
            row.facts[key.removeprefix(_ASKED)] = text
    row.table.refresh(row)


def _rows(device: Device, path: str) -> list[Row]:
    table = device.tables().get(path)
    return list(table.rows) if table else []
