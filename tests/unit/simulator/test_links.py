"""What follows from links, addresses and references: running, slaves, networks, routes, ``invalid``, dangling ids."""

from __future__ import annotations

import urllib.error
import urllib.request

import pytest

from simulator.fleet import SimulatedRouter, run_in_thread
from simulator.hardware import Hardware, serial_of
from simulator.interfaces import plug
from tests.unit.simulator.plain import Client

FILTER, BRIDGE, PORTS, VLAN = "/ip/firewall/filter", "/interface/bridge", "/interface/bridge/port", "/interface/vlan"


def test_addresses_of_ten_thousand_routers_are_distinct_and_stable() -> None:
    serials = [serial_of(f"router-{number}") for number in range(10_000)]
    macs = [Hardware("hEX", serial, "7.20.8").mac(1) for serial in serials]
    assert len(set(macs)) == len(serials)
    assert macs == [Hardware("hEX", serial, "7.18.2").mac(1) for serial in serials]
    box = Hardware("hEX", serials[0], "7.20.8")
    assert len({box.mac(port) for port in range(64)}) == 64
    assert len({box.mac(port)[:14] for port in range(64)}) == 1


def test_a_vlan_runs_as_long_as_what_it_is_on(client: Client) -> None:
    client.add(VLAN, name="upper", interface="ether2", vlan_id="10")
    client.add(VLAN, name="inner", interface="upper", vlan_id="20")
    ether = client.get("/interface/ethernet/ether2")
    assert {row["mac-address"] for row in client.get(VLAN)} == {ether["mac-address"]}
    assert {row["running"] for row in client.get(VLAN)} == {"true"}
    client("PATCH", f"/interface/ethernet/{ether['.id']}", {"disabled": "yes"})
    assert {row["running"] for row in client.get(VLAN)} == {"false"}
    assert {row["name"]: row["running"] for row in client.get("/interface")}["inner"] == "false"
    client("PATCH", f"/interface/ethernet/{ether['.id']}", {"disabled": "no"})
    assert {row["running"] for row in client.get(VLAN)} == {"true"}


def test_a_link_that_goes_down_takes_its_routes_and_is_logged(client: Client) -> None:
    device = client.router.device
    client.add("/ip/address", address="10.0.0.1/24", interface="ether2")
    client.add("/ip/route", dst_address="10.9.0.0/16", gateway="10.0.0.254")
    before = client.get("/interface/ether2")
    assert (before["running"], before["link-downs"]) == ("true", "0")
    assert "last-link-down-time" not in before
    device.clock.advance(60)
    plug(device, "ether2", plugged=False)
    after = client.get("/interface/ether2")
    assert (after["running"], after["link-downs"]) == ("false", "1")
    assert after["last-link-down-time"] > before["last-link-up-time"]
    route = client.get("/ip/route")
    assert [(row["dst-address"], row["inactive"], row["immediate-gw"]) for row in route] == [
        ("10.9.0.0/16", "true", "")
    ]
    plug(device, "ether2", plugged=True)
    assert client.get("/ip/route?active=true&.proplist=dst-address")[0]["dst-address"] == "10.9.0.0/16"
    told = [row["message"] for row in client.get("/log") if row["topics"] == "interface,info"]
    assert told == ["ether2 link down", "ether2 link up (speed 1G, full duplex)"]


def test_cables_are_pulled_out_over_the_control() -> None:
    router = SimulatedRouter("lab", users={"admin": "secret"})
    with run_in_thread([router], control=True) as fleet:
        url, client = f"{fleet.control}/devices/lab/cables", Client(router)
        for body, running in ((b'{"ether2": false}', "false"), (b'{"ether2": true}', "true")):
            _post(url, body)
            assert client.get("/interface/ether2")["running"] == running
        with pytest.raises(urllib.error.HTTPError) as refused:
            _post(url, b'{"ether99": false}')
        assert refused.value.code == 400
        refused.value.close()


def _post(url: str, body: bytes) -> None:
    asked = urllib.request.Request(url, body, {"Content-Type": "application/json"}, method="POST")
    with urllib.request.urlopen(asked) as reply:
        assert reply.status == 204


