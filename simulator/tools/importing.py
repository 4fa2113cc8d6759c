"""``/certificate/import`` and ``/user/ssh-keys/import``: files that become rows.

Counts are named as on the console. How REST tells them, the name of a certificate that was given none, and what is told
of one that is there already, are unproven. Only PEM is read.
"""

from __future__ import annotations

import datetime
import hashlib
import re

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.types import PublicKeyTypes
from cryptography.x509.oid import NameOID

from simulator import actions, errors, files, signatures, sshkeys
from simulator.errors import Refusal
from simulator.state import Device, Row, Table
from simulator.tools.calling import Call, Done, Tool, Tools

_WORDS = ("as-value", "file-name", "name", "no-key-export", "passphrase", "trust-store", "trusted")
_KEY_WORDS = ("info", "key-owner", "public-key-file", "user")
_CERTIFICATES = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", re.DOTALL)
_KEYS = re.compile(r"-----BEGIN ([A-Z]+ )*PRIVATE KEY-----.*?-----END ([A-Z]+ )*PRIVATE KEY-----", re.DOTALL)
_SUBJECT = {
    "common-name": NameOID.COMMON_NAME,
    "country": NameOID.COUNTRY_NAME,
    "locality": NameOID.LOCALITY_NAME,
    "organization": NameOID.ORGANIZATION_NAME,
    "state": NameOID.STATE_OR_PROVINCE_NAME,
    "unit": NameOID.ORGANIZATIONAL_UNIT_NAME,
}
_BAD_KEY = "failure: unable to load key file (wrong format or bad passphrase)!"
_PUBLIC = "public key"


def _import(call: Call) -> Done:
    """Certificates and keys of a file; a key belongs to the certificate that has its other half."""
    given = call.arguments(*_WORDS)
    device, table = call.device, call.device.table(signatures.PATH)
    file = _file(device, given.get("file-name", ""), "file-name")
    text, name = file.config.get("contents", ""), given.get("name") or file.label.rpartition("/")[2]
    found = [x509.load_pem_x509_certificate(item.encode()) for item in _readable(text)]
    known = {row.facts.get("fingerprint") for row in table.rows}
    fresh = [item for item in found if item.fingerprint(hashes.SHA256()).hex() not in known]
    for at, item in enumerate(fresh):
        _take(table, item, f"{name}_{at}" if not given.get("name") or at else name, given.get("trusted", "yes"))
    taken, lonely, locked = 0, 0, 0
    for block in _KEYS.finditer(text):
        try:
            key = serialization.load_pem_private_key(
                block[0].encode(), (given.get("passphrase") or "").encode() or None
            )
        except (TypeError, ValueError):
            locked += 1
            continue
        own = [row for row in table.rows if row.memory.get(_PUBLIC) == _digest(key.public_key())]
        for row in own:
            row.facts["private-key"] = "true"
            table.refresh(row)
        taken, lonely = taken + bool(own), lonely + (not own)
    counts = {"certificates-imported": len(fresh), "private-keys-imported": taken, "decryption-failures": locked}
    counts |= {"files-imported": int(bool(fresh or taken)), "keys-with-no-certificate": lonely}
    return Done([{what: str(count) for what, count in counts.items()}])


def _file(device: Device, name: str, argument: str) -> Row:
    """The file of a name, or the only one that begins so. Raises Refusal."""
    if not name:
        raise errors.missing(argument)
    table = device.table(files.PATH)
    row = table.named(name)
    begun = [row] if row else [other for other in table.rows if other.label.startswith(name)]
    if len(begun) > 1:
        raise Refusal(f"ambiguous value of {argument}, more than one possible value matches input")
    if not begun:
        raise Refusal(f"input does not match any value of {argument}")
    return begun[0]


def _readable(text: str) -> list[str]:
    readable = []
    for item in _CERTIFICATES.findall(text):
        try:
            x509.load_pem_x509_certificate(item.encode())
        except ValueError:
            continue
        readable.append(item)
    return readable


def _take(table: Table, item: x509.Certificate, name: str, trusted: str) -> None:
    row, device = table.create(), table.device
    subject = {field: _of(item, oid) for field, oid in _SUBJECT.items()}
    key = item.public_key()
    settings = {"name": name, **subject, "trusted": "true" if trusted in ("yes", "true") else "false"}
    settings["key-size"] = str(key.key_size) if isinstance(key, rsa.RSAPublicKey) else "prime256v1"
    settings["days-valid"] = str((item.not_valid_after_utc - item.not_valid_before_utc).days)
    settings["subject-alt-name"] = ",".join(_alternatives(item))
    for field, text in settings.items():
        if text:
            row.put(field, text)
    fingerprint = item.fingerprint(hashes.SHA256()).hex()
    row.facts |= {
        "authority": "true" if _is_authority(item) else "false",
        "dynamic": "false",
        "fingerprint": fingerprint,
        "invalid-after": f"{item.not_valid_after_utc:%Y-%m-%d %H:%M:%S}",
        "invalid-before": f"{item.not_valid_before_utc:%Y-%m-%d %H:%M:%S}",
        "issuer": ",".join(
            f"CN={_text(text.value)}" for text in item.issuer.get_attributes_for_oid(NameOID.COMMON_NAME)
        ),
        "key-type": "rsa" if isinstance(key, rsa.RSAPublicKey) else "ec",
        "serial-number": f"{item.serial_number:X}",
    }
    row.memory[_PUBLIC] = _digest(key)
    left = item.not_valid_after_utc - device.clock.now().astimezone(datetime.UTC)
    signatures.expires_in(row, left.total_seconds())


def _of(item: x509.Certificate, oid: x509.ObjectIdentifier) -> str:
    return next((_text(part.value) for part in item.subject.get_attributes_for_oid(oid)), "")


def _text(value: str | bytes) -> str:
    return value if isinstance(value, str) else value.hex()


def _alternatives(item: x509.Certificate) -> list[str]:
    try:
        names = item.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except x509.ExtensionNotFound:
        return []
    addresses = [f"IP:{address}" for address in names.get_values_for_type(x509.IPAddress)]
    return addresses + [f"DNS:{name}" for name in names.get_values_for_type(x509.DNSName)]


def _is_authority(item: x509.Certificate) -> bool:
    try:
        return item.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    except x509.ExtensionNotFound:
        return False


def _digest(key: PublicKeyTypes) -> str:
    raw = key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    return hashlib.sha256(raw).hexdigest()


def _import_key(call: Call) -> Done:
    """A public key of a file for a user; kinds that the router does not take are no keys."""
    given = call.arguments(*_KEY_WORDS)
    file = _file(call.device, given.get("public-key-file", ""), "public-key-file")
    key = file.config.get("contents", "").strip()
    if not sshkeys.is_key(key):
        raise Refusal(_BAD_KEY)
    if not given.get("user"):
        raise errors.missing("user")
    actions.add(call.device.table(sshkeys.PATH), {"user": given["user"], "key": key})
    return Done()


_WRITE = frozenset({"write"})
TOOLS: Tools = {
    f"{signatures.PATH}/import": Tool(_import, _WRITE, words=_WORDS),
    f"{sshkeys.PATH}/import": Tool(_import_key, _WRITE | {"policy"}, words=_KEY_WORDS),
}
"""The policies are unproven."""
