"""The verb apply: the approved plan, made again, compared, and carried out."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass

from desired_state.applied import write_applied
from reconciler.act.device import Hands, Reading
from reconciler.act.rollout import roll_out
from reconciler.decide.approve import must_be_approvable
from reconciler.decide.compare_plans import differences
from reconciler.decide.confirm import applied_from
from reconciler.decide.permit import Tier
from reconciler.operations.approving import must_be_free_to_approve, needed, stored_plan, verified_set
from reconciler.operations.context import Context
from reconciler.operations.front_desk import verb
from reconciler.operations.known import Known, load_known
from reconciler.operations.planning import Planned, PlanRequest, load_sources, make_plan
from reconciler.operations.reading import Sources, connect, read_device
from routeros.client import Client
from schemas.errors import Exit, StalePlan, strongest
from schemas.plan import Plan
from schemas.rollout import Outcome, Result, Rollout


@dataclass(frozen=True, slots=True)
class ApplyRequest:
    """``plan`` is a file or the first digits of a stored digest; ``token`` what approve printed.
    ``batches``, when given, must be those the plan was made with."""

    plan: str
    token: str
    batches: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        return self.plan

    def __repr__(self) -> str:
        return f"ApplyRequest({self.plan!r})"


@dataclass(frozen=True, slots=True)
class Applying:
    rollout: Rollout
    plan: Plan

    @property
    def exit(self) -> Exit:
        return strongest(_EXITS[outcome.result] for outcome in self.rollout.outcomes)


_EXITS = {
    Result.CONFIRMED: Exit.OK,
    Result.UNCHANGED: Exit.OK,
    Result.FAILED: Exit.HALTED,
    Result.SKIPPED: Exit.HALTED,
    Result.STALE: Exit.STALE,
    Result.LOCKED: Exit.LOCKED,
    Result.UNKNOWN: Exit.UNKNOWN,
}


@verb("apply", tier=Tier.WRITE)
async def apply(
    context: Context, request: ApplyRequest, watch: Callable[[Outcome], None] = lambda _outcome: None
) -> Applying:
    """Carry an approved plan out. The token is used up only when the plan still fits the routers.

    Raises ApprovalError, StalePlan (named, token still good), Refused; what happens on devices is in the outcomes.
    """
    store = context.controller
    stored, plan = await stored_plan(context, request.plan)
    verified = await verified_set(context, request.token, plan)
    sources = load_sources(context, plan.commit)
    for person in await store.persons.all():
        if person.name in verified.values():
            await must_be_free_to_approve(context, person, plan, stored, sources)
    required = needed(plan, sources)
    await store.approvals.check(request.token.strip(), plan.digest, verified, required)
    again = await _again(context, request, plan)
    must_be_approvable(again.plan, again.sources.protected.devices)
    rollout = await store.rollouts.start(
        plan.digest,
        plan.commit,
        token=request.token.strip(),
        verified=verified,
        required=required,
        devices=[name for batch in plan.batches for name in batch],
        requester=context.actor.email,
    )
    done = await roll_out(plan, rollout, store, _hands(context, await load_known(context), again.sources), watch)
    return Applying(done, plan)


async def _again(context: Context, request: ApplyRequest, plan: Plan) -> Planned:
    """The same plan made again; raises StalePlan with what moved."""
    names = tuple(part.device for part in plan.devices)
    wanted = PlanRequest(names, plan.commit, None, request.batches or _sizes(plan))
    again = await make_plan(context, wanted)
    if again.plan.digest == plan.digest:
        return again
    new = {part.device: part for part in again.plan.devices}
    told = [text for part in plan.devices for text in differences(part, new[part.device])]
    if not told:
        told = _framework(plan, again.plan)
    raise StalePlan("The plan no longer fits; nothing was written and the approval was not used.", told)


def _sizes(plan: Plan) -> tuple[str, ...]:
    return tuple(str(len(batch)) for batch in plan.batches)


def _framework(old: Plan, new: Plan) -> list[str]:
    found = []
    if old.catalogue != new.catalogue:
        found.append("The catalogue changed since the plan was made.")
    if old.engine != new.engine:
        found.append("Another version of Plumbline made the plan.")
    if old.batches != new.batches:
        found.append("The batches differ from those that were planned.")
    return found or ["Limits, policies or secrets changed since the plan was made."]


def _hands(context: Context, known: Known, sources: Sources) -> Hands:
    async def read(name: str) -> Reading:
        return await read_device(context, await load_known(context), sources, name)

    @asynccontextmanager
    async def writer(name: str) -> AsyncIterator[Client]:
        device = sources.protected.devices[name]
        client, _ = await connect(context, known, device, device.write_credential, sources.protected)
        yield client

    async def secret(name: str) -> str:
        return known.secret(name)

    async def fingerprint(name: str) -> str:
        return known.fingerprint(name)

    async def confirm(name: str, reading: Reading) -> None:
        await record_applied(context, sources, name, reading)

    return Hands(read, writer, secret, fingerprint, confirm)


async def record_applied(context: Context, sources: Sources, name: str, reading: Reading) -> None:
    """Advance Applied to what was just read equal to the planned commit."""
    facts = reading.observed.facts
    desired = sources.planned.render(name, facts.version, facts.model, schema=reading.schema)
    applied = applied_from(desired, reading.observed, reading.menu_of)
    write_applied(context.repository, applied)
