"""The journal of operations: what was about to be sent, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, select, update

from schemas.errors import PlumblineError
from store.database import Database
from store.leases import must_hold
from store.nouns import Operation
from store.tables import OPERATION
from store.texts import storable


@dataclass(frozen=True, slots=True)
class Journal:
    database: Database

    async def begin(
        self,
        rollout_id: str,
        device: str,
        epoch: int,
        number: int,
        action: str,
        path: str,
        identity: str,
        detail: Mapping[str, str | None],
    ) -> int:
        """Write an operation down before it is sent, and return its id; it is on the disk when this returns.

        ``detail`` must hold no secret. Raises Locked when the lease with this epoch is no longer ours: then
        nothing may be sent.
        """
        now = self.database.clock()
        async with self.database.write() as connection:
            await must_hold(connection, device, epoch, now)
            made = await connection.execute(
                insert(OPERATION)
                .values(
                    rollout=rollout_id,
                    device=device,
                    epoch=epoch,
                    number=number,
                    action=action,
                    path=path,
                    identity=storable(identity),
                    detail={name: storable(text) if text is not None else None for name, text in detail.items()},
                    began=now,
                    result="",
                    message="",
                )
                .returning(OPERATION.c.id)
            )
            return int(made.scalar_one())

    async def end(self, operation_id: int, result: str, message: str = "") -> None:
        """Write down what became of an operation. It can end only once."""
        statement = update(OPERATION).where(OPERATION.c.id == operation_id, OPERATION.c.ended.is_(None))
        async with self.database.write() as connection:
            ended = await connection.execute(
                statement.values(ended=self.database.clock(), result=result, message=storable(message))
            )
            if ended.rowcount == 0:
                raise PlumblineError(f"Operation {operation_id} is not open in the journal.")

    async def open_operations(self, device: str) -> tuple[Operation, ...]:
        """Operations whose outcome nobody wrote down, oldest first: read the device again before anything else."""
        return await self._where(OPERATION.c.device == device, OPERATION.c.ended.is_(None))

    async def of_rollout(self, rollout_id: str) -> tuple[Operation, ...]:
        """Everything a rollout sent, oldest first."""
        return await self._where(OPERATION.c.rollout == rollout_id)

    async def _where(self, *conditions: ColumnElement[bool]) -> tuple[Operation, ...]:
        rows = await self.database.all(select(OPERATION).where(*conditions).order_by(OPERATION.c.id))
        return tuple(_operation(row) for row in rows)


def _operation(row: Row[Any]) -> Operation:
    return Operation(**row._mapping)
