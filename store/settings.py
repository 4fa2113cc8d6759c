"""A fleet's few facts about itself."""

from __future__ import annotations

import uuid
from dataclasses import dataclass

from sqlalchemy import insert, select

from store.database import Database
from store.tables import SETTING
from store.upsert import upsert

_FLEET_ID = "fleet-id"


@dataclass(frozen=True, slots=True)
class Settings:
    database: Database

    async def fleet_id(self) -> str:
        """The fleet's own name among all fleets (a UUID), made once; approvals are bound to it."""
        known = await self.get(_FLEET_ID)
        if known is not None:
            return known
        async with self.database.write() as connection:
            row = (await connection.execute(select(SETTING.c.value).where(SETTING.c.name == _FLEET_ID))).first()
            if row is not None:
                return str(row.value)
            made = str(uuid.uuid4())
            await connection.execute(insert(SETTING).values(name=_FLEET_ID, value=made))
            return made

    async def get(self, name: str) -> str | None:
        row = await self.database.first(select(SETTING.c.value).where(SETTING.c.name == name))
        return None if row is None else str(row.value)

    async def put(self, name: str, value: str) -> None:
        async with self.database.write() as connection:
            await upsert(connection, SETTING, {"name": name}, {"value": value})
