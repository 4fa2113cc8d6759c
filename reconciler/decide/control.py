"""Control data: what guards a change is never taken from the change.

Compares what the protected branch says of devices, limits and ownership with what the planned commit
says. Every difference is a refusal of rule ``control``; it takes effect by being merged.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields

from schemas.desired import DesiredMenu, Prune, Scope
from schemas.device import Device, Fleet
from schemas.location import Location
from schemas.path import MenuPath
from schemas.plan import Finding, Severity

RULE = "control"
_NOT_CONTROL = frozenset({"origin", "groups", "tags", "name"})


def fleet_differences(protected: Fleet, planned: Fleet) -> Iterator[Finding]:
    for name in _changed(protected, planned):
        yield _refusal(f"{name} of the fleet differs from the protected branch.", None, planned.origin)


def device_differences(protected: Device, planned: Device) -> Iterator[Finding]:
    """Differences in one device's control data, named with both values."""
    for name in _changed(protected, planned):
        was, now = getattr(protected, name), getattr(planned, name)
        text = f"{_WORDS.get(name, name)} is {_show(was)} on the protected branch and {_show(now)} here."
        yield _refusal(text, planned.name, planned.origin)


def widened_ownership(
    protected: Mapping[MenuPath, DesiredMenu], planned: Mapping[MenuPath, DesiredMenu], device: str
) -> Iterator[Finding]:
    """Scopes that reach or prune more, and new ignores."""
    for path, menu in planned.items():
        before = protected.get(path)
        for scope in menu.scopes:
            covered = any(_covers(old, scope) for old in before.scopes) if before else scope.prune is not Prune.ALL
            if not covered:
                text = f"own {scope.match} with prune {scope.prune.value} reaches more than before."
                yield _refusal(text, device, menu.origin, path)
        for ignore in menu.ignores:
            if before is None or ignore not in before.ignores:
                yield _refusal(f"ignore {ignore.match} is new.", device, menu.origin, path)


_REACH = (Prune.NONE, Prune.APPLIED, Prune.ALL)


def _covers(old: Scope, new: Scope) -> bool:
    """Whether all of ``new`` was inside ``old`` already, and could lose no more rows there."""
    inside = set(old.match.tests) <= set(new.match.tests)
    spared = not old.match.unless or old.match.unless == new.match.unless
    return inside and spared and _REACH.index(old.prune) >= _REACH.index(new.prune)


_WORDS = {
    "addresses": "address",
    "read_credential": "credentials.read",
    "write_credential": "credentials.write",
}


def _changed(before: object, after: object) -> Iterable[str]:
    for field in fields(before):  # type: ignore[arg-type]  # both are dataclasses of one type
        if field.name not in _NOT_CONTROL and getattr(before, field.name) != getattr(after, field.name):
            yield field.name


def _show(value: object) -> str:
    if isinstance(value, frozenset | set):
        return ", ".join(sorted(map(str, value))) or "empty"
    if isinstance(value, tuple):
        return ", ".join(map(str, value)) or "empty"
    return str(value) if value not in (None, "") else "empty"


def _refusal(message: str, device: str | None, location: Location | None, path: MenuPath | None = None) -> Finding:
    return Finding(RULE, Severity.REFUSED, message, device=device, path=path, location=location)
