"""A router seeded with a script: who it is, and who may still come in."""

from __future__ import annotations

import pytest

from simulator.fleet import SimulatedRouter, run_in_thread
from tests.unit.simulator.plain import Client

FIRST = "# 2026-01-31 15:57:16 by RouterOS 7.20.8\n"
HEADER = FIRST + "# model = RB750Gr3\n# serial number = HCB085ABCDE\n"


def test_the_header_says_who_the_router_is() -> None:
    router = SimulatedRouter("lab", {"script": HEADER})
    assert (router.version, router.hardware.model, router.serial) == ("7.20.8", "RB750Gr3", "HCB085ABCDE")
    told = SimulatedRouter("lab", {"script": HEADER, "routeros": "7.18.2", "serial": "S"}, model="CHR")
    assert (told.version, told.hardware.model, told.serial) == ("7.18.2", "CHR", "S")
    virtual = SimulatedRouter("lab", {"script": FIRST})
    assert virtual.hardware.model == "CHR"
    board = SimulatedRouter("lab", {"script": FIRST + "/system routerboard settings\n"})
    assert board.hardware.model != "CHR"
    assert SimulatedRouter("lab", {"script": HEADER.replace("HCB085ABCDE", "MASKED")}).serial.startswith("HE")


def test_ports_are_those_of_the_model_or_those_the_script_names() -> None:
    script = "/interface ethernet set [ find default-name=ether2 ] name=a\n/ip dhcp-client add interface=sfp1\n"
    known = SimulatedRouter("lab", {"script": HEADER + script})
    assert [row["name"] for row in known.rows("/interface/ethernet")] == [
        "ether1",
        "a",
        "ether3",
        "ether4",
        "ether5",
        "sfp1",
    ]
    virtual = SimulatedRouter("lab", {"script": FIRST + script})
    assert [row["name"] for row in virtual.rows("/interface/ethernet")] == ["a", "sfp1"]
    assert len(SimulatedRouter("lab", {"script": ""}).rows("/interface/ethernet")) == 5


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("/ip service set www-ssl disabled=yes", "www-ssl"),
        ("/user set admin group=read", "admin"),
        ("/user set admin disabled=yes", "admin"),
        ("/user add name=other group=full password=x", ""),
        ("/user remove admin", "remove"),
        ("/user group set full policy=read,!api,!rest-api", "full"),
        ("/user add name=robot group=read disabled=yes", "robot"),
    ],
)
def test_the_given_users_can_log_in(line: str, told: str) -> None:
    router = SimulatedRouter("lab", {"script": HEADER + line}, users={"admin": "secret", "robot": ("pw", "read")})
    assert any(told in note for note in router.notes) or not told
    with run_in_thread([router]):
        assert Client(router).get("/system/identity")["name"] == "MikroTik"
        assert Client(router, "robot", "pw").get("/system/identity")["name"] == "MikroTik"
        Client(router).add("/ip/firewall/filter", chain="input")


def test_menus_come_on_top_of_a_script() -> None:
    seed = {"script": HEADER + "/ip dns set servers=9.9.9.9", "menus": {"/system/identity": {"name": "x"}}}
    router = SimulatedRouter("lab", seed)
    assert router.rows("/system/identity") == [{"name": "x"}]
    assert router.rows("/ip/dns")[0]["servers"] == "9.9.9.9"


def test_a_script_that_is_no_text_is_refused() -> None:
    with pytest.raises(ValueError, match="script"):
        SimulatedRouter("lab", {"script": ["/ip"]})
