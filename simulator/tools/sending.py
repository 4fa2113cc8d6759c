"""Commands that send something off and answer nothing: ``/log/error`` and its kind, and ``/tool/wol``."""

from __future__ import annotations

import functools

from simulator import errors
from simulator.forms import BadValue, mac
from simulator.logbook import write_log
from simulator.schema import INTERFACE
from simulator.tools.calling import Call, Done, Tool, Tools

_WOL = ("as-value", "interface", "mac")


def _log(call: Call, topic: str) -> Done:
    """The topics are those that a script's messages have on the console; over REST they are unproven."""
    given = call.arguments("message")
    if "message" not in given:
        raise errors.missing("message")
    write_log(call.device, f"script,{topic}", given["message"])
    return Done()


def _wake(call: Call) -> Done:
    """Raises Refusal; whether anybody wakes up is not told."""
    given = call.arguments(*_WOL)
    if not given.get("mac"):
        raise errors.missing("mac")
    try:
        mac(given["mac"])
    except BadValue as error:
        raise errors.bad_value(error, "mac", "mac", "", given["mac"]) from error
    if given.get("interface") and call.device.find(INTERFACE, given["interface"]) is None:
        raise errors.Refusal("input does not match any value of interface")
    return Done()


TOOLS: Tools = {
    **{
        f"/log/{topic}": Tool(functools.partial(_log, topic=topic), frozenset({"write"}), words=("message",))
        for topic in ("debug", "error", "info", "warning")
    },
    "/tool/wol": Tool(_wake, frozenset({"test"}), words=_WOL),
}
"""The policies are unproven."""
