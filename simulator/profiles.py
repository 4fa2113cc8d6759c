"""What a RouterOS version does that its facts do not say: tables of what changed, and with which version.

Menus, commands and fields that can be written are in the facts of each version (``simulator.schema``), such as
``/file/read`` in 7.13 or ``available-from`` in 7.24. Here is behaviour, and what the facts cannot tell: fields that
can only be read are known of 7.22 and 7.23 alone, and a version without facts of its own borrows those of a neighbour.
"""

from __future__ import annotations

import functools
import re
from enum import StrEnum

Version = tuple[int, int]
_EVER: Version = (7, 0)
_STILL: Version = (8, 0)


class Does(StrEnum):
    """One behaviour that depends on the version."""

    PLAIN_REST = "REST answers over plain HTTP too"
    ISO_DATES = "dates are 2023-05-02, not may/02/2023"
    DYNAMIC_SERVICES = "/ip/service shows the router's own services and open connections"
    BOOTS_FORGET_PACKAGES = "scheduled packages wait for apply-changes; a check for updates offers more"
    PING_IN_THE_TREE = "console/inspect tells ping at its root"
    NAMES_TAKEN_INTERFACES = "a taken name of an interface is told, not only that it is taken"
    LINGERING_LOGINS = "/user/active keeps REST logins until the next boot"


_VERSIONS: dict[Does, tuple[Version, Version]] = {
    Does.PLAIN_REST: ((7, 9), _STILL),
    Does.ISO_DATES: ((7, 10), _STILL),
    Does.DYNAMIC_SERVICES: ((7, 19), _STILL),
    Does.BOOTS_FORGET_PACKAGES: ((7, 18), _STILL),
    Does.PING_IN_THE_TREE: (_EVER, (7, 23)),
    Does.NAMES_TAKEN_INTERFACES: ((7, 23), _STILL),
    Does.LINGERING_LOGINS: ((7, 16), _STILL),
}
"""From the first version that does it to the first that does not."""

_MENUS: dict[str, Version] = {"/safe-mode": (7, 18)}
_COMMANDS: dict[tuple[str, str], Version] = {("/system/package", "apply-changes"): (7, 18)}
"""What came with which version, where 7.17 borrows the facts of 7.18."""

_READ_FIELDS: dict[tuple[str, str], tuple[Version, str]] = {
    ("/file", "last-modified"): ((7, 16), "creation-time"),
    ("/user/ssh-keys", "bits"): ((7, 15), "RSA"),
    ("/user/ssh-keys", "fingerprint"): ((7, 22), ""),
    ("/user/ssh-keys", "info"): ((7, 21), "key-owner"),
    ("/user/ssh-keys", "key-type"): ((7, 15), ""),
    ("/user/ssh-keys/private", "info"): ((7, 21), "key-owner"),
    **{
        ("/ip/service", name): ((7, 19), "")
        for name in ("connection", "container", "dynamic", "local", "netns", "remote")
    },
}
"""Fields that can only be read: the version they came with, and what was there before ('' for nothing).

``key-owner`` became ``info`` between 7.21 and 7.23; that it was 7.21, that private keys changed too, and the first
versions of ``fingerprint`` and ``key-type``, are unproven.
"""


@functools.lru_cache(maxsize=1024)
def does(version: str, behaviour: Does) -> bool:
    """Whether a version such as ``7.18.2`` or ``7.24rc1`` behaves so."""
    first, gone = _VERSIONS[behaviour]
    return first <= number_of(version) < gone


def number_of(version: str) -> Version:
    """``7.18.2`` as (7, 18)."""
    found = re.match(r"(\d+)\.(\d+)", version)
    return (int(found[1]), int(found[2])) if found else _EVER


def has_menu(version: str, path: str) -> bool:
    """Whether a version has a menu that the facts it goes by have."""
    return number_of(version) >= _MENUS.get(path, _EVER)


def has_command(version: str, path: str, command: str) -> bool:
    """Whether a version has a command that the facts it goes by have."""
    return number_of(version) >= _COMMANDS.get((path, command), _EVER)


def read_field(version: str, path: str, name: str) -> str:
    """What a version calls a field that can only be read, '' when it has none like it."""
    since, before = _READ_FIELDS.get((path, name), (_EVER, name))
    return name if number_of(version) >= since else before
