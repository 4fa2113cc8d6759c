"""What a plan says of one device, in the terms of ``simulator.edits.expecting``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping

from schemas.desired import SecretRef, Value
from schemas.location import Problem
from schemas.plan import DevicePlan
from simulator.edits.expecting import Verdict, words


def verdicts(part: DevicePlan, problems: Iterable[Problem] = ()) -> Counter[Verdict]:
    """Changes by class, path, row and fields; what is left alone by class and path."""
    found: Counter[Verdict] = Counter()
    sets: dict[tuple[str, str], set[str]] = {}
    for change in part.changes:
        handle = change.handle or ""
        match change.action.value:
            case "set":
                sets.setdefault((change.path, handle), set()).update(change.after)
            case "add":
                found["add", change.path, words(_open(change.after))] += 1
            case "remove":
                found["remove", change.path, words({n: t for n, t in change.before.items() if t})] += 1
            case _:
                found["move", change.path] += 1
    found.update(("set", path, handle, ",".join(sorted(names))) for (path, handle), names in sets.items())
    found.update(("unmanaged", notice.path) for notice in part.unmanaged)
    found.update(("unverified", notice.path, ",".join(sorted(notice.fields))) for notice in part.unverified)
    found.update(("problem", problem.message.partition(":")[0]) for problem in problems)
    return found


def _open(values: Mapping[str, Value]) -> dict[str, str]:
    """Without secrets, which nobody can compare."""
    return {name: value or "" for name, value in values.items() if not isinstance(value, SecretRef)}
