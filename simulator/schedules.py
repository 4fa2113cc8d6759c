"""Scripts and the scheduler: whose a row is, since when, and when it will run next.

Rows of the scheduler without a start begin at the moment they came, as the console's lore has it; that ``policy``
leaves out what scripts cannot be given, and ``owner`` of rows nobody wrote over REST, is unproven. Nothing runs yet, so
that counts stay zero.
"""

from __future__ import annotations

import datetime
import math

from simulator import forms, times
from simulator.state import Device, Row, Table

SCHEDULER, SCRIPTS = "/system/scheduler", "/system/script"
PATHS = (SCHEDULER, SCRIPTS)
_POLICIES = ("ftp", "reboot", "read", "write", "policy", "test", "password", "sniff", "sensitive", "romon")
_AT_BOOT = "startup"


def facts_of(device: Device) -> dict[str, str]:
    """What a fresh row says by itself."""
    owner = device.actor or "admin"
    user = device.table("/user").named(owner)
    group = device.table("/user/group").named(user.config.get("group", "")) if user is not None else None
    granted = group.config.get("policy", "").split(",") if group is not None else _POLICIES
    return {"owner": owner, "policy": ",".join(name for name in _POLICIES if name in granted), "run-count": "0"}


def shape(row: Row, shown: dict[str, str]) -> None:
    """When a row of the scheduler starts and runs next, of those that will."""
    device = row.table.device
    day, moment = row.memory.setdefault("came", times.stamp(device)).split(" ")
    shown["start-date"] = shown.get("start-date") or day
    shown["start-time"] = shown.get("start-time") or moment
    shown.pop("next-run", None)
    due = _next(device, shown) if row.enabled else None
    if due is not None:
        shown["next-run"] = f"{times.date(device, due)} {due:%H:%M:%S}"


def look(table: Table) -> None:
    """Tell what runs next as of now."""
    for row in table.rows:
        table.refresh(row)


def _next(device: Device, shown: dict[str, str]) -> datetime.datetime | None:
    """None for what runs no more, or only at a boot, or has a start that is no time."""
    start, now = _start(shown), times.local(device).replace(tzinfo=None)
    if start is None or start > now:
        return start
    try:
        every = forms.seconds(shown.get("interval", "0s"))
    except forms.BadValue:
        every = 0.0
    if not every:
        return None
    return start + datetime.timedelta(seconds=(math.floor((now - start).total_seconds() / every) + 1) * every)


def _start(shown: dict[str, str]) -> datetime.datetime | None:
    if shown["start-time"] == _AT_BOOT:
        return None
    for form in ("%Y-%m-%d", "%b/%d/%Y"):
        try:
            start = datetime.datetime.strptime(
                f"{shown['start-date']} {shown['start-time']} +0000", f"{form} %H:%M:%S %z"
            )
        except ValueError:
            continue
        return start.replace(tzinfo=None)
    return None
