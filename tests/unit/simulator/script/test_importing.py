"""Scripts on simulated routers: what lands, on which rows, and what is told."""

from __future__ import annotations

import time
from collections import Counter
from pathlib import Path

import pytest

from simulator.codec import text_of
from simulator.fleet import SimulatedRouter
from simulator.forms import BadValue
from simulator.script import choosing
from simulator.script.importing import run
from simulator.script.notes import MOST_NOTES, Matter, Note
from simulator.script.reader import read
from simulator.state import Device, Row


def imported(text: str, version: str = "7.18.2") -> SimulatedRouter:
    return SimulatedRouter("lab", {"script": text, "routeros": version, "model": "RB750Gr3"})


def matters(notes: list[Note]) -> list[Matter]:
    return [note.matter for note in notes]


def names(router: SimulatedRouter, path: str) -> list[str]:
    return [row["name"] for row in router.rows(path)]


def test_rows_of_the_routers_own_have_the_ids_and_numbers_of_a_real_one() -> None:
    router = imported(
        "/ppp profile\nset *0 comment=a\nset *FFFFFFFE comment=b\n"
        "/queue type\nadd kind=pcq name=up pcq-limit=100KiB\nset 5 pcq-rate=1M\nset 6 pcq-rate=2M\n"
    )
    assert [(row[".id"], row["comment"]) for row in router.rows("/ppp/profile")] == [("*0", "a"), ("*FFFFFFFE", "b")]
    rates = {row["name"]: row.get("pcq-rate") for row in router.rows("/queue/type")}
    assert (rates["up"], rates["pcq-upload-default"]) == ("1000000", "2000000")
    assert next(row for row in router.rows("/queue/type") if row["name"] == "up")["pcq-limit"] == "100"


def test_an_export_lands() -> None:
    router = imported(
        """
/interface bridge
add admin-mac=00:11:22:33:44:55 auto-mac=no name=bridge
/interface ethernet
set [ find default-name=ether1 ] comment="to the\\_world" name=wan
/interface list
add name=WAN
/interface bridge port
add bridge=bridge interface=ether2
/ip firewall filter
add action=accept chain=input connection-state=established,related
add action=drop chain=input in-interface-list=!WAN disabled=yes
/ip service
set telnet disabled=yes
/ip route
add blackhole dst-address=10.0.0.0/8
/system identity
set name=box
"""
    )
    assert router.imported == []
    assert names(router, "/interface/ethernet") == ["wan", "ether2", "ether3", "ether4", "ether5"]
    assert router.rows("/interface/ethernet")[0]["comment"] == "to the world"
    assert router.rows("/interface/bridge/port")[0]["interface"] == "ether2"
    assert [row["action"] for row in router.rows("/ip/firewall/filter")] == ["accept", "drop"]
    assert router.rows("/ip/firewall/filter")[1]["disabled"] == "true"
    assert "blackhole" in router.rows("/ip/route")[0]
    assert {row["name"]: row["disabled"] for row in router.rows("/ip/service")}["telnet"] == "true"
    assert router.rows("/system/identity") == [{"name": "box"}]


def test_names_that_come_later_need_no_placeholder() -> None:
    router = imported(
        "/interface vrrp add interface=lan name=v\n/interface vlan add interface=ether1 name=lan vlan-id=5\n"
        "/interface list member add interface=ghost list=LAN\n/interface list add name=LAN"
    )
    assert matters(router.imported) == [Matter.PLACEHOLDER]
    assert router.rows("/interface/vrrp")[0]["interface"] == "lan"
    assert [row["type"] for row in router.rows("/interface") if row["name"] == "lan"] == ["vlan"]
    assert router.rows("/interface/list/member")[0]["list"] == "LAN"


def test_what_is_set_last_stays() -> None:
    router = imported(
        "/ip firewall filter add chain=input in-interface=later\n/ip firewall filter set 0 in-interface=ether1\n"
        "/interface bridge add name=later"
    )
    assert router.rows("/ip/firewall/filter")[0]["in-interface"] == "ether1"


def test_a_number_in_quotes_is_a_name() -> None:
    router = imported('/interface bridge\nadd name=a\nadd name=0\nset "0" comment=x\nset 0 comment=y')
    assert [row.get("comment") for row in router.rows("/interface/bridge")] == ["y", "x"]


def test_set_finds_rows_by_id_position_name_and_content() -> None:
    router = imported(
        """
/ip firewall filter
add action=accept chain=input comment=a
add action=accept chain=input comment=b
add action=accept chain=forward comment="c, d"
set 0 comment=first
set *2 comment=second
set [ find where chain=forward and disabled=no ] action=drop
set [ find comment!="c, d" ] log=yes
set [/ip/firewall/filter/find comment="c, d"] log-prefix=x
disable [ find action=drop ]
/ip service
set telnet,ftp disabled=yes
set numbers=www disabled=yes
"""
    )
    assert router.imported == []
    rows = router.rows("/ip/firewall/filter")
    assert [row["comment"] for row in rows] == ["first", "second", "c, d"]
    assert [row.get("log", "false") for row in rows] == ["true", "true", "false"]
    assert (rows[2]["action"], rows[2]["log-prefix"], rows[2]["disabled"]) == ("drop", "x", "true")
    disabled = {row["name"] for row in router.rows("/ip/service") if row["disabled"] == "true"}
    assert {"telnet", "ftp", "www"} <= disabled


