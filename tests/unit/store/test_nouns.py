"""What is put into the small repositories comes back, and what must not be is refused."""

from __future__ import annotations

import datetime
import sqlite3

import pytest
from sqlalchemy.exc import IntegrityError, StatementError

from schemas.errors import InputError
from schemas.rollout import Actor, Door, Person
from store import Enrolment
from tests.unit.store.conftest import NOON

ANNA = Person("anna", ("Anna@Example.net", "anna@home.example"), '{"kty":"OKP"}', "key-a")
BERT = Person("bert", (), "{}", "key-b")


def test_settings(run):
    async def use(store):
        await store.settings.put("colour", "red")
        await store.settings.put("colour", "blue")
        return await store.settings.get("colour"), await store.settings.get("shape")

    assert run(use) == ("blue", None)


def test_persons_are_found_by_everything_they_have(run):
    async def use(store):
        await store.persons.add(BERT)
        await store.persons.add(ANNA)
        assert await store.persons.all() == (ANNA, BERT)
        assert await store.persons.by_email("ANNA@example.NET") == ANNA
        assert await store.persons.by_email("anna@home.example") == ANNA
        assert await store.persons.by_email("") is None
        assert await store.persons.by_name("bert") == BERT
        assert await store.persons.by_key_id("key-b") == BERT
        assert await store.persons.by_key_id("key-c") is None

    run(use)


@pytest.mark.parametrize(
    ("person", "sentence"),
    [
        (Person("anna", (), "{}", "key-c"), "a person named anna already"),
        (Person("carl", (), "{}", "key-a"), "belongs to a person named anna already"),
        (Person("carl", ("carl@example.net", "anna@EXAMPLE.net"), "{}", "key-c"), "belongs to anna already"),
    ],
)
def test_a_person_is_told_apart_or_refused_whole(run, person, sentence):
    async def use(store):
        await store.persons.add(ANNA)
        with pytest.raises(InputError, match=sentence):
            await store.persons.add(person)
        return await store.persons.all()

    assert run(use) == (ANNA,)


def test_enrolments_come_back_with_aware_times(run):
    abroad = datetime.timezone(datetime.timedelta(hours=2))
    first = Enrolment("edge-1", "HE70", "https://10.0.0.1", "sha256:" + "0" * 64, NOON)
    again = Enrolment("edge-1", "HE71", "https://10.0.0.1", "ca:ours", NOON.astimezone(abroad))

    async def use(store):
        await store.enrolments.put(first)
        assert await store.enrolments.get("edge-1") == first
        await store.enrolments.put(again)
        return await store.enrolments.all(), await store.enrolments.get("edge-2")

    (found,), nothing = run(use)
    assert found == again
    assert found.enrolled.tzinfo is datetime.UTC
    assert nothing is None


def test_a_time_without_a_zone_is_refused(run):
    naive = Enrolment("edge-1", "", "", "", NOON.replace(tzinfo=None))
    with pytest.raises(StatementError, match="timezone"):
        run(lambda store: store.enrolments.put(naive))


def test_credentials(run):
    async def use(store):
        await store.credentials.put("rw", b"\x00\x01sealed")
        await store.credentials.put("ro", b"one")
        await store.credentials.put("ro", b"two")
        assert await store.credentials.names() == ("ro", "rw")
        return await store.credentials.get("ro"), await store.credentials.get("rw"), await store.credentials.get("x")

    assert run(use) == (b"two", b"\x00\x01sealed", None)


def test_plans_by_digest_and_prefix(run):
    one, two = "ab" * 4 + "0" * 56, "ab" * 4 + "1" * 56

    async def use(store):
        await store.plans.save(one, "c0ffee", b"{}", "anna", NOON)
        await store.plans.save(one, "c0ffee", b"{}", "bert", NOON)
        found = await store.plans.get("ABABABAB")
        assert (found.digest, found.commit, found.document, found.requesters, found.created) == (
            one,
            "c0ffee",
            b"{}",
            ("anna", "bert"),
            NOON,
        )
        await store.plans.save(two, "c0ffee", b"{}", "anna", NOON)
        assert (await store.plans.get(two)).digest == two
        for asked, sentence in (
            ("abababab", "More than one"),
            ("deadbeef", "No plan with the digest"),
            ("abab", "8 hexadecimal digits"),
            ("%%%%%%%%", "8 hexadecimal digits"),
        ):
            with pytest.raises(InputError, match=sentence):
                await store.plans.get(asked)

    run(use)


def test_fingerprints(run):
    async def use(store):
        await store.fingerprints.put("edge-1", "/user", "audit", "password", "fp1:a")
        await store.fingerprints.put("edge-1", "/user", "audit", "password", "fp1:b")
        await store.fingerprints.put("edge-1", "/user", "admin", "password", "fp1:c")
        await store.fingerprints.put("edge-2", "/user", "audit", "password", "fp1:d")
        assert await store.fingerprints.get("edge-1", "/user", "audit", "password") == "fp1:b"
        assert await store.fingerprints.get("edge-3", "/user", "audit", "password") is None
        await store.fingerprints.forget("edge-1", "/user", "audit")
        return await store.fingerprints.of_device("edge-1")

    assert run(use) == {("/user", "admin", "password"): "fp1:c"}


def test_audit_is_searched_newest_first(run, clock):
    anna, agent = Actor(Door.CLI, "anna"), Actor(Door.MCP, "anna", "anna@example.net", "helper")

    async def use(store):
        await store.audit.record(anna, "plan", "edge-1", "ok", "c1", {"changes": "2"})
        clock.forward(60)
        middle = await store.audit.record(agent, "propose", "edge-1", "ok", "c2")
        await store.audit.record(anna, "apply", "edge-2", "refused", "c3")
        verbs = [
            [row.verb for row in await store.audit.search(**asked)]
            for asked in (
                {},
                {"subject": "edge-1"},
                {"verb": "plan", "subject": "edge-2"},
                {"since": clock.now},
                {"before_id": middle},
                {"limit": 1},
                {"correlation_id": "c2", "person": "anna"},
            )
        ]
        (found,) = await store.audit.search(correlation_id="c2")
        assert found.actor == agent
        assert found.at == clock.now
        (first,) = await store.audit.search(verb="plan")
        assert first.detail == {"changes": "2"}
        return verbs

    assert run(use) == [
        ["apply", "propose", "plan"],
        ["propose", "plan"],
        [],
        ["apply", "propose"],
        ["plan"],
        ["apply"],
        ["propose"],
    ]


@pytest.mark.parametrize("statement", ["UPDATE audit SET result = 'ok'", "DELETE FROM audit"])
def test_the_database_itself_keeps_audit_rows(run, path, statement):
    run(lambda store: store.audit.record(Actor(Door.CLI, "anna"), "apply", "edge-1", "refused", "c1"))
    connection = sqlite3.connect(path)
    with pytest.raises(sqlite3.IntegrityError, match="never changed"):
        connection.execute(statement)
    connection.close()


def test_foreign_keys_hold(run):
    async def use(store):
        epoch = await store.leases.acquire("edge-1", "r1", 60)
        await store.journal.begin("nowhere", "edge-1", epoch, 1, "add", "/ip/address", "x", {})

    with pytest.raises(IntegrityError):
        run(use)
