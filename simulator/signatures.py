"""What a signed certificate says of itself: keys, numbers, and how long it is valid.

Names of the fields are those of real rows. Numbers are made up, always the same for one row of one router: there is no
key. That a row without a key usage is good for everything, the moment for which a new certificate cannot be used yet,
and which rows are trusted, are unproven.
"""

from __future__ import annotations

import datetime
import hashlib

from simulator import times
from simulator.state import USABLE, Row, Table

PATH = "/certificate"
_ENDS = "ends"
_USAGE = "digital-signature,key-encipherment,data-encipherment,key-cert-sign,crl-sign,tls-server,tls-client"
_USUAL = {"days-valid": "365", "digest-algorithm": "sha256", "key-size": "2048", "key-usage": _USAGE}
_MOMENT = 0.5


def signed(row: Row) -> bool:
    return "fingerprint" in row.facts


def can_sign(row: Row) -> bool:
    """Whether a certificate is an authority whose key is here."""
    usage = row.shown.get("key-usage", _USAGE).split(",")
    return signed(row) and row.facts.get("private-key") == "true" and "key-cert-sign" in usage


def sign(row: Row, authority: Row | None, takes: float) -> None:
    """Make a certificate of a template, signed by an authority or by itself; that takes so many seconds."""
    device, digest = (
        row.table.device,
        hashlib.sha256(f"{row.table.device.hardware.serial} {row.id}".encode()).hexdigest(),
    )
    for name, text in _USUAL.items():
        if name in row.table.menu.fields and not row.config.get(name):
            row.put(name, text)
    now = times.local(device)
    ends = now + datetime.timedelta(days=int(row.config.get("days-valid") or _USUAL["days-valid"]))
    row.facts |= {
        "akid": authority.facts.get("skid", "") if authority else "",
        "fingerprint": digest,
        "invalid-after": f"{times.date(device, ends)} {ends:%H:%M:%S}",
        "invalid-before": times.stamp(device),
        "key-type": "ec" if not row.config["key-size"].isdigit() else "rsa",
        "private-key": "true",
        "serial-number": digest[:16].upper(),
        "skid": digest[:40],
    }
    if authority is not None:
        row.facts |= {"ca": authority.label, "issued": "true"}
    elif "key-cert-sign" in row.config["key-usage"].split(","):
        row.facts["authority"] = "true"
        row.put("trusted", "true")
    row.memory[USABLE] = str(device.clock.monotonic() + takes + _MOMENT)
    expires_in(row, (ends - now).total_seconds())


def expires_in(row: Row, left: float) -> None:
    """Let a certificate be valid for so many seconds from now."""
    row.memory[_ENDS] = str(row.table.device.clock.monotonic() + left)
    _tell(row)


def look(table: Table) -> None:
    """Let the time that is left run on."""
    for row in table.rows:
        if _ENDS in row.memory:
            _tell(row)


def _tell(row: Row) -> None:
    left = float(row.memory[_ENDS]) - row.table.device.clock.monotonic()
    row.facts["expires-after"] = times.span(left)
    if left <= 0:
        row.facts["expired"] = "true"
    row.table.refresh(row)
