"""Behaviours 1, 4, 5 and 6: the two ways in, who may come from where, and logins that are kept ten minutes."""

from __future__ import annotations

import base64
import http.client
import json
import socket
import ssl

import pytest

from simulator.fleet import SimulatedRouter, run_in_thread
from tests.unit.simulator.plain import BEFORE_THE_HANDSHAKE, Client

BASIC = "Basic " + base64.b64encode(b"admin:secret").decode()
HEADERS = {"Authorization": BASIC, "Content-Type": "application/json"}


def test_behaviour_01_rest_over_http_beside_https() -> None:
    router = SimulatedRouter("lab", users={"admin": "secret"})
    with run_in_thread([router], plain=True):
        connection = http.client.HTTPConnection(router.plain_address.removeprefix("http://"), timeout=20)
        for body in ('{"name":"a"}', '{"name":"b"}'):
            connection.request("PUT", "/rest/interface/list", body, HEADERS)
            reply = connection.getresponse()
            assert (reply.status, reply.version) == (201, 11)
            made = json.loads(reply.read())
            assert reply.headers["location"] == f"{router.plain_address}/rest/interface/list/{made['.id']}"
            names = {name.lower() for name in reply.headers}
            assert not names & {"set-cookie", "transfer-encoding", "access-control-allow-origin"}
        assert len(Client(router).get("/interface/list?builtin=false")) == 2
        assert Client(router).add("/interface/list", name="c")
        connection.close()


def test_behaviour_01_one_connection_carries_many_requests(router: SimulatedRouter) -> None:
    context = ssl.create_default_context(cadata=router.certificate_pem)
    connection = http.client.HTTPSConnection(router.address.removeprefix("https://"), context=context, timeout=20)
    for _ in range(3):
        connection.request("GET", "/rest/system/identity", headers={"Authorization": BASIC})
        assert connection.getresponse().read()
    assert router.connections == 1
    connection.close()


@pytest.mark.parametrize(("version", "status"), [("7.8", 404), ("7.18.2", 200)])
def test_behaviour_01_plain_rest_came_with_7_9(version: str, status: int) -> None:
    router = SimulatedRouter("lab", version=version, users={"admin": "secret"})
    with run_in_thread([router], plain=True):
        connection = http.client.HTTPConnection(router.plain_address.removeprefix("http://"), timeout=20)
        connection.request("GET", "/rest/system/identity", headers={"Authorization": BASIC})
        assert connection.getresponse().status == status
        connection.close()


def test_behaviour_04_a_user_comes_from_its_addresses_alone(router: SimulatedRouter, client: Client) -> None:
    client("PATCH", "/user/second", {"address": "10.0.0.0/8"})
    second = Client(router, "second")
    assert second("GET", "/ip/address").raw == '{"error":401,"message":"Unauthorized"}'
    client("PATCH", "/user/second", {"address": "10.0.0.0/8,127.0.0.0/8"})
    assert second("GET", "/ip/address").status == 200


@BEFORE_THE_HANDSHAKE
def test_behaviour_04_a_service_closes_without_an_answer(router: SimulatedRouter, client: Client) -> None:
    assert client("PATCH", "/ip/service/www-ssl", {"address": "10.0.0.0/8,127.0.0.2/32"}).status == 200
    with pytest.raises((ConnectionResetError, ssl.SSLError)):
        client("GET", "/system/identity")
    assert _status_from(router, "127.0.0.2") == 200
    with pytest.raises((ConnectionResetError, ssl.SSLError)):
        _status_from(router, "127.0.0.3")
    assert [item.path for item in router.log].count("/rest/system/identity") == 1


@BEFORE_THE_HANDSHAKE
def test_behaviour_04_the_field_is_called_available_from_in_7_24() -> None:
    router = SimulatedRouter("lab", version="7.24", users={"admin": "secret"})
    with run_in_thread([router]):
        client = Client(router)
        if "available-from" not in router.device.table("/ip/service").menu.fields:
            pytest.skip("The facts of 7.24 are not there.")
        assert client("PATCH", "/ip/service/www-ssl", {"available-from": "127.0.0.2"}).status == 200
        with pytest.raises((ConnectionResetError, ssl.SSLError)):
            client("GET", "/system/identity")
        assert _status_from(router, "127.0.0.2") == 200


@BEFORE_THE_HANDSHAKE
def test_addresses_of_a_seed_shut_nobody_out() -> None:
    script = "/ip service set www-ssl address=192.0.2.0/24\n/user set admin address=192.0.2.0/24\n"
    router = SimulatedRouter("lab", {"script": script}, users={"admin": "secret"})
    with run_in_thread([router]):
        client = Client(router)
        assert client.get("/ip/service/www-ssl")["address"] == "192.0.2.0/24"
        assert client("PATCH", "/ip/service/www-ssl", {"address": "192.0.2.0/25"}).status == 200
        with pytest.raises((ConnectionResetError, ssl.SSLError)):
            client("GET", "/system/identity")


