"""``/user/active``: rows of REST logins cannot be removed. That asking an older version to log them out does not do it
either is unproven."""

from __future__ import annotations

from simulator import active, errors
from simulator.tools.calling import Call, Done, Tool, Tools


def _stays(call: Call) -> Done:
    given = call.arguments(".id", "numbers")
    named = given.get(".id") or given.get("numbers")
    if not named:
        raise errors.missing(".id")
    if any(word not in call.device.table(active.PATH).ids for word in named.split(",")):
        raise errors.not_found()
    raise errors.Refusal("action failed (6)")


TOOLS: Tools = dict.fromkeys(
    (f"{active.PATH}/remove", f"{active.PATH}/request-logout"), Tool(_stays, frozenset({"write", "policy"}))
)
