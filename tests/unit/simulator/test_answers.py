"""What every answer carries, and what is answered to what is no request at all."""

from __future__ import annotations

import contextlib
import email.utils
import http.client
import json
import socket
import ssl
import time

import pytest

from simulator.fleet import SimulatedRouter
from tests.unit.simulator.plain import Client


def _raw(router: SimulatedRouter, sent: bytes) -> bytes:
    host, _, port = router.address.removeprefix("https://").rpartition(":")
    context = ssl.create_default_context(cadata=router.certificate_pem)
    with (
        socket.create_connection((host, int(port)), 10) as plain,
        context.wrap_socket(plain, server_hostname=host) as s,
    ):
        s.sendall(sent)
        found = b""
        while piece := s.recv(65536):
            found += piece
    return found


def test_behaviour_1_every_answer_carries_a_router_s_headers(client: Client, router: SimulatedRouter) -> None:
    for path in ("/system/identity", "/nowhere"):
        headers = client("GET", path).headers
        assert headers["connection"] == "Keep-Alive"
        assert headers["cache-control"] == "no-cache"
        assert "expires" in headers
        told = email.utils.parsedate_to_datetime(headers["date"])
        assert abs((router.device.clock.now() - told).total_seconds()) < 2
    router.device.clock.advance(86_400)
    later = email.utils.parsedate_to_datetime(client("GET", "/system/identity").headers["date"])
    assert (later - told).days >= 1


def test_behaviour_1_who_wants_to_close_is_not_told_to_stay(router: SimulatedRouter) -> None:
    asked = b"GET / HTTP/1.1\r\nhost: r\r\nconnection: close\r\n\r\n"
    head = _raw(router, asked).partition(b"\r\n\r\n")[0].lower()
    assert b"keep-alive" not in head
    assert b"connection: close" in head


def test_behaviour_2_what_is_no_http_is_answered_as_json(router: SimulatedRouter) -> None:
    head, _, body = _raw(router, b"this is no request\r\n\r\n").partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 400 Bad Request")
    assert b"application/json" in head
    assert json.loads(body) == {"error": 400, "message": "Bad Request"}


def test_behaviour_2_a_failure_inside_is_answered_as_json(
    client: Client, router: SimulatedRouter, capfd: pytest.CaptureFixture[str]
) -> None:
    router.device.table("/system/identity").rows.clear()
    failed = client("GET", "/system/identity")
    assert failed.status == 500
    assert failed.body == {"error": 500, "message": "Internal Server Error"}
    assert "IndexError" in capfd.readouterr().err


def test_behaviour_5_a_wrong_password_takes_its_time(router: SimulatedRouter) -> None:
    context = ssl.create_default_context(cadata=router.certificate_pem)
    connection = http.client.HTTPSConnection(router.address.removeprefix("https://"), context=context, timeout=10)
    took = []
    with contextlib.closing(connection):
        for headers in ({}, {"Authorization": "Basic YWRtaW46d3Jvbmc="}):
            began = time.perf_counter()
            connection.request("GET", "/rest/system/identity", headers=headers)
            response = connection.getresponse()
            assert (response.status, bool(response.read())) == (401, True)
            took.append(time.perf_counter() - began)
    assert took[1] >= 0.125


def test_behaviour_43_filters_do_not_tell_a_secret(client: Client, router: SimulatedRouter) -> None:
    client.add("/ppp/secret", name="somebody", password="hidden-word")
    blind = Client(router, "blind")
    assert len(client.get("/ppp/secret?password=hidden-word")) == 1
    assert blind.get("/ppp/secret?password=hidden-word") == []
    assert blind("POST", "/ppp/secret/print", {".query": ["password=hidden-word"]}).body == []
    assert blind.get("/ppp/secret?name=somebody")[0]["password"] == "*****"


def test_behaviour_24_the_device_mode_cannot_be_printed_by_post(client: Client) -> None:
    assert client("GET", "/system/device-mode").status == 200
    assert client("POST", "/system/device-mode/print", {}).status == 500


def test_behaviour_6_a_user_changes_his_own_password(router: SimulatedRouter) -> None:
    words = {"old-password": "secret", "new-password": "other", "confirm-new-password": "other"}
    second = Client(router, "second")
    for missing in words:
        without = {name: text for name, text in words.items() if name != missing}
        assert second.detail("POST", "/password", without) == f"missing ={missing}="
    assert second.detail("POST", "/password", {**words, "old-password": "wrong"})
    assert second.detail("POST", "/password", {**words, "confirm-new-password": "more"})
    assert Client(router, "blind")("POST", "/password", words).status == 500
    changed = second("POST", "/password", words)
    assert (changed.status, changed.body) == (200, [])
    assert second("GET", "/system/identity").status == 401
    assert Client(router, "second", "other")("GET", "/system/identity").status == 200
    assert Client(router)("GET", "/system/identity").status == 200


def test_behaviour_15_what_is_not_simulated_says_so_in_few_words(client: Client) -> None:
    client.add("/system/script", name="s", source=":put 1")
    refused = client("POST", "/system/script/run", {"number": "s"})
    assert "simulated" not in refused.raw
