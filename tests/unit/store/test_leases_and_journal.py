"""One writer per device, and nothing sent by one who lost it."""

from __future__ import annotations

import datetime

import pytest

from schemas.errors import Locked, PlumblineError
from tests.unit.store.racing import race

ACQUIRE = """
    try:
        print("epoch", await store.leases.acquire("edge-1", sys.argv[2], 600))
    except Locked as error:
        print("locked", error)
"""


def test_a_held_device_names_its_holder(run, clock):
    async def use(store):
        assert await store.leases.acquire("edge-1", "rollout 1", 60) == 1
        assert await store.leases.acquire("edge-2", "rollout 2", 60) == 1
        with pytest.raises(Locked, match=r"edge-1: rollout 1 holds this device until 12:01:00 UTC"):
            await store.leases.acquire("edge-1", "rollout 2", 60)

    run(use)


def test_a_released_device_is_free_and_the_epoch_grows(run):
    async def use(store):
        first = await store.leases.acquire("edge-1", "rollout 1", 60)
        await store.leases.release("edge-1", first)
        with pytest.raises(Locked, match="it was given back"):
            await store.leases.check("edge-1", first)
        with pytest.raises(Locked, match="it was given back"):
            await store.leases.renew("edge-1", first)
        return first, await store.leases.acquire("edge-1", "rollout 2", 60)

    assert run(use) == (1, 2)


def test_renewing_holds_on(run, clock):
    async def use(store):
        epoch = await store.leases.acquire("edge-1", "rollout 1", 60)
        clock.forward(50)
        assert await store.leases.renew("edge-1", epoch) == clock.now + datetime.timedelta(seconds=60)
        clock.forward(50)
        await store.leases.check("edge-1", epoch)
        clock.forward(11)
        with pytest.raises(Locked, match="ran out"):
            await store.leases.check("edge-1", epoch)
        await store.leases.renew("edge-1", epoch)
        await store.leases.check("edge-1", epoch)

    run(use)


def test_a_lease_that_ran_out_is_taken_over_and_its_old_holder_fenced_off(run, clock):
    async def use(store):
        rollout = await store.rollouts.start("d" * 64, "c0ffee", token="", verified={}, required=0, devices=["edge-1"])
        old = await store.leases.acquire("edge-1", "rollout 1", 60)
        clock.forward(60)
        new = await store.leases.acquire("edge-1", "rollout 2", 60)
        assert new == old + 1
        for late in (
            store.leases.renew("edge-1", old),
            store.leases.check("edge-1", old),
            store.journal.begin(rollout.id, "edge-1", old, 1, "add", "/ip/address", "x", {}),
        ):
            with pytest.raises(Locked, match="rollout 2 has taken it over"):
                await late
        await store.leases.release("edge-1", old)
        await store.leases.check("edge-1", new)
        return await store.journal.open_operations("edge-1")

    assert run(use) == ()


def test_an_operation_is_on_the_disk_before_it_is_sent(run):
    async def begin(store):
        rollout = await store.rollouts.start("d" * 64, "c0ffee", token="", verified={}, required=0, devices=["edge-1"])
        epoch = await store.leases.acquire("edge-1", rollout.id, 60)
        detail = {"address": "10.0.0.1/24", "comment": None}
        first = await store.journal.begin(rollout.id, "edge-1", epoch, 1, "add", "/ip/address", "10.0.0.1/24", detail)
        await store.journal.begin(rollout.id, "edge-1", epoch, 2, "set", "/ip/dns", "", {})
        await store.journal.end(first, "done")
        with pytest.raises(PlumblineError, match="not open"):
            await store.journal.end(first, "done")
        return rollout.id, first

    rollout, first = run(begin)
    (left,) = run(lambda store: store.journal.open_operations("edge-1"))
    assert (left.number, left.action, left.path, left.ended) == (2, "set", "/ip/dns", None)
    sent = run(lambda store: store.journal.of_rollout(rollout))
    assert [operation.result for operation in sent] == ["done", ""]
    assert (sent[0].id, sent[0].detail) == (first, {"address": "10.0.0.1/24", "comment": None})
    assert sent[0].ended is not None


def test_an_expired_lease_sends_nothing(run, clock):
    async def use(store):
        rollout = await store.rollouts.start("d" * 64, "c", token="", verified={}, required=0, devices=["edge-1"])
        epoch = await store.leases.acquire("edge-1", rollout.id, 60)
        clock.forward(61)
        with pytest.raises(Locked, match="nothing more is written"):
            await store.journal.begin(rollout.id, "edge-1", epoch, 1, "add", "/ip/address", "x", {})

    run(use)


def test_of_two_processes_one_holds_the_device(run, path):
    run(lambda store: store.settings.fleet_id())
    answers = race(path, ACQUIRE, ["rollout-1", "rollout-2"])
    won = [number for number, answer in enumerate(answers, 1) if answer == "epoch 1"]
    lost = [answer for answer in answers if answer.startswith("locked")]
    assert len(won) == len(lost) == 1
    assert f"rollout-{won[0]} holds this device" in lost[0]
