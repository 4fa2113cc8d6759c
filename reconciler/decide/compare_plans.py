"""What moved between two plans of one device, in sentences."""

from __future__ import annotations

from collections.abc import Iterator

from schemas.change import Change
from schemas.plan import DevicePlan

_MOST = 10


def differences(old: DevicePlan, new: DevicePlan) -> tuple[str, ...]:
    """At most ten sentences; empty when both plans do the same."""
    found = list(_differences(old, new))
    more = [f"{old.device}: and {len(found) - _MOST} more."] if len(found) > _MOST else []
    return tuple(found[:_MOST] + more)


def _differences(old: DevicePlan, new: DevicePlan) -> Iterator[str]:
    name = old.device
    if new.unknown:
        yield f"{name}: {new.unknown}"
        return
    if old.serial != new.serial:
        yield f"{name}: the serial number was {old.serial or 'unknown'} and is {new.serial or 'unknown'}."
    if old.version != new.version:
        yield f"{name}: RouterOS was {old.version} and is {new.version}."
    before = {_key(change): change for change in old.changes}
    after = {_key(change): change for change in new.changes}
    for key, change in before.items():
        if key not in after:
            yield f"{name}: {_words(change)} is no longer needed or possible as planned."
        elif change.essence() != after[key].essence():
            yield f"{name}: {_words(change)} would now do something else{_fields(change, after[key])}."
    for key, change in after.items():
        if key not in before:
            yield f"{name}: {_words(change)} is needed now and was not in the plan."
    if list(before) != list(after) and before.keys() == after.keys():
        yield f"{name}: the changes would now be made in another order."


def _key(change: Change) -> tuple[str, str, str]:
    return (change.path, change.action.value, change.identity)


def _words(change: Change) -> str:
    return f"{change.action.value} {change.path} {change.identity}"


def _fields(old: Change, new: Change) -> str:
    names = [n for n in {**old.before, **new.before} if old.before.get(n) != new.before.get(n)]
    if not names:
        return ""
    told = ", ".join(f"{n} was {_show(old.before.get(n))} and is {_show(new.before.get(n))}" for n in sorted(names))
    return f" ({told})"


def _show(text: str | None) -> str:
    return text or "empty"
