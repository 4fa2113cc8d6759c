"""``plumbline schema learn`` on simulated routers: what they tell, what a plan makes of it, and what is kept."""

from __future__ import annotations

import asyncio
import json
import signal
import time
from collections.abc import Iterator
from dataclasses import replace

import pytest

from routeros.client import Client
from routeros.inspect import Memory, walk
from routeros.session import Session
from schemas.catalogue.compile import compile_tree
from schemas.catalogue.facts import MenuFacts, read, render
from schemas.catalogue.learnt import joined, one_text, placed, read_learnt
from schemas.device import Tls
from schemas.login import Login
from simulator.fleet import SimulatedRouter, run_in_thread
from tests.fleet.fleet_tools import PASSWORD, USER, FleetFolder, fleet_folder, managed, router

VERSION = "7.18.2"
UNKNOWN = "7.17.3"
NEAREST = "7.18.2"
DEVICE = "devices/edge.yaml"
BY_HARDWARE = {"/interface/ethernet", "/system/hardware"}
"""Here simulated boards have fields that the facts of virtual machines lack."""


@pytest.fixture(scope="module")
def told() -> dict[str, MenuFacts]:
    """What a simulated router of a known version tells."""
    lab = SimulatedRouter("lab", version=VERSION, model="CHR", users={USER: PASSWORD})

    async def story():
        async with Session() as session:
            client = Client(session, lab.name, (lab.address,), Tls(pin=lab.fingerprint), Login(USER, PASSWORD))
            return await walk(client, Memory(), lambda *_: None)

    with run_in_thread([lab]):
        walked = asyncio.run(story())
    assert (walked.skipped, walked.unanswered) == (0, 0)
    return read_learnt(one_text(compile_tree(walked.tree, VERSION), "a test"), VERSION)


def test_a_router_of_a_known_version_tells_its_kinds_commands_and_access(told: dict[str, MenuFacts]) -> None:
    versions, committed = read()
    bit = 1 << versions.index(VERSION)
    assert len(told) > 350
    for path, menu in told.items():
        known = committed[path]
        assert set(menu.kinds) == {kind for kind, mask in known.kinds.items() if mask & bit}, path
        assert set(menu.commands) == {word for word, mask in known.commands.items() if mask & bit}, path
        wanted = {
            (name, access)
            for name, item in known.fields.items()
            for access, mask in item.access.items()
            if mask & bit and access != "r"
        }
        found = {(name, access) for name, item in menu.fields.items() for access in item.access if access != "r"}
        assert wanted <= found if path in BY_HARDWARE else wanted == found, path


def test_a_version_that_is_taken_out_and_learnt_again_gives_the_same_lines(told: dict[str, MenuFacts]) -> None:
    versions, committed = read()
    index = versions.index(VERSION)

    def without(masks: dict[str, int]) -> dict[str, int]:
        closed = ((word, mask & (1 << index) - 1 | mask >> index + 1 << index) for word, mask in masks.items())
        return {word: mask for word, mask in closed if mask}

    fewer = {
        path: MenuFacts(
            path,
            without(menu.kinds),
            without(menu.commands),
            {name: replace(item, access=without(item.access)) for name, item in menu.fields.items()},
        )
        for path, menu in committed.items()
    }
    room, menus = placed(versions[:index] + versions[index + 1 :], fewer, VERSION)
    assert room.versions == versions
    wanted = render(committed.values(), versions)
    again = render(joined(room, menus, told).values(), room.versions)
    lost, new = set[str](), set[str]()
    for name, text in wanted.items():
        ours, theirs = ({line for line in lines.splitlines() if line} for lines in (text, again.get(name, "")))
        lost |= {line for line in ours - theirs if line.split(" ")[0] in told}
        new |= {line for line in theirs - ours if line.split(" ")[0] in told}
    assert lost == set()
    assert {line for line in new if line.split(" ")[0] not in BY_HARDWARE and " r " not in line} == set()


@pytest.fixture(scope="module")
def edge() -> Iterator[SimulatedRouter]:
    seed = {"routeros": UNKNOWN, "model": "CHR", "menus": {"/ip/dns": {"servers": "192.0.2.53"}}}
    with run_in_thread([router("edge", seed)]) as served:
        yield served["edge"]


@pytest.fixture(scope="module")
def fleet(edge: SimulatedRouter, tmp_path_factory: pytest.TempPathFactory) -> FleetFolder:
    made = fleet_folder(tmp_path_factory.mktemp("learning"))
    assert made.init([edge]).code == 0
    managed(made, "edge")
    made.replace(DEVICE, "servers: 192.0.2.53", "servers: [192.0.2.53, 198.51.100.53]")
    return made


