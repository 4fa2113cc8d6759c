"""Approvals, and the rules by which a set of them may be used: once, whole, in time."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Row, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.errors import ApprovalError
from schemas.rollout import Approval
from store.database import Database
from store.tables import APPROVAL, ROLLOUT


@dataclass(frozen=True, slots=True)
class Approvals:
    """The open approvals of one digest are its approval set; a token is a handle on the set."""

    database: Database

    async def add(self, approval: Approval) -> None:
        """Keep an approval whose signature was verified. Adding one token again changes nothing."""
        async with self.database.write() as connection:
            known = select(APPROVAL.c.id).where(APPROVAL.c.token == approval.token)
            if (await connection.execute(known)).first() is None:
                await connection.execute(
                    insert(APPROVAL).values(
                        digest=approval.digest,
                        person=approval.person,
                        token=approval.token,
                        signed=approval.signed,
                        expires=approval.expires,
                    )
                )

    async def for_digest(self, digest: str) -> tuple[Approval, ...]:
        """The approval set: what nobody has used yet, expired ones included, oldest first."""
        rows = await self.database.all(_open(digest))
        return tuple(Approval(row.digest, row.person, row.token, row.signed, row.expires) for row in rows)

    async def check(self, token: str, digest: str, verified: Mapping[str, str], required: int) -> None:
        """Raise what ``Rollouts.start`` would raise for this set now, without using it."""
        async with self.database.write() as connection:
            await _must_suffice(connection, token, digest, verified, required, self.database.clock())


async def use_up(
    connection: AsyncConnection,
    token: str,
    digest: str,
    verified: Mapping[str, str],
    required: int,
    rollout: str,
    now: datetime.datetime,
) -> None:
    """Mark the whole set of ``digest`` as used by ``rollout``, in the caller's transaction.

    Raises ApprovalError (missing, foreign, used, expired, incomplete), and then nothing is marked.
    """
    await _must_suffice(connection, token, digest, verified, required, now)
    unused = (APPROVAL.c.digest == digest, APPROVAL.c.rollout.is_(None))
    await connection.execute(update(APPROVAL).where(*unused).values(rollout=rollout))


async def _must_suffice(
    connection: AsyncConnection,
    token: str,
    digest: str,
    verified: Mapping[str, str],
    required: int,
    now: datetime.datetime,
) -> None:
    if not token and required == 0:
        return
    if not token:
        raise ApprovalError(
            "missing", f"This plan needs {_people(required)} to approve it; run: plumbline approve {digest[:8]}"
        )
    await _must_be_usable(connection, token, digest, now)
    rows = (await connection.execute(_open(digest).with_for_update())).all()
    people = {verified[row.token] for row in rows if row.token in verified and row.expires > now}
    if len(people) < required:
        have = f"so far {_people(len(people))} did" + (f" ({', '.join(sorted(people))})" if people else "")
        raise ApprovalError("incomplete", f"Plan {digest[:8]} needs {_people(required)} to approve it; {have}.")


async def _must_be_usable(connection: AsyncConnection, token: str, digest: str, now: datetime.datetime) -> None:
    row = await _handle(connection, token)
    if row is None:
        raise ApprovalError("foreign", "This approval was never recorded in this fleet's store.")
    if row.digest != digest:
        raise ApprovalError("foreign", f"This approval is of plan {row.digest[:8]}, not of {digest[:8]}.")
    if row.rollout is not None:
        raise ApprovalError("used", f"This approval was used already, at {_at(row.started)} by rollout {row.rollout}.")
    if row.expires <= now:
        raise ApprovalError("expired", f"This approval expired at {_at(row.expires)}; ask for a new one.")


async def _handle(connection: AsyncConnection, token: str) -> Row[Any] | None:
    statement = (
        select(APPROVAL, ROLLOUT.c.started)
        .outerjoin(ROLLOUT, ROLLOUT.c.id == APPROVAL.c.rollout)
        .where(APPROVAL.c.token == token)
    )
    return (await connection.execute(statement)).first()


def _open(digest: str) -> Any:
    return select(APPROVAL).where(APPROVAL.c.digest == digest, APPROVAL.c.rollout.is_(None)).order_by(APPROVAL.c.id)


def _people(count: int) -> str:
    return "1 person" if count == 1 else f"{count} persons"


def _at(moment: datetime.datetime) -> str:
    return f"{moment:%Y-%m-%d %H:%M:%S} UTC"
