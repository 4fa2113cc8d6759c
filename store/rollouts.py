"""Plans being carried out, and what became of each device."""

from __future__ import annotations

import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.errors import InputError
from schemas.rollout import Outcome, Result, Rollout
from store.approvals import use_up
from store.database import Database
from store.tables import ROLLOUT, ROLLOUT_DEVICE
from store.texts import storable


@dataclass(frozen=True, slots=True)
class Rollouts:
    database: Database

    async def start(
        self,
        digest: str,
        commit: str,
        *,
        token: str,
        verified: Mapping[str, str],
        required: int,
        devices: Sequence[str],
        requester: str = "",
    ) -> Rollout:
        """Use up the approval set of ``digest`` and create the rollout, both or neither.

        ``token`` is the handle that was presented ("" for none). ``verified`` maps each token of the set
        whose signature holds to the person who signed it; ``required`` different persons are needed. Raises
        ApprovalError (missing, foreign, used, expired, incomplete). Of two that start at once, one wins.
        """
        rollout, now = secrets.token_hex(6), self.database.clock()
        async with self.database.write() as connection:
            await connection.execute(
                insert(ROLLOUT).values(id=rollout, digest=digest, commit=commit, requester=requester, started=now)
            )
            await use_up(connection, token, digest, verified, required, rollout, now)
            await _insert_devices(connection, rollout, devices)
        return Rollout(rollout, digest, commit, (), now)

    async def save_outcome(self, rollout_id: str, outcome: Outcome) -> None:
        """Save what became of a device; a later outcome of it replaces an earlier one."""
        place = (ROLLOUT_DEVICE.c.rollout == rollout_id, ROLLOUT_DEVICE.c.device == outcome.device)
        values = {
            "result": outcome.result.value,
            "planned": outcome.planned,
            "done": outcome.done,
            "message": storable(outcome.message),
            "batch": outcome.batch,
            "saved": self.database.clock(),
        }
        async with self.database.write() as connection:
            if (await connection.execute(update(ROLLOUT_DEVICE).where(*place).values(**values))).rowcount == 0:
                raise InputError(f"Rollout {rollout_id} has no device {outcome.device}.")

    async def finish(self, rollout_id: str) -> None:
        """Say that nothing more will happen in a rollout. Devices without an outcome stay without."""
        open_one = (ROLLOUT.c.id == rollout_id, ROLLOUT.c.finished.is_(None))
        async with self.database.write() as connection:
            await connection.execute(update(ROLLOUT).where(*open_one).values(finished=self.database.clock()))

    async def get(self, rollout_id: str) -> Rollout:
        """Raises InputError when there is no such rollout."""
        found = await self._where(ROLLOUT.c.id == rollout_id)
        if not found:
            raise InputError(f"There is no rollout {rollout_id}.")
        return found[0]

    async def latest(self, count: int = 10) -> tuple[Rollout, ...]:
        """The newest first."""
        return await self._where(limit=count)

    async def unfinished(self) -> tuple[Rollout, ...]:
        """Rollouts that are running, or broke off; the newest first."""
        return await self._where(ROLLOUT.c.finished.is_(None))

    async def pending(self, rollout_id: str) -> tuple[str, ...]:
        """The devices of a rollout whose outcome is not known, in the rollout's order."""
        device = ROLLOUT_DEVICE.c
        rows = await self.database.all(
            select(device.device).where(device.rollout == rollout_id, device.result.is_(None)).order_by(device.position)
        )
        return tuple(row.device for row in rows)

    async def _where(self, *conditions: ColumnElement[bool], limit: int | None = None) -> tuple[Rollout, ...]:
        newest = (ROLLOUT.c.started.desc(), ROLLOUT.c.id)
        chosen = select(ROLLOUT).where(*conditions).order_by(*newest).limit(limit).subquery()
        rows = await self.database.all(
            select(chosen, ROLLOUT_DEVICE)
            .outerjoin(ROLLOUT_DEVICE, (ROLLOUT_DEVICE.c.rollout == chosen.c.id) & ROLLOUT_DEVICE.c.result.is_not(None))
            .order_by(chosen.c.started.desc(), chosen.c.id, ROLLOUT_DEVICE.c.position)
        )
        outcomes: dict[str, list[Outcome]] = {}
        for row in rows:
            outcomes.setdefault(row.id, []).extend(_outcomes(row))
        heads = {row.id: row for row in rows}
        return tuple(
            Rollout(key, row.digest, row.commit, tuple(outcomes[key]), row.started, row.finished)
            for key, row in heads.items()
        )


async def _insert_devices(connection: AsyncConnection, rollout: str, devices: Sequence[str]) -> None:
    empty = {"rollout": rollout, "planned": 0, "done": 0, "message": "", "batch": 0}
    rows = [{**empty, "device": device, "position": position} for position, device in enumerate(devices)]
    if rows:
        await connection.execute(insert(ROLLOUT_DEVICE), rows)


def _outcomes(row: Row[Any]) -> tuple[Outcome, ...]:
    if row.device is None:
        return ()
    return (Outcome(row.device, Result(row.result), row.planned, row.done, row.message, row.batch),)
