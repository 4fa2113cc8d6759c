"""Random changes on real routers, each of which must be found as exactly what it is, and nothing else."""

from __future__ import annotations

import asyncio
import os
import random
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from reconciler.operations.planning import PlanRequest, plan
from reconciler.wiring import Settings, opened
from reconciler.wiring.verdicts import verdicts
from schemas.catalogue.load import open_catalogue
from schemas.catalogue.model import Menu
from schemas.path import MenuPath
from schemas.plan import DevicePlan
from simulator.edits.drawing import Mutation, Mutator, read_state
from simulator.edits.expecting import Declared, Expected, State, Verdict, declared_of, expected
from simulator.fleet import SimulatedRouter, run_in_thread
from tests.fleet.fleet_tools import REAL, USER, Administrator, FleetFolder, fleet_folder, real_router

SEED = 20261123
MOST_VERDICTS = 0.05
"""The share of draws that may end in nothing but "not owned" or "unverified"."""


@dataclass(frozen=True)
class Subject:
    """One router under one document: its state at rest, what Git declares of it, and the plan's notices then."""

    device: str
    file: str
    port: int
    menus: Mapping[str, Menu]
    state: State
    declared: Mapping[str, Declared]
    resting: Counter[Verdict]


@dataclass(frozen=True)
class Drawn:
    device: str
    mutation: Mutation
    expected: Expected
    found: Counter[Verdict]
    problems: tuple[str, ...] = ()

    @property
    def mere(self) -> bool:
        """Whether nothing is to be done about it."""
        return self.expected.word in ("not owned", "unverified", "no difference")

    @property
    def exact(self) -> bool:
        return self.found == self.expected.verdicts and not self.problems

    def __str__(self) -> str:
        lines = [f"{self.device}: {self.mutation.kind} {self.mutation.path} {self.mutation.told}"]
        lines += [f"    missing {verdict}" for verdict in (self.expected.verdicts - self.found).elements()]
        lines += [f"    too much {verdict}" for verdict in (self.found - self.expected.verdicts).elements()]
        return "\n".join((*lines, *(f"    {problem}" for problem in self.problems)))


@pytest.fixture(scope="module")
def bench(tmp_path_factory: pytest.TempPathFactory, corpus: Path) -> tuple[FleetFolder, list[Subject], Path]:
    """Each real router twice: as ``init --from`` writes it, and with scopes that are Git's alone."""
    fleet = fleet_folder(tmp_path_factory.mktemp("mutations"))
    routers = {file: real_router(corpus, file) for file in REAL}
    with run_in_thread(list(routers.values())) as served:
        sources = [
            word
            for router in served.routers
            for name in (router.name, f"{router.name}-all")
            for word in ("--from", f"{name}={router.address}")
        ]
        done = fleet.init((), *sources, "--insecure", "--user", USER, "--password-stdin")
        assert done.code == 0, done
        _own_everything(fleet, [router.name for router in served.routers])
        subjects = [
            asyncio.run(_subject(fleet, device, file, router))
            for file, router in routers.items()
            for device in (router.name, f"{router.name}-all")
        ]
    return fleet, subjects, corpus


def test_every_mutation_is_found_exactly(
    bench: tuple[FleetFolder, list[Subject], Path], capsys: pytest.CaptureFixture[str]
) -> None:
    drawn = _draw(bench, 200, SEED)
    with capsys.disabled():
        print(_table(drawn))
    wrong = [each for each in drawn if not each.exact]
    assert not wrong, "\n".join(map(str, wrong))
    assert sum(each.mere for each in drawn) <= MOST_VERDICTS * len(drawn)


