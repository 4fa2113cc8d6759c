"""``/password``: a user changes his own password.

In what words a wrong old password, or a new one that is not confirmed, is refused is unproven.
"""

from __future__ import annotations

from simulator import actions, errors
from simulator.tools.calling import Call, Done, Tool, Tools

_OLD, _NEW, _CONFIRM = "old-password", "new-password", "confirm-new-password"
_WORDS = (_CONFIRM, _NEW, _OLD)


def _change(call: Call) -> Done:
    given = call.arguments(*_WORDS)
    for name in (_OLD, _NEW, _CONFIRM):
        if name not in given:
            raise errors.missing(name)
    table = call.device.table("/user")
    user = table.named(call.login.user)
    if user is None or user.hidden.get("password", "") != given[_OLD]:
        raise errors.Refusal("failure: old password incorrect")
    if given[_NEW] != given[_CONFIRM]:
        raise errors.Refusal("failure: passwords do not match")
    actions.change(table, [user], {"password": given[_NEW]})
    return Done()


TOOLS: Tools = {"/password": Tool(_change, frozenset({"password"}), words=_WORDS)}
