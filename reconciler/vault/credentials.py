"""Router logins by the names that devices give."""

from __future__ import annotations

import os
from collections.abc import Mapping

from reconciler.vault.seal import KeyRing
from schemas.errors import InputError
from schemas.login import Login


def resolve(name: str, sealed: bytes | None, ring: KeyRing | None, environ: Mapping[str, str] = os.environ) -> Login:
    """The login called ``name``: from the environment, else from the sealed value that the store keeps.

    Raises InputError when neither has it or it is not ``user:password``.
    """
    variable = variable_of(name)
    if variable in environ:
        return parse(environ[variable], f"the environment variable {variable}")
    if sealed is not None and ring is not None:
        return parse(ring.open(_bound(name), sealed).decode(), f"the stored credential {name}")
    raise InputError(
        f"There is no credential {name}; set {variable} to user:password, or run: plumbline credential set {name}"
    )


def seal(name: str, login: Login, ring: KeyRing) -> bytes:
    """A login sealed for the store, under its name."""
    return ring.seal(_bound(name), f"{login.user}:{login.password}".encode())


def parse(text: str, place: str) -> Login:
    """A login written ``user:password``; the password may hold colons. ``place`` is told in the error."""
    user, colon, password = text.partition(":")
    if not colon or not user.strip():
        raise InputError(f"What is in {place} is not a login; write it as user:password.")
    return Login(user.strip(), password.rstrip("\r\n"))


def variable_of(name: str) -> str:
    """``PLUMBLINE_CREDENTIAL_AMS_RO`` for ``ams-ro``."""
    return "PLUMBLINE_CREDENTIAL_" + name.upper().replace("-", "_")


def _bound(name: str) -> str:
    return f"credential:{name}"
