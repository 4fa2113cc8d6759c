"""Many routers of one seed: their names, addresses and serial numbers, and devices that come to be when first asked."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from simulator.fleet import run_in_thread
from simulator.logs import Access, Log
from simulator.numbered import addresses, numbered
from tests.unit.simulator.plain import Client

SEEDS: Mapping[str, Mapping[str, object]] = {
    "edge": {"script": "/system identity\nset name=old\n/interface list\nadd name=LAN\n"},
    "core": {"routeros": "7.18.2", "serial": "HE1234567890", "menus": {"/interface/list": [{"name": "WAN"}]}},
}


def test_names_and_serial_numbers_count_up_over_the_seeds_in_turn() -> None:
    routers = numbered(SEEDS, 5, {"admin": "secret"})
    assert [router.name for router in routers] == ["edge-0001", "core-0002", "edge-0003", "core-0004", "edge-0005"]
    assert [router.serial for router in routers] == [f"SIM0000000{number}" for number in range(1, 6)]
    assert [router.made for router in routers] == [True, True, False, False, False]


def test_a_router_is_made_by_its_first_request_and_shares_no_state() -> None:
    routers = numbered(SEEDS, 4, {"admin": "secret"})
    with run_in_thread(routers):
        third, fourth = Client(routers[2]), Client(routers[3])
        assert third.get("/system/identity") == {"name": "edge-0003"}
        third.add("/interface/list", name="guests")
        assert "guests" in [row["name"] for row in third.get("/interface/list")]
        assert [router.made for router in routers] == [True, True, True, False]
        assert fourth.get("/system/identity") == {"name": "core-0004"}
    assert "guests" not in [row["name"] for row in routers[0].rows("/interface/list")]


def test_a_bad_seed_is_told_before_anything_is_served() -> None:
    with pytest.raises(ValueError, match="must be a list of rows"):
        numbered({"bad": {"menus": {"/ip/address": "x"}}}, 3, {})


def test_addresses_are_loopback_and_skip_the_ends_of_a_network() -> None:
    assert addresses("127.1.0.253", 4) == ["127.1.0.253", "127.1.0.254", "127.1.1.1", "127.1.1.2"]
    with pytest.raises(ValueError, match=r"no address of 127\.0\.0\.0/8"):
        addresses("192.0.2.1", 1)
    with pytest.raises(ValueError, match="there are not 3 addresses"):
        addresses("127.255.255.253", 3)


def test_a_log_remembers_the_newest_and_counts_all() -> None:
    log = Log(remember=2)
    for number in range(7):
        log.append(Access(float(number), "admin", "PUT", "/rest/ip/address", 201, ()))
    assert (log.total, log.written["PUT"]) == (7, 7)
    assert [item.time for item in log] == [4.0, 5.0, 6.0]
