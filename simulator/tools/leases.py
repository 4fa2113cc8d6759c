"""What can be done to leases and cached names: keep a lease for good, ask again for one, forget names.

What a client that is asked to release its lease says until it has another is unproven: it has the same one at once.
"""

from __future__ import annotations

from simulator import dhcp, errors, live, neighbourhood
from simulator.actions import chosen
from simulator.state import Row
from simulator.tools.calling import Call, Done, Tool, Tools

_WRITE = frozenset({"write"})


def _rows(call: Call) -> list[Row]:
    """The rows a call is for. Raises Refusal."""
    given = call.arguments(".id", "numbers")
    numbers = given.get("numbers") or given.get(".id")
    if not numbers:
        raise errors.Refusal(errors.MISSING_ID)
    table = call.device.table(call.path.rpartition("/")[0])
    live.look(table)
    return chosen(table, numbers)


def _make_static(call: Call) -> Done:
    for row in _rows(call):
        row.facts["dynamic"] = "false"
        row.table.refresh(row)
    call.device.settle(dhcp.LEASES)
    return Done()


def _again(call: Call) -> Done:
    for row in _rows(call):
        row.table.refresh(row)
    return Done()


def _flush(call: Call) -> Done:
    """Static names stay in the cache."""
    call.arguments()
    table = call.device.table(neighbourhood.CACHE)
    for row in [row for row in table.rows if row.facts.get("static") != "true"]:
        table.drop(row)
    return Done()


TOOLS: Tools = {
    f"{dhcp.LEASES}/make-static": Tool(_make_static, _WRITE),
    f"{dhcp.CLIENT}/renew": Tool(_again, _WRITE),
    f"{dhcp.CLIENT}/release": Tool(_again, _WRITE),
    f"{neighbourhood.CACHE}/flush": Tool(_flush, _WRITE),
}