def _status_from(router: SimulatedRouter, address: str) -> int:
    host, port = router.address.removeprefix("https://").split(":")
    context = ssl.create_default_context(cadata=router.certificate_pem)
    with (
        socket.create_connection((host, int(port)), source_address=(address, 0)) as plain,
        context.wrap_socket(plain, server_hostname=host) as secure,
    ):
        secure.sendall(f"GET /rest/system/identity HTTP/1.1\r\nHost: x\r\nAuthorization: {BASIC}\r\n\r\n".encode())
        return int(secure.recv(4096).split()[1])


def test_behaviour_05_failures_are_logged_each_and_logins_once(router: SimulatedRouter, client: Client) -> None:
    for _ in range(3):
        assert client.get("/system/identity")
    for _ in range(2):
        Client(router, password="wrong")("GET", "/system/identity")
    Client(router, "nobody")("GET", "/system/identity")
    lines = client.get("/log")
    assert lines[0][".id"] == "*0"
    assert set(lines[0]) == {".id", "extra-info", "message", "time", "topics"}
    failed = ("system,error,critical", "login failure for user admin from 127.0.0.1 via rest-api")
    assert [(line["topics"], line["message"]) for line in lines] == [
        ("system,info,account", "user admin logged in from 127.0.0.1 via rest-api"),
        failed,
        failed,
        ("system,error,critical", "login failure for user nobody from 127.0.0.1 via rest-api"),
    ]
    assert len(client.get("/log?topics=system,error,critical")) == 3


def test_behaviour_06_a_login_is_kept_ten_minutes(router: SimulatedRouter, client: Client) -> None:
    reader = Client(router, "reader")
    assert reader("POST", "/interface/list/add", {"name": "x"}).status == 500
    group = client.get("/user/group/read")
    client("PATCH", f"/user/group/{group['.id']}", {"policy": "write"})
    router.device.clock.advance(590)
    assert reader("POST", "/interface/list/add", {"name": "x"}).status == 500
    router.device.clock.advance(20)
    assert reader("POST", "/interface/list/add", {"name": "x"}).status == 200
    logins = [line["message"] for line in client.get("/log")]
    assert logins.count("user reader logged in from 127.0.0.1 via rest-api") == 2


def test_behaviour_06_what_is_changed_of_a_user_counts_at_once(router: SimulatedRouter, client: Client) -> None:
    second = Client(router, "second")
    assert second("GET", "/ip/address").status == 200
    client("PATCH", "/user/second", {"group": "read"})
    assert second("PUT", "/interface/list", {"name": "x"}).status == 500
    client("DELETE", "/user/second")
    assert second("GET", "/ip/address").status == 401


def _there(client: Client) -> list[dict[str, str]]:
    rows = client.get("/user/active")
    assert isinstance(rows, list)
    return rows


def test_behaviour_06_a_login_is_active_twice(router: SimulatedRouter, client: Client) -> None:
    for _ in range(2):
        secure, below = _there(client)
    assert below == {
        ".id": "*2",
        "group": "full",
        "name": "admin",
        "radius": "false",
        "via": "api",
        "when": secure["when"],
    }
    assert secure == {**below, ".id": "*1", "address": "127.0.0.1", "via": "rest-api"}
    assert Client(router, "reader").get("/system/identity")
    assert [(row["name"], row["group"]) for row in _there(client)[2:]] == [("reader", "read")] * 2
    assert client.detail("POST", "/user/active/request-logout", {".id": "*3"}) == "action failed (6)"
    assert client("DELETE", "/user/active/*3").status == 400
    assert len(_there(client)) == 4


def test_behaviour_06_active_logins_cannot_be_removed() -> None:
    router = SimulatedRouter("lab", version="7.23.3", users={"admin": "secret"})
    with run_in_thread([router]):
        client = Client(router)
        assert client.detail("POST", "/user/active/remove", {".id": _there(client)[0][".id"]}) == "action failed (6)"
        assert client("POST", "/user/active/remove", {".id": "*99"}).status == 404
        assert client.detail("POST", "/user/active/remove", {}) == "missing =.id="
        assert len(_there(client)) == 2


def test_behaviour_06_active_logins_stay_until_a_boot_one_pair_a_day(router: SimulatedRouter, client: Client) -> None:
    assert len(_there(client)) == 2
    router.device.clock.advance(86_000)
    assert len(_there(client)) == 2
    router.device.clock.advance(1_000)
    assert len(_there(client)) == 4
    assert not [line for line in client.get("/log") if "logged out" in line["message"]]
    router.faults.boot = 0.01
    router.reboot()
    while router.refuse:
        router.device.clock.advance(1)
    assert len(_there(client)) == 2


def test_behaviour_06_before_7_16_active_logins_leave_and_are_logged() -> None:
    router = SimulatedRouter("lab", version="7.15.3", users=dict.fromkeys(("admin", "second"), "secret"))
    with run_in_thread([router]):
        client = Client(router)
        assert Client(router, "second").get("/system/identity")
        assert len(_there(client)) == 4
        router.device.clock.advance(601)
        assert {row["name"] for row in _there(client)} == {"admin"}
        gone = [line for line in client.get("/log") if "logged out" in line["message"]]
        assert [(line["topics"], line["message"]) for line in gone] == [
            ("system,info,account", "user second logged out from 127.0.0.1 via rest-api"),
            ("system,info,account", "user admin logged out from 127.0.0.1 via rest-api"),
        ]
