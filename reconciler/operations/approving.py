"""The verb approve: a person's signed yes to one stored plan."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from pathlib import Path

from desired_state.applied import read_applied
from reconciler.decide.approve import must_be_approvable, must_be_independent, required_approvals
from reconciler.decide.permit import Tier
from reconciler.operations.context import Context
from reconciler.operations.front_desk import verb
from reconciler.operations.planning import load_sources
from reconciler.operations.reading import Sources
from reconciler.vault import keys, tokens
from reconciler.views.documents import load_plan_document, plan_document, read_document
from schemas.device import Environment
from schemas.errors import ApprovalError, InputError
from schemas.plan import Plan
from schemas.rollout import Approval, Person
from store.nouns import StoredPlan


@dataclass(frozen=True, slots=True)
class ApproveRequest:
    """``plan`` is a file or the first digits of a stored digest; ``person`` whose key signs."""

    plan: str
    person: str
    passphrase: str
    life: datetime.timedelta = tokens.LIFE

    @property
    def subject(self) -> str:
        return self.plan

    def __repr__(self) -> str:
        return f"ApproveRequest({self.plan!r}, {self.person!r})"


@dataclass(frozen=True, slots=True)
class Approved:
    """``have`` of ``need`` persons have said yes; the token works when all have."""

    approval: Approval
    plan: Plan
    have: int
    need: int


@verb("approve", tier=Tier.APPROVE)
async def approve(context: Context, request: ApproveRequest) -> Approved:
    """Sign a plan's digest. Raises Refused for a plan no one may approve, ApprovalError for a person who may not."""
    store = context.controller
    stored, plan = await stored_plan(context, request.plan)
    sources = load_sources(context, plan.commit)
    must_be_approvable(plan, sources.protected.devices)
    person = await store.persons.by_name(request.person)
    if person is None:
        known = ", ".join(p.name for p in await store.persons.all()) or "nobody"
        raise InputError(f"There is no person {request.person!r} in the store; it knows {known}.")
    environments = _environments(plan, sources)
    await must_be_free_to_approve(context, person, plan, stored, sources)
    key = keys.load(person.name, request.passphrase, context.data_home)
    if key.public.key_id != person.key_id:
        raise ApprovalError("foreign", f"The key of {person.name} here is not the one the store knows.")
    approval = tokens.sign(
        key,
        fleet_id=await store.settings.fleet_id(),
        digest=plan.digest,
        commit=plan.commit,
        now=context.now(),
        life=request.life,
    )
    await store.approvals.add(approval)
    valid = {item.person for item in await store.approvals.for_digest(plan.digest) if item.expires > context.now()}
    return Approved(approval, plan, len(valid), required_approvals(environments, plan))


async def must_be_free_to_approve(
    context: Context, person: Person, plan: Plan, stored: StoredPlan, sources: Sources
) -> None:
    """Raises ApprovalError when a person had a hand in a plan."""
    people = _people_behind(context, plan, sources) | set(stored.requesters)
    persons = await context.controller.persons.all()
    must_be_independent(person, frozenset(people), persons, _environments(plan, sources))


async def stored_plan(context: Context, reference: str) -> tuple[StoredPlan, Plan]:
    """A plan by file or digest. A file must say what the store holds under its digest."""
    store = context.controller
    saved = _file(reference)
    if saved is None:
        stored = await store.plans.get(reference)
        plan = load_plan_document(read_document(stored.document))
        if plan.digest != stored.digest:
            raise ApprovalError("altered", f"The store holds another plan under {stored.digest[:8]}: it was altered.")
        return stored, plan
    given = load_plan_document(read_document(saved, reference), reference)
    stored = await store.plans.get(given.digest)
    if plan_document(given) != plan_document(load_plan_document(read_document(stored.document))):
        text = f"{reference} is not the plan that was stored as {given.digest[:8]}: somebody altered it."
        raise ApprovalError("altered", text)
    return stored, given


def _file(reference: str) -> bytes | None:
    """The content of a saved plan; None when there is no such file, which a digest never is."""
    path = Path(reference)
    try:
        return path.read_bytes() if path.is_file() else None
    except OSError as error:
        raise InputError(f"{reference} cannot be read: {error.strerror}.") from error


async def verified_set(context: Context, token: str, plan: Plan) -> dict[str, str]:
    """Token to person, of every approval of this plan whose signature holds."""
    store = context.controller
    persons: tuple[Person, ...] = await store.persons.all()
    fleet = await store.settings.fleet_id()
    tokens.verify(token, persons, fleet, plan.digest, context.now())
    found = {}
    for item in await store.approvals.for_digest(plan.digest):
        try:
            found[item.token] = tokens.verify(item.token, persons, fleet, plan.digest, context.now()).person
        except ApprovalError:
            continue
    return found


def needed(plan: Plan, sources: Sources) -> int:
    """How many persons must approve, by the stricter of the protected branch and the plan's commit."""
    return required_approvals(_environments(plan, sources), plan)


def _environments(plan: Plan, sources: Sources) -> tuple[Environment, ...]:
    """The environments the plan touches, as both commits say them."""
    found = []
    for part in plan.changed:
        for source in (sources.protected, sources.planned):
            device = source.devices.get(part.device)
            environment = source.fleet.environments.get(device.environment) if device else None
            if environment is None:
                raise InputError(f"{part.device}: its environment is in no fleet.yaml.")
            found.append(environment)
    return tuple(found)


def _people_behind(context: Context, plan: Plan, sources: Sources) -> frozenset[str]:
    """E-mails of authors and committers of the commits that change what these devices are rendered to."""
    people: set[str] = set()
    for part in plan.changed:
        documents = sources.planned.documents_of(part.device)
        try:
            applied = read_applied(context.repository, part.device)
        except InputError:
            applied = None
        base = applied.commit if applied else None
        people |= set(context.repository.people_behind(base, plan.commit, documents))
    return frozenset(people)
