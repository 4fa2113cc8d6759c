"""The models a simulated router can be: their ports, radios and menus, and what their boards say of themselves.

Board names, processors and sizes are those of captured devices and of data sheets; ``firmware-type`` is captured for
the CRS312 and unproven for the others.
"""

from __future__ import annotations

from dataclasses import dataclass

_MIB = 1 << 20
_COPPER5 = tuple(f"ether{number}" for number in range(1, 6))
_COPPER8 = tuple(f"ether{number}" for number in range(1, 9))
_SWITCH = "/interface/ethernet/switch"

NO_BOARD = frozenset(
    {
        "/system/routerboard",
        "/system/routerboard/settings",
        "/system/routerboard/reset-button",
        "/system/routerboard/mode-button",
        "/system/routerboard/wps-button",
        "/system/swos",
        "/interface/ethernet/poe/settings",
        _SWITCH,
        *(f"{_SWITCH}/{word}" for word in ("host", "l3hw-settings", "port", "port-isolation", "rule", "vlan")),
    }
)
"""Menus of MikroTik's own boards, which a virtual machine lacks."""


@dataclass(frozen=True, slots=True)
class Model:
    """``routerboard`` is False for machines without a board of MikroTik's; ``radios`` are default names by menu."""

    ports: tuple[str, ...]
    architecture: str = "arm64"
    cpu: str = "ARM64"
    cores: int = 4
    memory: int = 1024 * _MIB
    routerboard: bool = True
    board: str = ""
    frequency: int = 1400
    storage: int = 1024 * _MIB
    firmware: str = "70x0"
    level: int = 5
    radios: tuple[tuple[str, str], ...] = ()

    @property
    def missing(self) -> frozenset[str]:
        return frozenset() if self.routerboard else NO_BOARD


_WIFI = (("/interface/wifi", "wifi1"), ("/interface/wifi", "wifi2"))
_WIRELESS = (("/interface/wireless", "wlan1"), ("/interface/wireless", "wlan2"))

MODELS = {
    "RB5009UG+S+": Model((*_COPPER8, "sfp-sfpplus1")),
    "RB750Gr3": Model(
        _COPPER5,
        architecture="mmips",
        cpu="MIPS 1004Kc V2.15",
        memory=256 * _MIB,
        board="hEX",
        frequency=880,
        storage=16 * _MIB,
        firmware="mt7621L",
        level=4,
    ),
    "CCR2004-1G-12S+2XS": Model(
        ("ether1", *(f"sfp-sfpplus{number}" for number in range(1, 13)), "sfp28-1", "sfp28-2"),
        memory=4096 * _MIB,
        frequency=1700,
        storage=129 * _MIB,
        firmware="al64",
        level=6,
    ),
    "CRS326-24G-2S+": Model(
        (*(f"ether{number}" for number in range(1, 25)), "sfp-sfpplus1", "sfp-sfpplus2"),
        architecture="arm",
        cpu="ARMv7",
        cores=1,
        memory=512 * _MIB,
        frequency=800,
        storage=16 * _MIB,
        firmware="dx3230L",
    ),
    "CRS312-4C+8XG": Model(
        (*(f"combo{number}" for number in range(1, 5)), *_COPPER8, "ether9"),
        architecture="mipsbe",
        cpu="MIPS 24Kc V7.4",
        cores=1,
        memory=64 * _MIB,
        frequency=650,
        storage=16 * _MIB,
        firmware="qca9531L",
    ),
    "C53UiG+5HPaxD2HPaxD": Model(
        _COPPER5, board="hAP ax^3", frequency=864, storage=128 * _MIB, firmware="ipq6000", level=4, radios=_WIFI
    ),
    "C52iG-5HaxD2HaxD": Model(
        _COPPER5, board="hAP ax^2", frequency=864, storage=128 * _MIB, firmware="ipq6000", level=4, radios=_WIFI
    ),
    "RB952Ui-5ac2nD": Model(
        _COPPER5,
        architecture="mipsbe",
        cpu="MIPS 24Kc V7.4",
        cores=1,
        memory=64 * _MIB,
        board="hAP ac lite",
        frequency=650,
        storage=16 * _MIB,
        firmware="qca9531L",
        level=4,
        radios=_WIRELESS,
    ),
    "CHR": Model(_COPPER5, "x86_64", "Common", 1, routerboard=False, frequency=2099, storage=88 * _MIB),
}
ANY_MODEL = Model(_COPPER5)
