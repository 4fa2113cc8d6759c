"""What people really changed: from the export before to the export after, carried out on simulated routers.

The plan is carried out below the guards, change by change; the simulated router's own export is the judge.
"""

from __future__ import annotations

import asyncio
import datetime
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from desired_state.scaffold import fleet_files
from reconciler.decide.confirm import applied_from
from reconciler.decide.plan import Judging, menus_to_observe, plan_device
from reconciler.operations.exports import TakenExport, take_export
from routeros.client import Client
from routeros.identify import identify
from routeros.observe import MenuRead, observe
from routeros.script import Find, Statement, render_script
from routeros.session import Session
from routeros.write import write
from schemas.catalogue.load import open_catalogue
from schemas.catalogue.model import Menu
from schemas.desired import Desired, DesiredEntry, DesiredMenu, SecretRef
from schemas.device import Limits, Tls
from schemas.errors import PlumblineError
from schemas.login import Login
from schemas.observed import Applied, Observed
from schemas.path import MenuPath
from simulator.fleet import SimulatedRouter, serve
from simulator.script.exporting import export
from tests.fleet.fleet_tools import PASSWORD, USER

LOGIN = Login(USER, PASSWORD)


@dataclass(frozen=True)
class Pair:
    """Two exports of one device, one after the other."""

    name: str
    version: str
    before: str
    after: str


@dataclass(frozen=True)
class Walked:
    """What became of a pair: ``changes`` were carried out; ``wrong`` is what then differs, '' where nothing does."""

    pair: Pair
    changes: int = 0
    wrong: str = ""


