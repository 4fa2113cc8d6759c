"""Documents point at things that exist, and say nothing about the machine they were written on."""

import re
from pathlib import Path

import pytest

from tests.house.sources import ROOT, own_files, rooms, shown

_LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")
_DECISION = re.compile(r"(\d{4})-[a-z0-9-]+\.md")
# Written in pieces, so that this file does not hold what it forbids.
_FORBIDDEN = {
    "a path of somebody's machine": re.compile(
        r"(?<![\w.~*}/-])/(?:wor" + r"k|tm" + r"p|roo" + r"t|hom" + r"e/\w+)(?:/|\b(?![-\w]))"
    ),
    "the address of a package registry": re.compile(
        r"pyp" + r"i\.org|pythonhos" + r"ted\.org|registry\.npm" + r"js|--(?:extra-)?index-" + r"url[ =]\S"
    ),
    "a reference to the plan of work": re.compile(r"(?i)\bissu" + r"e #?\d+\b"),
}


@pytest.mark.parametrize("path", own_files(".md"), ids=shown)
def test_links_lead_somewhere(path: Path) -> None:
    targets = [target.partition("#")[0] for target in _LINK.findall(_without_code(path.read_text()))]
    missing = [target for target in targets if target and "://" not in target and not (path.parent / target).exists()]
    assert missing == []


@pytest.mark.parametrize("name", ["README.md", "CONTRIBUTING.md", "docs/proof.md"])
def test_paths_that_are_named_exist(name: str) -> None:
    tops = "|".join([*rooms(), "tests", "docs", "examples"])
    named = re.findall(rf"`((?:{tops})/[\w./-]+)`", (ROOT / name).read_text())
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


@pytest.mark.parametrize("what", _FORBIDDEN)
def test_no_file_holds(what: str) -> None:
    found = [
        f"{shown(path)}:{text.count(chr(10), 0, match.start()) + 1} {match[0]}"
        for path in own_files()
        if (text := _text(path)) is not None
        for match in _FORBIDDEN[what].finditer(text)
    ]
    assert found == []


def test_the_forbidden_would_be_found() -> None:
    halves = [
        ("see /", "work/main"),
        ("in /", "tmp"),
        ("files.pythonhos", "ted.org"),
        ("Issu", "e 7"),
        ("--index-", "url=x"),
    ]
    for example in map("".join, halves):
        assert sum(bool(rule.search(example)) for rule in _FORBIDDEN.values()) == 1, example


def test_decisions_are_numbered_without_gaps_and_dated() -> None:
    records = sorted((ROOT / "docs/decisions").glob("*.md"))
    numbers = [int(match[1]) for record in records if (match := _DECISION.fullmatch(record.name))]
    assert len(numbers) == len(records), "a record is called NNNN-title-in-lower-case.md"
    assert numbers == list(range(1, len(records) + 1))
    for record in records:
        lines = record.read_text().splitlines()
        assert re.match(r"# \S", lines[0]), record.name
        assert re.match(r"(Accepted|Superseded by \d{4}), \d{4}-\d{2}-\d{2}\.", lines[2]), record.name
        assert len(lines) <= 30, f"{record.name} is longer than 30 lines"


def test_the_readme_names_chores_that_exist() -> None:
    chores = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    for name in ("README.md", "CONTRIBUTING.md"):
        named = set(re.findall(r"(?:`|^)make ([a-z]+)", (ROOT / name).read_text(), re.MULTILINE))
        assert named
        assert named <= chores


def _without_code(text: str) -> str:
    return re.sub(r"`[^`\n]*`", "", re.sub(r"(?ms)^ *```.*?^ *```", "", text))


def _text(path: Path) -> str | None:
    try:
        return path.read_text()
    except UnicodeDecodeError:
        return None
