"""The verb plan, and making the same plan again at apply."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from desired_state.applied import devices_with_applied
from desired_state.load import load
from reconciler.act.device import Reading
from reconciler.decide import control
from reconciler.decide.guard import doubled, refused
from reconciler.decide.permit import Tier
from reconciler.decide.plan import assemble, secrets_written
from reconciler.operations.context import Context
from reconciler.operations.front_desk import verb
from reconciler.operations.known import load_known
from reconciler.operations.reading import Sources, catalogue_named, limits, read_devices
from reconciler.views.documents import document_text, plan_document
from schemas.device import Mode, Strategy
from schemas.errors import Exit, InputError, Refused, strongest
from schemas.location import Problem
from schemas.plan import Basis, Finding, Plan, Severity


@dataclass(frozen=True, slots=True)
class PlanRequest:
    """``devices`` empty means all; ``ref`` what to plan; ``against`` the protected ref; ``batches`` sizes
    such as ``1``, ``10%``, ``rest``."""

    devices: tuple[str, ...] = ()
    ref: str = "HEAD"
    against: str | None = None
    batches: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        return " ".join(self.devices) or "all devices"


@dataclass(frozen=True, slots=True)
class Planned:
    """A plan and the readings it was made from."""

    plan: Plan
    readings: tuple[Reading, ...]
    sources: Sources

    @property
    def exit(self) -> Exit:
        return plan_exit(self.plan)


def plan_exit(plan: Plan) -> Exit:
    codes = {Exit(part.unknown_exit) for part in plan.devices if part.unknown}
    codes |= {Exit.CHANGES} if plan.changed else set()
    codes |= {Exit.REFUSED} if refused(plan.findings) else set()
    return strongest(codes)


@verb("plan", tier=Tier.READ, audited=False)
async def plan(context: Context, request: PlanRequest) -> Planned:
    """Compare a commit with the routers. Live plans are kept in the store, ready to be approved.

    Raises InputError with every problem of the documents that was found.
    """
    made = await make_plan(context, request)
    store = context.store
    if store is not None and made.plan.changed and all(part.basis is Basis.LIVE for part in made.plan.changed):
        document = document_text(plan_document(made.plan)).encode()
        # Looking is not asking: who plans to review may still approve. Asking for an apply is another verb.
        await store.plans.save(made.plan.digest, made.plan.commit, document, "", made.plan.created)
    return made


async def make_plan(context: Context, request: PlanRequest) -> Planned:
    sources = load_sources(context, request.ref, request.against)
    names = choose(sources, request.devices)
    known = await load_known(context)
    readings = await read_devices(context, known, sources, names)
    problems = sorted({p for reading in readings for p in reading.result.problems}, key=_place)
    if problems:
        raise InputError(problems)
    plan = assemble(
        [reading.result for reading in readings],
        devices=[sources.protected.devices.get(name) or sources.planned.devices[name] for name in names],
        commit=sources.planned.commit,
        catalogue=catalogue_named(context, readings),
        limits=limits(sources),
        sizes=request.batches or _strategy(sources).batches,
        created=context.now(),
        findings=_fleet_findings(context, sources, names),
        secrets=known.secrets_of(secrets_written(reading.result for reading in readings)),
    )
    return Planned(plan, tuple(readings), sources)


def load_sources(context: Context, ref: str, against: str | None = None) -> Sources:
    """The planned commit and the protected one; one source when both are the same commit."""
    repository = context.repository
    commit = repository.resolve(ref)
    protected_ref, protected_commit = protected(context, against)
    planned = load(repository, commit)
    judge = planned if commit == protected_commit else load(repository, protected_commit)
    return Sources(planned, judge, protected_ref)


def protected(context: Context, against: str | None = None) -> tuple[str, str]:
    """The protected branch and its commit. A controller judges by its own; ``against`` is for previews.

    Raises Refused when a controller is told to judge by something else.
    """
    ref, commit = context.repository.protected_commit(against if context.store is None else context.protected)
    if context.store is not None and against is not None and context.repository.resolve(against) != commit:
        text = f"This controller judges by {ref}; --against may name another branch only where there is no store."
        raise Refused(text)
    return ref, commit


def choose(sources: Sources, wanted: Sequence[str]) -> list[str]:
    """The devices to plan: those named, else all that are not paused. Raises InputError on unknown names."""
    known = sorted({*sources.planned.devices})
    problems = []
    for name in wanted:
        if name not in known:
            near = get_close_matches(name, known, 1)
            hint = f"Did you mean {near[0]}?" if near else "There is no such file in devices/."
            problems.append(Problem(f"There is no device {name!r}.", None, hint))
    if problems:
        raise InputError(problems)
    return list(dict.fromkeys(wanted)) or [name for name in known if not _paused(sources, name)]


def _paused(sources: Sources, name: str) -> bool:
    device = sources.protected.devices.get(name) or sources.planned.devices[name]
    return device.mode is Mode.PAUSED


def _strategy(sources: Sources) -> Strategy:
    return sources.protected.fleet.strategies.get("default", Strategy())


def _fleet_findings(context: Context, sources: Sources, names: Sequence[str]) -> list[Finding]:
    found: list[Finding] = []
    if sources.planned is not sources.protected:
        found += control.fleet_differences(sources.protected.fleet, sources.planned.fleet)
    found += doubled(sources.planned.devices.values())
    known = {*sources.protected.devices, *devices_with_applied(context.repository)}
    for name in sorted(known - sources.planned.devices.keys()):
        text = f"{name} left Git: it is released, nothing is removed from it."
        found.append(Finding("released", Severity.INFO, text, device=name))
    paused = [name for name in sources.planned.devices if name not in names and _paused(sources, name)]
    if paused:
        found.append(Finding("paused", Severity.INFO, f"Paused and not planned: {', '.join(sorted(paused))}."))
    return found


def _place(problem: Problem) -> tuple[str, int, str]:
    location = problem.location
    return (location.file if location else "", location.line if location else 0, problem.message)
