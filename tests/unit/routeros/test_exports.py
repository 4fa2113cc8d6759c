"""Statements become rows: merged, selected, placed; what names no row for certain is told."""

from __future__ import annotations

import pytest

from routeros.exports import exported
from routeros.script import read_script
from schemas.catalogue.load import open_catalogue
from schemas.exported import Exported, ExportedRow
from schemas.path import MenuPath

VERSION = "7.18.2"


def taken(text: str, version: str = VERSION) -> Exported:
    return exported(
        read_script(f"# 2026-01-01 00:00:00 by RouterOS {version}\n{text}"), open_catalogue().schema(version)
    )


def rows(found: Exported, path: str) -> tuple[ExportedRow, ...]:
    return found.menus[MenuPath(path)]


def test_a_set_goes_into_the_row_that_was_added_before() -> None:
    found = taken("/interface bridge\nadd name=bridge\nset bridge comment=LAN\nset [ find name=bridge ] mtu=1500\n")
    assert rows(found, "/interface/bridge") == (
        ExportedRow({"name": "bridge", "comment": "LAN", "mtu": "1500"}, (3, 4, 5)),
    )


def test_rows_that_the_router_made_are_matched_and_a_singleton_is_one_row() -> None:
    found = taken(
        "/interface ethernet\nset [ find default-name=ether1 ] name=wan\nset [ find name=wan ] comment=x\n"
        "/ip dns set servers=1.1.1.1\n/ip dns set allow-remote-requests=yes\n"
    )
    assert rows(found, "/interface/ethernet") == (
        ExportedRow({"name": "wan", "comment": "x"}, (3, 4), {"default-name": "ether1"}),
    )
    assert rows(found, "/ip/dns") == (ExportedRow({"servers": "1.1.1.1", "allow-remote-requests": "yes"}, (5, 6)),)


def test_a_number_means_the_rows_that_the_router_has_from_the_beginning() -> None:
    found = taken("/ppp profile\nset *0 comment=a\nset *FFFFFFFE comment=b\n/ip service\nset 0 disabled=yes\n")
    assert [row.match for row in rows(found, "/ppp/profile")] == [{"name": "default"}, {"name": "default-encryption"}]
    assert [row.match for row in rows(found, "/ip/service")] == [{"name": "telnet"}]


def test_the_queue_types_of_people_stand_among_those_of_the_router() -> None:
    found = taken("/queue type\nadd kind=pcq name=up\nset 0 kind=sfq\nset 5 pcq-rate=1M\nset 6 pcq-rate=2M\n")
    assert [(row.match, row.fields) for row in rows(found, "/queue/type")] == [
        ({}, {"kind": "pcq", "name": "up", "pcq-rate": "1M"}),
        ({"name": "default"}, {"kind": "sfq"}),
        ({"name": "pcq-upload-default"}, {"pcq-rate": "2M"}),
    ]


def test_a_number_of_hardware_means_some_row_only_when_it_says_more_than_defaults() -> None:
    ports = "/interface ethernet switch port\nset 0 !egress-rate mirror-ingress=no\nset 1 mirror-ingress=yes\n"
    found = taken(ports)
    assert found.menus == {}
    assert [item.line for item in found.left_out] == [4]


def test_a_value_that_is_given_twice_is_one_when_it_is_the_same() -> None:
    found = taken("/ip pool\nadd name=a name=a ranges=10.0.0.1\nadd name=b ranges=10.0.0.2 ranges=10.0.0.3\n")
    assert [row.fields["name"] for row in rows(found, "/ip/pool")] == ["a"]
    assert {item.line for item in found.left_out} == {4}


def test_a_selector_that_its_own_statement_makes_untrue_is_told_as_it_is_afterwards() -> None:
    found = taken(
        "/ip service\nset [ find name=www ] name=www port=8080\n/ppp profile set [ find name=default ] name=x\n"
    )
    assert [row.match for row in rows(found, "/ppp/profile")] == [{"name": "x"}]


def test_a_rule_is_placed_before_another() -> None:
    text = "/ip firewall filter\nadd chain=a comment=1\nadd chain=a comment=2\nadd chain=a comment=3 place-before=1\n"
    found = taken(text)
    assert [row.fields["comment"] for row in rows(found, "/ip/firewall/filter")] == ["1", "3", "2"]


def test_fields_have_the_names_of_documents() -> None:
    text = "/interface wireguard peers\nadd interface=wg is-responder=yes name=a public-key=k\n"
    found = taken(text, "7.16.2")
    assert rows(found, "/interface/wireguard/peers")[0].fields["responder"] == "yes"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("/ip frobnicate\nset a=b\n", "/ip/frobnicate set: RouterOS 7.18.2 has no such menu; no version is known to"),
        ("/ip dns\nset sevrers=1.1.1.1\n", "/ip/dns set: sevrers is not known in RouterOS 7.18.2; no version is known"),
        ("/ip address\nremove [ find ]\n", "/ip/address remove: remove says nothing of how a router is to be."),
        ("/ip address\nset [ find dynamic=no and comment~x ] disabled=yes\n", "/ip/address set: which row it means"),
        ("/ip address\nadd address=10.0.0.1/24 address=10.0.0.2/24\n", "/ip/address add: a value is given twice"),
        ("/system resource\nset x=y\n", "/system/resource set: it can be read but not set."),
        ("/ip address\nadd copy-from=0\n", "/ip/address add: copy-from is not followed."),
        ("/ip firewall filter\nset 7 comment=x\n", "/ip/firewall/filter set: which row it means"),
    ],
)
def test_what_is_left_out_is_told_with_its_line(text: str, told: str) -> None:
    found = taken(text)
    assert any(f"{item.path} {item.message}".startswith(told) for item in found.left_out), found.left_out
    assert all(item.line in (2, 3) for item in found.left_out)


def test_what_the_router_did_not_export_is_a_remark_and_no_statement() -> None:
    found = taken('/ip dns set servers=1.1.1.1\n#error exporting "/ip/ssh" (timeout)\n')
    assert found.left_out == ()
    assert [(item.line, "/ip/ssh" in item.message) for item in found.remarks] == [(3, True)]
