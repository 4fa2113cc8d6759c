"""``reset-counters`` and ``reset-counters-all``: interfaces and firewall rules count from zero again."""

from __future__ import annotations

from simulator import counting, errors, live
from simulator.actions import chosen
from simulator.schema import INTERFACE, INTERFACE_TYPES
from simulator.tools.calling import Call, Done, Tool, Tools

_WRITE = frozenset({"write"})


def _reset(call: Call) -> Done:
    given = call.arguments(".id", "numbers")
    numbers = given.get("numbers") or given.get(".id")
    if not numbers:
        raise errors.Refusal(errors.MISSING_ID)
    table = call.device.table(call.path.rpartition("/")[0])
    live.look(table)
    counting.reset(chosen(table, numbers))
    return Done()


def _reset_all(call: Call) -> Done:
    call.arguments()
    table = call.device.table(call.path.rpartition("/")[0])
    live.look(table)
    counting.reset(table.rows)
    return Done()


TOOLS: Tools = {
    **{f"{path}/reset-counters": Tool(_reset, _WRITE) for path in (INTERFACE, *INTERFACE_TYPES, *counting.RULES)},
    **{f"{path}/reset-counters-all": Tool(_reset_all, _WRITE) for path in counting.RULES},
}
