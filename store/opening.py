"""Opening a store: its place, its tables, its repositories."""

from __future__ import annotations

import datetime
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from schemas.errors import InputError
from store.approvals import Approvals
from store.audit import Audit
from store.credentials import Credentials
from store.database import Database, make_database
from store.enrolments import Enrolments
from store.fingerprints import Fingerprints
from store.journal import Journal
from store.leases import Leases
from store.migrate import bring_up_to_date
from store.persons import Persons
from store.plans import Plans
from store.rollouts import Rollouts
from store.settings import Settings

_SQLITE = "sqlite:///"


@dataclass(frozen=True, slots=True)
class Store:
    """One repository per noun. Every call is a transaction of its own."""

    settings: Settings
    persons: Persons
    enrolments: Enrolments
    credentials: Credentials
    plans: Plans
    approvals: Approvals
    rollouts: Rollouts
    leases: Leases
    journal: Journal
    audit: Audit
    fingerprints: Fingerprints

    @classmethod
    def over(cls, database: Database) -> Self:
        return cls(
            settings=Settings(database),
            persons=Persons(database),
            enrolments=Enrolments(database),
            credentials=Credentials(database),
            plans=Plans(database),
            approvals=Approvals(database),
            rollouts=Rollouts(database),
            leases=Leases(database),
            journal=Journal(database),
            audit=Audit(database),
            fingerprints=Fingerprints(database),
        )


@asynccontextmanager
async def opened(place: str | Path, clock: Callable[[], datetime.datetime]) -> AsyncIterator[Store]:
    """See ``store.open_store``."""
    database = make_database(_path(place), clock)
    try:
        await bring_up_to_date(database)
        yield Store.over(database)
    finally:
        await database.close()


def _path(place: str | Path) -> Path:
    text = str(place)
    if text.startswith(_SQLITE):
        text = text.removeprefix(_SQLITE)
    elif "://" in text:
        scheme = text.partition("://")[0]
        raise InputError(f"A store cannot be kept in {scheme}; give the path of a file or sqlite:///PATH.")
    if text in {"", ":memory:"}:
        raise InputError("A store is a file; give its path.")
    return Path(text).expanduser()
