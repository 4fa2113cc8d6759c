"""Plan documents by digest."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass

from sqlalchemy import select

from schemas.errors import InputError
from store.database import Database
from store.nouns import StoredPlan
from store.tables import PLAN
from store.upsert import upsert

_PREFIX = re.compile(r"[0-9a-f]{8,64}")


@dataclass(frozen=True, slots=True)
class Plans:
    database: Database

    async def save(self, digest: str, commit: str, document: bytes, requester: str, created: datetime.datetime) -> None:
        """Keep a plan, in place of an earlier one of the same digest: findings are not in the digest.

        Everybody who asked for it to be applied is remembered; an empty ``requester`` only looked.
        """
        async with self.database.write() as connection:
            known = (await connection.execute(select(PLAN.c.requesters).where(PLAN.c.digest == digest))).first()
            asked = {*known.requesters.split("\n"), requester} if known is not None else {requester}
            values = {
                "commit": commit,
                "document": document,
                "requesters": "\n".join(sorted(asked - {""})),
                "created": created,
            }
            await upsert(connection, PLAN, {"digest": digest}, values)

    async def get(self, digest: str) -> StoredPlan:
        """The plan with this digest, or whose digest begins so (8 hex digits or more).

        Raises InputError when there is none or more than one.
        """
        prefix = digest.strip().lower()
        if not _PREFIX.fullmatch(prefix):
            raise InputError(f"{digest!r} is not the digest of a plan; give its first 8 hexadecimal digits or more.")
        rows = await self.database.all(
            select(PLAN).where(PLAN.c.digest.startswith(prefix)).order_by(PLAN.c.digest).limit(2)
        )
        if not rows:
            raise InputError(f"No plan with the digest {prefix} is stored here; run: plumbline plan")
        if len(rows) > 1:
            raise InputError(f"More than one stored plan begins with {prefix}; give more of its digits.")
        row = rows[0]
        asked = tuple(name for name in row.requesters.split("\n") if name)
        return StoredPlan(row.digest, row.commit, row.document, asked, row.created)