def test_a_bridge_has_the_address_of_its_first_port_and_ports_are_slaves(client: Client) -> None:
    client.add(BRIDGE, name="br")
    client.add(PORTS, bridge="br", interface="ether3")
    port = client.get("/interface/ether3")
    assert port["slave"] == "true"
    assert "slave" not in client.get("/interface/ether2")
    bridge = client.get(f"{BRIDGE}/br")
    assert bridge["mac-address"] == port["mac-address"]
    assert client.get(PORTS)[0]["designated-bridge-id"] == f"0x8000.{port['mac-address']}"
    plug(client.router.device, "ether3", plugged=False)
    down = client.get(PORTS)[0]
    assert (down["inactive"], down["status"], "role" in down) == ("true", "inactive", False)
    plug(client.router.device, "ether3", plugged=True)
    address = client.add("/ip/address", address="10.0.0.1/24", interface="ether3")
    assert (address["actual-interface"], address["slave"]) == ("br", "true")
    hosts = client.get("/interface/bridge/host")
    assert [(row["interface"], row["local"], row["mac-address"]) for row in hosts] == [
        ("ether3", "true", port["mac-address"]),
        ("br", "true", port["mac-address"]),
    ]


def test_behaviour_35_rows_whose_interface_is_gone_are_invalid_and_stay_so(client: Client) -> None:
    client.add(VLAN, name="guest", interface="ether2", vlan_id="10")
    client.add("/ip/pool", name="p", ranges="10.0.0.10-10.0.0.20")
    rows = {
        FILTER: client.add(FILTER, chain="input", action="accept", in_interface="guest"),
        "/ip/address": client.add("/ip/address", address="10.0.0.1/24", interface="guest"),
        "/ip/dhcp-server": client.add("/ip/dhcp-server", name="d", interface="guest", address_pool="p"),
        "/ipv6/address": client.add("/ipv6/address", address="2001:db8::1/64", interface="guest"),
        "/ip/arp": client.add("/ip/arp", address="10.0.0.9", interface="guest", mac_address="02:00:00:00:00:01"),
    }
    assert {row["invalid"] for row in rows.values()} == {"false"}
    gone = client.get(f"{VLAN}/guest")[".id"]
    assert client("DELETE", f"{VLAN}/{gone}").status == 204
    for again in (False, True):
        if again:
            client.add(VLAN, name="guest", interface="ether2", vlan_id="10")
        for path, row in rows.items():
            shown = client.get(f"{path}/{row['.id']}")
            assert (shown["invalid"], gone in (shown.get("interface"), shown.get("in-interface"))) == ("true", True)
    assert not [row for row in client.get("/ip/route") if row.get("connect") == "true"]


def test_a_server_or_client_on_a_bridge_port_is_invalid(client: Client) -> None:
    client.add("/ip/dhcp-server", name="d", interface="ether3")
    client.add("/ip/dhcp-client", interface="ether3")
    client.add(BRIDGE, name="br")
    port = client.add(PORTS, bridge="br", interface="ether3")
    for path in ("/ip/dhcp-server", "/ip/dhcp-client"):
        assert client.get(path)[0]["invalid"] == "true"
    client("DELETE", f"{PORTS}/{port['.id']}")
    for path in ("/ip/dhcp-server", "/ip/dhcp-client"):
        assert client.get(path)[0]["invalid"] == "false"


def test_of_routes_to_one_place_the_nearest_is_active(client: Client) -> None:
    client.add("/ip/address", address="10.0.0.1/24", interface="ether2")
    far = client.add("/ip/route", dst_address="10.9.0.0/16", gateway="10.0.0.3", distance="10")
    assert far["active"] == "true"
    near = client.add("/ip/route", dst_address="10.9.0.0/16", gateway="10.0.0.2")
    shown = client.get(f"/ip/route/{far['.id']}")
    assert ("active" in shown, shown["inactive"], near["active"]) == (False, "false", "true")
    equal = client.add("/ip/route", dst_address="10.9.0.0/16", gateway="10.0.0.4")
    assert (equal["active"], equal["ecmp"], client.get(f"/ip/route/{near['.id']}")["ecmp"]) == ("true",) * 3
    for row in (near, equal):
        client("DELETE", f"/ip/route/{row['.id']}")
    again = client.get(f"/ip/route/{far['.id']}")
    assert again["active"] == "true"
    assert "ecmp" not in again


