"""Behaviours 2, 3, 7 and 10 to 13: who may ask, one after the other, and what a body must be."""

from __future__ import annotations

import threading
import time

from simulator.fleet import SimulatedRouter
from tests.unit.simulator.plain import Client


def test_behaviour_02_wrong_or_no_credentials_are_401_without_detail(router: SimulatedRouter, client: Client) -> None:
    for reply in (
        client("GET", "/ip/address", login=False),
        Client(router, password="wrong")("GET", "/ip/address"),
        Client(router, user="nobody")("GET", "/ip/address"),
    ):
        assert reply.status == 401
        assert reply.raw == '{"error":401,"message":"Unauthorized"}'
        assert reply.headers["www-authenticate"].startswith("Basic")
    assert client("GET", "/ip/address").status == 200


def test_behaviour_02_a_disabled_user_and_a_new_password_count_at_once(router: SimulatedRouter, client: Client) -> None:
    second = Client(router, "second")
    assert second("GET", "/ip/address").status == 200
    assert client("PATCH", "/user/second", {"password": "other"}).status == 200
    assert second("GET", "/ip/address").status == 401
    assert Client(router, "second", "other")("GET", "/ip/address").status == 200
    client("PATCH", "/user/second", {"disabled": "yes"})
    assert Client(router, "second", "other")("GET", "/ip/address").status == 401


def test_behaviour_03_the_group_needs_both_policies(router: SimulatedRouter) -> None:
    assert Client(router, "no-rest")("GET", "/ip/address").raw == '{"error":401,"message":"Unauthorized"}'
    reply = Client(router, "no-api")("GET", "/ip/address")
    assert (reply.status, reply.body["detail"]) == (500, "std failure: not allowed (9)")


def test_policies_of_the_group_gate_writes(router: SimulatedRouter, client: Client) -> None:
    reader = Client(router, "reader")
    row = client.add("/ip/firewall/filter", chain="input", action="accept")
    assert reader.get("/ip/firewall/filter")
    refused = reader("PUT", "/ip/firewall/filter", {"chain": "input", "action": "drop"})
    assert (refused.status, refused.body["detail"]) == (500, "not enough permissions (9)")
    assert reader("DELETE", f"/ip/firewall/filter/{row['.id']}").status == 500
    patched = reader.detail("PATCH", f"/ip/firewall/filter/{row['.id']}", {"comment": "x"})
    assert patched == "missing or invalid resource identifier"
    assert len(client.get("/ip/firewall/filter")) == 1


def test_behaviour_07_one_user_is_served_in_turn_and_two_at_once(router: SimulatedRouter) -> None:
    router.latency = 0.25
    assert _seconds(Client(router), Client(router)) >= 0.5
    assert _seconds(Client(router), Client(router, "second")) < 0.5


def _seconds(*clients: Client) -> float:
    threads = [threading.Thread(target=client, args=("GET", "/system/identity")) for client in clients]
    begun = time.monotonic()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return time.monotonic() - begun


def test_behaviour_10_head_and_options(client: Client) -> None:
    assert client("HEAD", "/ip/address").status == 501
    options = client("OPTIONS", "/ip/address", login=False)
    assert options.status == 503
    assert not [name for name in options.headers if name.startswith("access-control")]


def test_behaviour_11_a_body_needs_its_content_type(client: Client) -> None:
    body = b'{"chain":"input","action":"accept"}'
    for given in (None, "text/plain"):
        reply = client("PUT", "/ip/firewall/filter", raw=body, content_type=given)
        assert (reply.status, reply.raw) == (415, '{"error":415,"message":"Unsupported Media Type"}')
    assert client.get("/ip/firewall/filter") == []
    for method in ("POST", "PATCH"):
        assert client(method, "/ip/firewall/filter/print", raw=b"{}", content_type=None).status == 415
    assert client("PUT", "/ip/firewall/filter", raw=body, content_type="application/json; charset=utf-8").status == 201


def test_behaviour_12_what_is_no_json_is_refused(client: Client) -> None:
    for body in (
        b"{",
        b"[1]",
        b'{"vlan-id": 2e0}',
        b'{"vlan-id": 2.5e1}',
        b'{"a": NaN}',
        b'{"a": {"b": "c"}}',
        b"\xff",
    ):
        reply = client("PUT", "/interface/vlan", raw=body)
        assert (reply.status, reply.body["detail"]) == (400, "Failed to parse json"), body
    assert client.get("/interface/vlan") == []


def test_behaviour_13_the_root_answers_without_login(client: Client) -> None:
    reply = client("GET", "!/", login=False)
    assert (reply.status, reply.headers["content-type"]) == (200, "text/html")
