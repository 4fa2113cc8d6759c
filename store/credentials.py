"""Sealed secrets by name. Only the vault can open them."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from store.database import Database
from store.tables import CREDENTIAL
from store.upsert import upsert


@dataclass(frozen=True, slots=True)
class Credentials:
    database: Database

    async def put(self, name: str, sealed: bytes) -> None:
        """Keep a sealed value; an earlier one of this name is replaced."""
        async with self.database.write() as connection:
            values = {"sealed": sealed, "changed": self.database.clock()}
            await upsert(connection, CREDENTIAL, {"name": name}, values)

    async def get(self, name: str) -> bytes | None:
        row = await self.database.first(select(CREDENTIAL.c.sealed).where(CREDENTIAL.c.name == name))
        return None if row is None else bytes(row.sealed)

    async def names(self) -> tuple[str, ...]:
        rows = await self.database.all(select(CREDENTIAL.c.name).order_by(CREDENTIAL.c.name))
        return tuple(row.name for row in rows)
