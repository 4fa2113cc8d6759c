"""Connections and transactions: one writer that locks before it reads, and readers beside it."""

from __future__ import annotations

import datetime
import os
import sqlite3
from collections.abc import AsyncIterator, Callable, Iterator, Sequence
from contextlib import asynccontextmanager, closing, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sqlalchemy import URL, Connection, Row, event
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.sql import Executable

from schemas.errors import InputError, Locked, PlumblineError

BUSY_SECONDS = 30
"""How long to wait for another process that is writing."""

_POOL_SECONDS = 300
_BUSY_CODES = frozenset({sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED})
_FOREIGN_CODES = frozenset(
    {sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CANTOPEN, sqlite3.SQLITE_PERM, sqlite3.SQLITE_READONLY}
)


@dataclass(frozen=True, slots=True)
class Database:
    """Two engines over one file, and the clock that its rows are stamped with."""

    path: Path
    clock: Callable[[], datetime.datetime]
    writer: AsyncEngine
    reader: AsyncEngine

    @asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """One transaction that holds the write lock from its start, committed at the end."""
        with translated(self.path):
            async with self.writer.begin() as connection:
                yield connection

    async def all(self, statement: Executable) -> Sequence[Row[Any]]:
        """The rows of one read."""
        with translated(self.path):
            async with self.reader.connect() as connection:
                return (await connection.execute(statement)).all()

    async def first(self, statement: Executable) -> Row[Any] | None:
        """The first row of one read, if any."""
        rows = await self.all(statement)
        return rows[0] if rows else None

    async def close(self) -> None:
        await self.writer.dispose()
        await self.reader.dispose()


def make_database(path: Path, clock: Callable[[], datetime.datetime]) -> Database:
    """The database at ``path``, whose file is made (0600) when it is missing. Connects on first use."""
    make_file(path)
    return Database(
        path,
        clock,
        writer=make_engine(path, "BEGIN IMMEDIATE", "journal_mode=WAL", "foreign_keys=ON"),
        reader=make_engine(path, "BEGIN", size=4),
    )


def make_engine(path: Path, begin: str, *pragmas: str, size: int = 1) -> AsyncEngine:
    """An engine of at most ``size`` connections, whose transactions start with ``begin``.

    ``BEGIN IMMEDIATE`` is what keeps a read followed by a write from losing another process's update.
    ``synchronous=FULL``: what is committed here outlives a power cut, because a router is written next.
    """
    engine = create_async_engine(
        URL.create("sqlite+aiosqlite", database=str(path)),
        connect_args={"isolation_level": None, "timeout": BUSY_SECONDS},
        pool_size=size,
        max_overflow=0,
        pool_timeout=_POOL_SECONDS,
    )

    def connected(connection: Any, _record: object) -> None:
        cursor = connection.cursor()
        for pragma in ("synchronous=FULL", *pragmas):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    def begun(connection: Connection) -> None:
        connection.exec_driver_sql(begin)

    event.listen(engine.sync_engine, "connect", connected)
    event.listen(engine.sync_engine, "begin", begun)
    return engine


def make_file(path: Path) -> None:
    """Make an empty database that only its owner can read, and its folder, where they are missing.

    It appears under its name with its write-ahead log switched on: switching it on later fails while another
    process looks at the file, and does not wait.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        if not path.exists():
            _make_under_another_name(path)
    except OSError as error:
        raise InputError(f"The store {path} cannot be opened: {error.strerror}.") from error
    except sqlite3.Error as error:
        raise InputError(f"The store {path} cannot be made: {error}.") from error


def _make_under_another_name(path: Path) -> None:
    draft = path.with_name(f".{path.name}.{os.urandom(8).hex()}")
    try:
        os.close(os.open(draft, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600))
        with closing(sqlite3.connect(draft)) as connection:
            connection.execute("PRAGMA journal_mode=WAL")
        with suppress(FileExistsError):  # another process was quicker; its file is as good
            path.hardlink_to(draft)
    finally:
        draft.unlink(missing_ok=True)


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """The database's own errors as ours, where a person can do something about them."""
    try:
        yield
    except DBAPIError as error:
        raise _translate(error, path) from error
    except PoolTimeout as error:
        raise Locked(f"The store {path} did not get to this write within {_POOL_SECONDS} s; try again.") from error


def _translate(error: DBAPIError, path: Path) -> PlumblineError | DBAPIError:
    code = getattr(error.orig, "sqlite_errorcode", None)
    if not isinstance(code, int):
        return error
    primary = code & 0xFF
    if primary in _BUSY_CODES:
        return Locked(f"The store {path} was busy with another process for {BUSY_SECONDS} s; try again.")
    if primary in _FOREIGN_CODES:
        return InputError(f"{path} is not a store that can be used: {error.orig}.")
    if primary == sqlite3.SQLITE_FULL:
        return PlumblineError(f"The store {path} could not be written: the disk is full.")
    return error
