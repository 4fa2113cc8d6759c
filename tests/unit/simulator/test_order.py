"""Behaviours 44 to 48: one table per menu, moves, neighbours, rows of the router's own, ids."""

from __future__ import annotations

import pytest

from tests.unit.simulator.plain import Client

RULES = "/ip/firewall/filter"


@pytest.fixture
def rules(client: Client) -> list[str]:
    """Five rules a to e in two chains; their ids."""
    chains = ("input", "forward", "input", "forward", "input")
    return [
        client.add(RULES, chain=chain, action="accept", comment=name)[".id"]
        for name, chain in zip("abcde", chains, strict=True)
    ]


def order(client: Client) -> str:
    return "".join(row["comment"] for row in client.get(RULES))


def move(client: Client, **body: str) -> None:
    reply = client("POST", f"{RULES}/move", body)
    assert (reply.status, reply.raw) == (200, "[]")


def test_behaviour_44_put_appends_and_place_before_inserts(client: Client, rules: list[str]) -> None:
    reply = client("PUT", RULES, {"chain": "input", "action": "drop", "comment": "x", "place-before": rules[1]})
    assert reply.status == 201
    assert "place-before" not in reply.body
    assert order(client) == "axbcde"
    client.add(RULES, chain="forward", action="drop", comment="y")
    assert order(client) == "axbcdey"
    refused = client.detail("PATCH", f"{RULES}/{rules[0]}", {"place-before": rules[2]})
    assert refused == "unknown parameter place-before"
    unordered = client.detail(
        "PUT", "/ip/address", {"address": "10.0.0.1/24", "interface": "ether1", "place-before": "*1"}
    )
    assert unordered == "unknown parameter place-before"


def test_behaviour_45_move_before_its_destination(client: Client, rules: list[str]) -> None:
    a, b, c, d, e = rules
    move(client, numbers=e, destination=b)
    assert order(client) == "aebcd"
    move(client, **{".id": a, "destination": d})
    assert order(client) == "ebcad"
    move(client, numbers=f"{d},{e}", destination=c)
    assert order(client) == "bdeca"
    move(client, numbers=f"{b},{b}")
    assert order(client) == "decab"
    assert [row[".id"] for row in client.get(RULES)] == [d, e, c, a, b]


def test_behaviour_45_the_traps_of_move(client: Client, rules: list[str]) -> None:
    move(client, numbers=rules[0], destination="*FFFF")
    assert order(client) == "bcdea"
    move(client, numbers="4", destination="0")
    assert order(client) == "abcde"
    move(client, numbers="d", destination="b")
    assert order(client) == "adbce"
    assert client("POST", f"{RULES}/move", {"numbers": "*FFFF", "destination": rules[0]}).status == 404
    assert client("POST", f"{RULES}/move", {"numbers": "no such comment"}).status == 404
    assert client.detail("POST", f"{RULES}/move", {}) == "missing =.id="
    assert client.detail("POST", f"{RULES}/move", {"destination": rules[0]}) == "missing =.id="
    itself = client.detail("POST", f"{RULES}/move", {"numbers": rules[0], "destination": rules[0]})
    assert itself == "failure: can not move object before itself"
    assert order(client) == "adbce"


def test_behaviour_46_nextid(client: Client) -> None:
    client.add("/interface/bridge", name="b1")
    for name in ("ether2", "ether3", "ether4"):
        client.add("/interface/bridge/port", bridge="b1", interface=name)
    rows = client.get("/interface/bridge/port")
    assert [row[".nextid"] for row in rows] == [rows[1][".id"], rows[2][".id"], "*FFFFFFFF"]
    assert list(rows[0])[:2] == [".id", ".nextid"]
    client("POST", "/interface/bridge/port/move", {"numbers": rows[2][".id"], "destination": rows[0][".id"]})
    moved = client.get("/interface/bridge/port")
    assert [(row["interface"], row[".nextid"]) for row in moved] == [
        ("ether4", rows[0][".id"]),
        ("ether2", rows[1][".id"]),
        ("ether3", "*FFFFFFFF"),
    ]
    assert client.get(f"/interface/bridge/port/{rows[1]['.id']}")[".nextid"] == "*FFFFFFFF"
    assert ".nextid" not in client.add(RULES, chain="input", action="accept")


def test_behaviour_47_fasttrack_makes_dummy_rules(client: Client, rules: list[str]) -> None:
    added = client.add(RULES, chain="forward", action="fasttrack-connection", comment="f")
    dummy = client.get(RULES)[0]
    assert dummy["comment"] == "special dummy rule to show fasttrack counters"
    assert (dummy["dynamic"], dummy["action"], dummy["chain"]) == ("true", "passthrough", "forward")
    for path in ("/ip/firewall/mangle", "/ip/firewall/raw"):
        assert all(row["dynamic"] == "true" for row in client.get(path))
        assert client.get(path)
    assert client("PATCH", f"{RULES}/{dummy['.id']}", {"comment": "x"}).status == 400
    assert client("DELETE", f"{RULES}/{dummy['.id']}").status == 400
    assert client("POST", f"{RULES}/move", {"numbers": dummy[".id"], "destination": rules[3]}).status == 400
    assert client.get(RULES)[0] == dummy
    client("DELETE", f"{RULES}/{added['.id']}")
    assert order(client) == "abcde"
    assert client.get("/ip/firewall/mangle") == []


def test_behaviour_48_ids(client: Client, rules: list[str]) -> None:
    assert rules == ["*1", "*2", "*3", "*4", "*5"]
    client("DELETE", f"{RULES}/*5")
    assert client.add(RULES, chain="input", action="accept")[".id"] == "*6"
    for _ in range(5):
        last = client.add(RULES, chain="input", action="accept")
    assert last[".id"] == "*B"
    assert client.get("/ip/service/telnet")[".id"] == "*0"
    assert client.add("/ip/route", dst_address="10.9.0.0/16", gateway="10.0.0.9")[".id"] == "*80000001"
    client.add("/ip/address", address="10.0.0.1/24", interface="ether1")
    connected = client.get("/ip/route?connect=true")
    assert connected[0][".id"].startswith("*2018")


def test_interfaces_of_every_kind_share_ids_and_names(client: Client) -> None:
    bridge = client.add("/interface/bridge", name="b1")
    vlan = client.add("/interface/vlan", name="v1", interface="b1", vlan_id="9")
    assert int(vlan[".id"][1:], 16) == int(bridge[".id"][1:], 16) + 1
    assert client.get(f"/interface/{vlan['.id']}")["type"] == "vlan"
    taken = client.detail("PUT", "/interface/bridge", {"name": "v1"})
    assert taken == "failure: already have interface with such name"
    client("PATCH", f"/interface/{bridge['.id']}", {"name": "b2", "comment": "here"})
    assert client.get("/interface/bridge")[0]["comment"] == "here"
    assert client.get(f"/interface/vlan/{vlan['.id']}")["interface"] == "b2"
