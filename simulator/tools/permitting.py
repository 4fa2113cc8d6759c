"""``/system/license/renew`` and ``/system/device-mode/update``: what somebody else has to permit.

Nobody has an account here, so that no renewal succeeds. What a change of the device mode says when a button was pressed
is unproven: a power cycle is the only way here, after which nobody waits for the answer any more.
"""

from __future__ import annotations

from simulator import boots, errors, reach
from simulator.errors import Refusal
from simulator.tools import running
from simulator.tools.calling import Call, Done, Tool, Tools

_LICENSE = (*running.SAMPLED, "account", "level", "password")
_SERVER = "licence.mikrotik.com"
_ASKS_FOR = 3.0
_MODES = ("advanced", "basic", "home", "rose")
_SHORTEST, _LONGEST, _USUAL = 10.0, 86_400.0, "5m"
_FEATURES = (
    *("bandwidth-test", "container", "email", "fetch", "flagged", "flagging-enabled", "hotspot"),
    *("install-any-version", "ipsec", "l2tp", "partitions", "pptp", "proxy", "romon", "routerboard", "scheduler"),
    *("smb", "sniffer", "socks", "traffic-gen", "zerotier"),
)
_MODE = (*running.SAMPLED, *_FEATURES, "activation-timeout", "mode")
_SWITCHES = {"yes": "true", "true": "true", "no": "false", "false": "false"}


def _renew(call: Call) -> Done:
    """Without a way to the server it blocks for its duration; what it says then is unproven."""
    given = call.arguments(*_LICENSE)
    if not given.get("account"):
        raise errors.missing("account")
    if running.once(given):
        return Done([{"status": "connecting"}])
    statuses, length = ["connecting"], running.span(given)
    if reach.answers(call.device, _SERVER):
        statuses += ["renewing", "ERROR: Unauthorized"]
        length = min(_ASKS_FOR, length or _ASKS_FOR)
    elif length is None:
        raise errors.Endless
    else:
        statuses += ["ERROR: could not connect"]
    return Done(running.sectioned([[{"status": status}] for status in statuses]), seconds=length)


def _change_mode(call: Call) -> Done:
    """Everybody waits until the power was cycled or it is too late. Raises Halting."""
    given = call.arguments(*_MODE)
    wanted = {name: text for name, text in given.items() if name in ("mode", *_FEATURES)}
    if wanted.get("mode", _MODES[0]) not in _MODES:
        raise Refusal("input does not match any value of mode")
    for name in wanted.keys() - {"mode"}:
        if wanted[name] not in _SWITCHES:
            raise Refusal(f"invalid value for argument {name}")
        wanted[name] = _SWITCHES[wanted[name]]
    length = running.span(given, "activation-timeout", _USUAL) or 0.0
    if not _SHORTEST <= length <= _LONGEST:
        raise Refusal("value of activation-timeout is out of range (00:00:10 .. 1d00:00:00)")
    boots.ask_for_mode(call.device.table(boots.DEVICE_MODE).rows[0], wanted, length)
    raise errors.Halting("update canceled", length)


TOOLS: Tools = {
    "/system/license/renew": Tool(_renew, frozenset({"write"}), words=_LICENSE),
    f"{boots.DEVICE_MODE}/update": Tool(_change_mode, frozenset({"write"}), words=_MODE),
}
"""The policies are unproven."""
