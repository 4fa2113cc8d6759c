"""Values, fields and rows that a router refuses, each in the words of its kind; asked of 7.23.2 and 7.23.3."""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

from simulator.complaints.compiling import FACTS, compile_facts
from simulator.complaints.wording import complaints, words_for
from simulator.fleet import SimulatedRouter, run_in_thread
from tests.unit.simulator.plain import Client

Fields = Mapping[str, str]


@pytest.fixture(scope="module")
def newest() -> Iterator[Client]:
    """A router that all these tests ask: what is refused leaves nothing behind."""
    router = SimulatedRouter("lab", version="7.23.3", users={"admin": "secret"})
    with run_in_thread([router]):
        yield Client(router)


@pytest.mark.parametrize(
    ("path", "fields", "words"),
    [
        ("/radius", {"address": "1.2.3"}, "invalid or unexpected argument base"),
        ("/routing/rpki", {"group": "g", "address": "x"}, "invalid or unexpected argument base"),
        ("/ip/address", {"address": "x", "interface": "ether1"}, "value of address expects range of ip addresses"),
        ("/ip/address", {"address": "", "interface": "ether1"}, "invalid value for argument address"),
        ("/ip/pool", {"name": "p", "ranges": "x"}, "value of range expects range of ip addresses"),
        ("/ipv6/address", {"address": "x", "interface": "ether1"}, "invalid value for argument address"),
        (
            "/interface/vlan",
            {"name": "v", "interface": "ether1", "vlan-id": "x"},
            "value of vlan-id contains invalid trailing characters",
        ),
        (
            "/interface/vlan",
            {"name": "v", "interface": "ether1", "vlan-id": "4095"},
            "value of vlan-id out of range (1..4094)",
        ),
        (
            "/interface/bridge",
            {"name": "b", "ageing-time": "5s"},
            "value of ageing-time is out of range (00:00:10 .. 1w4d13:46:40)",
        ),
        ("/interface/bridge", {"name": "b", "ageing-time": "long"}, "invalid time value for argument ageing-time"),
        ("/interface/bridge", {"name": "b", "admin-mac": "x"}, "invalid value of admin-mac, mac address required"),
        ("/interface/bridge", {"name": "b", "protocol-mode": "x"}, "input does not match any value of protocol-mode"),
        (
            "/ip/firewall/filter",
            {"chain": "input", "in-bridge-port-list": "x"},
            "input does not match any value of interface-list",
        ),
        ("/interface/bridge/vlan", {"bridge": "x", "vlan-ids": "5"}, "input does not match any value of bridge"),
    ],
)
def test_behaviour_38_a_value_is_refused_in_the_words_of_its_kind(
    newest: Client, path: str, fields: Fields, words: str
) -> None:
    assert newest.detail("PUT", path, fields) == words


def test_behaviour_38_a_value_of_one_kind_or_another_is_refused_by_each_of_them(newest: Client) -> None:
    newest.add("/interface/bridge", name="either")
    refused = newest.detail("PUT", "/interface/bridge/vlan", {"bridge": "either", "vlan-ids": "5", "tagged": "x"})
    assert refused == (
        "invalid value for argument interface:\n"
        "    input does not match any value of interface\n"
        "    input does not match any value of interface-list"
    )


def test_behaviour_38_settings_cannot_be_listened_to(newest: Client) -> None:
    assert newest.detail("POST", "/system/resource/listen", {}) == "unknown parameter follow-only"
    assert newest.detail("POST", "/system/clock/listen", {}) == "unknown parameter follow-only"


@pytest.mark.parametrize(
    "path", ["/interface/ethernet", "/ip/service", "/ip/hotspot/service-port", "/caps-man/channel", "/no/such"]
)
def test_behaviour_38_nothing_is_put_where_nothing_can_be_added(newest: Client, path: str) -> None:
    assert newest.detail("PUT", path, {"name": "x"}) == "missing or invalid resource identifier"


