"""What hurts users of other tools and what answers it: ``python -m tests.house.pain`` prints the table."""

import sys
from collections import defaultdict
from collections.abc import Iterator, Mapping
from typing import Any

import yaml

from tests.house.sources import ROOT
from tests.unit.decide.cases import cases, judge, pains

LIST = ROOT / "tests" / "cases" / "pain.yaml"
NO_CASE = ("elsewhere", "open")
"""The words that say why an id has no case."""


def known() -> Mapping[str, Mapping[str, Any]]:
    """The list: id to what it is, and why it has no case of the engine where it has none."""
    found: Mapping[str, Mapping[str, Any]] = yaml.safe_load(LIST.read_text())
    return found


def answers() -> Mapping[str, list[tuple[str, Mapping[str, Any]]]]:
    """Id to the cases that name it."""
    found: dict[str, list[tuple[str, Mapping[str, Any]]]] = defaultdict(list)
    for name, case in cases():
        for pain in pains(case):
            found[pain].append((name, case))
    return found


def verdict(case: Mapping[str, Any]) -> str:
    """What the engine makes of a case just now."""
    try:
        judge(case)
    except AssertionError:
        return f"known to fail: {case['xfail']}" if "xfail" in case else "FAILS"
    return "no longer fails" if "xfail" in case else "holds"


def table() -> Iterator[str]:
    """A line for each id and answer."""
    answered = answers()
    for pain, said in known().items():
        yield f"{pain}  {said['what']}"
        yield from (f"      {verdict(case)}: {name}" for name, case in answered.get(pain, ()))
        yield from (f"      test: {name}" for name in said.get("tests", ()))
        yield from (f"      {word}: {said[word]}" for word in NO_CASE if word in said)


if __name__ == "__main__":
    sys.stdout.writelines(f"{line}\n" for line in table())
