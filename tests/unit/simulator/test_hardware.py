"""What a router of each model says of itself, in the shapes of captured devices."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from simulator.fleet import SimulatedRouter, run_in_thread
from simulator.models import MODELS
from tests.unit.simulator.plain import Client

LOGIN = {"admin": "secret"}


@contextmanager
def asked(model: str, version: str = "7.20.8") -> Iterator[Client]:
    router = SimulatedRouter("lab", model=model, version=version, users=LOGIN)
    with run_in_thread([router]):
        yield Client(router)


def test_the_resource_is_that_of_a_captured_device(corpus: Path) -> None:
    captured = json.loads((corpus / "rest-json" / "system_resource--miklink.json").read_text("utf-8"))["objects"][0]
    with asked("C52iG-5HaxD2HaxD") as client:
        told = client.get("/system/resource")
    assert told.keys() == captured.keys()
    same = ("architecture-name", "board-name", "cpu", "cpu-count", "cpu-frequency", "total-hdd-space", "total-memory")
    assert {name: told[name] for name in same} == {name: captured[name] for name in same}


@pytest.mark.parametrize("model", sorted(MODELS))
def test_ports_board_and_licence_of_each_model(model: str) -> None:
    kind = MODELS[model]
    with asked(model) as client:
        ports = [row["default-name"] for row in client.get("/interface?type=ether")]
        assert sorted(ports) == sorted(kind.ports)
        told = client.get("/system/resource")
        assert told["architecture-name"] == kind.architecture
        assert ("bad-blocks" in told) is kind.routerboard
        licence = client.get("/system/license")
        if kind.routerboard:
            board = client.get("/system/routerboard")
            assert list(board) == sorted(
                "current-firmware factory-firmware firmware-type model revision routerboard serial-number "
                "upgrade-firmware".split()
            )
            assert (board["model"], board["routerboard"]) == (model, "true")
            assert licence.keys() == {"features", "nlevel", "software-id"}
        else:
            assert licence.keys() == {"level", "system-id"}


def test_a_virtual_machine_lacks_the_menus_of_a_board() -> None:
    with asked("CHR") as client:
        missing = "no such command or directory"
        assert client.detail("GET", "/system/routerboard") == f"{missing} (routerboard)"
        assert client.detail("GET", "/interface/ethernet/switch/port") == f"{missing} (switch)"
    with asked("RB5009UG+S+") as client:
        assert client("GET", "/interface/ethernet/switch").status == 200


def test_radios_are_hardware() -> None:
    with asked("C53UiG+5HPaxD2HPaxD") as client:
        radios = client.get("/interface/wifi")
        assert [row["name"] for row in radios] == [row["default-name"] for row in radios] == ["wifi1", "wifi2"]
        assert {row["type"] for row in client.get("/interface") if row["name"].startswith("wifi")} == {"wifi"}
        path = f"/interface/wifi/{radios[0]['.id']}"
        assert client.detail("DELETE", path) == "failure: cannot remove hardware device"
        virtual = client.add("/interface/wifi", name="guest", master_interface="wifi1")
        assert "default-name" not in virtual
        assert client("DELETE", f"/interface/wifi/{virtual['.id']}").status == 204
    with asked("RB952Ui-5ac2nD") as client:
        assert [row["name"] for row in client.get("/interface/wireless")] == ["wlan1", "wlan2"]
        assert client.get("/interface/wifi") == []


def test_a_package_row_names_the_version() -> None:
    with asked("RB750Gr3", "7.20.8") as client:
        (row,) = client.get("/system/package")
    assert list(row) == sorted(".id name version available build-time disabled scheduled size".split())
    assert (row["name"], row["version"], row["scheduled"]) == ("routeros", "7.20.8", "")
