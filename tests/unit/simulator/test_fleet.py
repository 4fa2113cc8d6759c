"""Many routers in one process: addresses, certificates, logs, and routers that are not there."""

from __future__ import annotations

import asyncio
import hashlib
import json
import socket
import ssl
import time
import urllib.request
from typing import Any

import pytest

from simulator.fleet import SimulatedRouter, run_in_thread, serve
from tests.unit.simulator.plain import Client


def test_the_certificate_is_the_one_announced_and_can_be_replaced(router: SimulatedRouter, client: Client) -> None:
    before = router.fingerprint
    assert _presented(router) == before
    router.replace_certificate()
    assert router.fingerprint != before
    assert _presented(router) == router.fingerprint
    assert client("GET", "/system/identity").status == 200


def _presented(router: SimulatedRouter) -> str:
    host, port = router.address.removeprefix("https://").split(":")
    pem = ssl.get_server_certificate((host, int(port)))
    return "sha256:" + hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()


def test_a_stopped_router_refuses_connections_and_comes_back(router: SimulatedRouter, client: Client) -> None:
    address = router.address
    router.stop()
    with pytest.raises(ConnectionRefusedError):
        client("GET", "/system/identity")
    router.refuse = False
    assert router.address == address
    assert client("GET", "/system/identity").status == 200


def test_connections_are_counted_before_any_login(router: SimulatedRouter) -> None:
    assert router.connections == 0
    host, port = router.address.removeprefix("https://").split(":")
    socket.create_connection((host, int(port))).close()
    deadline = time.monotonic() + 5
    while router.connections == 0 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert router.connections == 1
    assert router.log == []


def test_the_log_tells_who_did_what_but_no_values(router: SimulatedRouter, client: Client) -> None:
    client.add("/ip/firewall/filter", chain="input", action="accept")
    client("POST", "/ip/firewall/filter/print", {})
    client("PATCH", "/ip/firewall/filter/*1", {"nonsense": "x"})
    last = router.log[0]
    assert (last.user, last.method, last.path, last.status) == ("admin", "PUT", "/rest/ip/firewall/filter", 201)
    assert last.keys == ("chain", "action")
    assert [item.status for item in router.log] == [201, 200, 400]
    assert router.writes == {"PUT": 1}


def test_another_process_can_look_into_routers() -> None:
    router = SimulatedRouter("one", users={"admin": "secret"})
    with run_in_thread([router], control=True) as fleet:
        Client(router).add("/interface/list", name="LAN")
        card = _fetch(f"{fleet.control}/devices")[0]
        assert (card["name"], card["address"], card["serial"]) == ("one", router.address, router.serial)
        assert _fetch(f"{fleet.control}/devices/one/counts") == {"PUT": 1}
        assert _fetch(f"{fleet.control}/devices/one/log")[0]["path"] == "/rest/interface/list"
        assert _fetch(f"{fleet.control}/devices/one/state")["/interface/list"] == router.rows("/interface/list")


def _fetch(url: str) -> Any:
    with urllib.request.urlopen(url) as reply:
        return json.load(reply)


def test_many_routers_in_one_loop_are_told_apart() -> None:
    routers = [
        SimulatedRouter(f"r{number}", {"menus": {"/system/identity": {"name": f"r{number}"}}}) for number in range(20)
    ]

    async def run() -> list[str]:
        async with serve(routers) as fleet:
            clients = [Client(router, password="") for router in fleet.routers]
            names = await asyncio.gather(*(asyncio.to_thread(client.get, "/system/identity") for client in clients))
            return [item["name"] for item in names]

    assert asyncio.run(run()) == [router.name for router in routers]
    assert len({router.fingerprint for router in routers}) == len({router.serial for router in routers}) == 20


def test_a_hundred_routers_start_quickly() -> None:
    begun = time.process_time()
    routers = [SimulatedRouter(f"r{number}") for number in range(100)]
    with run_in_thread(routers):
        assert time.process_time() - begun < 5


def test_a_client_can_tell_which_device_this_is(client: Client, router: SimulatedRouter) -> None:
    assert client.get("/system/resource")["version"] == "7.18.2 (stable)"
    assert client.get("/system/routerboard")["serial-number"] == router.serial
    assert client.get("/system/resource")["board-name"] == router.hardware.model
    assert client.get("/system/package")[0]["version"] == "7.18.2"