def test_real_changes_lead_from_one_export_to_the_next(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    walked = asyncio.run(_walk_all([*_histories(corpus), *_orderings(corpus)]))
    with capsys.disabled():
        good = sum(not each.wrong for each in walked)
        print(f"\n{good} of {len(walked)} pairs lead to what came after, by {sum(e.changes for e in walked)} changes")
        for each in walked:
            if each.wrong:
                print(f"  {each.pair.name}: {each.wrong[:400]}")
    assert good >= 0.95 * len(walked)


async def _walk_all(pairs: Sequence[Pair]) -> list[Walked]:
    return [await _walk(pair) for pair in pairs]


async def _walk(pair: Pair) -> Walked:
    try:
        before, after = _taken(pair, pair.before), _taken(pair, pair.after)
        return await _carried_out(pair, before, after)
    except PlumblineError as error:
        return Walked(pair, wrong=f"{type(error).__name__}: {error.message}")


def _taken(pair: Pair, text: str) -> TakenExport:
    files = fleet_files("lab", lab=True, example=False)
    return take_export(text.encode(), "router", open_catalogue(), files, environment="lab", file=pair.name)


async def _carried_out(pair: Pair, before: TakenExport, after: TakenExport) -> Walked:
    router = _router(pair, pair.before + _hardware(after))
    async with serve([router]), Session() as session:
        client = Client(session, "router", (router.address,), Tls(insecure=True), LOGIN)
        applied = await _confirmed(client, before)
        desired = _with_what_is_gone(before, after)
        count = 0
        for _ in range(2):  # once more, for what only shows after the first time
            plan = await _planned(client, desired, applied, after)
            made: dict[int, str] = {}
            for change in plan.plan.changes:
                menu = after.schema.menu(change.path)
                assert menu is not None
                values = {n: "secret" if isinstance(v, SecretRef) else v for n, v in change.after.items()}
                anchor = None
                if change.anchor is not None:
                    made_by = change.anchor.change
                    anchor = change.anchor.handle if made_by is None else made[made_by]
                handle = await write(client, menu, change, values, anchor)
                if handle is not None:
                    made[change.number] = handle
                count += 1
    wanted = export(_router(pair, pair.after).device, any_order=True)
    found = export(router.device, any_order=True)
    return Walked(pair, count, _difference(found, wanted))


async def _confirmed(client: Client, before: TakenExport) -> Applied:
    observed = await _observed(client, before, before.desired)
    plan = plan_device(before.device, before.desired, observed, None, before.schema.menu, _judging(), schema_version="")
    if plan.plan.changes:
        first = plan.plan.changes[0]
        raise PlumblineError(f"the export before does not plan to nothing: {first.action} {first.path} {first.after}")
    return applied_from(before.desired, observed, before.schema.menu)


async def _observed(client: Client, taken: TakenExport, desired: Desired) -> Observed:
    wanted = menus_to_observe(taken.schema.menu, desired.menus, ())
    reads = [MenuRead(menu) for path in wanted if (menu := taken.schema.menu(path)) is not None]
    return await observe(client, await identify(client), reads)


async def _planned(client: Client, desired: Desired, applied: Applied, taken: TakenExport) -> Any:
    observed = await _observed(client, taken, desired)
    return plan_device(taken.device, desired, observed, applied, taken.schema.menu, _judging(), schema_version="")


def _judging() -> Judging:
    return Judging(Limits(), (), frozenset(), datetime.date(2026, 11, 24))


def _with_what_is_gone(before: TakenExport, after: TakenExport) -> Desired:
    """What came after, and what is no longer said: lists are emptied, settings go back to their defaults."""
    menus = dict(after.desired.menus)
    for path, was in before.desired.menus.items():
        menu = after.schema.menu(path)
        if menu is None:
            continue
        now = menus.get(path) or DesiredMenu(path, (), origin=was.origin)
        kept = [_given_back(menu, entry, now.entries) for entry in was.entries if menu.singleton or entry.match]
        others = [entry for entry in now.entries if not any(_is_same_row(entry, each) for each in kept)]
        entries = (*(entry for entry in kept if entry.fields), *others)
        if menu.addable or entries:
            menus[path] = replace(now, entries=entries)
    return replace(after.desired, menus=menus)


def _given_back(menu: Menu, was: DesiredEntry, entries: Sequence[DesiredEntry]) -> DesiredEntry:
    now = next((entry for entry in entries if _is_same_row(entry, was)), None)
    gone = was.fields.keys() - (now.fields.keys() if now else set())
    nulls = {name: None for name in gone if menu.fields[name].default is not None and name not in menu.key}
    return replace(now or was, fields={**nulls, **(now.fields if now else {})})


def _is_same_row(one: DesiredEntry, other: DesiredEntry) -> bool:
    return one.match == other.match


def _hardware(after: TakenExport) -> str:
    """The rows that the router makes itself and that the later export speaks of: they were there before."""
    rows = [
        (path, row.match)
        for path, found in after.exported.menus.items()
        for row in found
        if path == "/disk" and row.match
    ]
    return "\n" + render_script(
        Statement(path, "set", 1, Find(tests=tuple(match.items())), tuple(match.items())[:1]) for path, match in rows
    )


def _router(pair: Pair, text: str) -> SimulatedRouter:
    seed = {"routeros": pair.version, "script": text}
    return SimulatedRouter("router", seed, users={USER: PASSWORD})


def _difference(found: Sequence[str], wanted: Sequence[str]) -> str:
    """The first lines that differ."""
    found, wanted = (sorted(lines, key=_scope) for lines in (found, wanted))
    more = [f"+{line}" for line in found if line not in set(wanted)]
    less = [f"-{line}" for line in wanted if line not in set(found)]
    if not more and not less and list(found) != list(wanted):
        return next(f"order: {one} / {two}" for one, two in zip(found, wanted, strict=False) if one != two)
    return " ".join([*more[:3], *less[:3]])


def _scope(line: str) -> tuple[str, str]:
    """The menu, and the chain inside which order counts."""
    path = line.partition(" ")[0]
    return path, line.partition(" chain=")[2].partition(" ")[0] if "/firewall/" in path else ""


def _histories(corpus: Path) -> Iterator[Pair]:
    for file in sorted((corpus / "history").glob("*.json")):
        found = json.loads(file.read_text())
        version = found["to"]["version"]
        yield Pair(file.stem, version, *(_script(version, found[word]) for word in ("before", "after")))


def _orderings(corpus: Path) -> Iterator[Pair]:
    """Rule lists of one device at successive versions."""
    lists: dict[tuple[str, str], list[tuple[list[int], dict[str, Any]]]] = {}
    for file in sorted((corpus / "ordering").glob("ip*.json")):
        found = json.loads(file.read_text())
        version = found.get("version") or "7.18"
        key = (found["path"], file.stem.split("__")[1] + "__" + file.stem.split("__")[2])
        lists.setdefault(key, []).append(([int(part) for part in version.split(".")], found))
    for (path, device), versions in lists.items():
        for (_, one), (_, two) in pairwise(sorted(versions, key=lambda item: item[0])):
            beside = _named({**one, "rules": [*one["rules"], *two["rules"]]})
            texts = [_script(two["version"], [*beside, *_added(path, each["rules"])]) for each in (one, two)]
            yield Pair(f"{device} {path} {one['version']}..{two['version']}", two["version"], texts[0], texts[1])


def _named(found: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The interfaces and lists that rules speak of, which stood elsewhere in the export."""
    names: dict[tuple[str, str], None] = {}
    for rule in found["rules"]:
        for field, text in rule.items():
            if field.endswith("interface-list"):
                names["/interface/list", text.removeprefix("!")] = None
            elif field.endswith("interface") and not text.startswith("all-"):
                names["/interface/bridge", text.removeprefix("!")] = None
    usual = {"all", "none", "dynamic", "static"}
    return [{"path": p, "op": "add", "values": {"name": name}} for p, name in names if name not in usual]


def _added(path: str, rules: Sequence[Mapping[str, str]]) -> list[dict[str, Any]]:
    return [
        {"path": path, "op": "add", "values": {n: t for n, t in rule.items() if not n.startswith(".")}}
        for rule in rules
    ]


def _script(version: str, rows: Sequence[Mapping[str, Any]]) -> str:
    """The statements as RouterOS writes them."""
    statements = [
        Statement(MenuPath(row["path"]), row["op"], number, _find(row.get("where")), _unmasked(row["values"]))
        for number, row in enumerate(rows, 1)
    ]
    header = f"# 2026-01-01 00:00:00 by RouterOS {version}\n"
    return header + render_script(statements)


def _unmasked(values: Mapping[str, str]) -> tuple[tuple[str, str], ...]:
    """Addresses that were blotted out of the corpus stand for some address."""
    return tuple((name, "192.0.2.77" if text == "REMOVED" else text) for name, text in values.items())


def _find(where: Any) -> Find | None:
    if where is None:
        return None
    if "find" in where:
        return Find(tests=tuple(where["find"].items()))
    item = str(where["item"])
    return Find(number=int(item)) if item.isdecimal() else Find(word=item)
