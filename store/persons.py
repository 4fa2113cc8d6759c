"""Who can be told apart: names, e-mails, signing keys."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import ColumnElement, insert, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from schemas.errors import InputError
from schemas.rollout import Person
from store.database import Database
from store.tables import PERSON, PERSON_EMAIL


@dataclass(frozen=True, slots=True)
class Persons:
    database: Database

    async def add(self, person: Person) -> None:
        """Raises InputError when the name, the key or an e-mail belongs to somebody already."""
        emails = list({email.casefold(): email for email in person.emails}.items())
        async with self.database.write() as connection:
            await _must_be_new(connection, person, dict(emails))
            await connection.execute(
                insert(PERSON).values(name=person.name, public_key=person.public_key, key_id=person.key_id)
            )
            for position, (folded, email) in enumerate(emails):
                await connection.execute(
                    insert(PERSON_EMAIL).values(folded=folded, email=email, person=person.name, position=position)
                )

    async def all(self) -> tuple[Person, ...]:
        """Everybody, by name."""
        return await self._where()

    async def by_name(self, name: str) -> Person | None:
        return _only(await self._where(PERSON.c.name == name))

    async def by_key_id(self, key_id: str) -> Person | None:
        return _only(await self._where(PERSON.c.key_id == key_id))

    async def by_email(self, email: str) -> Person | None:
        """The person an address belongs to, whatever the case of its letters."""
        owner = select(PERSON_EMAIL.c.person).where(PERSON_EMAIL.c.folded == email.casefold())
        return _only(await self._where(PERSON.c.name.in_(owner)))

    async def _where(self, *conditions: ColumnElement[bool]) -> tuple[Person, ...]:
        rows = await self.database.all(
            select(PERSON, PERSON_EMAIL.c.email)
            .outerjoin(PERSON_EMAIL, PERSON_EMAIL.c.person == PERSON.c.name)
            .where(*conditions)
            .order_by(PERSON.c.name, PERSON_EMAIL.c.position)
        )
        emails: dict[str, list[str]] = {}
        for row in rows:
            emails.setdefault(row.name, []).extend([row.email] if row.email is not None else [])
        heads = {row.name: row for row in rows}
        return tuple(Person(name, tuple(emails[name]), row.public_key, row.key_id) for name, row in heads.items())


def _only(persons: tuple[Person, ...]) -> Person | None:
    return persons[0] if persons else None


async def _must_be_new(connection: AsyncConnection, person: Person, emails: dict[str, str]) -> None:
    same = select(PERSON.c.name).where(or_(PERSON.c.name == person.name, PERSON.c.key_id == person.key_id))
    for row in (await connection.execute(same)).all():
        what = "There is a person" if row.name == person.name else f"The key of {person.name} belongs to a person"
        raise InputError(f"{what} named {row.name} already.")
    taken = select(PERSON_EMAIL).where(PERSON_EMAIL.c.folded.in_(emails))
    for row in (await connection.execute(taken)).all():
        raise InputError(f"The e-mail {emails[row.folded]} belongs to {row.person} already.")
