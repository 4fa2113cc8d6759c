"""Behaviours 31 to 43: what is written and what is read back."""

from __future__ import annotations

import pytest

from simulator.fleet import SimulatedRouter
from tests.unit.simulator.plain import Client

RULES = "/ip/firewall/filter"
LISTS = "/ip/firewall/address-list"
ADDRESSES = "/ip/address"
RECORDS = "/ip/dns/static"


def test_behaviour_31_json_values(client: Client) -> None:
    row = client.add("/interface/vlan", name="v", interface="ether1", vlan_id="1")
    path = f"/interface/vlan/{row['.id']}"
    for text, expected in (("7", "7"), ('"7"', "7"), ("010", "8"), ('"010"', "10"), ("0x10", "16"), ('"0x10"', "16")):
        reply = client("PATCH", path, raw=b'{"vlan-id": ' + text.encode() + b', "comment": "0x10 010"}')
        assert (reply.status, reply.body["vlan-id"], reply.body["comment"]) == (200, expected, "0x10 010"), text
    for value, expected in ((True, "true"), ("yes", "true"), ("true", "true"), (False, "false"), ("no", "false")):
        assert client("PATCH", path, {"disabled": value}).body["disabled"] == expected


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("90s", "1m30s"),
        ("90", "1m30s"),
        ("1m30s", "1m30s"),
        ("00:01:30", "1m30s"),
        ("1d2h", "1d2h"),
        ("26h", "1d2h"),
        ("168h", "1w"),
        ("1d 00:00:00", "1d"),
        ("0", "0s"),
    ],
)
def test_behaviour_32_durations(client: Client, written: str, read: str) -> None:
    assert client.add(RECORDS, name="a.lan", address="10.0.0.1", ttl=written)["ttl"] == read


def test_behaviour_33_mac_addresses(client: Client) -> None:
    bridge = client.add("/interface/bridge", name="b1", auto_mac="no", admin_mac="aa-bb-cc-dd-ee-0f")
    assert bridge["admin-mac"] == "AA:BB:CC:DD:EE:0F"


def test_behaviour_34_addresses(client: Client) -> None:
    row = client.add(ADDRESSES, address="192.168.111.111", interface="ether1")
    assert (row["address"], row["network"]) == ("192.168.111.111/32", "192.168.111.111")
    assert client.add(ADDRESSES, address="10.1.2.3/255.255.0.0", interface="ether2")["address"] == "10.1.2.3/16"
    client.add("/interface/bridge", name="b1")
    client.add("/interface/bridge/port", bridge="b1", interface="ether1")
    assert client.get(f"{ADDRESSES}/{row['.id']}")["actual-interface"] == "b1"
    changed = client("PATCH", f"{ADDRESSES}/{row['.id']}", {"address": "10.7.7.7/24"}).body
    assert changed["network"] == "10.7.7.0"


def test_behaviour_35_references_follow_names_and_dangle_as_ids(client: Client) -> None:
    bridge = client.add("/interface/bridge", name="b1")
    address = client.add(ADDRESSES, address="10.0.0.1/24", interface="b1")
    rule = client.add(RULES, chain="input", action="accept", in_interface="!b1")
    port = client.add("/interface/bridge/port", bridge="b1", interface="ether2")
    client("PATCH", f"/interface/bridge/{bridge['.id']}", {"name": "renamed"})
    assert client.get(f"{ADDRESSES}/{address['.id']}")["interface"] == "renamed"
    assert client.get(f"{RULES}/{rule['.id']}")["in-interface"] == "!renamed"
    assert client.get(f"/interface/bridge/port/{port['.id']}")["bridge"] == "renamed"
    client("DELETE", f"/interface/bridge/{bridge['.id']}")
    client.add("/interface/bridge", name="renamed")
    left = client.get(f"{ADDRESSES}/{address['.id']}")
    assert (left["interface"], left["invalid"]) == (bridge[".id"], "true")
    assert client.get(f"{RULES}/{rule['.id']}")["in-interface"] == "!" + bridge[".id"]


