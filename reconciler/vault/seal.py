"""Secrets at rest: sealed with AES-256-GCM, bound to their names, under a ring of keys.

A sealed value is: version (1 byte), key id (8), nonce (12), ciphertext with tag. The name it is kept
under is associated data, so that a value moved to another name does not open.
"""

from __future__ import annotations

import binascii
import hashlib
import hmac
import os
from functools import cached_property
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from reconciler.vault.places import create_private, data_home, read_private
from schemas.errors import InputError

KEY_FILE = "vault.key"

_HEADER = b"plumbline-vault-key/v1"
_VERSION = b"\x01"
_ID, _NONCE, _KEY = 8, 12, 32


class KeyRing:
    """The keys in ``folder/vault.key``, read on first use and made by the first ``seal`` or ``fingerprint``.

    The last key of the ring seals, every key opens, the first one fingerprints: a key that is added later
    changes no fingerprint.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self.path = (folder or data_home()) / KEY_FILE

    def seal(self, name: str, plaintext: bytes) -> bytes:
        """``plaintext`` sealed under ``name``; every call gives other bytes."""
        key = self._keys[-1]
        nonce = os.urandom(_NONCE)
        head = _VERSION + _id(key)
        return head + nonce + AESGCM(key).encrypt(nonce, plaintext, _bound(head, name))

    def open(self, name: str, sealed: bytes) -> bytes:
        """What was sealed under ``name``.

        Raises InputError when the key is not in this ring, or the value was altered or sealed under
        another name.
        """
        head, nonce, body = sealed[: 1 + _ID], sealed[1 + _ID : 1 + _ID + _NONCE], sealed[1 + _ID + _NONCE :]
        if head[:1] != _VERSION or len(nonce) != _NONCE:
            raise InputError(f"What is stored for {name} is not a sealed value of this version; set it again.")
        keys = self._keys if self.path.exists() else ()
        key = next((key for key in keys if _id(key) == head[1:]), None)
        if key is None:
            raise InputError(
                f"{name} was sealed with another key ({head[1:].hex()}) than those in {self.path}; "
                "put that key file back, or set the value again."
            )
        try:
            return AESGCM(key).decrypt(nonce, body, _bound(head, name))
        except InvalidTag as error:
            raise InputError(
                f"What is stored for {name} was altered or belongs to another name; set it again."
            ) from error

    def fingerprint(self, value: str, context: str) -> str:
        """A text that is equal for equal values in one context, and tells nothing about the value.

        ``context`` says what the value is for (fleet, device, path, field), so that one password in two
        places does not show as one.
        """
        message = _framed(context.encode()) + value.encode()
        return "fp1:" + hmac.new(self._fingerprint_key, message, hashlib.sha256).hexdigest()[:40]

    @cached_property
    def _fingerprint_key(self) -> bytes:
        return HKDF(SHA256(), _KEY, salt=None, info=b"plumbline fingerprint v1").derive(self._keys[0])

    @cached_property
    def _keys(self) -> tuple[bytes, ...]:
        content = read_private(self.path, "key ring")
        if content is None:
            create_private(self.path, _HEADER + b"\n" + os.urandom(_KEY).hex().encode() + b"\n")
            content = read_private(self.path, "key ring") or b""
        return _parse(content, self.path)

    def __repr__(self) -> str:
        return f"KeyRing({str(self.path)!r})"


def _parse(content: bytes, path: Path) -> tuple[bytes, ...]:
    header, *lines = content.split() or [b""]
    try:
        keys = tuple(binascii.unhexlify(line) for line in lines)
    except binascii.Error:
        keys = ()
    if header != _HEADER or not keys or any(len(key) != _KEY for key in keys):
        raise InputError(
            f"{path} is not a key ring: it should be the line {_HEADER.decode()} and keys of 64 hex digits."
        )
    return keys


def _id(key: bytes) -> bytes:
    return hashlib.sha256(b"plumbline key id\0" + key).digest()[:_ID]


def _bound(head: bytes, name: str) -> bytes:
    return b"plumbline sealed value\0" + head + name.encode()


def _framed(data: bytes) -> bytes:
    return len(data).to_bytes(4, "big") + data
