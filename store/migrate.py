"""Brings a database's tables to the newest version, and leaves it alone when they are."""

from __future__ import annotations

from sqlalchemy import Connection, inspect, text
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.errors import InputError
from store.database import Database, make_engine, translated

HEAD = "0001"
"""The newest migration; a test holds it equal to the head of ``store/migrations``."""


async def bring_up_to_date(database: Database) -> None:
    """Run the missing migrations in one transaction. Processes that open one new store together take turns.

    Raises InputError when a newer Plumbline wrote the store.
    """
    with translated(database.path):
        async with database.reader.connect() as connection:
            version = await connection.run_sync(_version)
        if version == HEAD:
            return
        # Tables that are rebuilt would take the rows that refer to them along: no foreign keys here.
        engine = make_engine(database.path, "BEGIN IMMEDIATE", "foreign_keys=OFF")
        try:
            async with engine.begin() as connection:
                await _upgrade(connection, database)
        finally:
            await engine.dispose()


async def _upgrade(connection: AsyncConnection, database: Database) -> None:
    version = await connection.run_sync(_version)
    if version == HEAD:
        return
    # Alembic costs a second of CPU to import: only a store that is new or old needs it.
    from store.migrations import MIGRATIONS, upgrade  # noqa: PLC0415

    if version is not None and version not in MIGRATIONS:
        raise InputError(
            f"The store {database.path} was written by a newer Plumbline; use that version or a newer one."
        )
    if version is None and await connection.run_sync(lambda sync: bool(inspect(sync).get_table_names())):
        raise InputError(f"{database.path} is a database of another program; give another path for the store.")
    await connection.run_sync(upgrade)
    broken = (await connection.execute(text("PRAGMA foreign_key_check"))).first()
    if broken is not None:
        raise InputError(
            f"The store {database.path} has a row in {broken[0]} that refers to nothing; it was left as it was."
        )


def _version(connection: Connection) -> str | None:
    if not inspect(connection).has_table("alembic_version"):
        return None
    row = connection.execute(text("SELECT version_num FROM alembic_version")).first()
    return None if row is None else str(row[0])
