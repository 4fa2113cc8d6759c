"""What programs read: every output as one JSON object with its ``format``. Within a version, additions only.

A plan's document is complete: it loads back equal. It holds secrets by name only. The other documents are
for reading.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterable, Mapping

from reconciler.views.codec import Json, from_json, to_json
from reconciler.views.rows import drift_view, plan_view
from schemas.errors import ApprovalError, DeviceRefused, InputError, PlumblineError, StalePlan
from schemas.location import Location, Problem
from schemas.plan import Plan
from schemas.rollout import Rollout
from schemas.status import DeviceStatus

PLAN = "plumbline.plan/v1"
DRIFT = "plumbline.drift/v1"
STATUS = "plumbline.status/v1"
ROLLOUT = "plumbline.rollout/v1"
ERROR = "plumbline.error/v1"

Document = dict[str, Json]


def plan_document(plan: Plan) -> Document:
    """Everything in a plan. ``summary`` counts, for readers."""
    view = plan_view(plan)
    approvable = bool(plan.changed) and not view.why_not
    summary = {**_noun(view.counts), "refused": bool(plan.refusals), "approvable": approvable}
    return {"format": PLAN, "summary": summary, **_noun(plan)}


def load_plan_document(document: object, source: str = "plan") -> Plan:
    """The plan a document holds. Raises InputError with every unknown key, missing key and wrong type.

    ``source`` is the file's name for messages. The digest is not judged here: apply computes it anew.
    """
    if not isinstance(document, Mapping):
        raise InputError(Problem("This is not a plan document.", Location(source)))
    if document.get("format") != PLAN:
        found = document.get("format")
        what = f"its format is {found!r}" if isinstance(found, str) else "it names no format"
        hint = f"A plan document has the format {PLAN}; plumbline plan --save FILE writes one."
        raise InputError(Problem(f"This is not a plan document: {what}.", Location(source), hint))
    body = {name: value for name, value in document.items() if name not in ("format", "summary")}
    return from_json(Plan, body, source)


def drift_document(plan: Plan) -> Document:
    """What happened on every device since it was last confirmed, and where that is not known."""
    view = drift_view(plan)
    kept = ("device", "environment", "serial", "version", "schema_version", "drift", "unmanaged", "unverified")
    devices: list[Json] = []
    for device in plan.devices:
        told = _noun(device)
        devices.append({name: told[name] for name in (*kept, "notes", "unknown")})
    return {
        "format": DRIFT,
        "commit": plan.commit,
        "created": to_json(plan.created),
        "summary": _noun(view.counts),
        "devices": devices,
    }


def status_document(rows: Iterable[DeviceStatus]) -> Document:
    """One object a device, with its ``state`` in words."""
    devices: list[Json] = [{**_noun(row), "state": row.state} for row in rows]
    return {"format": STATUS, "devices": devices}


def rollout_document(rollout: Rollout) -> Document:
    """A rollout and one outcome per device."""
    return {"format": ROLLOUT, **_noun(rollout)}


def error_document(error: PlumblineError) -> Document:
    """``code`` is the error's name in words of lower case, ``exit`` the exit code of the command line."""
    problems = error.problems if isinstance(error, InputError) else ()
    document: Document = {
        "format": ERROR,
        "code": re.sub(r"(?<=[a-z])(?=[A-Z])", "-", type(error).__name__).lower(),
        "exit": int(error.exit),
        "message": error.message,
        "device": error.device,
        "temporary": error.temporary,
        "problems": [_problem(problem) for problem in problems],
    }
    match error:
        case StalePlan():
            document["differences"] = list(error.differences)
        case ApprovalError():
            document["why"] = error.why
        case DeviceRefused():
            document |= {"status": error.status, "detail": error.detail}
        case _:
            pass
    return document


def document_text(document: Document, *, indent: int | None = 2) -> str:
    """Plain ASCII, so that nothing in it acts on a terminal and broken bytes of devices survive."""
    return json.dumps(document, ensure_ascii=True, allow_nan=False, indent=indent).replace("\x7f", "\\u007f")


def read_document(text: str | bytes, source: str = "plan") -> object:
    """JSON text, read strictly: no key twice, no NaN, no endless nesting. Raises InputError."""
    try:
        return json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant)
    except (ValueError, RecursionError) as error:
        reason = "it is nested too deeply" if isinstance(error, RecursionError) else str(error)
        raise InputError(Problem(f"This is not JSON that can be read: {reason}.", Location(source))) from error


def _noun(value: object) -> Document:
    told = to_json(value)
    assert isinstance(told, dict), "a dataclass is told as an object"
    return told


def _problem(problem: Problem) -> Document:
    place = problem.location
    return {
        "message": problem.message,
        "file": place.file if place else None,
        "line": place.line or None if place else None,
        "hint": problem.hint,
    }


def _once(pairs: list[tuple[str, Json]]) -> Document:
    found = dict(pairs)
    if len(found) < len(pairs):
        twice = Counter(name for name, _ in pairs).most_common(1)[0][0]
        raise ValueError(f"the key {twice!r} stands twice in one object")
    return found


def _no_constant(name: str) -> Json:
    raise ValueError(f"{name} is no number in JSON")
