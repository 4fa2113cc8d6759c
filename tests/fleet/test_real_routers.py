"""Three real routers: read as they are, then changed from Git, planned as exactly that, approved and applied."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from simulator.fleet import SimulatedRouter, run_in_thread
from tests.fleet.fleet_tools import REAL, Administrator, FleetFolder, changes_of, managed, real_router

RULE = "    - {chain: %s, action: accept, protocol: tcp, dst-port: 8443, comment: from Git}\n"


@dataclass(frozen=True)
class Real:
    router: SimulatedRouter
    fleet: FleetFolder

    @property
    def file(self) -> str:
        return f"devices/{self.router.name}.yaml"


@pytest.fixture(params=REAL)
def real(request: pytest.FixtureRequest, corpus: Path, fleet: FleetFolder) -> Iterator[Real]:
    """One real router, read into a fleet."""
    router = real_router(corpus, request.param)
    with run_in_thread([router]):
        done = fleet.init([router])
        assert done.code == 0, done
        yield Real(router, fleet)


def test_as_read_there_is_nothing_to_do(real: Real) -> None:
    planned = real.fleet.plan()
    assert planned.code == 0, planned
    assert real.fleet.plumbline("drift").code == 0
    assert not real.router.writes


def test_rules_and_a_record_from_git_are_planned_and_applied_as_exactly_that(real: Real) -> None:
    managed(real.fleet, real.router.name, "firewall-writes")
    real.fleet.commit({real.file: _edited(real.fleet.read(real.file), "forward")}, "Rules and a record")

    planned = real.fleet.plan()
    assert planned.code == 2, planned
    plan = planned.document
    changes = changes_of(plan, real.router.name)
    kinds = Counter((change["path"], change["action"]) for change in changes)
    assert kinds == {
        ("/ip/firewall/filter", "add"): 1,
        ("/ip/firewall/filter", "move"): 1,
        ("/ip/dns/static", "set"): 1,
    }, changes
    added = next(change for change in changes if change["action"] == "add")
    assert added["after"]["comment"] == "from Git"
    record = next(change for change in changes if change["action"] == "set")
    assert list(record["after"]) == ["ttl"], record

    token = real.fleet.approve(plan)
    assert token.code == 0, token
    applied = real.fleet.apply(plan, token.out)
    assert applied.code == 0, applied
    assert sum(real.router.writes.values()) == len(changes), real.router.writes
    assert real.fleet.plan().code == 0
    assert real.fleet.plumbline("drift").code == 0
    _stands_where_git_says(real)


def test_the_same_in_the_input_chain_is_refused_with_the_reason(real: Real) -> None:
    managed(real.fleet, real.router.name, "firewall-writes")
    real.fleet.commit({real.file: _edited(real.fleet.read(real.file), "input")}, "Rules in the input chain")

    planned = real.fleet.plan()
    assert planned.code == 3, planned
    findings = [each for each in planned.document["findings"] if each["rule"] == "management-path"]
    assert {each["path"] for each in findings} == {"/ip/firewall/filter"}
    assert all("could cut the controller off" in each["message"] for each in findings)
    assert len(changes_of(planned.document, real.router.name)) == 3, "the whole plan is printed all the same"

    assert real.fleet.approve(planned.document).code == 3
    assert not real.router.writes


def _edited(text: str, chain: str) -> str:
    """A rule in the middle of a chain, two rules of it swapped, and the first DNS record changed."""
    head, menu, rest = _split(text, "/ip/firewall/filter")
    rules = _rules(menu)
    places = [n for n, rule in enumerate(rules) if f"chain: {chain}" in rule]
    assert len(places) > 3, f"not enough rules in {chain}"
    first, second = places[-2], places[-1]
    rules[first], rules[second] = rules[second], rules[first]
    rules.insert(places[len(places) // 2 - 1], RULE % chain)
    edited = head + "".join(rules) + rest
    head, menu, rest = _split(edited, "/ip/dns/static")
    records = _rules(menu)
    place = next(n for n, record in enumerate(records) if "ttl: " not in record)
    inline = "- {" in records[place]
    records[place] = records[place].replace(*(("- {", "- {ttl: 2h, ") if inline else ("- ", "- ttl: 2h\n      ")), 1)
    return head + "".join(records) + rest


def _split(text: str, path: str) -> tuple[str, str, str]:
    """A document before, of, and after the rows of a menu."""
    start = text.index(f"  {path}:\n") + len(f"  {path}:\n")
    end = text.find("\n  /", start)
    end = len(text) if end < 0 else end + 1
    return text[:start], text[start:end], text[end:]


def _rules(menu: str) -> list[str]:
    """The rows of a menu, each with its lines."""
    found: list[str] = []
    for line in menu.splitlines(keepends=True):
        if line.startswith("    - "):
            found.append(line)
        else:
            found[-1] += line
    return found


def _stands_where_git_says(real: Real) -> None:
    """Fetched by somebody else: the chain's comments and actions in the order of the document."""
    with Administrator(real.router.address) as admin:
        rules = admin.rows("/ip/firewall/filter")
        records = admin.rows("/ip/dns/static")
    rows = [row for row in rules if row["chain"] == "forward" and row.get("dynamic") != "true"]
    document: Any = real.fleet.document(real.router.name)["menus"]
    wanted = [entry for entry in document["/ip/firewall/filter"] if entry["chain"] == "forward"]
    assert [(row["action"], row.get("comment", "")) for row in rows] == [
        (entry.get("action", "accept"), entry.get("comment", "")) for entry in wanted
    ]
    assert [row.get("name") for row in records if row["ttl"] == "2h"] == [
        entry.get("name") for entry in document["/ip/dns/static"] if entry.get("ttl") == "2h"
    ]
