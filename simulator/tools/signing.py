"""``/certificate/sign``.

That signing needs no more than a template, how long keys take, how its progress reads over REST, how a certificate that
is signed already is refused, and the policies, are unproven. The refusal of an authority without a key is a console's.
"""

from __future__ import annotations

from simulator import errors, signatures
from simulator.actions import chosen
from simulator.errors import Refusal
from simulator.state import Device, Row
from simulator.tools import running
from simulator.tools.calling import Call, Done, Tool, Tools

_WORDS = ("ca", "ca-crl-host", "ca-on-smart-card", "name", "number", "numbers", ".id", *running.SAMPLED)
_SHOWN = tuple(name for name in _WORDS if name not in ("numbers", ".id"))
_TAKES = {"1024": 0.5, "1536": 0.5, "2048": 1.0, "4096": 8.0, "8192": 40.0}
"""Seconds that a key of so many bits takes on a fast machine; curves take none."""
_SLOW = ("mipsbe", "mmips", "smips")
_SLOWER = 10.0
"""A key of 4096 bits takes a slow board longer than a request may last; the certificate comes all the same."""


def _sign(call: Call) -> Done:
    given = call.arguments(*_WORDS)
    device, table = call.device, call.device.table(signatures.PATH)
    numbers = given.get("number") or given.get("numbers") or given.get(".id")
    if not numbers:
        raise errors.missing("number")
    row = chosen(table, numbers)[0]
    authority = _authority(device, given["ca"]) if given.get("ca") else None
    if signatures.signed(row):
        raise Refusal("failure: certificate already signed")
    if name := given.get("name"):
        if table.named(name) not in (None, row):
            raise Refusal("failure: already have such name")
        row.put("name", name)
    if given.get("ca-crl-host"):
        row.facts["ca-crl-host"] = given["ca-crl-host"]
    takes = _TAKES.get(row.config.get("key-size", "2048"), 0.0)
    takes *= _SLOWER if device.hardware.kind.architecture in _SLOW else 1.0
    signatures.sign(row, authority, takes)
    device.relabel(row)
    if running.once(given):
        return Done([{"progress": "generating key"}])
    return Done(running.sectioned([[{"progress": "generating key"}], [{"progress": "done"}]]), seconds=takes)


def _authority(device: Device, name: str) -> Row:
    row = device.find(signatures.PATH, name)
    if row is None:
        raise Refusal("input does not match any value of ca")
    if not signatures.can_sign(row):
        raise Refusal("failure: bad CA key!")
    return row


TOOLS: Tools = {f"{signatures.PATH}/sign": Tool(_sign, frozenset({"write"}), words=_SHOWN)}
