"""One plan, one approval: used once, by one of two, on routers that are still what was approved."""

from __future__ import annotations

import base64
import json
import shutil
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from simulator.fleet import SimulatedRouter, run_in_thread
from tests.fleet.fleet_tools import Administrator, Done, FleetFolder, changes_of, fleet_folder, managed, router

SEED = {
    "menus": {
        "/system/identity": {"name": "edge"},
        "/ip/dns": {"servers": "192.0.2.53"},
        "/interface/bridge": [{"name": "lan"}],
        "/ip/address": [{"address": "10.20.0.1/24", "interface": "lan", "comment": "LAN"}],
        "/ip/firewall/address-list": [
            {"list": "office", "address": "10.20.0.0/24"},
            {"list": "office", "address": "10.30.0.0/24", "comment": "leaves"},
        ],
        "/ip/firewall/filter": [
            {"chain": "forward", "action": "accept", "src-address-list": "office", "comment": "office"},
            {"chain": "forward", "action": "accept", "protocol": "icmp", "comment": "ping"},
            {"chain": "forward", "action": "drop", "comment": "rest"},
        ],
    }
}
METHODS = {"add": "PUT", "set": "PATCH", "remove": "DELETE", "move": "POST"}


@dataclass(frozen=True)
class Waiting:
    """A plan that was approved, on one router, with at least one change of every kind."""

    router: SimulatedRouter
    fleet: FleetFolder
    plan: Any
    token: str

    def apply(self, token: str | None = None) -> Done:
        return self.fleet.apply(self.plan, self.token if token is None else token)


@pytest.fixture(scope="module")
def approved(tmp_path_factory: pytest.TempPathFactory) -> tuple[FleetFolder, int, Any, str]:
    """A fleet with an approved plan that nobody applied yet, the port of its router, the plan and the token."""
    fleet = fleet_folder(tmp_path_factory.mktemp("approved"))
    edge = router("edge", SEED)
    with run_in_thread([edge]):
        assert fleet.init([edge], "--insecure").code == 0
        managed(fleet, "edge", "firewall-writes")
        fleet.commit({"devices/edge.yaml": _edited(fleet.read("devices/edge.yaml"))}, "One of each")
        planned = fleet.plan()
        assert planned.code == 2, planned
        kinds = Counter(change["action"] for change in changes_of(planned.document, "edge"))
        assert kinds == {"add": 1, "set": 1, "remove": 1, "move": 1}, kinds
        token = fleet.approve(planned.document)
        assert token.code == 0, token
        return fleet, int(edge.address.rpartition(":")[2]), planned.document, token.out.strip()


@pytest.fixture
def waiting(approved: tuple[FleetFolder, int, Any, str], tmp_path: Path) -> Iterator[Waiting]:
    """A copy of that fleet, and its router as it was."""
    fleet, port, plan, token = approved
    shutil.copytree(fleet.path.parent, tmp_path / "copy")
    edge = router("edge", SEED)
    with run_in_thread([edge], ports=[port]):
        yield Waiting(edge, FleetFolder(tmp_path / "copy" / "fleet", tmp_path / "copy" / "home"), plan, token)


def test_two_processes_apply_one_approved_plan_and_one_does_it(waiting: Waiting) -> None:
    waiting.router.latency = 0.02
    words = ("apply", waiting.plan["digest"], "--approval", "-")
    both = [waiting.fleet.start(*words) for _ in range(2)]
    for process in both:
        assert process.stdin
        process.stdin.write(waiting.token.encode())
        process.stdin.close()
        process.stdin = None
    told = [process.communicate(timeout=120) for process in both]
    codes = sorted(process.returncode for process in both)
    assert codes in ([0, 4], [0, 6]), (codes, told)
    assert not any(b"Traceback" in err for _, err in told)

    wanted = Counter(METHODS[change["action"]] for change in changes_of(waiting.plan, "edge"))
    assert waiting.router.writes == wanted
    assert waiting.fleet.plan().code == 0


def test_a_used_token_is_refused_as_used(waiting: Waiting) -> None:
    assert waiting.apply().code == 0
    again = waiting.apply()
    assert again.code == 4, again
    assert "used" in again.err
    assert sum(waiting.router.writes.values()) == 4


