"""Which router each device's login may be sent to."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import select

from store.database import Database
from store.nouns import Enrolment
from store.tables import ENROLMENT
from store.upsert import upsert


@dataclass(frozen=True, slots=True)
class Enrolments:
    database: Database

    async def put(self, enrolment: Enrolment) -> None:
        """Bind a device; an earlier binding of it is replaced."""
        values = {
            "serial": enrolment.serial,
            "address": enrolment.address,
            "pin_or_ca": enrolment.pin_or_ca,
            "enrolled": enrolment.enrolled,
        }
        async with self.database.write() as connection:
            await upsert(connection, ENROLMENT, {"device": enrolment.device}, values)

    async def get(self, device: str) -> Enrolment | None:
        row = await self.database.first(select(ENROLMENT).where(ENROLMENT.c.device == device))
        return None if row is None else Enrolment(**row._mapping)

    async def all(self) -> tuple[Enrolment, ...]:
        """Every enrolment, by device."""
        rows = await self.database.all(select(ENROLMENT).order_by(ENROLMENT.c.device))
        return tuple(Enrolment(**row._mapping) for row in rows)
