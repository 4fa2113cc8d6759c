"""Which device answered."""

from __future__ import annotations

import asyncio

from routeros.client import Client
from schemas.errors import DeviceRefused, Unreachable
from schemas.observed import DeviceFacts
from schemas.path import MenuPath

_RESOURCE = MenuPath("/system/resource")
_BOARD = MenuPath("/system/routerboard")
_LICENSE = MenuPath("/system/license")
_NEEDED = ("version", "board-name", "architecture-name")

STARTING = (1.0, 2.0, 4.0)
"""Seconds between looks at a router that answers with less than it should, as it may right after boot."""


async def identify(client: Client, starting: tuple[float, ...] = STARTING) -> DeviceFacts:
    """Serial, model, version (without the channel) and architecture of the device that answers.

    Raises Unreachable when its answers stay incomplete, and what the client raises.
    """
    resource = await _sane_resource(client, starting)
    board = await _optional(client, _BOARD)
    serial = board.get("serial-number", "")
    if not serial:
        license_ = await _optional(client, _LICENSE)
        serial = license_.get("system-id", "") or license_.get("software-id", "")
    return DeviceFacts(
        serial=serial,
        model=board.get("model", "") or resource["board-name"],
        version=resource["version"].split(" ")[0],
        architecture=resource["architecture-name"],
    )


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


async def _optional(client: Client, path: MenuPath) -> dict[str, str]:
    """A CHR has no /system/routerboard, and a PC's has no serial number."""
    try:
        rows = await client.rows(path)
    except DeviceRefused as error:
        if error.status != 400:
            raise
        return {}
    return rows[0] if len(rows) == 1 else {}
