"""Hosts around a router: leases, DHCP clients, ARP, neighbours, cached names, pools."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from simulator.fleet import SimulatedRouter, run_in_thread
from tests.unit.simulator.plain import Client

LEASES = "/ip/dhcp-server/lease"
SEED = {
    "menus": {
        "/ip/address": [{"address": "10.0.0.1/24", "interface": "ether2"}],
        "/ip/pool": [{"name": "p", "ranges": "10.0.0.10-10.0.0.19"}],
        "/ip/dhcp-server": [{"name": "d", "interface": "ether2", "address-pool": "p"}],
        LEASES: [
            {
                "address": "10.0.0.12",
                "mac-address": "02:00:00:00:00:12",
                "server": "d",
                "dynamic": "true",
                "active-address": "10.0.0.12",
                "active-mac-address": "02:00:00:00:00:12",
                "active-server": "d",
                "host-name": "printer",
                "expires-after": "10m",
            }
        ],
        "/ip/dhcp-client": [
            {"interface": "ether1", "status": "bound", "address": "192.0.2.7/24", "gateway": "192.0.2.1"}
        ],
        "/ip/neighbor": [
            {"interface": "ether2", "address": "10.0.0.3", "identity": "switch", "age": "5s", "uptime": "1h"}
        ],
        "/ip/dns/cache": [{"name": "example.org", "type": "A", "data": "192.0.2.80", "ttl": "10m"}],
        "/ip/dns/static": [{"name": "nas.lan", "address": "10.0.0.5"}],
    }
}


@pytest.fixture
def client() -> Iterator[Client]:
    router = SimulatedRouter("lab", SEED, version="7.20.8", users={"admin": "secret"})
    with run_in_thread([router]):
        yield Client(router)


def test_a_lease_that_was_taken_runs_and_is_renewed(client: Client) -> None:
    lease = client.get(LEASES)[0]
    assert (lease["status"], lease["dynamic"], lease["host-name"]) == ("bound", "true", "printer")
    client.router.device.clock.advance(120)
    assert client.get(LEASES)[0]["expires-after"] in ("8m", "7m59s")
    client.router.device.clock.advance(240)
    assert client.get(LEASES)[0]["expires-after"] in ("9m", "8m59s")
    assert client.detail("PATCH", f"{LEASES}/{lease['.id']}", {"comment": "x"})
    pool = client.get("/ip/pool")[0]
    assert (pool["total"], pool["used"], pool["available"]) == ("10", "1", "9")
    assert "next-pool" not in pool


def test_a_static_lease_waits_and_has_no_server_when_all_serve(client: Client) -> None:
    row = client.add(LEASES, address="10.0.0.40", mac_address="02:00:00:00:00:40")
    assert (row["status"], row["last-seen"], row["dynamic"]) == ("waiting", "never", "false")
    assert "server" not in row
    assert not {"active-address", "host-name", "expires-after"} & row.keys()


def test_a_client_that_is_bound_brings_an_address_and_a_route(client: Client) -> None:
    bound = client.get("/ip/dhcp-client")[0]
    assert (bound["status"], bound["address"], bound["gateway"]) == ("bound", "192.0.2.7/24", "192.0.2.1")
    address = client.get("/ip/address?dynamic=true")[0]
    assert (address["address"], address["interface"], address["network"]) == ("192.0.2.7/24", "ether1", "192.0.2.0")
    route = client.get("/ip/route?dhcp=true")[0]
    assert (route["dst-address"], route["gateway"], route["active"]) == ("0.0.0.0/0", "192.0.2.1", "true")
    assert route[".id"].startswith("*8000")
    assert "static" not in route
    client("PATCH", f"/ip/dhcp-client/{bound['.id']}", {"disabled": "yes"})
    assert client.get("/ip/dhcp-client")[0]["status"] == "stopped"
    assert client.get("/ip/route?dhcp=true") == client.get("/ip/address?dynamic=true") == []
    client("PATCH", f"/ip/dhcp-client/{bound['.id']}", {"disabled": "no"})
    assert client.get("/ip/dhcp-client")[0]["status"] == "bound"


def test_a_client_nobody_answers_searches(client: Client) -> None:
    row = client.add("/ip/dhcp-client", interface="ether3")
    assert row["status"] == "searching..."
    assert "gateway" not in row


def test_arp_holds_gateways_in_use_and_clients(client: Client) -> None:
    rows = {row["address"]: row for row in client.get("/ip/arp")}
    assert rows["192.0.2.1"]["interface"] == "ether1"
    assert rows["10.0.0.12"]["mac-address"] == "02:00:00:00:00:12"
    assert {(row["dynamic"], row["complete"], row["DHCP"]) for row in rows.values()} == {("true", "true", "false")}
    assert client.get("/ip/arp") == client.get("/ip/arp")


def test_neighbours_of_a_seed_are_heard_of_again(client: Client) -> None:
    client.router.device.clock.advance(100)
    row = client.get("/ip/neighbor")[0]
    assert (row["identity"], row["interface"]) == ("switch", "ether2")
    assert int(row["age"].removesuffix("s")) < 30
    assert row["uptime"].startswith("1h1m4")


def test_static_names_are_in_the_cache(client: Client) -> None:
    rows = {row["name"]: row for row in client.get("/ip/dns/cache")}
    assert rows.keys() == {"nas.lan", "example.org"}
    assert (rows["nas.lan"]["data"], rows["nas.lan"]["static"]) == ("10.0.0.5", "true")
    assert client("POST", "/ip/dns/cache/flush", {}).raw == "[]"
    assert [row["name"] for row in client.get("/ip/dns/cache")] == ["nas.lan"]


def test_a_lease_can_be_kept_for_good(client: Client) -> None:
    lease = client.get(LEASES)[0]
    assert client("POST", f"{LEASES}/make-static", {"numbers": lease[".id"]}).raw == "[]"
    kept = client("PATCH", f"{LEASES}/{lease['.id']}", {"comment": "printer"}).body
    assert (kept["dynamic"], kept["status"], kept["comment"]) == ("false", "bound", "printer")
    assert client.detail("POST", f"{LEASES}/make-static", {}) == "missing =.id="
    assert client("POST", "/ip/dhcp-client/renew", {"numbers": "*FF"}).status == 404
