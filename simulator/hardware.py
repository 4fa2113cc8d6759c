"""What the box is: ports by model, and the objects by which a client recognises it.

The shapes of the objects are those of captured devices; numbers in them are plausible and constant.
"""

from __future__ import annotations

import datetime
import hashlib
import itertools
import re
from collections.abc import Iterable
from dataclasses import dataclass

from simulator.models import ANY_MODEL, MODELS, Model
from simulator.profiles import number_of

_PORT = re.compile(r"(?:ether|sfp|sfp-sfpplus|sfp28-|qsfp28-|qsfpplus|combo)\d+(?:-\d+)?")


_FIRST_BUILT = {
    (7, 12): "2023-11-09",
    (7, 13): "2023-12-14",
    (7, 14): "2024-02-29",
    (7, 15): "2024-05-29",
    (7, 16): "2024-09-20",
    (7, 17): "2025-01-16",
    (7, 18): "2025-02-24",
    (7, 19): "2025-05-22",
    (7, 20): "2025-09-29",
    (7, 21): "2026-01-12",
    (7, 22): "2026-03-09",
    (7, 23): "2026-06-01",
    (7, 24): "2026-09-07",
}
"""Days on which versions came out: the console's lore, from 7.20 on made up."""
_PATCHED_AFTER = datetime.timedelta(days=17)
"""From one patch of a version to the next: that of 7.19.4 was built 67 days after the first."""
_BUILT = {"7.19.4": "2025-07-28 10:00:16", "7.20.5": "2025-11-27 08:17:04"}
"""As real routers told it."""


_MODES_SINCE = (7, 17)
_ALLOWED = (
    *("bandwidth-test", "email", "fetch", "hotspot", "ipsec", "l2tp", "pptp", "proxy", "romon", "scheduler", "smb"),
    *("sniffer", "socks", "zerotier"),
)
_FORBIDDEN = ("container", "install-any-version", "partitions", "routerboard", "traffic-gen")
"""What the device mode of a fresh router allows and what not."""

_VENDOR = (
    *("DC:2C:6E", "48:A9:8A", "2C:C8:1B", "48:8F:5A", "08:55:31", "18:FD:74", "74:4D:28", "B8:69:F4"),
    *("C4:AD:34", "CC:2D:E0", "E4:8D:8C", "6C:3B:6B", "64:D1:54", "4C:5E:0C", "D4:CA:6D", "78:9A:18"),
)
"""Beginnings of the vendor's addresses."""
_BLOCK = 128
"""Addresses that one box has."""
_BLOCKS = 2**24 // _BLOCK
_TAKEN: dict[int, str] = {}
"""Which serial number has which block, so that no two routers of a process share one."""


@dataclass(frozen=True, slots=True)
class Hardware:
    """One box. ``version`` is RouterOS's number without the channel, ``packages`` are those added to the delivered."""

    model: str
    serial: str
    version: str
    packages: tuple[str, ...] = ()

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
    def built(self) -> str:
        """When its RouterOS and the packages were built; the time of day is made up."""
        if self.version in _BUILT:
            return _BUILT[self.version]
        last = max((known for known in _FIRST_BUILT if known <= number_of(self.version)), default=min(_FIRST_BUILT))
        patch = re.match(r"\d+\.\d+\.(\d+)", self.version)
        day = datetime.date.fromisoformat(_FIRST_BUILT[last]) + int(patch[1] if patch else 0) * _PATCHED_AFTER
        seconds = int.from_bytes(hashlib.sha256(self.version.encode()).digest()[:2], "big") % 36_000
        return f"{datetime.datetime.combine(day, datetime.time(7)) + datetime.timedelta(seconds=seconds)}"

    @property
    def release(self) -> str:
        """The version as ``/system/resource`` tells it: ``7.18.2 (stable)``."""
        if "rc" in self.version:
            return f"{self.version} (testing)"
        return f"{self.version} (development)" if "beta" in self.version else f"{self.version} (stable)"

    def mac(self, number: int) -> str:
        """The burnt-in address of a port, the same for every router of this serial number."""
        vendor, block = divmod(_block(self.serial), _BLOCKS)
        low = block * _BLOCK + number % _BLOCK
        return f"{_VENDOR[vendor]}:{low >> 16:02X}:{low >> 8 & 0xFF:02X}:{low & 0xFF:02X}"

    def made_up(self, seed: str) -> str:
        """The address of what has none burnt in, always the same for one seed: locally administered."""
        raw = hashlib.sha256(f"{self.serial} {seed}".encode()).digest()[:6]
        return ":".join(f"{byte:02X}" for byte in (raw[0] & 0xFC | 2, *raw[1:]))

    def objects(self, path: str) -> dict[str, str]:
        """What a read-only menu of the system says; empty for other menus."""
        return {
            "/system/resource": self._resource,
            "/system/routerboard": self._routerboard,
            "/system/license": self._license,
            "/system/clock": _clock,
            "/system/device-mode": self._device_mode,
            "/system/package/update": self._update,
        }.get(path, dict)()

    def _resource(self) -> dict[str, str]:
        kind = self.kind
        own = {"bad-blocks": "0"} if kind.routerboard else {}
        return own | {
            "architecture-name": kind.architecture,
            "board-name": kind.board or self.model,
            "build-time": self.built,
            "cpu": kind.cpu,
            "cpu-count": str(kind.cores),
            "cpu-frequency": str(kind.frequency),
            "cpu-load": "1",
            "factory-software": "7.5" if kind.routerboard else "7.1",
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

    def _update(self) -> dict[str, str]:
        return {"installed-version": self.version}

    def _device_mode(self) -> dict[str, str]:
        """That of a fresh router. Values are the manual's for the mode; that they read so is unproven."""
        if number_of(self.version) < _MODES_SINCE:
            return {"mode": "enterprise"}
        switches = {**dict.fromkeys(_ALLOWED, "true"), **dict.fromkeys(_FORBIDDEN, "false")}
        told = {"allowed-versions": "7.13+,6.49.8+", "attempt-count": "0", "flagged": "false"}
        return {**told, "flagging-enabled": "true", "mode": "advanced", **switches}


def _block(serial: str) -> int:
    """Which block of addresses the router of a serial number has: that of a hash, or of the next hash when another
    router of this process has it already."""
    blocks = len(_VENDOR) * _BLOCKS
    for turn in itertools.count():
        raw = hashlib.sha256(f"{serial}{turn or ''}".encode()).digest()[:8]
        block = int.from_bytes(raw, "big") % blocks
        if _TAKEN.setdefault(block, serial) == serial:
            return block
    raise AssertionError


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