def test_rows_that_only_the_script_speaks_of_are_made() -> None:
    router = imported(
        """
/interface wifi set [ find default-name=wifi1 ] disabled=no
/interface ethernet set [ find default-name=sfp1 ] name=up
/disk set usb1 slot=usb1
/ip firewall filter set *5 action=drop chain=input
/system scheduler set [ find name=nightly ] interval=1d
/made up set 0 x=1
"""
    )
    assert [note.line for note in router.imported if note.made] == [2, 4, 5, 6, 7]
    assert not any(note.failed for note in router.imported)
    assert "wifi1" in names(router, "/interface")
    assert names(router, "/interface/ethernet")[-1] == "up"
    assert router.rows("/disk")[0]["slot"] == "usb1"
    assert router.rows("/ip/firewall/filter")[0][".id"] == "*5"
    assert router.rows("/system/scheduler")[0]["interval"] == "1d"
    assert router.rows("/made/up")[0]["x"] == "1"


def test_a_row_that_differs_is_neither_made_nor_changed() -> None:
    router = imported(
        "/interface ethernet set [ find default-name=ether1 disabled=yes ] comment=x\n/ip dns remove 0\n"
        "/interface list set [ find name=all builtin=no ] comment=x"
    )
    assert matters(router.imported) == [Matter.FAILED]
    assert not any(row.get("comment") == "x" for path in ("/interface", "/interface/list") for row in router.rows(path))
    assert len(router.rows("/ip/dns")) == 1


@pytest.mark.parametrize(
    "line",
    [
        "/interface list set [ find name=all ] comment=x",
        "/snmp community set [ find default=yes ] addresses=::/0",
        "/ip ipsec profile set [ find default=yes ] dpd-interval=2m",
        "/ipv6 nd set [ find default=yes ] advertise-dns=no",
        "/queue type set default-small kind=pfifo",
        "/system logging set 3 action=memory",
        "/system logging action set 3 remote=10.0.0.1",
        "/routing bgp template set default as=65000",
        "/interface lte apn set [ find default=yes ] apn=internet",
        "/ip hotspot profile set [ find default=yes ] html-directory=hotspot",
        "/interface wireless security-profiles set [ find default=yes ] supplicant-identity=x",
        "/ip firewall service-port set sip disabled=yes",
        "/user group set full comment=x",
        "/ppp profile set default-encryption comment=x",
        "/ip dhcp-client option set hostname value=x",
        "/routing table set main comment=x",
        "/ip service set telnet disabled=yes",
        "/system logging set 0 topics=info,!debug",
    ],
)
def test_a_fresh_router_has_the_rows_that_exports_speak_of(line: str) -> None:
    router = imported(line)
    assert all(note.matter is Matter.MENU for note in router.imported), router.imported


@pytest.mark.parametrize("version", ["7.12.2", "7.18.2", "7.24"])
def test_no_row_of_the_router_is_there_twice(version: str) -> None:
    device = imported("", version).device
    for path, table in device.tables().items():
        labels = Counter(row.config["name"] for row in table.rows if "name" in row.config)
        assert set(labels.values()) <= {1}, (path, labels)


def test_move_place_copy_unset_remove_and_comment() -> None:
    router = imported(
        """
/ip firewall filter
add chain=input comment=1 action=drop log=yes
add chain=input comment=2 place-before=0
add chain=input comment=3 place-before=[ find comment=1 ]
add copy-from=2 comment=4
move [ find comment=4 ] destination=0
move 1
remove [ find comment=3 ]
unset 1 log
comment [ find comment=2 ] "the second"
"""
    )
    assert router.imported == []
    rows = router.rows("/ip/firewall/filter")
    assert [row["comment"] for row in rows] == ["4", "1", "the second"]
    assert [row["action"] for row in rows] == ["drop", "drop", "accept"]
    assert [row.get("log", "false") for row in rows] == ["true", "false", "false"]


def test_flags_take_a_value_away() -> None:
    router = imported("/interface 6to4 add !keepalive name=six remote-address=192.0.2.1")
    assert "keepalive" not in router.rows("/interface/6to4")[0]


def test_what_is_not_carried_out_is_told() -> None:
    router = imported(
        """
:local x 1
/system reboot
/ip address frobnicate 0
/ip firewall filter
remove 7
set [ find comment~"x" ] action=drop
set action=drop
move 3 0
add chain=input place-before=9
add chain=[:pick "x" 0]
print
/$x add name=y
/ip address add comment="never
"""
    )
    failed = [(note.line, note.matter) for note in router.imported if note.failed]
    assert failed == [
        (2, Matter.SCRIPT),
        (3, Matter.VERB),
        (4, Matter.VERB),
        *((line, Matter.FAILED) for line in (6, 7, 8, 9, 10)),
        (13, Matter.FAILED),
        (14, Matter.WRITING),
    ]
    assert Matter.EXPRESSION in matters(router.imported)
    assert len(router.rows("/ip/firewall/filter")) == 2
    assert router.notes[0].startswith("line 2: ")


