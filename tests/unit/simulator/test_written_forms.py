"""How written values read back, and which are refused, over a real socket."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from simulator.fleet import SimulatedRouter, run_in_thread
from tests.unit.simulator.conftest import USERS
from tests.unit.simulator.plain import Client

RULE = {"chain": "forward", "action": "accept"}
TCP = {**RULE, "protocol": "tcp"}
KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="


@pytest.fixture(scope="module")
def probed() -> Iterator[Client]:
    """A router of the version whose words were asked."""
    router = SimulatedRouter("probed", {}, version="7.23.3", users=USERS)
    with run_in_thread([router]):
        yield Client(router)


READ_BACK = [
    ("/interface/gre", {"remote-address": "192.0.2.9", "name": "g", "dont-fragment": "true"}, "inherit"),
    ("/interface/bridge", {"name": "long", "port-cost-mode": "true"}, "long"),
    ("/interface/bridge", {"name": "short", "port-cost-mode": "false"}, "short"),
    ("/interface/bridge", {"name": "typed", "vlan-filtering": "yes", "ether-type": "33024"}, "0x8100"),
    ("/ipv6/nd", {"interface": "ether1", "hop-limit": "0"}, "unspecified"),
    ("/ipv6/nd", {"interface": "ether2", "mtu": "0"}, "unspecified"),
    ("/interface/l2tp-client", {"name": "l", "connect-to": "192.0.2.1", "keepalive-timeout": "0"}, "disabled"),
    ("/interface/l2tp-client", {"name": "m", "connect-to": "192.0.2.1", "keepalive-timeout": "1m"}, "60"),
    ("/ip/hotspot/user/profile", {"name": "i", "idle-timeout": "0"}, "none"),
    ("/ip/hotspot/user/profile", {"name": "k", "keepalive-timeout": "0"}, "none"),
    ("/ip/firewall/filter", {**RULE, "address-list-timeout": "00:00:00"}, "none-dynamic"),
    ("/interface/vrrp", {"name": "v", "interface": "ether1", "group-authority": "none"}, ""),
    ("/ip/firewall/filter", {**RULE, "protocol": "6"}, "tcp"),
    ("/ip/firewall/filter", {**RULE, "protocol": "!17"}, "!udp"),
    ("/ip/firewall/filter", {**RULE, "protocol": "200"}, "200"),
    ("/ip/firewall/filter", {**RULE, "time": "08:00:00-17:00:00,mon,sun"}, "8h-17h,sun,mon"),
    ("/ip/firewall/filter", {**RULE, "connection-rate": "10k-1M"}, "10000-1000000"),
    ("/ip/firewall/filter", {**RULE, "limit": "10,5"}, "10,5:packet"),
    ("/ip/firewall/filter", {**RULE, "dst-limit": "1,5,dst-address/100"}, "1,5,dst-address/1m40s"),
    ("/ip/firewall/filter", {**TCP, "dst-port": ",".join(map(str, range(15)))}, ",".join(map(str, range(15)))),
    ("/ipv6/address", {"interface": "ether1", "address": "2001:DB8:0:0::1/64"}, "2001:db8::1/64"),
    ("/system/scheduler", {"name": "s", "start-date": "oct/02/2026"}, "2026-10-02"),
    ("/system/scheduler", {"name": "t", "start-time": "8:05"}, "08:05:00"),
    ("/system/scheduler", {"name": "u", "start-time": "startup"}, "startup"),
    ("/interface/bridge", {"name": "said", "comment": True}, "yes"),
]


@pytest.mark.parametrize(("path", "row", "shown"), READ_BACK)
def test_behaviour_30_written_values_read_back_in_the_router_s_form(
    probed: Client, path: str, row: dict[str, str], shown: str
) -> None:
    made = probed("PUT", path, row)
    assert made.status == 201, made.raw
    assert made.body.get([*row][-1], "") == shown


REFUSED = [
    ("/ipv6/nd", {"interface": "ether3", "advertise-dns": "true"}, "input does not match any value of advertise-dns"),
    (
        "/ipv6/dhcp-server",
        {"interface": "ether1", "use-radius": "true"},
        "input does not match any value of use-radius",
    ),
    ("/interface/sstp-client", {"connect-to": "192.0.2.1", "pfs": "true"}, "input does not match any value of pfs"),
    ("/interface/bridge", {"ether-type": "33025"}, "input does not match any value of ether-type"),
    ("/ip/firewall/filter", {**RULE, "protocol": ""}, "input does not match any value of protocol"),
    ("/ip/firewall/filter", {**TCP, "dst-port": ",".join(map(str, range(16)))}, ""),
    ("/ip/firewall/filter", {**TCP, "dst-port": "70000"}, "value of dst-port out of range (0..65535)"),
    ("/ip/firewall/filter", {**TCP, "dst-port": "2000-1000"}, ""),
    ("/ip/firewall/filter", {**RULE, "packet-size": "70000"}, "value of packet-size out of range (0..65535)"),
    ("/ip/firewall/filter", {**RULE, "nth": "1,2"}, ""),
    ("/ip/firewall/mangle", {**RULE, "per-connection-classifier": "both-addresses:2/2"}, ""),
    (
        "/ip/firewall/nat",
        {"chain": "dstnat", "action": "dst-nat", "protocol": "tcp", "to-ports": "99999"},
        "value of to-ports out of range (0..65535)",
    ),
    ("/ip/pool", {"name": "p", "ranges": "1.1.1.9-1.1.1.1"}, "value of range expects range of ip addresses"),
    ("/queue/simple", {"target": "192.0.2.0/24", "priority": "9/9"}, "value of priority out of range (1..8)"),
    ("/queue/simple", {"target": "192.0.2.0/24", "max-limit": "1Gi/1"}, ""),
    ("/interface/wireguard", {"private-key": "bad"}, ""),
    ("/system/scheduler", {"name": "x", "start-date": "2026-13-45"}, "value of month out of range (1..12)"),
    ("/system/scheduler", {"name": "x", "start-time": "25:61"}, "value of hour out of range (0..24)"),
    ("/ip/address", {"interface": "ether1", "address": "::1/64"}, "value of address expects range of ip addresses"),
    ("/ipv6/address", {"interface": "ether1", "address": "192.168.1.1/24"}, "invalid value for argument address"),
    ("/ipv6/address", {"interface": "ether1", "address": "2001:db8::1/129"}, ""),
    ("/ip/route", {"gateway": "192.0.2.1", "dst-address": "2001::/16"}, ""),
    ("/ipv6/route", {"gateway": "fe80::1%ether1", "dst-address": "10.0.0.0/8"}, ""),
    ("/ip/firewall/filter", {**RULE, "src-address": "2001:db8::/32"}, "value of range expects range of ip addresses"),
    ("/ip/firewall/address-list", {"list": "l", "address": "2001:db8::1"}, ""),
    ("/ipv6/firewall/filter", {**RULE, "src-address": "192.0.2.1"}, "invalid value for argument address"),
    ("/ipv6/firewall/address-list", {"list": "l", "address": "192.0.2.1"}, ""),
]


@pytest.mark.parametrize(("path", "row", "words"), REFUSED)
def test_behaviour_36_values_that_fit_nothing_are_refused(
    probed: Client, path: str, row: dict[str, str], words: str
) -> None:
    said = probed.detail("PUT", path, row)
    assert said == words or (not words and said)


def test_behaviour_36_a_taken_ipv6_address_is_taken_in_every_spelling(client: Client) -> None:
    client.add("/ipv6/address", interface="ether2", address="2001:db8::1/64")
    again = client("PUT", "/ipv6/address", {"interface": "ether2", "address": "2001:DB8:0:0::1/64"})
    assert again.status == 400


def test_behaviour_40_an_address_list_matcher_is_cleared_by_nothing(client: Client) -> None:
    rule = client.add("/ip/firewall/filter", chain="forward", action="accept", src_address_list="friends")
    cleared = client("PATCH", f"/ip/firewall/filter/{rule['.id']}", {"src-address-list": ""})
    assert (cleared.status, "src-address-list" in cleared.body) == (200, False)


def test_behaviour_31_json_booleans_are_yes_and_no(client: Client) -> None:
    assert client("POST", "/ip/dns/set", {"allow-remote-requests": True}).status == 200
    assert client.get("/ip/dns")["allow-remote-requests"] == "true"
    assert client("PUT", "/ipv6/nd", {"interface": "ether3", "advertise-dns": True}).body["advertise-dns"] == "yes"


def test_behaviour_38_a_clock_is_not_set_to_what_is_no_time(client: Client) -> None:
    before = client.get("/system/clock")["date"]
    assert client.detail("POST", "/system/clock/set", {"date": "2026-13-01"}) == "value of month out of range (1..12)"
    assert client.detail("POST", "/system/clock/set", {"time": "25:00:00"}) == "value of hour out of range (0..24)"
    for wrong in ({"date": "2026-02-31"}, {"date": "garbage"}, {"time-zone-name": "Foo/Bar"}):
        assert client.detail("POST", "/system/clock/set", wrong)
    assert client.get("/system/clock")["date"] == before
    assert client("POST", "/system/clock/set", {"date": "2030-02-28", "time": "24:00:00"}).status == 200
    assert client.get("/system/clock")["date"] == "2030-03-01"
    assert client("POST", "/system/clock/set", {"time-zone-name": "Europe/Riga"}).status == 200


def test_behaviour_61_a_date_is_told_as_its_version_tells_dates() -> None:
    old = SimulatedRouter("old", {}, version="7.9", users=USERS)
    with run_in_thread([old]):
        made = Client(old).add("/system/scheduler", name="s", start_date="2026-10-02")
    assert made["start-date"] == "oct/02/2026"


def test_behaviour_38_a_key_that_is_one_is_taken(client: Client) -> None:
    assert client.add("/interface/wireguard", private_key=KEY)["private-key"] == KEY
