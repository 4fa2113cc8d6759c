"""``/undo`` and ``/redo``, and the menu ``/safe-mode``.

Over REST a safe mode belongs to the web server's own login, which everybody who asks as that user from that address
shares and which ends after about ten minutes: then whatever anybody changed meanwhile is undone, and after a release
nothing protects any more. That the login's end is like that of any other session is inferred; the wording of refusals
is that of the console, and what ``on-error`` does without anybody to ask is unproven.
"""

from __future__ import annotations

from simulator.errors import Refusal
from simulator.history import History
from simulator.safety import SAFE_MODE
from simulator.tools.calling import Call, Done, Tool, Tools

_NOT_TAKEN = "Safe Mode has not been taken. Action aborted."


def _undo(call: Call) -> Done:
    """How it is refused when there is nothing is unproven."""
    call.arguments()
    if not call.device.history.undo():
        raise Refusal("failure: nothing to undo")
    return Done()


def _redo(call: Call) -> Done:
    call.arguments()
    if not call.device.history.redo():
        raise Refusal("failure: nothing to redo")
    return Done()


def _take(call: Call) -> Done:
    """Raises Refusal when it is held, unless ``on-error`` says what becomes of the other one's changes."""
    given = call.arguments("on-error")
    way, history = given.get("on-error", "abort"), call.device.history
    if way not in ("abort", "ask", "release", "unroll"):
        raise Refusal("input does not match any value of on-error")
    if history.holder is not None:
        if history.holder is call.login:
            raise Refusal("Safe Mode is already active")
        if way in ("abort", "ask"):
            raise Refusal(_held(history, call.login.user))
        history.unroll() if way == "unroll" else history.release()
    history.holder = call.login
    return Done()


def _release(call: Call) -> Done:
    call.arguments()
    _own(call).release()
    return Done()


def _unroll(call: Call) -> Done:
    call.arguments()
    _own(call).unroll()
    return Done()


def _toggle(call: Call) -> Done:
    return _take(call) if call.device.history.holder is not call.login else _release(call)


def _own(call: Call) -> History:
    history = call.device.history
    if history.holder is None:
        raise Refusal(_NOT_TAKEN)
    if history.holder is not call.login:
        raise Refusal(_held(history, call.login.user))
    return history


def _held(history: History, user: str) -> str:
    holder = history.holder.user if history.holder else ""
    if holder == user:
        return "Safe Mode is taken by current user in another session."
    return f"Safe Mode is taken by another user ({holder}). Action aborted."


_WRITE = frozenset({"write"})
TOOLS: Tools = {
    "/undo": Tool(_undo, _WRITE),
    "/redo": Tool(_redo, _WRITE),
    f"{SAFE_MODE}/take": Tool(_take, _WRITE),
    f"{SAFE_MODE}/release": Tool(_release, _WRITE),
    f"{SAFE_MODE}/unroll": Tool(_unroll, _WRITE),
    f"{SAFE_MODE}/toggle": Tool(_toggle, _WRITE),
}