@pytest.mark.parametrize(
    ("path", "fields", "words"),
    [
        ("/interface/bonding", {"name": "b"}, "failure: need at least one slave interface"),
        ("/interface/list/member", {"list": "all", "interface": "ether1"}, "failure: cannot add to builtin list"),
        (
            "/interface/vxlan",
            {"name": "x", "vni": "5", "interface": "ether1"},
            "failure: Both Interface and Group must",
        ),
        ("/interface/wifi", {"name": "w"}, "failure: must specify exactly one of radio-mac, master-interface or mld"),
        ("/ip/dns/forwarders", {"name": "f"}, "failure: no DoH or DNS servers"),
        ("/ip/ipsec/policy", {"dst-address": "10.0.0.0/8"}, "failure: Peer not set!"),
        ("/ipv6/pool", {"name": "p", "prefix": "fd00::/48", "prefix-length": "40"}, "failure: prefix length can not"),
        ("/routing/filter/community-list", {"list": "l"}, "failure: invalid matcher"),
        ("/routing/filter/num-list", {"list": "l"}, "failure: num range not specified"),
        ("/certificate", {"name": "c"}, "failure: At least one field specifying certificate name must be set!"),
        ("/ip/dhcp-server", {"name": "d"}, "missing =interface="),
    ],
)
def test_behaviour_38_a_row_without_what_it_needs_is_refused(
    newest: Client, path: str, fields: Fields, words: str
) -> None:
    refused = newest.detail("PUT", path, fields)
    assert refused[: len(words)] == words


@pytest.mark.parametrize(
    ("path", "fields", "words"),
    [
        ("/interface/bridge", {"name": "x"}, "failure: already have interface with name x"),
        ("/interface/list", {"name": "x"}, "failure: already have interface list with such name"),
        ("/interface/wifi/channel", {"name": "x"}, "failure: must use unique name"),
        ("/ip/dhcp-client", {"interface": "ether1", "name": "x"}, "failure: client with such name already exists"),
        ("/ip/dhcp-server/option", {"name": "x", "code": "66"}, "failure: option with such name already exists"),
        ("/ip/firewall/layer7-protocol", {"name": "x"}, "failure: already have such name"),
        ("/ip/hotspot/user/profile", {"name": "x"}, "failure: user profile with such name already exists"),
        ("/ip/ipsec/profile", {"name": "x"}, "failure: name can't repeat!"),
        ("/ip/ipsec/proposal", {"name": "x"}, "failure: duplicate item name"),
        ("/ip/pool", {"name": "x", "ranges": "10.0.0.1-10.0.0.9"}, "failure: pool with such name exists"),
        ("/ip/vrf", {"name": "x"}, "failure: vrf already exists: x"),
        ("/ipv6/pool", {"name": "x", "prefix": "fd00::/48", "prefix-length": "64"}, "failure: two pools cannot have"),
        ("/ppp/profile", {"name": "x"}, "failure: profile with the same name already exists"),
        ("/queue/type", {"name": "x", "kind": "pfifo"}, "failure: name already used"),
        ("/routing/table", {"name": "x", "fib": ""}, "failure: root table already exists with name: x"),
        ("/snmp/community", {"name": "x"}, "failure: community with the same name already exists!"),
        ("/system/ntp/client/servers", {"address": "192.0.2.1"}, "failure: duplicate address"),
        ("/system/scheduler", {"name": "x"}, "failure: item with this name already exists"),
        ("/system/script", {"name": "x"}, "failure: item with such name already exists"),
        ("/system/logging/action", {"name": "x", "target": "memory"}, "failure: action already exists with such a"),
    ],
)
def test_behaviour_39_a_second_row_is_refused_in_the_words_of_its_menu(
    newest: Client, path: str, fields: Fields, words: str
) -> None:
    added = newest("PUT", path, fields)
    assert added.status == 201, added.raw
    refused = newest.detail("PUT", path, fields)
    assert newest("DELETE", f"{path}/{added.body['.id']}").status == 204
    assert refused[: len(words)] == words


def test_behaviour_38_a_row_of_a_connection_is_configured_elsewhere(newest: Client) -> None:
    connection = newest.get("/ip/service?name=discover")[0]
    assert connection["dynamic"] == "true"
    refused = newest.detail("POST", "/ip/service/set", {"numbers": "discover", "disabled": "yes"})
    assert refused == "failure: this is configured elsewhere"


def test_behaviour_39_some_duplicates_are_an_internal_error(newest: Client) -> None:
    fields = {"name": "x", "server": "all", "code": "60", "value": "'x'", "address-pool": "static-only"}
    first, second = (newest("PUT", "/ip/dhcp-server/matcher", fields) for _ in range(2))
    assert (first.status, second.status, second.body["detail"]) == (201, 500, "item already exists (7)")


def test_what_is_complained_of_is_what_the_console_tells(inspect_data: Path) -> None:
    with gzip.open(inspect_data / "probed" / "arg-types.json.gz", "rt", encoding="utf-8") as file:
        assert FACTS.read_text("utf-8") == compile_facts(json.load(file))


def test_every_complaint_has_words() -> None:
    expressions = {told for fields in complaints().values() for told in fields.values()}
    assert len(expressions) > 100
    assert all("{}" not in words_for(told, text) for told in expressions for text in ("", "x", "a/b"))
