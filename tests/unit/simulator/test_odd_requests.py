"""What a router is sent by mistake or with malice: it refuses, stays well, and never says anything of ours."""

from __future__ import annotations

import pytest

from tests.unit.simulator.plain import Client

FILTER = "/ip/firewall/filter"


@pytest.mark.parametrize("name", ["9" * 300, "../../etc/passwd", "\0", "Foo/Bar"])
def test_a_time_zone_that_is_none_hurts_nobody(client: Client, name: str) -> None:
    client("POST", "/system/clock/set", {"time-zone-name": name})
    assert client("GET", "/system/clock").status == 200
    assert client("PUT", "/ip/firewall/address-list", {"list": "x", "address": "192.0.2.1"}).status == 201


def test_half_a_character_is_refused(client: Client) -> None:
    reply = client("PUT", "/interface/bridge", raw=b'{"name":"b","comment":"\\ud800"}')
    assert (reply.status, reply.body["detail"]) == (400, "Failed to parse json")
    assert client("GET", "/interface/bridge").status == 200
    assert client("PUT", "/interface/bridge", raw=b'{"name":"b","comment":"\\ud83d\\ude00"}').status == 201


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("PUT", "/interface/vlan", {"interface": "ether1", "vlan-id": "1" * 5000}),
        ("PUT", "/interface/bridge", {"priority": "1" * 5000, "ageing-time": "5m"}),
        ("PUT", "/interface/bridge", {"ageing-time": "1" * 5000}),
        ("POST", f"{FILTER}/move", {"numbers": "9" * 6000}),
        ("POST", f"{FILTER}/move", {"numbers": "²"}),
        ("PUT", FILTER, {"chain": "input", "copy-from": "²"}),
        ("PUT", FILTER, {"chain": "input", "place-before": "²"}),
    ],
)
def test_numbers_that_are_none_or_too_long_are_refused(client: Client, method: str, path: str, body: object) -> None:
    assert client(method, path, body).status in (400, 404)


@pytest.mark.parametrize("word", ["#" + "9" * 6000, "#²", "#"])
def test_odd_words_of_a_query_are_answered(client: Client, word: str) -> None:
    assert client("POST", "/interface/print", {".query": [word]}).status == 200
