"""RouterOS versions and ranges of them: ``7.18.2``, ``7.20rc1``, ``>=7.16 <7.20``."""

from __future__ import annotations

import re
from functools import lru_cache

Version = tuple[int, int, int, int, int]
"""(major, minor, patch, stage, number of the stage); stage: 0 alpha, 1 beta, 2 rc, 3 released."""

_VERSION = re.compile(r"(\d+)\.(\d+)(?:\.(\d+))?(?:(alpha|beta|rc)(\d+))?")
_TEST = re.compile(r"(>=|<=|<|>|==|=|!=)?\s*([0-9][0-9a-z.]*)")
_STAGES = {"alpha": 0, "beta": 1, "rc": 2, "": 3}


@lru_cache(maxsize=1024)
def parse_version(text: str) -> Version:
    """``7.22.1 (stable)`` and ``7.22.1`` are (7, 22, 1, 3, 0). Raises ValueError when it is none."""
    match = _VERSION.fullmatch(text.strip().split(" ", 1)[0])
    if match is None:
        raise ValueError(f"{text!r} is not a RouterOS version such as 7.18.2")
    major, minor, patch, stage, number = match.groups()
    return int(major), int(minor), int(patch or 0), _STAGES[stage or ""], int(number or 0)


@lru_cache(maxsize=1024)
def in_range(version: str, condition: str) -> bool:
    """Whether a version meets all tests of ``>=7.16 <7.25``; ``*`` is every version.

    A bare ``7.18`` means exactly 7.18. Raises ValueError when either cannot be read.
    """
    if condition.strip() == "*":
        return True
    rest = _TEST.sub("", condition).replace(",", " ").strip()
    tests = _TEST.findall(condition)
    if rest or not tests:
        raise ValueError(f"{condition!r} is not a range of versions such as >=7.16 <7.20")
    actual = parse_version(version)
    return all(_holds(actual, operator, parse_version(bound)) for operator, bound in tests)


def _holds(actual: Version, operator: str, bound: Version) -> bool:
    match operator:
        case ">=":
            return actual >= bound
        case "<=":
            return actual <= bound
        case ">":
            return actual > bound
        case "<":
            return actual < bound
        case "!=":
            return actual != bound
        case _:
            return actual == bound
