"""One writer per device at a time: leases with a fencing epoch."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.errors import Locked
from store.database import Database
from store.tables import LEASE


@dataclass(frozen=True, slots=True)
class Leases:
    """``epoch`` grows by one with every holder of a device and is never used again."""

    database: Database

    async def acquire(self, device: str, holder: str, seconds: float) -> int:
        """Take a device that is free, or whose lease has run out, and return the new epoch.

        Raises Locked, which names the holder and until when.
        """
        now = self.database.clock()
        until = now + datetime.timedelta(seconds=seconds)
        async with self.database.write() as connection:
            row = await _row(connection, device)
            if row is None:
                values = {"device": device, "holder": holder, "epoch": 1, "seconds": seconds, "until": until}
                await connection.execute(insert(LEASE).values(**values))
                return 1
            if row.holder is not None and row.until > now:
                raise Locked(f"{row.holder} holds this device until {row.until:%H:%M:%S} UTC.", device=device)
            epoch = int(row.epoch) + 1
            values = {"holder": holder, "epoch": epoch, "seconds": seconds, "until": until}
            await connection.execute(update(LEASE).where(LEASE.c.device == device).values(**values))
            return epoch

    async def renew(self, device: str, epoch: int) -> datetime.datetime:
        """Hold on for as long again, and return until when.

        A lease that ran out is renewed as long as nobody took it. Raises Locked when somebody did.
        """
        async with self.database.write() as connection:
            row = await _row(connection, device)
            if row is None or row.epoch != epoch or row.holder is None:
                raise _lost(device, epoch, row)
            until = self.database.clock() + datetime.timedelta(seconds=row.seconds)
            await connection.execute(update(LEASE).where(LEASE.c.device == device).values(until=until))
            return until

    async def release(self, device: str, epoch: int) -> None:
        """Give the device back. A lease that somebody else has taken meanwhile stays theirs."""
        statement = update(LEASE).where(LEASE.c.device == device, LEASE.c.epoch == epoch)
        async with self.database.write() as connection:
            await connection.execute(statement.values(holder=None, until=self.database.clock()))

    async def check(self, device: str, epoch: int) -> None:
        """Raises Locked unless the lease is still ours and has not run out."""
        row = await self.database.first(select(LEASE).where(LEASE.c.device == device))
        _must_hold(row, device, epoch, self.database.clock())


async def must_hold(connection: AsyncConnection, device: str, epoch: int, now: datetime.datetime) -> None:
    """``Leases.check`` inside a transaction that is open."""
    _must_hold(await _row(connection, device), device, epoch, now)


async def _row(connection: AsyncConnection, device: str) -> Row[Any] | None:
    return (await connection.execute(select(LEASE).where(LEASE.c.device == device).with_for_update())).first()


def _must_hold(row: Row[Any] | None, device: str, epoch: int, now: datetime.datetime) -> None:
    if row is None or row.epoch != epoch or row.holder is None:
        raise _lost(device, epoch, row)
    if row.until <= now:
        raise Locked(f"Our lease ran out at {row.until:%H:%M:%S} UTC; nothing more is written.", device=device)


def _lost(device: str, epoch: int, row: Row[Any] | None) -> Locked:
    taker = row.holder if row is not None and row.epoch != epoch else None
    how = f"{taker} has taken it over" if taker else "it was given back"
    return Locked(f"The lease with epoch {epoch} is no longer ours: {how}.", device=device)
