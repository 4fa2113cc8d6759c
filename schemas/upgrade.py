"""What an upgrade of RouterOS touches in a fleet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from schemas.location import Location


@dataclass(frozen=True, slots=True)
class Touched:
    """Lines that an upgrade touches: what is the matter, and of which devices. ``breaks`` when they have to be changed
    before anything can be planned."""

    location: Location | None
    message: str
    hint: str
    devices: tuple[str, ...]
    breaks: bool


@dataclass(frozen=True, slots=True)
class Upgrade:
    """``unjudged`` maps devices to why nothing can be said of them: their documents have problems already."""

    commit: str
    devices: tuple[str, ...]
    touched: tuple[Touched, ...]
    unjudged: Mapping[str, str]
