"""The state as statements: equal for equal states, different for different ones, and importable again."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.fleet import SimulatedRouter
from simulator.script.exporting import export, quoted
from simulator.script.importing import run
from simulator.script.reader import read


def exported(text: str) -> list[str]:
    return export(SimulatedRouter("lab", {"script": text, "routeros": "7.18.2", "model": "RB750Gr3"}).device)


def test_spelling_order_of_fields_and_defaults_make_no_difference() -> None:
    first = exported("/ip firewall filter add chain=input action=drop log=yes disabled=no")
    assert first == exported("/ip/firewall/filter add log=true action=drop chain=input")
    assert "/ip/firewall/filter add action=drop chain=input log=true" in first


@pytest.mark.parametrize(
    "change",
    [
        "move 0 2",
        "set 0 action=accept",
        "remove 1",
        "set 1 comment=x",
        "/ip service set telnet port=2323",
        "/system identity set name=x",
        "/interface ethernet set [ find default-name=ether3 ] name=x",
        "/ppp secret add name=x password=y",
        "/made up add x=1",
        "/interface bridge set 0 !priority",
        "/interface list set [ find name=all ] !comment",
        "/user group set read policy=!web",
    ],
)
def test_every_change_shows(change: str) -> None:
    before = (
        "/interface bridge add name=b\n/ip firewall filter\nadd chain=input action=drop\nadd chain=a\nadd chain=b\n"
    )
    assert exported(before) != exported(before + change)


def test_nothing_is_said_of_a_router_nobody_configured() -> None:
    assert export(SimulatedRouter("lab", {"menus": {}}).device) == export(SimulatedRouter("lab").device)
    router = SimulatedRouter("lab")
    before = export(router.device)
    for path in ("/ip/service", "/user/group", "/system/resource", "/ip/dns"):
        router.device.table(path)
    assert export(router.device) == before


def test_odd_texts_can_be_read_again() -> None:
    text = 'a "b" \\ $c [d] {e};\n\r\t\x01 ? # =\u20ac'
    router = SimulatedRouter("lab")
    row = router.device.table("/ip/firewall/filter").create()
    row.put("chain", "input")
    row.put("comment", text)
    other = SimulatedRouter("lab")
    assert run(other.device, "\n".join(export(router.device))) == []
    assert other.rows("/ip/firewall/filter")[0]["comment"] == text


@given(st.text())
def test_any_text_can_be_read_again(text: str) -> None:
    (command,) = read(f"/ip address add comment={quoted(text)} x=1", lambda path: path in ("/ip", "/ip/address"))
    assert command.arguments == (("comment", text), ("x", "1"))


def test_order_counts_only_where_it_means_something() -> None:
    first = SimulatedRouter("lab", {"script": "/interface list\nadd name=a\nadd name=b"}).device
    other = SimulatedRouter("lab", {"script": "/interface list\nadd name=b\nadd name=a"}).device
    assert export(first) != export(other)
    assert export(first, any_order=True) == export(other, any_order=True)
    run(first, "/ip firewall filter\nadd chain=a\nadd chain=b")
    run(other, "/ip firewall filter\nadd chain=b\nadd chain=a")
    assert export(first, any_order=True) != export(other, any_order=True)


def test_every_state_can_be_imported_again(corpus: Path) -> None:
    for path in sorted((corpus / "rsc").glob("*.rsc")):
        first = SimulatedRouter("box", {"script": path.read_bytes()})
        model, version = first.hardware.model, first.version
        first = SimulatedRouter("box", {"script": path.read_bytes(), "model": model})
        lines = export(first.device)
        seed = {"script": "\n".join(lines), "routeros": version, "model": model, "serial": first.serial}
        assert export(SimulatedRouter("box", seed).device) == lines, path.name
