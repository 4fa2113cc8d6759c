"""A plan being carried out: batch after batch, halting on the first failure."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import replace

from reconciler.act.device import Hands, carry_out
from schemas.plan import DevicePlan, Plan
from schemas.rollout import Outcome, Result, Rollout
from store.opening import Store

Watch = Callable[[Outcome], None]
"""Told of each device as it is done."""

_GOOD = frozenset({Result.CONFIRMED, Result.UNCHANGED})


async def roll_out(plan: Plan, rollout: Rollout, store: Store, hands: Hands, watch: Watch) -> Rollout:
    """Carry a plan out. Every outcome is saved before the next batch begins; one dead device hides none.

    A batch with anything but success is the last one; devices after it are ``skipped``.
    """
    parts = {part.device: part for part in plan.changed}
    outcomes: list[Outcome] = []
    halted = False
    for number, batch in enumerate(plan.batches, start=1):
        if halted:
            done = [Outcome(name, Result.SKIPPED, len(parts[name].changes), 0, "", number) for name in batch]
        else:
            done = await asyncio.gather(*(_turn(parts[name], number, rollout, store, hands) for name in batch))
        for outcome in done:
            await store.rollouts.save_outcome(rollout.id, outcome)
            watch(outcome)
        outcomes += done
        halted = halted or any(outcome.result not in _GOOD for outcome in done)
    await store.rollouts.finish(rollout.id)
    return replace(await store.rollouts.get(rollout.id), outcomes=tuple(outcomes))


async def _turn(part: DevicePlan, batch: int, rollout: Rollout, store: Store, hands: Hands) -> Outcome:
    return replace(await carry_out(part, rollout.id, store, hands), batch=batch)
