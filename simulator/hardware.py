"""What the box is: ports by model, and the objects by which a client recognises it.

The shapes of the objects are those of captured devices; numbers in them are plausible and constant.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable
from dataclasses import dataclass

from simulator.models import ANY_MODEL, MODELS, Model

_PORT = re.compile(r"(?:ether|sfp|sfp-sfpplus|sfp28-|qsfp28-|qsfpplus|combo)\d+(?:-\d+)?")


_BUILT = "2025-03-11 11:59:04"


@dataclass(frozen=True, slots=True)
class Hardware:
    """One box. ``version`` is RouterOS's number without the channel."""

    model: str
    serial: str
    version: str

    @property
    def kind(self) -> Model:
        return MODELS.get(self.model, ANY_MODEL)

    @property
    def missing(self) -> frozenset[str]:
        """Menus this hardware does not have."""
        return self.kind.missing

    @property
    def own_menus(self) -> tuple[str, ...]:
        """Menus this hardware has although the facts, which come from virtual machines, lack them."""
        return ("/system/routerboard",) if self.kind.routerboard else ()

    @property
    def release(self) -> str:
        """The version as ``/system/resource`` tells it: ``7.18.2 (stable)``."""
        if "rc" in self.version:
            return f"{self.version} (testing)"
        return f"{self.version} (development)" if "beta" in self.version else f"{self.version} (stable)"

    def mac(self, number: int) -> str:
        """The burnt-in address of a port, the same for every router of this serial number."""
        base = int.from_bytes(hashlib.sha256(self.serial.encode()).digest()[:2], "big")
        return f"DC:2C:6E:{base >> 8:02X}:{base & 0xFF:02X}:{number & 0xFF:02X}"

    def objects(self, path: str) -> dict[str, str]:
        """What a read-only menu of the system says; empty for other menus."""
        return {
            "/system/resource": self._resource,
            "/system/routerboard": self._routerboard,
            "/system/license": self._license,
            "/system/clock": _clock,
        }.get(path, dict)()

    def packages(self) -> tuple[dict[str, str], ...]:
        """The rows of ``/system/package``: the base package alone."""
        row = {"available": "false", "build-time": _BUILT, "disabled": "false", "name": "routeros", "scheduled": ""}
        return ({**row, "size": "12345344", "version": self.version},)

    def _resource(self) -> dict[str, str]:
        kind = self.kind
        own = {"bad-blocks": "0"} if kind.routerboard else {}
        return own | {
            "architecture-name": kind.architecture,
            "board-name": kind.board or self.model,
            "build-time": _BUILT,
            "cpu": kind.cpu,
            "cpu-count": str(kind.cores),
            "cpu-frequency": str(kind.frequency),
            "cpu-load": "1",
            "factory-software": "7.5",
            "free-hdd-space": str(kind.storage * 7 // 10),
            "free-memory": str(kind.memory * 3 // 4),
            "platform": "MikroTik",
            "total-hdd-space": str(kind.storage),
            "total-memory": str(kind.memory),
            "uptime": "1d7h44m20s",
            "version": self.release,
            "write-sect-since-reboot": "23",
            "write-sect-total": "91274",
        }

    def _routerboard(self) -> dict[str, str]:
        return {
            "current-firmware": self.version,
            "factory-firmware": "7.5",
            "firmware-type": self.kind.firmware,
            "model": self.model,
            "revision": "r2",
            "routerboard": "true",
            "serial-number": self.serial,
            "upgrade-firmware": self.version,
        }

    def _license(self) -> dict[str, str]:
        if not self.kind.routerboard:
            return {"level": "free", "system-id": self.serial}
        return {"features": "", "nlevel": str(self.kind.level), "software-id": f"{self.serial[:4]}-{self.serial[-4:]}"}


def _clock() -> dict[str, str]:
    return {
        "date": "2026-09-27",
        "dst-active": "false",
        "gmt-offset": "+00:00",
        "time": "10:11:12",
        "time-zone-autodetect": "true",
        "time-zone-name": "Etc/UTC",
    }


def serial_of(name: str) -> str:
    """A serial number for a router without one, always the same for one name."""
    return "HE" + hashlib.sha256(name.encode()).hexdigest()[:9].upper()


def ports_in(names: Iterable[str]) -> list[str]:
    """Those of the names that are default names of ports, in the order of a front panel."""
    return sorted({name for name in names if _PORT.fullmatch(name)}, key=_panel_order)


def _panel_order(name: str) -> tuple[str, int]:
    number = re.search(r"\d+$", name)
    return name[: number.start()] if number else name, int(number[0]) if number else 0
