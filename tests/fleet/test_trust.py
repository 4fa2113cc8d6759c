"""What guards a change is never taken from the change: a branch cannot move a device, or give itself rights."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pytest

from simulator.fleet import SimulatedRouter, run_in_thread
from tests.fleet.fleet_tools import FleetFolder, fleet_folder, router

SEED = {"menus": {"/system/identity": {"name": "edge"}, "/ip/dns": {"servers": "192.0.2.53"}}}
FLEET = "fleet.yaml"
DEVICE = "devices/edge.yaml"


@dataclass(frozen=True)
class Guarded:
    """A fleet with one router, and another router that is not of it."""

    fleet: FleetFolder
    edge: SimulatedRouter
    stranger: SimulatedRouter

    def on_branch(self, old: str, new: str, file: str = DEVICE) -> None:
        """A branch that alters one text."""
        self.fleet.git("checkout", "--quiet", "-B", "change", "main")
        self.fleet.replace(file, old, new)

    def refused(self) -> Any:
        """The plan of the branch, which must be refused for its control data alone."""
        planned = self.fleet.plan("--ref", "change")
        assert planned.code == 3, planned
        found = [each for each in planned.document["findings"] if each["rule"] == "control"]
        assert found, planned.document["findings"]
        assert all(each["severity"] == "refused" for each in found)
        assert self.stranger.connections == 0
        return planned.document


@pytest.fixture(scope="module")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    fleet = fleet_folder(tmp_path_factory.mktemp("trust"))
    edge, stranger = router("edge", SEED), router("stranger", SEED)
    with run_in_thread([edge, stranger]):
        assert fleet.init([edge]).code == 0
        lax = "  lax: {lab: true, approval: self}\n"
        fleet.commit(
            {FLEET: fleet.read(FLEET).replace("environments:\n", f"environments:\n{lax}")}, "Another environment"
        )
        yield Guarded(fleet, edge, stranger)


def test_another_address_is_refused_and_nobody_connects_there(guarded: Guarded) -> None:
    guarded.on_branch(guarded.edge.address, guarded.stranger.address)
    before = guarded.edge.connections
    document = guarded.refused()
    assert any("address" in each["message"] for each in document["findings"] if each["rule"] == "control")
    assert guarded.edge.connections > before, "the plan is made with the protected branch's address"


def test_a_second_address_is_refused_and_nobody_connects_there(guarded: Guarded) -> None:
    guarded.on_branch(
        f"address: {guarded.edge.address}", f"address: [{guarded.stranger.address}, {guarded.edge.address}]"
    )
    guarded.refused()


def test_another_environment_is_refused(guarded: Guarded) -> None:
    guarded.on_branch("environment: lab", "environment: lax")
    document = guarded.refused()
    assert any("environment" in each["message"] for each in document["findings"] if each["rule"] == "control")


def test_more_capabilities_are_refused(guarded: Guarded) -> None:
    guarded.on_branch("mode: observe", "mode: manage\ncapabilities: [advanced-writes, firewall-writes]")
    document = guarded.refused()
    told = " ".join(each["message"] for each in document["findings"] if each["rule"] == "control")
    assert "capabilities" in told
    assert "mode" in told


def test_looser_limits_are_refused(guarded: Guarded) -> None:
    guarded.on_branch("removes: 10", "removes: 1000", FLEET)
    guarded.refused()


def test_a_refused_plan_can_be_read_whole_and_never_approved(guarded: Guarded) -> None:
    guarded.on_branch("mode: observe", "mode: manage\ncapabilities: [advanced-writes]")
    guarded.fleet.replace(DEVICE, "192.0.2.53", "192.0.2.54")
    document = guarded.refused()
    changes = [change for part in document["devices"] for change in part["changes"]]
    assert [(change["path"], change["action"]) for change in changes] == [("/ip/dns", "set")]
    approved = guarded.fleet.approve(document)
    assert approved.code == 3, approved
    assert not guarded.edge.writes


def test_a_device_only_the_branch_has_is_a_preview_and_not_connected_to(guarded: Guarded) -> None:
    guarded.fleet.git("checkout", "--quiet", "-B", "change", "main")
    head = guarded.fleet.read(DEVICE).partition("menus:\n")[0].replace(guarded.edge.address, guarded.stranger.address)
    guarded.fleet.commit({"devices/new.yaml": f"{head}menus:\n  /ip/dns: {{servers: [192.0.2.53]}}\n"}, "A new device")
    planned = guarded.fleet.plan("--ref", "change", "new")
    assert planned.code in (2, 3), planned
    part = planned.document["devices"][0]
    assert part["basis"] == "preview", part
    assert guarded.stranger.connections == 0


def test_from_the_branch_itself_the_same_holds(guarded: Guarded) -> None:
    guarded.on_branch("environment: lab", "environment: lax")
    planned = guarded.fleet.plan()
    assert planned.code == 3, planned
