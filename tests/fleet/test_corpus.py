"""Real exports: imported by one reader, seeded by another, planned to nothing, edited and found. By source."""

from __future__ import annotations

import asyncio
import os
import resource
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from reconciler.wiring.trying import Tried, try_export

EDITS, ALL_EDITS = 2, 20
"""Edits per file in every run, and in torture."""


@pytest.fixture(scope="module")
def tried(corpus: Path) -> tuple[Tried, ...]:
    return _try_all(corpus, EDITS)


def test_exports_plan_to_nothing_with_nothing_left_out(
    tried: tuple[Tried, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    share, told = _macro(tried, lambda each: float(each.clean))
    with capsys.disabled():
        print(f"\nplan to nothing, nothing left out: {told}")
        for each in [each for each in tried if not each.clean][:20]:
            print(f"  {Path(each.file).name}: {_why(each)}")
    assert share >= 0.95


def test_entries_are_understood(tried: tuple[Tried, ...], capsys: pytest.CaptureFixture[str]) -> None:
    share, told = _macro(tried, lambda each: _part(each.understanding.understood, each.understanding.entries))
    free, _ = _macro(tried, lambda each: _part(each.understanding.free, each.understanding.values))
    with capsys.disabled():
        print(f"\nentries understood: {told}; free text {free:.1%} of values")
    assert share >= 0.98


def test_edits_are_found_exactly(tried: tuple[Tried, ...], capsys: pytest.CaptureFixture[str]) -> None:
    _judge_edits(tried, capsys)


@pytest.mark.torture
def test_all_edits_are_found_exactly(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    began = time.monotonic()
    tried = _try_all(corpus, int(os.environ.get("EDITS", ALL_EDITS)))
    _judge_edits(tried, capsys)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    with capsys.disabled():
        print(f"all files with all edits: {time.monotonic() - began:.0f} s, {peak:.0f} MB at most")


def _judge_edits(tried: Sequence[Tried], capsys: pytest.CaptureFixture[str]) -> None:
    edited = [each for each in tried if each.edits]
    recall, told = _macro(edited, lambda each: _part(sum(not edit.missing for edit in each.edits), len(each.edits)))
    false = sum(len(edit.too_much) for each in tried for edit in each.edits)
    count = sum(len(each.edits) for each in tried)
    with capsys.disabled():
        print(f"\nedits found exactly, of {count}: {told}; {false} false changes")
        for each in tried:
            for edit in each.edits:
                if not edit.exact:
                    print(f"  {Path(each.file).name}: {edit.kind} {edit.path} {edit.told}")
                    print(f"    missing {edit.missing} besides {edit.too_much}")
    assert recall >= 0.99
    assert false == 0


def _try_all(corpus: Path, edits: int) -> tuple[Tried, ...]:
    files = sorted((corpus / "rsc").glob("*.rsc"))
    assert files

    async def all_of_them() -> list[Tried]:
        return [await try_export(path.name, path.read_bytes(), edits=edits) for path in files]

    return tuple(asyncio.run(all_of_them()))


def _macro(tried: Sequence[Tried], figure: Callable[[Tried], float]) -> tuple[float, str]:
    """The mean of the sources' means, and it with the five worst."""
    by_source: Mapping[str, list[float]] = defaultdict(list)
    for each in tried:
        by_source[Path(each.file).name.partition("__")[0]].append(figure(each))
    means = {source: sum(values) / len(values) for source, values in by_source.items()}
    share = sum(means.values()) / len(means)
    worst = ", ".join(f"{source} {mean:.1%}" for source, mean in sorted(means.items(), key=lambda item: item[1])[:5])
    return share, f"{share:.2%} of {len(tried)} files by {len(means)} sources (worst: {worst})"


def _part(some: int, of: int) -> float:
    return some / of if of else 1.0


def _why(each: Tried) -> str:
    if each.problem:
        return each.problem
    left = [f"line {item.line} {item.path} {item.message}" for item in each.left_out]
    return "; ".join([*left, *each.changes][:3])
