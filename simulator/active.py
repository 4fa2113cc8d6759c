"""``/user/active``: who is logged in. A login over REST is there twice, and over ``api`` it has no address.

From 7.16 on such rows stay until the next boot, one pair per user, address and day, and cannot be removed. Before, a
login leaves when it is no longer kept; that it is logged then, and how, is unproven, and so is what removing a row of
an older version does.
"""

from __future__ import annotations

from simulator.logbook import write_log
from simulator.profiles import Does, does
from simulator.state import Device, Row, Table
from simulator.times import stamp

PATH = "/user/active"
_DAY = 86_400.0


def arrive(device: Device, user: str, group: str, address: str, kept: float) -> None:
    """Somebody logged in, for so many seconds."""
    expire(device)
    table, now = device.table(PATH), device.clock.monotonic()
    lingers = does(device.hardware.version, Does.LINGERING_LOGINS)
    there = [row for row in table.rows if _who(row) == (user, address) and now - row.born < _DAY]
    for row in there or _pair(table, user, group, address):
        row.expires = None if lingers else now + kept


def expire(device: Device) -> None:
    """Let those leave who are no longer kept."""
    table = device.tables().get(PATH)
    if table is None:
        return
    now = device.clock.monotonic()
    for row in [row for row in table.rows if row.expires is not None and row.expires <= now]:
        table.drop(row)
        if row.facts.get("via") == "rest-api":
            user, address = _who(row)
            write_log(device, "system,info,account", f"user {user} logged out from {address} via rest-api")


def forget(device: Device) -> None:
    """Nobody is logged in any more, as after a boot."""
    table = device.tables().get(PATH)
    for row in list(table.rows) if table else ():
        row.table.drop(row)


def _who(row: Row) -> tuple[str, str]:
    return row.config.get("name", ""), row.hidden.get("from", "")


def _pair(table: Table, user: str, group: str, address: str) -> list[Row]:
    made = []
    for via, shown in (("rest-api", {"address": address}), ("api", {})):
        row = table.create()
        row.builtin = True
        row.facts.update({**shown, "group": group, "radius": "false", "via": via, "when": stamp(table.device)})
        row.hidden["from"] = address
        row.put("name", user)
        table.refresh(row)
        made.append(row)
    return made
