"""Simulated routers through the real command: what it prints, how they are reached, how it ends."""

from __future__ import annotations

import base64
import hashlib
import http.client
import json
import signal
import socket
import ssl
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.unit.cli.test_running import COMMAND, environment

SEED = {"routeros": "7.18.2", "menus": {"/interface/list": [{"name": "LAN"}]}}
EXPORT = """\
# 2025-03-11 12:00:00 by RouterOS 7.16.2
# software id = ABCD-1234
#
# model = RB750Gr3
# serial number = HE1234567AB
/interface bridge
add name=lan
/system identity
set name=branch
"""


@contextmanager
def simulating(*arguments: str, limit: str = "") -> Iterator[tuple[subprocess.Popen[str], Any]]:
    """``plumbline simulate --output json`` and the document it prints; ended with Ctrl-C."""
    command = [*COMMAND, "simulate", *arguments, "--output", "json"]
    if limit:
        command = ["/bin/sh", "-c", f'ulimit {limit} && exec "$@"', "sh", *command]
    with subprocess.Popen(
        command, env=environment(), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        try:
            text = process.stdout.readline()
            while not _whole(text) and (line := process.stdout.readline()):
                text += line
            assert _whole(text), text + process.stderr.read()
            yield process, json.loads(text)
            process.send_signal(signal.SIGINT)
            assert process.wait(timeout=30) == 0
            assert process.stderr.read() == ""
        finally:
            process.kill()


def _whole(text: str) -> bool:
    try:
        json.loads(text)
    except ValueError:
        return False
    return True


def asked(router: dict[str, str], path: str, user: str = "admin", password: str = "") -> Any:
    """The answer of a router whose certificate is the one that was printed."""
    place = router["address"].removeprefix("https://")
    context = ssl.create_default_context()
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    connection = http.client.HTTPSConnection(place, context=context, timeout=20)
    connection.connect()
    try:
        seen = connection.sock.getpeercert(binary_form=True)
        assert router["pin"] == "sha256:" + hashlib.sha256(seen or b"").hexdigest()
        login = base64.b64encode(f"{user}:{password}".encode()).decode()
        connection.request("GET", f"/rest{path}", headers={"Authorization": f"Basic {login}"})
        return json.loads(connection.getresponse().read())
    finally:
        connection.close()


@pytest.fixture
def seed(tmp_path: Path) -> Path:
    path = tmp_path / "edge.json"
    path.write_text(json.dumps(SEED))
    return path


def test_five_routers_have_an_address_a_certificate_and_an_identity_each(seed: Path) -> None:
    with simulating(str(seed), "--count", "5", "--host", "127.9.7.1", "--port", "18799") as (_, told):
        routers = told["routers"]
        assert [router["name"] for router in routers] == [f"edge-000{number}" for number in range(1, 6)]
        assert [router["address"] for router in routers] == [f"https://127.9.7.{n}:18799" for n in range(1, 6)]
        assert len({router["pin"] for router in routers}) == len({router["serial"] for router in routers}) == 5
        assert [asked(router, "/system/identity")["name"] for router in routers] == [
            router["name"] for router in routers
        ]
        assert told["control"] == ""


def test_an_export_is_a_seed_and_says_which_router_it_was(tmp_path: Path) -> None:
    path = tmp_path / "branch.rsc"
    path.write_text(EXPORT)
    with simulating(str(path), "--user", "ops:secret") as (_, told):
        (router,) = told["routers"]
        assert (router["version"], router["serial"]) == ("7.16.2", "HE1234567AB")
        assert asked(router, "/system/identity", "ops", "secret") == {"name": "branch"}
        assert asked(router, "/system/routerboard", "ops", "secret")["model"] == "RB750Gr3"
        assert [row["name"] for row in asked(router, "/interface/bridge", "ops", "secret")] == ["lan"]


def test_the_page_is_where_the_document_says(seed: Path) -> None:
    with simulating(str(seed), "--control-port", "0") as (_, told):
        with urllib.request.urlopen(told["control"] + "/") as page:
            assert "Simulated routers" in page.read().decode()
        with urllib.request.urlopen(told["control"] + "/devices") as cards:
            assert [card["fingerprint"] for card in json.load(cards)] == [told["routers"][0]["pin"]]


def test_too_few_open_files_are_told_before_anything_is_served(seed: Path) -> None:
    command = [*COMMAND, "simulate", str(seed), "--count", "50"]
    ran = subprocess.run(
        ["/bin/sh", "-c", 'ulimit -n 160 && exec "$@"', "sh", *command],
        env=environment(),
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (ran.returncode, ran.stdout) == (1, "")
    assert "50 simulated routers need 200 open files, and this process may have 160." in ran.stderr
    assert "simulate at most 30." in ran.stderr


def test_a_low_soft_limit_is_raised(seed: Path) -> None:
    with simulating(str(seed), "--count", "60", "--host", "127.9.8.1", limit="-S -n 64") as (process, told):
        assert len(told["routers"]) == 60
        if sys.platform == "linux":
            limits = Path(f"/proc/{process.pid}/limits").read_text()
            soft = next(line for line in limits.splitlines() if line.startswith("Max open files")).split()[3]
            assert soft == "unlimited" or int(soft) >= 220


def test_a_control_port_that_is_taken_is_told_as_that(tmp_path: Path) -> None:
    seed = tmp_path / "edge.json"
    seed.write_text(json.dumps(SEED))
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [*COMMAND, "simulate", str(seed), "--control-port", port]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False, env=environment())
    assert done.returncode == 1
    assert done.stderr == f"The control cannot listen on port {port}: Address already in use.\n"
