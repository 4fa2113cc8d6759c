"""Behaviours 54, 55 and 59: fetch, renewals, the device mode, and commands that answer nothing."""

from __future__ import annotations

import time

import pytest

from simulator.fleet import SimulatedRouter, run_in_thread
from tests.unit.simulator.conftest import USERS
from tests.unit.simulator.passing import answered, back
from tests.unit.simulator.plain import Client, Reply
from tests.unit.simulator.test_limits import CLOSED, Later, arrived
from tests.unit.simulator.test_updating import NO_ANSWER, connect

NOBODY = Reply(0, None, "", {})
FETCH, RENEW, MODE = "/tool/fetch", "/system/license/renew", "/system/device-mode"
URL = "https://example.com/config.rsc"


def test_behaviour_54_fetch_writes_a_file_or_answers_it(router: SimulatedRouter, client: Client) -> None:
    connect(client)
    rows = answered(router, lambda: client("POST", FETCH, {"url": URL})).body
    assert [(row[".section"], row["status"]) for row in rows] == [("0", "connecting"), ("1", "finished")]
    assert client.get("/file/config.rsc")["size"] == str(len(URL) + 1)
    answered(router, lambda: client("POST", FETCH, {"url": URL, "dst-path": "other.rsc"}))
    assert client.get("/file/other.rsc")
    rows = answered(router, lambda: client("POST", FETCH, {"url": URL + "?x", "output": "user"})).body
    assert "data" in rows[-1]
    assert len(client.get("/file")) == 2


def test_behaviour_54_fetch_is_refused(router: SimulatedRouter, client: Client) -> None:
    assert client.detail("POST", FETCH, {"url": URL}) == "failure: resolving error"
    connect(client)
    assert client.detail("POST", FETCH, {}) == "missing =url="
    assert client.detail("POST", FETCH, {"url": URL, "nonsense": ""}) == "unknown parameter nonsense"
    untrusted = client("POST", FETCH, {"url": URL, "check-certificate": "yes"})
    assert (untrusted.status, untrusted.body["detail"]) == (500, "failure: ssl: no trusted CA certificate found (6)")
    client.add("/certificate", name="ca", common_name="ca", key_usage="key-cert-sign")
    client("POST", "/certificate/sign", {"number": "ca", "once": ""})
    trusted = answered(router, lambda: client("POST", FETCH, {"url": URL, "check-certificate": "yes"}))
    assert trusted.status == 200
    router.device.silent.add("example.com")
    assert client.detail("POST", FETCH, {"url": URL}) == "failure: connection timeout"
    for user in ("blind", "reader"):
        refused = Client(router, user)("POST", FETCH, {"url": URL})
        assert (refused.status, refused.body["detail"]) == (500, "not enough permissions (9)")


def test_behaviour_54_a_renewal_that_fails_says_so_with_200(router: SimulatedRouter, client: Client) -> None:
    assert client.detail("POST", RENEW, {"level": "p1"}) == "missing =account="
    body = {"account": "somebody", "password": "x", "level": "p1", "duration": "10s"}
    before = router.device.clock.monotonic()
    rows = answered(router, lambda: client("POST", RENEW, body)).body
    assert rows[-1]["status"].startswith("ERROR: ")
    assert router.device.clock.monotonic() - before >= 10
    connect(client)
    rows = answered(router, lambda: client("POST", RENEW, body)).body
    assert [row["status"] for row in rows] == ["connecting", "renewing", "ERROR: Unauthorized"]


def _halted(router: SimulatedRouter) -> None:
    """Wait until the router waits for a button."""
    deadline = time.monotonic() + 5
    while not router.device.table(MODE).rows[0].memory and time.monotonic() < deadline:
        time.sleep(0.005)
    time.sleep(0.02)


def test_a_device_mode_that_nobody_confirms_is_canceled(router: SimulatedRouter, client: Client) -> None:
    asked = Later(lambda: client("POST", f"{MODE}/update", {"container": "yes"}))
    _halted(router)
    other = Later(lambda: Client(router, "second")("GET", "/system/identity"))
    arrived(router, 2)
    router.device.clock.advance(299)
    assert asked.wait(0.1) is None
    assert other.wait(0.1) is None
    router.device.clock.advance(1)
    reply, waited = asked.wait(), other.wait()
    assert reply is not None
    assert waited is not None
    assert (reply.status, reply.body["detail"]) == (400, "update canceled")
    assert waited.raw == CLOSED
    assert client.get(MODE)["container"] == "false"


def test_a_power_cycle_confirms_a_device_mode(router: SimulatedRouter, client: Client) -> None:
    def ask() -> Reply:
        try:
            return client("POST", f"{MODE}/update", {"container": "yes", "mode": "home"})
        except NO_ANSWER:
            return NOBODY

    asked = Later(ask)
    _halted(router)
    router.reboot()
    assert asked.wait() is NOBODY
    while not router.refuse:
        time.sleep(0.005)
    back(router)
    told = client.get(MODE)
    assert (told["container"], told["mode"]) == ("true", "home")


def test_a_device_mode_is_refused_at_once(client: Client) -> None:
    refused = {
        "input does not match any value of mode": {"mode": "nonsense"},
        "unknown parameter nonexistent": {"nonexistent": "yes"},
        "value of activation-timeout is out of range (00:00:10 .. 1d00:00:00)": {"activation-timeout": "1s"},
    }
    for detail, body in refused.items():
        assert client.detail("POST", f"{MODE}/update", body) == detail


def test_messages_are_logged(client: Client) -> None:
    for topic in ("debug", "error", "info", "warning"):
        assert client("POST", f"/log/{topic}", {"message": f"a {topic}"}).raw == "[]"
        last = client.get("/log")[-1]
        assert (last["message"], last["topics"]) == (f"a {topic}", f"script,{topic}")
    assert client.detail("POST", "/log/error", {}) == "missing =message="
    assert client.detail("GET", "/log/error") == "no such command"


def test_somebody_is_woken(client: Client) -> None:
    assert client("POST", "/tool/wol", {"interface": "ether1", "mac": "02:00:00:00:00:01"}).raw == "[]"
    assert client.detail("POST", "/tool/wol", {"interface": "ether1"}) == "missing =mac="
    assert client.detail("POST", "/tool/wol", {"mac": "02:00:00:00:00:01", "interface": "x"}) == (
        "input does not match any value of interface"
    )


@pytest.mark.parametrize(("version", "at_the_root"), [("7.18.2", True), ("7.23.2", False)])
def test_behaviour_59_commands_of_directories_are_told(version: str, at_the_root: bool) -> None:
    router = SimulatedRouter("lab", version=version, users=USERS)
    with run_in_thread([router]):
        client = Client(router)

        def below(path: str) -> dict[str, str]:
            rows = client("POST", "/console/inspect", {"request": "child", "path": path}).body
            return {row["name"]: row["node-type"] for row in rows[1:]}

        assert ("ping" in below("")) == at_the_root
        assert {"fetch": "cmd", "ping": "cmd", "torch": "cmd", "sniffer": "dir"}.items() <= below("tool").items()
        assert {"reboot": "cmd", "shutdown": "cmd"}.items() <= below("system").items()
        assert {"address": "arg", "count": "arg"}.items() <= below("tool,ping").items()
        assert {"interface": "arg", "once": "arg"}.items() <= below("interface,monitor-traffic").items()
        assert {"path": "arg", "request": "arg"}.items() <= below("console,inspect").items()
        assert client.detail("POST", "/tool/nothing", {}) == "no such command or directory (nothing)"
