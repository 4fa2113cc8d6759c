"""The only room that speaks SQL: what must survive the end of a command.

``async with open_store(path) as store`` gives a ``Store`` whose attributes are small repositories of
nouns. Importing this package is cheap; SQLModel is imported when a store is opened.
"""

from __future__ import annotations

import datetime
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from store.nouns import AuditRecord, Enrolment, Operation, StoredPlan

if TYPE_CHECKING:
    from store.opening import Store

__all__ = ["AuditRecord", "Enrolment", "Operation", "Store", "StoredPlan", "open_store", "utc_now"]


def utc_now() -> datetime.datetime:
    """This moment as aware UTC."""
    return datetime.datetime.now(datetime.UTC)


@asynccontextmanager
async def open_store(place: str | Path, *, clock: Callable[[], datetime.datetime] = utc_now) -> AsyncIterator[Store]:
    """Open the store at a path (or ``sqlite:///path``), made and brought to the newest tables when needed.

    ``clock`` returns aware UTC and decides when leases and approvals end. Raises InputError when the place
    holds no store of ours, and Locked when another process keeps the database busy for too long.
    """
    # SQLModel costs a second of CPU to import: only commands that need a store may pay for it.
    from store.opening import opened  # noqa: PLC0415

    async with opened(place, clock) as store:
        yield store