def test_learning_from_interruption_to_a_plan(
    fleet: FleetFolder, edge: SimulatedRouter, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """One story, since asking takes its time: stopped, continued, used in plans, and written down for review."""
    before = fleet.plan()
    assert before.code == 2, before
    [part] = before.document["devices"]
    assert (part["version"], part["schema_version"]) == (UNKNOWN, NEAREST)

    schemas = fleet.home / "data/plumbline/schemas"
    first = edge.log.total
    process = fleet.start("schema", "learn", "edge")
    while edge.log.total < first + 1_000 and process.poll() is None:
        time.sleep(0.02)
    process.send_signal(signal.SIGINT)
    _, error = process.communicate(timeout=60)
    assert process.returncode == 130, error
    [partial] = schemas.iterdir()
    assert partial.name == f"{UNKNOWN}+x86_64@edge.partial"
    assert fleet.plan().document["catalogue"] == before.document["catalogue"], "half of it is never used"

    folder = tmp_path_factory.mktemp("facts")
    kept = len(partial.read_bytes().splitlines()) - 1
    begun = edge.log.total
    done = fleet.plumbline("schema", "learn", "edge", "--facts", str(folder), "--output", "json")
    assert done.code == 0, done
    document = done.document
    assert document["format"] == "plumbline.schema.learnt/v1"
    assert (document["routeros"], document["architecture"], document["packages"]) == (UNKNOWN, "x86_64", [])
    assert (document["nearest"], document["skipped"], document["unanswered"]) == (NEAREST, 0, 0)
    assert document["menus"] > 350
    assert kept > 900
    asked = sum(item.path.endswith("/console/inspect") for item in edge.log[-(edge.log.total - begun) :])
    assert document["requests"] == asked, "what was kept is not asked again"
    assert sorted(file.name for file in schemas.iterdir()) == [f"{UNKNOWN}+x86_64.bin", f"{UNKNOWN}+x86_64.facts"]
    assert (
        (schemas / f"{UNKNOWN}+x86_64.facts").read_text().startswith(f"# RouterOS {UNKNOWN} on x86_64, told by a CHR")
    )

    after = fleet.plan()
    assert after.code == 2, after
    [part] = after.document["devices"]
    assert (part["version"], part["schema_version"]) == (UNKNOWN, UNKNOWN)
    assert any(f"told of RouterOS {UNKNOWN} was used" in note for note in part["notes"])
    assert part["changes"] == before.document["devices"][0]["changes"]
    assert after.document["catalogue"].startswith(before.document["catalogue"] + "+")
    assert after.document["digest"] != before.document["digest"], "an approval is one of the facts too"
    token = fleet.approve(after.document)
    applied = fleet.apply(after.document, token.out)
    assert applied.code == 0, applied
    assert edge.rows("/ip/dns")[0]["servers"] == "192.0.2.53,198.51.100.53"
    assert fleet.plan().code == 0

    versions, menus = read(folder)
    assert versions.index(UNKNOWN) == versions.index(NEAREST) - 1
    bit = 1 << versions.index(UNKNOWN)
    assert sum(menu.mask & bit > 0 for menu in menus.values()) == document["menus"]
    _, committed = read()
    assert menus.keys() == committed.keys()


def test_a_router_with_other_packages_is_not_meant(fleet: FleetFolder, edge: SimulatedRouter) -> None:
    schemas = fleet.home / "data/plumbline/schemas"
    text = "# a test\n/ip/dns = singleton *\n/ip/dns > get set\n/ip/dns servers s * text\n"
    other = schemas / f"{UNKNOWN}+x86_64+container.facts"
    schemas.mkdir(parents=True, exist_ok=True)
    other.write_text(text)
    own = schemas / f"{UNKNOWN}+x86_64.facts"
    kept = own.read_text() if own.exists() else None
    own.unlink(missing_ok=True)
    try:
        part = fleet.plan().document["devices"][0]
        assert part["schema_version"] == NEAREST
        own.write_text("/ip/dns = nonsense\n")
        broken = fleet.plan()
        assert broken.code == 1
        assert "plumbline schema learn" in broken.err
    finally:
        other.unlink()
        own.unlink()
        if kept is not None:
            own.write_text(kept)


def test_a_router_that_is_not_there_is_exit_8(fleet: FleetFolder, edge: SimulatedRouter) -> None:
    edge.refuse = True
    try:
        done = fleet.plumbline("schema", "learn", "edge", "--output", "json")
    finally:
        edge.refuse = False
    assert done.code == 8, done
    assert json.loads(done.out)["exit"] == 8


def test_a_device_that_nobody_knows_is_exit_1(fleet: FleetFolder) -> None:
    done = fleet.plumbline("schema", "learn", "edgy")
    assert done.code == 1
    assert "Did you mean edge?" in done.err
