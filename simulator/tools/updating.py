"""``/system/package/update`` and what is scheduled in ``/system/package``.

Shapes are measured. The newest version of each channel is what it was when this was written. That a download takes
five seconds and how it tells of its progress, which packages other machines than a virtual one are offered, what comes
of a channel whose newest version is older than the router's, and the policies, are unproven.
"""

from __future__ import annotations

import functools
import re

from simulator import boots, errors, packages, reach
from simulator.actions import chosen
from simulator.errors import Refusal
from simulator.power import Down
from simulator.profiles import Does, does
from simulator.state import Device, Row
from simulator.tools import running
from simulator.tools.calling import Call, Done, Tool, Tools

_NEWEST = {"development": "7.24.4", "long-term": "7.23.7", "stable": "7.24.4", "testing": "7.24.4"}
_SERVER = "upgrade.mikrotik.com"
_OFFERED = ("calea", "container", "dude", "gps", "iot", "openflow", "rose-storage", "tr069-client", "ups")
_OF_ALL = (*_OFFERED, "user-manager", "wireless")
_OF_ARM = ("wifi-qcom", "zerotier")
_LOOKING = "finding out latest version..."
_UP_TO_DATE, _NEW = "System is already up to date", "New version is available"
_DOWNLOADED = "Downloaded, please reboot router to upgrade it"
_CHECK = (*running.SAMPLED, "fetch-changelog")
_FETCH = (*running.SAMPLED, "ignore-missing")
_LOOKS_FOR, _LOADS_FOR = 1.0, 5.0
"""Seconds that a check and a download take."""


def _check(call: Call) -> Done:
    """With ``once`` it answers what was known before, and looks all the same."""
    given = call.arguments(*_CHECK)
    row = _update(call.device)
    before = dict(row.shown)
    _ask(row)
    if running.once(given):
        return Done([before])
    return Done(running.sectioned([[_looking(row)], [dict(row.shown)]]), seconds=_LOOKS_FOR)


def _download(call: Call) -> Done:
    call.arguments(*_FETCH)
    row = _update(call.device)
    _ask(row)
    samples = [_looking(row)]
    if row.facts["status"] == _NEW:
        samples.append({**row.shown, "status": "calculating download size..."})
        boots.download(row, row.facts["latest-version"])
        row.facts["status"] = _DOWNLOADED
        row.table.refresh(row)
    samples.append(dict(row.shown))
    return Done(running.sectioned([[sample] for sample in samples]), seconds=_LOADS_FOR if len(samples) > 2 else 1.0)


def _install(call: Call) -> Done:
    """The router goes down when there is something to install, else it is a check."""
    done = _download(call)
    if _update(call.device).facts["status"] == _DOWNLOADED:
        raise Down
    return done


def _cancel(call: Call) -> Done:
    """Nothing goes on here that could be cancelled."""
    call.arguments("as-value")
    return Done()


def _update(device: Device) -> Row:
    return device.table(boots.UPDATE).rows[0]


def _looking(row: Row) -> dict[str, str]:
    return {
        **{name: row.shown[name] for name in ("channel", "installed-version") if name in row.shown},
        "status": _LOOKING,
    }


def _ask(row: Row) -> None:
    """Ask for the newest version; a router that cannot does not know the last one any more."""
    device = row.table.device
    row.facts.pop("latest-version", None)
    if not reach.has_dns(device):
        row.facts["status"] = "ERROR: could not resolve dns name"
    elif not reach.answers(device, _SERVER):
        row.facts["status"] = "ERROR: could not connect"
    else:
        own = device.hardware.version
        newest = _NEWEST.get(row.shown.get("channel", ""), _NEWEST["stable"])
        row.facts["latest-version"] = newest
        row.facts["status"] = _NEW if _rank(newest) > _rank(own) else _UP_TO_DATE
        _offer(device)
    row.table.refresh(row)


def _rank(version: str) -> tuple[list[int], bool, str]:
    """The order of versions: 7.24beta2, 7.24rc1, 7.24, 7.24.1."""
    number, other = re.match(r"([\d.]*)(.*)", version).groups()  # type: ignore[union-attr]
    return [int(part) for part in number.split(".") if part], not other, other


def _offer(device: Device) -> None:
    """Show the packages that could be enabled, where the version does."""
    if not does(device.hardware.version, Does.BOOTS_FORGET_PACKAGES):
        return
    table = device.table(packages.PATH)
    arm = _OF_ARM if device.hardware.kind.architecture.startswith("arm") else ()
    for name in sorted({*_OF_ALL, *arm}):
        if table.named(name) is None:
            row = table.create()
            row.builtin = True
            row.put("name", name)
            told = {
                "available": "true",
                "build-time": device.hardware.built,
                "disabled": "true",
                "scheduled": "",
                "version": "",
            }
            row.facts.update({**told, "size": packages.SIZE})
            table.refresh(row)


def _schedule(call: Call, what: str) -> Done:
    """Note what the next boot is to do; that nothing is noted where it is so already is unproven."""
    given = call.arguments("numbers", ".id")
    numbers = given.get("numbers") or given.get(".id")
    if not numbers:
        raise Refusal(errors.MISSING_ID)
    for row in chosen(call.device.table(packages.PATH), numbers):
        off = row.facts.get("disabled") == "true"
        idle = (what == boots.ENABLE and not off) or (what == boots.DISABLE and off)
        row.facts["scheduled"] = "" if idle else what
        row.table.refresh(row)
    return Done()


def _apply(call: Call) -> Done:
    call.arguments("ignore-missing")
    raise Down(lambda: boots.apply_packages(call.device))


_WRITE = frozenset({"write"})
_REBOOT = frozenset({"reboot"})
TOOLS: Tools = {
    f"{boots.UPDATE}/cancel": Tool(_cancel, _WRITE, words=("as-value",)),
    f"{boots.UPDATE}/check-for-updates": Tool(_check, _WRITE, words=_CHECK),
    f"{boots.UPDATE}/download": Tool(_download, _WRITE, words=_FETCH),
    f"{boots.UPDATE}/install": Tool(_install, _WRITE | _REBOOT, words=_FETCH),
    f"{packages.PATH}/apply-changes": Tool(_apply, _REBOOT, words=("ignore-missing",)),
    **{
        f"{packages.PATH}/{word}": Tool(functools.partial(_schedule, what=what), _WRITE, words=("numbers",))
        for word, what in (
            ("enable", boots.ENABLE),
            ("disable", boots.DISABLE),
            ("uninstall", boots.UNINSTALL),
            ("unschedule", ""),
        )
    },
}
