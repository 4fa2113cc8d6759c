"""``/user/ssh-keys``: what a router tells of a public key that it was given.

The names of the fields are those of the version; what they say of an Ed25519 key, the form of a fingerprint and the
words of ``RSA`` are unproven. That a key of a kind the router does not take is refused is left out.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
from collections.abc import Iterator

from simulator.state import Row

PATH = "/user/ssh-keys"
_KINDS = {
    "ssh-ed25519": "ed25519",
    "sk-ssh-ed25519@openssh.com": "ed25519-sk",
    "ssh-rsa": "rsa",
}
_ED25519_BITS = 256
_LENGTH = 4
_RSA_PARTS = 3


def shape(row: Row, shown: dict[str, str]) -> None:
    """Tell of a key what it is, as far as the version tells it; nothing of what is no key."""
    kind, _, rest = row.hidden.get("key", "").strip().partition(" ")
    encoded, _, owner = rest.partition(" ")
    try:
        blob = base64.b64decode(encoded, validate=True)
    except binascii.Error:
        return
    if kind not in _KINDS:
        return
    told = {
        "bits": str(_bits(blob)),
        "fingerprint": "SHA256:" + base64.b64encode(hashlib.sha256(blob).digest()).decode().rstrip("="),
        "info": owner,
        "key-owner": owner,
        "key-type": _KINDS[kind],
        "RSA": "true" if kind == "ssh-rsa" else "false",
    }
    shown.update({name: text for name, text in told.items() if name in row.table.menu.readable})


def is_key(text: str) -> bool:
    """Whether a text is a public key of a kind that the router takes."""
    kind, _, rest = text.partition(" ")
    try:
        return kind in _KINDS and bool(base64.b64decode(rest.partition(" ")[0], validate=True))
    except binascii.Error:
        return False


def _bits(blob: bytes) -> int:
    parts = list(_parts(blob))
    if parts[:1] == [b"ssh-rsa"] and len(parts) == _RSA_PARTS:
        return int.from_bytes(parts[-1]).bit_length()
    return _ED25519_BITS


def _parts(blob: bytes) -> Iterator[bytes]:
    """The strings of a key, each after its length."""
    while len(blob) >= _LENGTH:
        end = _LENGTH + int.from_bytes(blob[:_LENGTH])
        yield blob[_LENGTH:end]
        blob = blob[end:]
