"""What a RouterOS version does that its facts do not say: one table of behaviours and the versions that have them.

Menus, fields and commands that came or went are in the facts of each version (``simulator.schema``), such as
``/file/read`` in 7.13, ``/safe-mode`` in 7.18 or ``available-from`` in 7.24; only behaviour is here.
"""

from __future__ import annotations

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


_VERSIONS: dict[Does, tuple[Version, Version]] = {
    Does.PLAIN_REST: ((7, 9), _STILL),
    Does.ISO_DATES: ((7, 10), _STILL),
    Does.DYNAMIC_SERVICES: ((7, 19), _STILL),
}
"""From the first version that does it to the first that does not."""


def does(version: str, behaviour: Does) -> bool:
    """Whether a version such as ``7.18.2`` or ``7.24rc1`` behaves so."""
    first, gone = _VERSIONS[behaviour]
    return first <= number_of(version) < gone


def number_of(version: str) -> Version:
    """``7.18.2`` as (7, 18)."""
    found = re.match(r"(\d+)\.(\d+)", version)
    return (int(found[1]), int(found[2])) if found else _EVER
