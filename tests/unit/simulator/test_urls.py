"""Behaviours 14 to 20: what a URL names, and the words for what it does not."""

from __future__ import annotations

import pytest

from simulator.fleet import SimulatedRouter, run_in_thread
from tests.unit.simulator.plain import Client


def test_behaviour_14_an_unknown_word_is_named(client: Client) -> None:
    assert client.detail("GET", "/nonexistent") == "no such command or directory (nonexistent)"
    assert client.detail("GET", "/ip/nonexistent") == "no such command or directory (nonexistent)"
    assert client.detail("GET", "/ip/wrong/address") == "no such command or directory (wrong)"
    assert client.detail("PUT", "/ip/nonexistent", {}) == "missing or invalid resource identifier"


def test_behaviour_14_hardware_that_is_absent_has_no_menu(client: Client) -> None:
    assert client.get("/system/routerboard")["routerboard"] == "true"
    virtual = SimulatedRouter("chr", model="CHR", users={"admin": "secret"})
    with run_in_thread([virtual]):
        refused = Client(virtual).detail("GET", "/system/routerboard")
    assert refused == "no such command or directory (routerboard)"


@pytest.mark.parametrize("path", ["/ip/firewall/filter/print", "/ip/address/add", "/system/identity/set"])
def test_behaviour_15_get_of_a_command(client: Client, path: str) -> None:
    assert client.detail("GET", path) == "no such command"


def test_behaviour_15_post_without_a_command_or_with_a_missing_one(client: Client) -> None:
    assert client.detail("POST", "/ip/address", {"address": "10.0.0.1/24"}) == "no such command"
    assert client.detail("POST", "/ip/address/move", {}) == "no such command or directory (move)"
    assert client.detail("POST", "/ip/address/explode", {}) == "no such command or directory (explode)"
    assert client.get("/ip/address") == []


def test_behaviour_16_an_encoded_asterisk_is_never_decoded(client: Client) -> None:
    row = client.add("/ip/firewall/filter", chain="input", action="accept")
    path = "/ip/firewall/filter/%2A" + row[".id"][1:]
    assert client.detail("GET", path) == "no such command prefix"
    assert client.detail("PATCH", path, {"comment": "x"}) == "missing or invalid resource identifier"
    assert client.detail("DELETE", path) == "missing or invalid resource identifier"
    assert client.get(f"/ip/firewall/filter/{row['.id']}") == row


def test_behaviour_16_other_characters_are_decoded(client: Client) -> None:
    client.add("/interface/list", name="a list/of two")
    assert client.get("/interface/list/a%20list%2Fof%20two")["name"] == "a list/of two"


def test_behaviour_17_by_name_where_there_are_names(client: Client) -> None:
    assert client.get("/interface/ether1")["type"] == "ether"
    assert client.get("/user/admin")["group"] == "full"
    assert client.get("/ip/service/www-ssl")["port"] == "443"
    client.add("/ip/firewall/filter", chain="input", action="accept", comment="ether1")
    assert client.detail("GET", "/ip/firewall/filter/ether1") == "no such command prefix"


def test_behaviour_18_an_unknown_id_is_404_without_detail(client: Client) -> None:
    for method, body in (("GET", None), ("PATCH", {"comment": "x"}), ("DELETE", None)):
        reply = client(method, "/ip/firewall/filter/*FFFF", body)
        assert (reply.status, reply.raw) == (404, '{"error":404,"message":"Not Found"}')


def test_behaviour_19_patch_and_delete_need_a_row(client: Client) -> None:
    for path in ("/system/identity", "/ip/dns", "/ip/firewall/filter"):
        assert client.detail("PATCH", path, {"name": "x"}) == "missing or invalid resource identifier"
        assert client.detail("DELETE", path) == "missing or invalid resource identifier"
    assert client.get("/system/identity") == {"name": "MikroTik"}


def test_behaviour_20_rows_of_the_router_cannot_be_deleted(client: Client) -> None:
    port = client.get("/interface/ethernet")[0]
    client.add("/interface/bridge", name="b1")
    for path in (f"/interface/ethernet/{port['.id']}", "/ip/service/telnet", "/interface/list/all", "/interface/b1"):
        assert client.detail("DELETE", path) == "missing or invalid resource identifier"
    assert client.get(f"/interface/ethernet/{port['.id']}") == port
