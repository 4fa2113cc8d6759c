"""Which device answered."""

from __future__ import annotations

import asyncio

from routeros.client import Client
from schemas.errors import DeviceRefused, Unreachable
from schemas.observed import DeviceFacts
from schemas.path import MenuPath
from schemas.version import parse_version

_RESOURCE = MenuPath("/system/resource")
_BOARD = MenuPath("/system/routerboard")
_LICENSE = MenuPath("/system/license")
_PACKAGE = MenuPath("/system/package")
_BASE = "routeros"
_NEEDED = ("version", "board-name", "architecture-name")
_LONGEST = 100
_LONGEST_VERSION = 30
_SHOWN = 40

STARTING = (1.0, 2.0, 4.0)
"""Seconds between looks at a router that answers with less than it should, as it may right after boot."""


async def identify(client: Client, starting: tuple[float, ...] = STARTING) -> DeviceFacts:
    """Serial, model, version (without the channel) and architecture of the device that answers.

    Raises Unreachable when its answers stay incomplete, DeviceRefused when they are none that RouterOS gives
    (a version nobody can read, control characters, a text without end), and what the client raises.
    """
    resource = await _sane_resource(client, starting)
    board = await _optional(client, _BOARD)
    serial = board.get("serial-number", "")
    if not serial:
        license_ = await _optional(client, _LICENSE)
        serial = license_.get("system-id", "") or license_.get("software-id", "")
    return DeviceFacts(
        serial=_plain(client, "serial number", serial),
        model=_plain(client, "model", board.get("model", "") or resource["board-name"]),
        version=_version(client, resource["version"]),
        architecture=_plain(client, "architecture", resource["architecture-name"]),
    )


async def packages_of(client: Client) -> frozenset[str]:
    """The packages that are installed and enabled, the base package aside. Raises what the client raises."""
    rows = await client.rows(_PACKAGE, ("name", "disabled", "available"))
    on = [row for row in rows if row.get("disabled") != "true" and row.get("available") != "true"]
    return frozenset(_plain(client, "package", row.get("name", "")) for row in on) - {"", _BASE}


async def _sane_resource(client: Client, starting: tuple[float, ...]) -> dict[str, str]:
    rows = await client.rows(_RESOURCE)
    for pause in starting:
        if _sane(rows):
            break
        await asyncio.sleep(pause)
        rows = await client.rows(_RESOURCE)
    if not _sane(rows):
        raise Unreachable(
            "The device answers without saying its version and board; it may still be starting.", device=client.device
        )
    return rows[0]


def _sane(rows: list[dict[str, str]]) -> bool:
    return len(rows) == 1 and all(rows[0].get(name) for name in _NEEDED)


def _version(client: Client, text: str) -> str:
    """7.18.2 of ``7.18.2 (stable)``."""
    version = text.strip().split(" ", 1)[0]
    try:
        if not version.isascii() or len(version) > _LONGEST_VERSION:
            raise ValueError("no version is like that")
        parse_version(version)
    except ValueError as error:
        shown = ascii(version[:_SHOWN])
        message = f"The device says that its version is {shown}, which is no RouterOS version such as 7.18.2."
        raise DeviceRefused(message, status=200, device=client.device) from error
    return version


def _plain(client: Client, what: str, text: str) -> str:
    if len(text) <= _LONGEST and text.isprintable():
        return text
    wrong = f"{len(text)} characters long" if len(text) > _LONGEST else "not plain text"
    message = f"The device gives a {what} that is {wrong}: {text[:_SHOWN]!a}. RouterOS gives none like that."
    raise DeviceRefused(message, status=200, device=client.device)


async def _optional(client: Client, path: MenuPath) -> dict[str, str]:
    """A CHR has no /system/routerboard, and a PC's has no serial number."""
    try:
        rows = await client.rows(path)
    except DeviceRefused as error:
        if error.status != 400:
            raise
        return {}
    return rows[0] if len(rows) == 1 else {}
