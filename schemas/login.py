"""A router user's name and password, on its way from the vault to the client."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Login:
    """What a client proves itself with. The password is in no text made of it."""

    user: str
    password: str = field(repr=False)
