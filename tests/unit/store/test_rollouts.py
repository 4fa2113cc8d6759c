"""An approval set is used once, whole, in time; outcomes come back per device."""

from __future__ import annotations

import datetime

import pytest

from schemas.errors import ApprovalError, InputError
from schemas.rollout import Approval, Outcome, Result
from tests.unit.store.conftest import NOON
from tests.unit.store.racing import race

DIGEST, OTHER = "d" * 64, "e" * 64


def approval(person: str, token: str = "", digest: str = DIGEST, minutes: float = 15) -> Approval:
    return Approval(digest, person, token or f"token-of-{person}", NOON, NOON + datetime.timedelta(minutes=minutes))


VERIFIED = {"token-of-anna": "anna", "token-of-bert": "bert", "again": "anna"}


def start(store, token="token-of-anna", verified=None, required=1, digest=DIGEST):
    return store.rollouts.start(
        digest,
        "c0ffee",
        token=token,
        verified=VERIFIED if verified is None else verified,
        required=required,
        devices=["edge-1", "edge-2"],
        requester="carl",
    )


async def refusal(awaitable) -> tuple[str, str]:
    with pytest.raises(ApprovalError) as caught:
        await awaitable
    return caught.value.why, str(caught.value)


def test_an_approval_starts_one_rollout(run):
    async def use(store):
        await store.approvals.add(approval("anna"))
        await store.approvals.add(approval("anna"))
        assert await store.approvals.for_digest(DIGEST) == (approval("anna"),)
        await store.approvals.check("token-of-anna", DIGEST, VERIFIED, 1)
        rollout = await start(store)
        assert await store.approvals.for_digest(DIGEST) == ()
        why, sentence = await refusal(start(store))
        assert why == "used"
        assert f"by rollout {rollout.id}" in sentence
        assert (await refusal(store.approvals.check("token-of-anna", DIGEST, VERIFIED, 1)))[0] == "used"
        await store.approvals.add(approval("anna"))
        assert (await refusal(start(store)))[0] == "used"
        assert len(await store.rollouts.latest()) == 1

    run(use)


@pytest.mark.parametrize(
    ("asked", "why", "sentence"),
    [
        ({"token": ""}, "missing", "needs 1 person to approve it"),
        ({"token": "never seen"}, "foreign", "never recorded"),
        ({"digest": OTHER}, "foreign", "of plan dddddddd, not of eeeeeeee"),
        ({"required": 2}, "incomplete", r"2 persons to approve it; so far 1 person did \(anna\)"),
        ({"verified": {}}, "incomplete", "so far 0 persons did."),
        ({"token": "late"}, "expired", "expired at 2026-11-22 12:00:00 UTC"),
    ],
)
def test_what_an_approval_is_not_good_for(run, asked, why, sentence):
    async def use(store):
        for given in (approval("anna"), approval("anna", "again"), approval("carl", "late", minutes=0)):
            await store.approvals.add(given)
        with pytest.raises(ApprovalError, match=sentence) as caught:
            await start(store, **asked)
        assert caught.value.why == why
        assert await store.rollouts.latest() == ()
        await start(store)

    run(use)


def test_an_expired_yes_does_not_count(run, clock):
    async def use(store):
        await store.approvals.add(approval("anna", minutes=20))
        await store.approvals.add(approval("bert", minutes=10))
        clock.forward(15 * 60)
        return await refusal(start(store, required=2))

    assert run(use)[0] == "incomplete"


def test_the_whole_set_is_used_up(run):
    async def use(store):
        for person in ("anna", "bert"):
            await store.approvals.add(approval(person))
        await start(store)
        return (await refusal(start(store, token="token-of-bert")))[0]

    assert run(use) == "used"


def test_where_nobody_need_approve(run):
    async def use(store):
        await start(store, token="", required=0)
        await store.approvals.add(approval("anna", digest=OTHER))
        return (await refusal(start(store, token="token-of-anna", required=0)))[0]

    assert run(use) == "foreign"


def test_of_two_processes_one_uses_the_approvals(run, path):
    async def approve(store):
        await store.approvals.add(
            Approval(DIGEST, "anna", "t", NOON, datetime.datetime(2200, 1, 1, tzinfo=datetime.UTC))
        )

    run(approve)
    body = f"""
    try:
        started = await store.rollouts.start(
            "{DIGEST}", "c", token="t", verified={{"t": "anna"}}, required=1, devices=["edge-1"]
        )
        print("started", started.id)
    except ApprovalError as error:
        print(error.why, error)
    """
    answers = sorted(race(path, body, ["1", "2"]))
    (rollout,) = run(lambda store: store.rollouts.unfinished())
    assert answers[0] == f"started {rollout.id}"
    assert answers[1].startswith("used ")
    assert rollout.id in answers[1]


def test_outcomes_are_kept_per_device(run, clock):
    async def use(store):
        first = await start(store, token="", required=0)
        clock.forward(1)
        second = await start(store, token="", required=0)
        stopped = Outcome("edge-2", Result.FAILED, 3, 1, "the router said no", 1)
        await store.rollouts.save_outcome(first.id, stopped)
        assert await store.rollouts.pending(first.id) == ("edge-1",)
        await store.rollouts.save_outcome(first.id, Outcome("edge-1", Result.UNKNOWN, 2))
        await store.rollouts.save_outcome(first.id, Outcome("edge-1", Result.CONFIRMED, 2, 2))
        with pytest.raises(InputError, match="has no device edge-9"):
            await store.rollouts.save_outcome(first.id, Outcome("edge-9", Result.CONFIRMED))
        clock.forward(1)
        await store.rollouts.finish(first.id)
        finished = clock.now
        clock.forward(1)
        await store.rollouts.finish(first.id)
        found = await store.rollouts.get(first.id)
        assert found.outcomes == (Outcome("edge-1", Result.CONFIRMED, 2, 2), stopped)
        assert (found.started, found.finished) == (NOON, finished)
        assert [rollout.id for rollout in await store.rollouts.latest(1)] == [second.id]
        assert await store.rollouts.latest() == (second, found)
        assert await store.rollouts.unfinished() == (second,)
        with pytest.raises(InputError, match="no rollout"):
            await store.rollouts.get("nowhere")

    run(use)