def test_behaviour_36_hard_and_soft_references(client: Client) -> None:
    def refused(path: str, **body: str) -> str:
        return client.detail("PUT", path, {name.replace("_", "-"): text for name, text in body.items()})

    assert refused(ADDRESSES, address="10.0.0.1/24", interface="x") == "input does not match any value of interface"
    assert refused(RULES, chain="input", in_interface="x") == "input does not match any value of interface"
    listed = refused(RULES, chain="input", in_interface_list="x")
    assert listed == "input does not match any value of interface-list"
    assert refused("/user", name="u", group="x", password="p") == "input does not match any value of group"
    table = refused("/ip/route", dst_address="10.0.0.0/8", gateway="10.0.0.1", routing_table="x")
    assert table == "input does not match any value of routing-table"
    gateway = refused("/ip/route", dst_address="10.0.0.0/8", gateway="nosuch-if")
    assert gateway == "invalid or unexpected argument base"
    soft = client.add(RULES, chain="input", action="jump", jump_target="nowhere", src_address_list="nothing")
    assert (soft["jump-target"], soft["src-address-list"]) == ("nowhere", "nothing")
    service = client.get("/ip/service/www-ssl")
    assert (
        client.detail("PATCH", f"/ip/service/{service['.id']}", {"certificate": "nope"})
        == "input does not match any value of certificate"
    )


def test_behaviour_37_what_is_omitted_in_the_firewall(client: Client) -> None:
    row = client.add(RULES, chain="input", action="accept")
    assert set(row) == {".id", "action", "bytes", "chain", "dynamic", "invalid", "packets"}
    written = client.add(RULES, chain="input", action="accept", disabled="no", log="no", log_prefix="")
    assert (written["disabled"], written["log"], written["log-prefix"]) == ("false", "false", "")
    path = f"{RULES}/{row['.id']}"
    client("PATCH", path, {"disabled": "yes", "comment": "x"})
    assert client("PATCH", path, {"disabled": "no", "comment": ""}).body == {**row, "disabled": "false"}


def test_behaviour_37_the_shapes_of_static_routes(client: Client) -> None:
    client.add(ADDRESSES, address="10.0.0.1/24", interface="ether1")
    row = client.add("/ip/route", dst_address="10.9.0.0/16", gateway="10.0.0.9")
    assert row == {
        ".id": "*80000001",
        "active": "true",
        "distance": "1",
        "dst-address": "10.9.0.0/16",
        "dynamic": "false",
        "gateway": "10.0.0.9",
        "immediate-gw": "10.0.0.9%ether1",
        "inactive": "false",
        "routing-table": "main",
        "scope": "30",
        "static": "true",
        "target-scope": "10",
    }
    path = f"/ip/route/{row['.id']}"
    assert client("PATCH", path, {"disabled": "yes", "comment": "off"}).body == {
        ".id": "*80000001",
        "comment": "off",
        "disabled": "true",
        "dst-address": "10.9.0.0/16",
        "gateway": "10.0.0.9",
        "inactive": "false",
        "static": "true",
    }
    assert client("PATCH", path, {"disabled": "no", "comment": ""}).body == row
    far = client.add("/ip/route", dst_address="10.8.0.0/16", gateway="172.16.0.1")
    assert (far["inactive"], far["immediate-gw"], "active" in far) == ("true", "", False)
    hole = client.add("/ip/route", dst_address="10.7.0.0/16", blackhole="yes")
    assert hole["blackhole"] == ""
    assert not {"gateway", "scope", "target-scope"} & set(hole)
    assert "static" not in client.get("/ip/route?connect=true")[0]


def test_behaviour_37_records_show_the_fields_of_their_type(client: Client) -> None:
    mail = client.add(RECORDS, name="m.lan", type="MX", mx_exchange="mx.lan")
    assert (mail["mx-preference"], mail["ttl"]) == ("0", "1d")
    alias = client.add(RECORDS, name="c.lan", type="CNAME", cname="d.lan", address="10.0.0.1")
    assert "address" not in alias
    pattern = client.add(RECORDS, regexp=".*x", address="10.0.0.2")
    assert (pattern["type"], "name" in pattern, "comment" in pattern) == ("A", False, False)


def test_behaviour_38_parameters(client: Client) -> None:
    row = client.add("/interface/vlan", name="v", interface="ether1", vlan_id="5")
    path = f"/interface/vlan/{row['.id']}"
    assert client.detail("PATCH", path, {"nonsense": "1"}) == "unknown parameter nonsense"
    assert client.detail("PATCH", path, {"running": "true"}) == "unknown parameter running"
    assert client.detail("PATCH", path, {"vlan-id": 5000}) == "value of vlan-id out of range (1..4094)"
    assert client.detail("PUT", ADDRESSES, {"interface": "ether1"}) == "missing =address="
    assert client.detail("PUT", "/interface/list/member", {"interface": "ether1"}) == "missing =list="
    assert client.detail("PUT", RULES, {"chain": "input", "action": "explode"}) == (
        "input does not match any value of action"
    )
    assert client.get(path) == row


