"""What came of asking a router for its own commands."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from schemas.catalogue.versions import SchemaChange
from schemas.release import Release


@dataclass(frozen=True, slots=True)
class Learnt:
    """``nearest`` is the committed version that ``changes`` are told against; ``asked`` counts requests, those of
    runs before that were broken off aside; ``skipped`` are words that are none of RouterOS's; ``unanswered`` are
    arguments that the router refused to explain. ``file`` keeps the facts; ``folder`` is where all facts files were
    written for review."""

    device: str
    model: str
    release: Release
    nearest: str
    menus: int
    fields: int
    changes: tuple[SchemaChange, ...]
    asked: int
    skipped: int
    unanswered: int
    file: Path
    folder: Path | None = None
