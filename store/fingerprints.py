"""Fingerprints of the secret values last written to routers, which show no secret themselves."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import delete, select

from store.database import Database
from store.tables import FINGERPRINT
from store.upsert import upsert

Place = tuple[str, str, str]
"""(path, identity, field) on one device."""


@dataclass(frozen=True, slots=True)
class Fingerprints:
    database: Database

    async def put(self, device: str, path: str, identity: str, field: str, fingerprint: str) -> None:
        key = {"device": device, "path": path, "identity": identity, "field": field}
        values = {"fingerprint": fingerprint, "written": self.database.clock()}
        async with self.database.write() as connection:
            await upsert(connection, FINGERPRINT, key, values)

    async def get(self, device: str, path: str, identity: str, field: str) -> str | None:
        return (await self.of_device(device)).get((path, identity, field))

    async def of_device(self, device: str) -> dict[Place, str]:
        """Every fingerprint of a device."""
        rows = await self.database.all(select(FINGERPRINT).where(FINGERPRINT.c.device == device))
        return {(row.path, row.identity, row.field): row.fingerprint for row in rows}

    async def all(self) -> dict[str, dict[Place, str]]:
        """Every fingerprint, by device."""
        found: dict[str, dict[Place, str]] = {}
        for row in await self.database.all(select(FINGERPRINT)):
            found.setdefault(row.device, {})[row.path, row.identity, row.field] = row.fingerprint
        return found

    async def forget(self, device: str, path: str, identity: str) -> None:
        """Forget a row that is gone from the router."""
        table = FINGERPRINT.c
        async with self.database.write() as connection:
            await connection.execute(
                delete(FINGERPRINT).where(table.device == device, table.path == path, table.identity == identity)
            )
