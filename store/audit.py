"""Who asked for what. Rows are added, never changed."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, insert, select

from schemas.rollout import Actor, Door
from store.database import Database
from store.nouns import AuditRecord
from store.tables import AUDIT
from store.texts import storable


@dataclass(frozen=True, slots=True)
class Audit:
    database: Database

    async def record(
        self,
        actor: Actor,
        verb: str,
        subject: str,
        result: str,
        correlation_id: str,
        detail: Mapping[str, str] | None = None,
    ) -> int:
        """Add a row and return its id. ``detail`` must hold no secret."""
        async with self.database.write() as connection:
            made = await connection.execute(
                insert(AUDIT)
                .values(
                    at=self.database.clock(),
                    door=actor.door.value,
                    person=actor.person,
                    email=actor.email,
                    agent=actor.agent,
                    verb=verb,
                    subject=storable(subject),
                    result=result,
                    correlation_id=correlation_id,
                    detail={name: storable(text) for name, text in (detail or {}).items()},
                )
                .returning(AUDIT.c.id)
            )
            return int(made.scalar_one())

    async def search(
        self,
        *,
        verb: str | None = None,
        subject: str | None = None,
        person: str | None = None,
        correlation_id: str | None = None,
        since: datetime.datetime | None = None,
        before_id: int | None = None,
        limit: int = 100,
    ) -> tuple[AuditRecord, ...]:
        """The newest rows that fit everything given, newest first; ``before_id`` turns the page."""
        asked = {"verb": verb, "subject": subject, "person": person, "correlation_id": correlation_id}
        conditions = [AUDIT.c[name] == value for name, value in asked.items() if value is not None]
        if since is not None:
            conditions.append(AUDIT.c.at >= since)
        if before_id is not None:
            conditions.append(AUDIT.c.id < before_id)
        rows = await self.database.all(select(AUDIT).where(*conditions).order_by(AUDIT.c.id.desc()).limit(limit))
        return tuple(_record(row) for row in rows)


def _record(row: Row[Any]) -> AuditRecord:
    return AuditRecord(
        id=row.id,
        at=row.at,
        actor=Actor(Door(row.door), row.person, row.email, row.agent),
        verb=row.verb,
        subject=row.subject,
        result=row.result,
        correlation_id=row.correlation_id,
        detail=row.detail,
    )