def test_an_expired_token_is_refused_as_expired(waiting: Waiting) -> None:
    short = waiting.fleet.approve(waiting.plan, "--life", "1s")
    assert short.code == 0, short
    late = _late(waiting, short.out.strip())
    assert late.code == 4, late
    assert "expired" in late.err
    assert not waiting.router.writes


def test_an_altered_token_is_refused_as_altered(waiting: Waiting) -> None:
    head, body, signature = waiting.token.split(".")
    claims = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))
    for name, value in claims.items():
        if isinstance(value, int):
            claims[name] = value + 3600
    forged = base64.urlsafe_b64encode(json.dumps(claims).encode()).decode().rstrip("=")
    refused = waiting.apply(f"{head}.{forged}.{signature}")
    assert refused.code == 4, refused
    assert "altered" in refused.err
    assert not waiting.router.writes


def test_a_token_of_another_plan_is_refused_as_foreign(waiting: Waiting) -> None:
    text = waiting.fleet.read("devices/edge.yaml")
    waiting.fleet.commit({"devices/edge.yaml": text.replace("192.0.2.53", "192.0.2.54")}, "Another change")
    other = waiting.fleet.plan()
    assert other.code == 2, other
    refused = waiting.fleet.apply(other.document, waiting.token)
    assert refused.code == 4, refused
    assert f"of plan {waiting.plan['digest'][:8]}, not of {other.document['digest'][:8]}" in refused.err
    assert not waiting.router.writes


def test_no_token_is_refused_as_missing(waiting: Waiting) -> None:
    refused = waiting.apply("")
    assert refused.code == 4, refused
    assert "There is no approval" in refused.err


def test_a_router_edited_under_our_hand_makes_the_plan_stale(waiting: Waiting) -> None:
    with Administrator(waiting.router.address) as admin:
        row = next(row for row in admin.rows("/ip/firewall/address-list") if row.get("comment") == "leaves")
        admin.set("/ip/firewall/address-list", row[".id"], comment="stays after all")
    writes = dict(waiting.router.writes)
    refused = waiting.apply()
    assert refused.code == 5, refused
    assert "/ip/firewall/address-list" in refused.err
    assert "10.30.0.0/24" in refused.err
    assert waiting.router.writes == writes, "nothing was written"

    with Administrator(waiting.router.address) as admin:
        admin.set("/ip/firewall/address-list", row[".id"], comment="leaves")
    assert waiting.apply().code == 0, "a stale plan does not use the approval up"


def test_a_router_edited_elsewhere_is_applied_to(waiting: Waiting) -> None:
    with Administrator(waiting.router.address) as admin:
        admin.add("/ip/firewall/address-list", list="theirs", address="198.51.100.9")
        port = admin.rows("/interface/ethernet")[-1]
        admin.set("/interface/ethernet", port[".id"], comment="by hand")
    applied = waiting.apply()
    assert applied.code == 0, applied
    with Administrator(waiting.router.address) as admin:
        assert "198.51.100.9" in {row["address"] for row in admin.rows("/ip/firewall/address-list")}
        assert admin.rows("/interface/ethernet")[-1]["comment"] == "by hand"


def _late(waiting: Waiting, token: str) -> Done:
    """Apply when the token's one second is over: another process cannot be handed a clock."""
    body = token.split(".")[1]
    ends = json.loads(base64.urlsafe_b64decode(body + "=" * (-len(body) % 4)))["exp"]
    time.sleep(max(0.0, ends - time.time()))
    return waiting.apply(token)


def _edited(text: str) -> str:
    """One add, one set, one remove and one move."""
    lines = text.splitlines(keepends=True)
    rules = [n for n, line in enumerate(lines) if "chain: forward" in line]
    lines[rules[0]], lines[rules[1]] = lines[rules[1]], lines[rules[0]]
    lines = [line for line in lines if "comment: leaves" not in line]
    edited = "".join(line.replace("comment: LAN", "comment: office LAN") for line in lines)
    old = "    - {list: office, address: 10.20.0.0/24}\n"
    assert old in edited
    return edited.replace(old, old + "    - {list: office, address: 10.40.0.0/24}\n")