def test_what_a_version_lacks_is_kept() -> None:
    router = imported(
        "/made up add name=a colour=red\n/made up set a colour=blue\n/made single set x=1\n/ip address add glow=1 "
        "address=10.0.0.1/24 interface=ether1\n/ip dns set cache-size=much"
    )
    assert matters(router.imported) == [Matter.MENU, Matter.MENU, Matter.FIELD, Matter.VALUE]
    assert router.rows("/made/up") == [{".id": "*1", "colour": "blue", "name": "a"}]
    assert router.rows("/made/single") == [{"x": "1"}]
    assert router.rows("/ip/address")[0]["glow"] == "1"
    assert router.rows("/ip/dns")[0]["cache-size"] == "much"


def test_a_gateway_may_be_nonsense() -> None:
    router = imported('/ip route add dst-address=10.0.0.0/8 gateway="a\\nb,%,@x"')
    assert router.rows("/ip/route")[0]["gateway"] == "a\nb,%,@x"


def test_a_vrf_brings_its_interface_and_its_table() -> None:
    router = imported(
        "/ip vrf add interfaces=ether1 name=mgmt\n/ip route add dst-address=10.0.0.0/8 gateway=ether1@mgmt "
        "routing-table=mgmt\n/ip firewall filter add chain=input in-interface=mgmt"
    )
    assert router.imported == []
    assert router.rows("/ip/route")[0]["gateway"] == "ether1@mgmt"


def test_an_import_into_a_running_router_changes_what_is_there() -> None:
    router = SimulatedRouter("lab", {"menus": {"/ip/firewall/filter": [{"chain": "input", "comment": "old"}]}})
    assert (
        run(
            router.device, "/ip address add address=10.0.0.1/24 interface=ether1\n/ip firewall filter set 0 comment=new"
        )
        == []
    )
    assert router.rows("/ip/firewall/filter")[0]["comment"] == "new"
    assert router.rows("/ip/route")[0]["dst-address"] == "10.0.0.0/24"
    assert run(router.device, "/interface ethernet set [ find default-name=ether1 ] name=wan") == []
    assert router.rows("/ip/address")[0]["interface"] == "wan"


def test_notes_come_to_an_end() -> None:
    router = SimulatedRouter("lab")
    notes = run(router.device, "/ip firewall filter remove 99\n" * (MOST_NOTES + 10))
    assert len(notes) == MOST_NOTES + 1
    assert len(max((note.text for note in run(router.device, "x" * 100_000)), key=len)) <= 200


@pytest.mark.parametrize(
    "line",
    [
        "/ip firewall filter set [ find comment=x ] chain=y",
        "/ip firewall filter add place-before=0 chain=x",
        "/interface bridge add",
        "/ip firewall filter move 0 1",
    ],
)
def test_no_script_takes_forever(line: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "_MOST_LOOKS", 5_000)
    rows = "/ip firewall filter add chain=input\n" * 100
    notes = run(SimulatedRouter("lab").device, rows + f"{line}\n" * 1_000)
    assert notes[-1].matter is Matter.FAILED
    assert notes[-1].line < 700


def test_every_export_lands(corpus: Path) -> None:
    for path in sorted((corpus / "rsc").glob("*.rsc")):
        content = path.read_bytes()
        router = SimulatedRouter("box", {"script": content})
        assert not [note for note in router.imported if note.failed], path.name
        device = router.device
        added = [command for command in read(content, device.leads) if command.verb == "add"]
        for menu in {command.path for command in added} - {"/certificate", "/ip/smb/shares", "/ip/smb/users"}:
            table = device.table(menu)
            rows = [row for row in table.rows if not row.builtin and row.table is table and not row.protected]
            given = [command for command in added if command.path == menu]
            if table.menu.listed:
                assert len(rows) == len(given), (path.name, menu)
                for row, command in zip(rows, given, strict=True):
                    assert _lands(device, row, dict(command.arguments)), (path.name, command)


def _lands(device: Device, row: Row, given: dict[str, str | None]) -> bool:
    """Whether a row holds what was written, as it is or as it reads back; what was written as nothing may be gone."""
    for name, text in given.items():
        have = row.config.get(name, row.facts.get(name, row.hidden.get(name)))
        known = row.table.menu.fields.get(name)
        try:
            meant = text_of(known.read(text, device) or "") if known and text else text
        except BadValue:
            meant = text
        if have not in (meant, text) and (have or text):
            return False
    return True


def test_a_long_export_takes_no_time(corpus: Path) -> None:
    content = max((corpus / "rsc").glob("*.rsc"), key=lambda path: path.stat().st_size).read_bytes()
    router = SimulatedRouter("box", {"script": content})
    device = SimulatedRouter("other", version=router.version).device
    started = time.process_time()
    run(device, content)
    assert time.process_time() - started < 0.5
