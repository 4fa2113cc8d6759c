"""The verb try: import an export by one reader, seed a simulated router from it by another, plan, and edit by hand.

Everything happens in a folder that is thrown away, on loopback, and is the same for equal seeds.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections import Counter
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import yaml

from desired_state.repository import Repository
from desired_state.scaffold import fleet_files
from reconciler.act.device import Reading
from reconciler.operations.applying import record_applied
from reconciler.operations.context import Context
from reconciler.operations.exports import TakenExport, take_export, why_none
from reconciler.operations.known import load_known
from reconciler.operations.planning import load_sources
from reconciler.operations.reading import read_or_unknown
from reconciler.operations.understanding import Understanding, understanding_of
from reconciler.wiring import Settings, opened
from reconciler.wiring.verdicts import verdicts
from routeros.tls import fetch_fingerprint
from schemas.catalogue.load import open_catalogue
from schemas.catalogue.model import Menu
from schemas.errors import InputError
from schemas.exported import LeftOut
from schemas.path import MenuPath
from simulator.edits.administrator import Administrator
from simulator.edits.drawing import Mutation, Mutator, read_state
from simulator.edits.expecting import Declared, State, Verdict, declared_by_place, expected
from simulator.fleet import SimulatedRouter, run_in_thread

USER, PASSWORD = "plumbline-try", "try"  # of a router that lives for a second
_AUTHOR = "Plumbline <plumbline@localhost>"
_FILES = fleet_files("lab", lab=True, example=False)


@dataclass(frozen=True, slots=True)
class Edit:
    """One edit on the simulated router, and whether the plan said exactly what it must."""

    kind: str
    path: str
    told: str
    missing: tuple[Verdict, ...] = ()
    too_much: tuple[Verdict, ...] = ()

    @property
    def exact(self) -> bool:
        return not self.missing and not self.too_much


@dataclass(frozen=True, slots=True)
class Tried:
    """What became of one export. ``changes`` are those of the plan against the router seeded from it; ``problem``
    says why there is no plan; ``seconds`` is wall time."""

    file: str
    version: str = ""
    model: str = ""
    schema_version: str = ""
    understanding: Understanding = field(default_factory=Understanding)
    left_out: tuple[LeftOut, ...] = ()
    changes: tuple[str, ...] = ()
    edits: tuple[Edit, ...] = ()
    problem: str = ""
    remarks: tuple[LeftOut, ...] = ()
    seconds: float = 0.0

    @property
    def clean(self) -> bool:
        """Nothing was left out, and the plan is empty."""
        return not (self.problem or self.left_out or self.changes)


async def try_export(file: str, content: bytes, *, edits: int = 20, seed: int = 1) -> Tried:
    """Import, seed, plan and edit one export. Never raises for what stands in the export."""
    began = time.monotonic()
    try:
        taken = take_export(content, "router", open_catalogue(), _FILES, environment="lab", file=file)
    except InputError as error:
        return Tried(file, problem=error.message, seconds=time.monotonic() - began)
    found = Tried(
        file,
        taken.script.header.version,
        taken.script.header.model,
        taken.schema.version,
        understanding_of(taken),
        taken.left_out,
        remarks=taken.exported.remarks,
    )
    if problem := why_none(taken.script):
        return replace(found, problem=problem, seconds=time.monotonic() - began)
    rng = random.Random(seed)  # noqa: S311  # edits have to be the same every time
    made: list[Edit] = []
    try:
        while True:
            with tempfile.TemporaryDirectory(prefix="plumbline-try-") as folder:
                found, more = await _round(found, taken, content, Path(folder), edits - len(made), rng)
            made += more
            if not more or len(made) >= edits:
                break
    except InputError as error:
        found = replace(found, problem=error.message)
    return replace(found, edits=tuple(made), seconds=time.monotonic() - began)


async def _round(
    found: Tried, taken: TakenExport, content: bytes, folder: Path, edits: int, rng: random.Random
) -> tuple[Tried, Sequence[Edit]]:
    """One fresh router, and at most one edit in each of its menus: several in one could hide each other."""
    router = _simulated(taken, content)
    with run_in_thread([router]):  # apart, since whoever edits it waits for its answers
        async with _fleet(taken, router.address, folder) as context:
            reading = await _read(context)
            part = reading.result.plan
            problems = [str(problem) for problem in reading.result.problems]
            if part.unknown or problems:
                return replace(found, problem=part.unknown or " ".join(problems[:3])), ()
            changes = tuple(
                f"{c.action.value} {c.path} {c.identity}: {_fields(c.before, c.after)}" for c in part.changes
            )
            if changes or not edits:
                return replace(found, changes=changes), ()
            await record_applied(context, load_sources(context, "HEAD"), taken.device.name, reading)
            return found, await _edit(context, taken, router, edits, rng)


def _fields(before: Mapping[str, object], after: Mapping[str, object]) -> str:
    return ", ".join(f"{name}: {before.get(name)} → {value}" for name, value in after.items())


def _simulated(taken: TakenExport, content: bytes) -> SimulatedRouter:
    facts = taken.exported.facts
    seed: dict[str, object] = {"routeros": facts.version, "script": content}
    if facts.model:
        seed["model"] = facts.model
    if facts.serial:
        seed["serial"] = facts.serial
    return SimulatedRouter("router", seed, users={USER: PASSWORD})


@asynccontextmanager
async def _fleet(taken: TakenExport, address: str, folder: Path) -> AsyncIterator[Context]:
    """A throw-away fleet of the one device, found at the simulated router's address."""
    pin = await fetch_fingerprint(address)
    name = f"devices/{taken.device.name}.yaml"
    document = taken.imported.files[name].decode()
    for old, new in ((taken.device.addresses[0], address), (str(taken.device.tls.pin), pin)):
        document = document.replace(old, new, 1)
    documents = {**_FILES, **taken.imported.files, name: document.encode()}
    Repository.create(folder / "fleet", documents, author=_AUTHOR, message="As it is").close()
    environ = {
        "HOME": str(folder),
        "XDG_DATA_HOME": str(folder / "data"),
        "GIT_AUTHOR_EMAIL": "plumbline@localhost",
        "PLUMBLINE_CREDENTIAL_ROUTER_RO": f"{USER}:{PASSWORD}",
    }
    async with opened(Settings(folder / "fleet", environ=environ)) as context:
        yield context


