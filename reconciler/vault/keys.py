"""Persons' signing keys: Ed25519, one file each, protected by a passphrase.

The file is an encrypted PKCS #8 PEM. Its own key derivation is too quick for what people choose as
passphrases, so the PEM's password is the passphrase stretched by scrypt, with the salt on the line above.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from pathlib import Path

import msgspec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.kdf.scrypt import Scrypt
from cryptography.hazmat.primitives.serialization import BestAvailableEncryption, Encoding, PrivateFormat
from joserfc.jwk import OKPKey

from reconciler.vault.places import create_private, data_home, read_private
from schemas.errors import ApprovalError, InputError

_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,63}")
_FILE = re.compile(
    rb"plumbline-signing-key/v1 salt=([0-9a-f]{32})\n(-----BEGIN ENCRYPTED PRIVATE KEY-----\n.*)", re.DOTALL
)
_SCRYPT = {"n": 2**15, "r": 8, "p": 1}


@dataclass(frozen=True, slots=True)
class PublicKey:
    """``key_id`` is the key's RFC 7638 thumbprint, ``jwk`` its public JWK as JSON text."""

    key_id: str
    jwk: str


@dataclass(frozen=True, slots=True)
class SigningKey:
    """A person's private key, opened. No text made of it shows it."""

    person: str
    public: PublicKey
    private: OKPKey = field(repr=False)


def create(name: str, passphrase: str, folder: Path | None = None) -> PublicKey:
    """Make the signing key of a person in ``folder/keys/NAME``.

    Raises InputError when the name cannot be a file name, the passphrase is empty, or there is a key.
    """
    path = _path(name, folder)
    if not passphrase:
        raise InputError(f"The key of {name} needs a passphrase; an empty one protects nothing.")
    private, salt = Ed25519PrivateKey.generate(), os.urandom(16)
    encryption = BestAvailableEncryption(_stretched(passphrase, salt))
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, encryption)
    if not create_private(path, f"plumbline-signing-key/v1 salt={salt.hex()}\n".encode() + pem):
        raise InputError(f"There is a key of {name} already: {path}")
    return _public(OKPKey.import_key(private))


def load(name: str, passphrase: str, folder: Path | None = None) -> SigningKey:
    """Open a person's key. Raises ApprovalError when there is none or the passphrase is wrong."""
    path = _path(name, folder)
    content = read_private(path, "signing key")
    if content is None:
        raise ApprovalError("missing", f"There is no signing key of {name} here: {path} does not exist.")
    match = _FILE.fullmatch(content)
    if match is None:
        raise InputError(f"{path} is not a signing key.")
    try:
        private = OKPKey.import_key(match[2], password=_stretched(passphrase, bytes.fromhex(match[1].decode())))
    except ValueError as error:
        raise ApprovalError("missing", f"The passphrase of the key of {name} is wrong.") from error
    return SigningKey(name, _public(private), private)


def names(folder: Path | None = None) -> tuple[str, ...]:
    """Whose keys lie here."""
    keys = (folder or data_home()) / "keys"
    return tuple(sorted(path.name for path in keys.glob("*") if _NAME.fullmatch(path.name)))


def _path(name: str, folder: Path | None) -> Path:
    if not _NAME.fullmatch(name):
        raise InputError(f"{name!r} cannot name a key; use lower case letters, digits, dots, dashes, such as anna.")
    return (folder or data_home()) / "keys" / name


def _stretched(passphrase: str, salt: bytes) -> bytes:
    return Scrypt(salt=salt, length=32, **_SCRYPT).derive(passphrase.encode()).hex().encode()


def _public(key: OKPKey) -> PublicKey:
    text = msgspec.json.encode(key.as_dict(private=False), order="sorted").decode()
    return PublicKey(key.thumbprint(), text)
