"""Insert or update in the words every database has; safe because a write transaction is alone."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Table, insert, update
from sqlalchemy.ext.asyncio import AsyncConnection


async def upsert(
    connection: AsyncConnection, table: Table, key: Mapping[str, object], values: Mapping[str, object]
) -> None:
    """Give the row with this key these values, and make it when it is missing."""
    statement = update(table).where(*(table.c[name] == value for name, value in key.items())).values(**values)
    if (await connection.execute(statement)).rowcount == 0:
        await connection.execute(insert(table).values(**key, **values))