async def _read(context: Context) -> Reading:
    sources = load_sources(context, "HEAD")
    name = next(iter(sources.planned.devices))
    return await read_or_unknown(context, await load_known(context), sources, name)


async def _edit(
    context: Context, taken: TakenExport, router: SimulatedRouter, count: int, rng: random.Random
) -> tuple[Edit, ...]:
    """Edits one after another, each judged against the state before the first of them."""
    document = _document(taken)
    with Administrator(router.address, USER, PASSWORD) as admin:
        menus = {path: menu for path in document if (menu := taken.schema.menu(MenuPath(path))) is not None}
        before = read_state(admin, menus)
        declared = _declared(menus, document, before)
        reading = await _read(context)
        resting = verdicts(reading.result.plan)
        made: list[Edit] = []
        touched: set[str] = set()
        missing: Counter[Verdict] = Counter()
        besides: Counter[Verdict] = Counter()
        while len(made) < count:
            left = {path: menus[path] for path in declared if path not in touched}
            state = {path: before[path] for path in left}
            mutation = Mutator(rng, left, state, admin, (USER,)).mutate() if left else None
            if mutation is None:
                break
            touched.add(mutation.path)
            wanted = expected({p: menus[p] for p in declared}, declared, before, read_state(admin, menus)).verdicts
            reading = await _read(context)
            seen = verdicts(reading.result.plan, reading.result.problems) - resting
            less, more = wanted - seen, seen - wanted
            made.append(_judged(mutation, less - missing, more - besides))
            missing, besides = less, more
    return tuple(made)


def _judged(mutation: Mutation, missing: Counter[Verdict], besides: Counter[Verdict]) -> Edit:
    told = (tuple(each.elements()) for each in (missing, besides))
    return Edit(mutation.kind, mutation.path, mutation.told, *told)


def _document(taken: TakenExport) -> dict[str, Any]:
    """The menus of the document, read by plain YAML, with the rows of its lists in place."""
    files = taken.imported.files
    menus = _texts(files[f"devices/{taken.device.name}.yaml"])["menus"]
    return {path: _expanded(body, files) if isinstance(body, list) else body for path, body in menus.items()}


def _expanded(body: Sequence[Any], files: Mapping[str, bytes]) -> list[Any]:
    found = []
    for item in body:
        if "$for-each" not in item:
            found.append(item)
            continue
        for values in _texts(files[item["$for-each"]["list"]]):
            row = {name: text for name, text in item.items() if name != "$for-each"}
            found.append({name: values.get(name, text) for name, text in row.items()})
    return found


def _texts(content: bytes) -> Any:
    return yaml.load(content, yaml.BaseLoader)  # noqa: S506  # makes texts only


def _declared(menus: Mapping[str, Menu], document: Any, state: State) -> dict[str, Declared]:
    """Menus whose rows can be told from the document by their place; the others are not edited."""
    found = {}
    for path, menu in menus.items():
        declared = declared_by_place(menu, document[path], state[path])
        if declared is not None:
            found[path] = declared
    return found
