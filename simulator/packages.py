"""Packages beside ``routeros``: which menus come with which, and which of them a router has.

The evidence: the menus of 7.23 with every package against those of a machine with ``routeros`` alone, without what a
board brings. Which package a menu is of follows from its name and the manual; that it is so in every version, that
``/lora`` is of ``iot`` and ``/interface/veth`` of ``container``, and the sizes of packages, are unproven. Packages such
as ``wifi-qcom`` bring drivers and no menu. Menus that came with 7.24 are shown by all, and so are fields.
"""

from __future__ import annotations

import functools
from collections.abc import Iterable, Mapping

from simulator.profiles import Version, number_of
from simulator.schema import SchemaTable
from simulator.state import Device

BASE = "routeros"
PATH = "/system/package"
_SEPARATE: Version = (7, 13)
_EVER: Version = (7, 0)

_MENUS: Mapping[str, tuple[Version, tuple[str, ...]]] = {
    "calea": (_EVER, ("/tool/calea",)),
    "container": (_EVER, ("/app", "/container", "/interface/veth")),
    "dude": (_EVER, ("/dude",)),
    "gps": (_EVER, ("/system/gps",)),
    "iot": (_EVER, ("/iot", "/lora")),
    "openflow": (_EVER, ("/openflow",)),
    "rose-storage": (_EVER, ("/disk/btrfs", "/file/rsync-daemon", "/file/sync", "/rsync-daemon")),
    "tr069-client": (_EVER, ("/tr069-client",)),
    "user-manager": (_EVER, ("/user-manager",)),
    "wifiwave2": (_EVER, ("/interface/wifiwave2",)),
    "wireless": (_SEPARATE, ("/caps-man", "/interface/wireless")),
    "zerotier": (_EVER, ("/zerotier",)),
}
"""The version since which a package is one of its own, and the menus that it brings with everything below them."""

EVERY = frozenset(_MENUS)
_RADIOS: Mapping[str, tuple[str, str]] = {
    "/interface/wifi": ("wifiwave2", "wifi-qcom"),
    "/interface/wireless": (BASE, "wireless"),
}
"""The packages with the drivers of radios, by the menu of these: before 7.13 and since."""
SIZE, _BASE_SIZE = "2310144", "12345344"


def for_radios(menus: Iterable[str], version: str) -> frozenset[str]:
    """The packages a box is delivered with, for its radios."""
    separate = number_of(version) >= _SEPARATE
    return frozenset(_RADIOS[menu][separate] for menu in menus) - {BASE}


def implied(paths: Iterable[str], version: str) -> frozenset[str]:
    """The packages without which there would not be these menus."""
    return frozenset(filter(None, (_package_of(path, version) for path in paths)))


def install(device: Device, names: Iterable[str]) -> None:
    """Have a router have these packages too, and the menus of no others."""
    device.installed |= frozenset(names) - {BASE}
    version = device.hardware.version
    device.missing = device.hardware.missing | _absent(device.schema, version, device.installed)


def rows(device: Device) -> tuple[dict[str, str], ...]:
    """The rows of ``/system/package``, the base package first (their order is unproven)."""
    told = {"available": "false", "build-time": device.hardware.built, "disabled": "false", "scheduled": ""}
    version = device.hardware.version
    sizes = {BASE: _BASE_SIZE, **dict.fromkeys(sorted(device.installed), SIZE)}
    return tuple({**told, "name": name, "size": size, "version": version} for name, size in sizes.items())


@functools.cache
def _absent(schema: SchemaTable, version: str, installed: frozenset[str]) -> frozenset[str]:
    return frozenset(
        path for path in schema.directories if (package := _package_of(path, version)) and package not in installed
    )


def _package_of(path: str, version: str) -> str:
    """The package a menu is of, '' for the base package."""
    for package, (since, menus) in _MENUS.items():
        if number_of(version) >= since and any(f"{path}/".startswith(f"{menu}/") for menu in menus):
            return package
    return ""