def test_interfaces_have_an_address_of_their_link_by_themselves(client: Client) -> None:
    client.add(BRIDGE, name="br")
    client.add(PORTS, bridge="br", interface="ether3")
    rows = client.get("/ipv6/address?dynamic=true")
    found = {row["interface"]: row for row in rows}
    assert "ether3" not in found
    mac = client.get("/interface/ether2")["mac-address"]
    low = f"{int(mac[:2], 16) ^ 2:02x}{mac[3:5]}:{mac[6:8]}ff:fe{mac[9:11]}:{mac[12:14]}{mac[15:]}".lower()
    assert found["ether2"]["address"] == f"fe80::{low}/64".replace(":0", ":")
    assert (found["ether2"]["link-local"], found["ether2"]["invalid"]) == ("true", "false")
    routes = client.get("/ipv6/route?connect=true")
    assert "fe80::%ether2/64" in {row["dst-address"] for row in routes}
    assert all(row[".id"].startswith("*2018") for row in routes)
    client("POST", "/ipv6/settings/set", {"disable-ipv6": "yes"})
    assert client.get("/ipv6/address") == []


def test_ipv6_routes_follow_addresses_as_ipv4_routes_do(client: Client) -> None:
    address = client.add("/ipv6/address", address="2001:db8::1/64", interface="ether2")
    assert (address["actual-interface"], address["global"], address["dynamic"]) == ("ether2", "true", "false")
    again = {"address": "2001:db8::1/64", "interface": "ether2"}
    assert client.detail("PUT", "/ipv6/address", again) == "failure: already have such address"
    route = client.add("/ipv6/route", dst_address="::/0", gateway="2001:db8::2")
    assert (route["immediate-gw"], route["active"], route["static"]) == ("2001:db8::2%ether2", "true", "true")
    client("DELETE", f"/ipv6/address/{address['.id']}")
    shown = client.get(f"/ipv6/route/{route['.id']}")
    assert (shown["inactive"], shown["immediate-gw"]) == ("true", "")


@pytest.mark.parametrize("path", ["/ip/neighbor", "/ip/dns/cache", "/ip/firewall/connection", "/ppp/active"])
def test_behaviour_24_what_can_only_be_read_is_a_list_too(client: Client, path: str) -> None:
    assert client.get(path) == []


def test_a_key_and_a_port_nobody_wrote_are_made_up_once(client: Client) -> None:
    row = client.add("/interface/wireguard", name="wg0")
    assert {"private-key", "public-key", "listen-port", "mtu", "running"} <= row.keys()
    assert client.get("/interface/wg0")["mtu"] == row["mtu"] == "1420"
    client("PATCH", f"/interface/wireguard/{row['.id']}", {"comment": "x"})
    assert client.get("/interface/wireguard/wg0")["private-key"] == row["private-key"]
    assert row["private-key"] != client.add("/interface/wireguard", name="wg1")["private-key"]


def test_looking_changes_no_state() -> None:
    router = SimulatedRouter("lab")
    paths = ("/interface", "/interface/ethernet", FILTER, "/ipv6/address", "/ipv6/route", "/ip/arp", "/ip/dns/cache")
    for path in (*paths, "/interface/bridge/host", "/ip/neighbor", "/ip/pool", "/system/resource"):
        router.device.table(path)
    before = router.state()
    for _ in range(2):
        for path in (*paths, "/interface/bridge/host", "/ip/neighbor", "/ip/pool", "/system/resource"):
            router.rows(path)
        router.device.clock.advance(3600)
    assert router.state() == before


def test_behaviour_48_ids_of_the_router_s_own_rows_are_in_their_ranges(client: Client) -> None:
    own = {row["name"]: row[".id"] for row in client.get("/queue/type")}
    assert own["pcq-upload-default"] == "*FFFFFFFA"
    assert all(number.startswith("*FFFFFFF") for number in own.values())
    assert client.add("/queue/type", name="mine", kind="pfifo")[".id"] == "*1"
    assert client.get("/ip/ipsec/proposal/default")[".id"] == "*0"
    assert client.get("/routing/table/main")[".id"] == "*0"
    assert client.get("/system/logging/action/remote")[".id"] == "*3"
    assert client.add("/ipv6/route", dst_address="2001:db8::/32", gateway="ether1")[".id"] == "*80000001"