@pytest.mark.torture
@pytest.mark.parametrize("seed", range(SEED + 1, SEED + 1 + int(os.environ.get("MUTATIONS", "3000")) // 200))
def test_thousands_of_mutations(bench: tuple[FleetFolder, list[Subject], Path], seed: int) -> None:
    drawn = _draw(bench, 200, seed)
    print(_table(drawn))
    wrong = [each for each in drawn if not each.exact]
    assert not wrong, "\n".join(map(str, wrong))


def _draw(bench: tuple[FleetFolder, list[Subject], Path], count: int, seed: int) -> list[Drawn]:
    """Draws with at most their share of mere verdicts. One too many is drawn anew; it must be right all the same."""
    fleet, subjects, corpus = bench
    rng = random.Random(seed)
    drawn: list[Drawn] = []
    mere = 0
    while len(drawn) < count:
        each = _one(fleet, rng.choice(subjects), corpus, random.Random(rng.random()))
        if each.exact and each.mere and mere + 1 > MOST_VERDICTS * count:
            continue
        mere += each.mere
        drawn.append(each)
    return drawn


def _one(fleet: FleetFolder, subject: Subject, corpus: Path, rng: random.Random) -> Drawn:
    """Change the router, work out what must be found, and only then let Plumbline look."""
    with _at_rest(subject, corpus) as router, Administrator(router.address) as admin:
        mutation = Mutator(rng, subject.menus, subject.state, admin, (USER,)).mutate()
        assert mutation is not None
        wanted = expected(subject.menus, subject.declared, subject.state, read_state(admin, subject.menus))
        found, problems = asyncio.run(_found(fleet, subject))
    return Drawn(subject.device, mutation, wanted, found, problems)


@contextmanager
def _at_rest(subject: Subject, corpus: Path) -> Iterator[SimulatedRouter]:
    """The router as it was seeded, at the address it had before."""
    router = real_router(corpus, subject.file)
    with run_in_thread([router], ports=[subject.port]):
        yield router


async def _subject(fleet: FleetFolder, device: str, file: str, router: SimulatedRouter) -> Subject:
    schema = open_catalogue().schema(router.version)
    document = fleet.document(device)["menus"]
    menus = {path: menu for path in document if (menu := schema.menu(MenuPath(path))) is not None}
    with Administrator(router.address) as admin:
        state = read_state(admin, menus)
    declared = {path: declared_of(menu, document[path], state[path]) for path, menu in menus.items()}
    port = int(router.address.rpartition(":")[2])
    empty = Subject(device, file, port, menus, state, declared, Counter())
    resting, problems = await _found(fleet, empty)
    assert not problems
    assert not [verdict for verdict in resting if verdict[0] not in ("unmanaged", "unverified")], resting
    return Subject(device, file, port, menus, state, declared, resting)


async def _found(fleet: FleetFolder, subject: Subject) -> tuple[Counter[Verdict], tuple[str, ...]]:
    """What the plan of one device says beyond what it says at rest."""
    environ = {**os.environ, **fleet.settings}
    async with opened(Settings(fleet.path, environ=environ)) as context:
        made = await plan(context, PlanRequest((subject.device,)))
    part = made.plan.devices[0]
    assert part.unknown is None, part.unknown
    found = verdicts(part)
    return found - subject.resting, _wrong_values(part, subject)


def _wrong_values(part: DevicePlan, subject: Subject) -> tuple[str, ...]:
    """A set must bring back what stood there before."""
    wrong = []
    for change in part.changes:
        rows = {row.get(".id", ""): row for row in subject.state.get(change.path, ())}
        row = rows.get(change.handle or "")
        if change.action.value == "set" and row is not None:
            for name, value in change.after.items():
                known = subject.menus[change.path].fields[name]
                was = row.get(name) or known.default or ""
                text = str(value if value is not None else known.default or "")
                if sorted(text.split(",")) != sorted(was.split(",")) and known.type != "flag":
                    wrong.append(f"{change.path} {change.identity}: {name} would become {value!r}, it was {was!r}")
    return tuple(wrong)


def _own_everything(fleet: FleetFolder, devices: list[str]) -> None:
    """Rewrite the documents called ``-all``: lists become scopes with ``prune: all``, firewalls chain by chain."""
    files: dict[str, str | bytes] = {}
    for device in devices:
        name = f"devices/{device}-all.yaml"
        menus = fleet.document(f"{device}-all")["menus"]
        files[name] = "\n".join(_owned_lines(fleet.read(name).splitlines(), menus)) + "\n"
    fleet.commit(files, "Own every list")


def _owned_lines(lines: list[str], menus: Mapping[str, Any]) -> Iterator[str]:
    inside = False
    for line in lines:
        path = line.strip().rstrip(":")
        if line.startswith("  /"):
            inside = line.endswith(":") and isinstance(menus[path], list) and "$match" not in menus[path][0]
        yield f"  {line}" if inside and not line.startswith("  /") else line
        if inside and line.startswith("  /"):
            yield f"    own: [{', '.join(_scopes(menus[path]))}]"
            yield "    entries:"


def _scopes(entries: list[Mapping[str, str]]) -> list[str]:
    """The whole menu, or every other chain of a firewall."""
    chains = list(dict.fromkeys(entry["chain"] for entry in entries if "chain" in entry))
    return [f"{{chain: {c}, prune: {'applied' if n % 2 else 'all'}}}" for n, c in enumerate(chains)] or ["{prune: all}"]


def _table(drawn: list[Drawn]) -> str:
    """Draws by class and menu, what they were found as, and the share of mere verdicts."""
    kinds = sorted({each.mutation.kind for each in drawn})
    counts = Counter((each.mutation.path, each.mutation.kind) for each in drawn)
    lines = ["", f"{'menu':<28}" + "".join(f"{kind:>10}" for kind in kinds)]
    paths = sorted({each.mutation.path for each in drawn})
    lines += [f"{path:<28}" + "".join(f"{counts[path, kind] or '':>10}" for kind in kinds) for path in paths]
    found = Counter(each.expected.word for each in drawn)
    share = sum(each.mere for each in drawn) / len(drawn)
    lines.append("expected: " + ", ".join(f"{count} {word}" for word, count in found.most_common()))
    exact = sum(each.exact for each in drawn)
    lines.append(f"{exact} of {len(drawn)} found exactly; {share:.1%} mere verdicts")
    return "\n".join(lines)
