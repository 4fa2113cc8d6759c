"""Backups, reboots, resets and the end: what switches a router off and on, see ``simulator.power``."""

from __future__ import annotations

from typing import NoReturn

from simulator.power import Down
from simulator.tools.calling import Call, Done, Tool, Tools

_RESET_WORDS = ("no-defaults", "skip-backup", "keep-users", "run-after-reset", "caps-mode", "keep-apps", "shutdown")


def _save(call: Call) -> Done:
    call.power.save(call.arguments("name", "password", "encryption", "dont-encrypt"))
    return Done()


def _load(call: Call) -> NoReturn:
    call.power.load(call.arguments("name", "password", "force-v6-to-v7-configuration-upgrade"))


def _reboot(call: Call) -> NoReturn:
    call.arguments()
    raise Down


def _shutdown(call: Call) -> NoReturn:
    call.arguments()
    raise Down(for_good=True)


def _reset(call: Call) -> NoReturn:
    call.power.reset(call.arguments(*_RESET_WORDS))


_BACKUP = frozenset({"policy", "test"})
"""What saving and loading take by one measurement; another note adds ``ftp``."""
_REBOOT = frozenset({"reboot"})
TOOLS: Tools = {
    "/system/backup/save": Tool(_save, _BACKUP),
    "/system/backup/load": Tool(_load, _BACKUP),
    "/system/reboot": Tool(_reboot, _REBOOT),
    "/system/shutdown": Tool(_shutdown, _REBOOT),
    "/system/reset-configuration": Tool(_reset, _REBOOT),
}