def test_behaviour_39_duplicates(client: Client) -> None:
    cases = [
        (LISTS, {"list": "a", "address": "10.0.0.1"}, {"address": "10.0.0.1/32"}, "failure: already have such entry"),
        (ADDRESSES, {"address": "10.0.0.1/24", "interface": "ether1"}, {}, "failure: already have such address"),
        (RECORDS, {"name": "a.lan", "address": "10.0.0.1"}, {"ttl": "1h"}, "failure: entry already exists"),
    ]
    for path, body, other, words in cases:
        first = client("PUT", path, body)
        assert first.status == 201, first.raw
        assert client.detail("PUT", path, {**body, **other}) == words
        second = client("PUT", path, {**body, **other, "disabled": "yes"})
        assert second.status == 201, second.raw
        assert client.detail("PATCH", f"{path}/{second.body['.id']}", {"disabled": "no"}) == words
    user = client.detail("PUT", "/user", {"name": "admin", "group": "full", "password": "x"})
    assert user == "failure: user with the same name already exists"
    assert client.add(RECORDS, name="a.lan", address="10.0.0.2")
    client.add(LISTS, list="b", address="10.0.0.9", disabled="yes")
    assert client.add(LISTS, list="b", address="10.0.0.9")


def test_behaviour_39_contradictions(client: Client) -> None:
    both = client.detail("PUT", RECORDS, {"name": "x", "regexp": "x", "address": "1.1.1.1"})
    assert both == "failure: only name or regexp allowed"
    mail = client.detail("PUT", RECORDS, {"type": "MX", "name": "x", "address": "1.1.1.1"})
    assert mail == "failure: bad MX data"
    ports = client.detail("PUT", "/ip/firewall/nat", {"chain": "dstnat", "action": "dst-nat", "dst-port": "80"})
    assert ports == "failure: ports can be specified if proto is tcp,udp,udp-lite,dccp,sctp"


def test_behaviour_40_clearing(client: Client) -> None:
    row = client.add(RULES, chain="input", action="accept", comment="x", src_address="10.0.0.0/8", protocol="tcp")
    path = f"{RULES}/{row['.id']}"
    assert "comment" not in client("PATCH", path, {"comment": ""}).body
    refused = client.detail("PATCH", path, {"src-address": None})
    assert refused == "value of range expects range of ip addresses"
    assert client("PATCH", path, {"connection-state": ""}).status == 400
    assert "src-address" not in client("PATCH", path, {"!src-address": ""}).body
    client("POST", f"{RULES}/unset", {".id": row[".id"], "value-name": "protocol"})
    assert "protocol" not in client.get(path)
    assert "value-name" in client.detail("POST", f"{RULES}/unset", {".id": row[".id"], "value-name": "nonsense"})


def test_behaviour_41_patch_by_name_hides_the_reason(router: SimulatedRouter, client: Client) -> None:
    service = client.get("/ip/service/ftp")
    by_id = f"/ip/service/{service['.id']}"
    assert client.detail("PATCH", by_id, {"comment": "x"}) == "unknown parameter comment"
    assert client.detail("PATCH", "/ip/service/ftp", {"comment": "x"}) == "missing or invalid resource identifier"
    assert client("PATCH", "/ip/service/ftp", {"disabled": "yes"}).body["disabled"] == "true"
    router.masked = True
    assert client.detail("PATCH", by_id, {"comment": "x"}) == "missing or invalid resource identifier"


def test_behaviour_42_users_and_groups(client: Client) -> None:
    assert all("password" not in row for row in client.get("/user"))
    assert "password" not in client.add("/user", name="new", group="read", password="x")
    group = client.add("/user/group", name="g", policy="read,api,rest-api")
    shown = group["policy"].split(",")
    assert shown[:3] == ["read", "api", "rest-api"]
    assert shown[3:] == [word for word in shown if word.startswith("!")]
    path = f"/user/group/{group['.id']}"
    merged = client("PATCH", path, {"policy": "write,!api"}).body["policy"].split(",")
    assert [word for word in merged if not word.startswith("!")] == ["read", "write", "rest-api"]
    read = client.get("/user/group/read")
    client.add("/user", name="member", group="g", password="x")
    assert client("DELETE", path).body["detail"] == "failure: group has some users"
    assert read["policy"].endswith("!ftp,!write,!policy")


def test_behaviour_43_secrets_are_masked_without_the_policy(router: SimulatedRouter, client: Client) -> None:
    client.add("/ppp/secret", name="u", password="hush")
    assert client.get("/ppp/secret")[0]["password"] == "hush"
    assert Client(router, "blind").get("/ppp/secret")[0]["password"] == "*****"
