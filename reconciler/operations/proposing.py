"""The verbs of those who may ask but not act: propose, proposals, request apply.

A proposal is one edit of a document's menus on a branch of its own. Nothing is left behind of one that does not
load, renders wrongly, or touches control data.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import msgspec

from desired_state import proposals as branches
from desired_state.edits import Edit, edited
from desired_state.load import Source, load, source_of
from reconciler.act.device import Reading
from reconciler.decide import control
from reconciler.decide.approve import must_be_approvable
from reconciler.decide.permit import Tier
from reconciler.decide.plan import assemble, secrets_written
from reconciler.operations.approving import needed
from reconciler.operations.context import Context
from reconciler.operations.front_desk import verb
from reconciler.operations.known import Known, load_known
from reconciler.operations.planning import PlanRequest, make_plan
from reconciler.operations.reading import Sources, catalogue_named, limits, read_devices
from reconciler.views.clean import clean
from reconciler.views.documents import load_plan_document, plan_document
from schemas.device import Mode, Strategy
from schemas.errors import InputError, Refused
from schemas.location import Location, Problem
from schemas.path import MenuPath
from schemas.plan import Finding, Plan

MOST_OPEN = 50
"""Proposals that may wait for review at a time."""

MOST_TEXT = 20_000
"""Characters of one edit."""

AWAITING = "awaiting approval"

_FOLDERS = {"device": "devices", "group": "groups"}
_TEMPLATE = re.compile(r"\{\{|\{%|\{#")
_TRAILER = re.compile(r"\s*[a-z-]+-by\s*:", re.IGNORECASE)
_DIGEST = re.compile(r"[0-9a-f]{8,64}")
_NOT_A_NAME = re.compile(r"[<>\x00-\x1f\x7f]")


@dataclass(frozen=True, slots=True)
class ProposeRequest:
    """One edit of ``menus``. ``layer`` is device or group, ``action`` add, set or remove.

    ``values`` are fields and texts in RouterOS's forms; ``select`` names one entry by fields or ``$id`` (none for a
    menu without rows); ``before`` the entry that an added one stands before, none for the end.
    """

    title: str
    layer: str
    name: str
    menu: str
    action: str
    values: Mapping[str, str] = field(default_factory=dict)
    select: Mapping[str, str] = field(default_factory=dict)
    before: Mapping[str, str] = field(default_factory=dict)
    reason: str = ""

    @property
    def subject(self) -> str:
        return f"{self.layer} {self.name} {self.menu}"

    @property
    def document(self) -> str:
        return f"{_FOLDERS[self.layer]}/{self.name}.yaml"


@dataclass(frozen=True, slots=True)
class Proposed:
    """A branch that waits for review. ``diff`` are the lines of the document's change; ``plan`` is what merging it
    would do, None with ``unplanned`` saying why; ``base`` is the protected commit it stands on."""

    branch: str
    commit: str
    base: str
    document: str
    diff: tuple[str, ...]
    plan: Plan | None
    unplanned: str


@dataclass(frozen=True, slots=True)
class Proposals:
    proposals: tuple[branches.Proposal, ...]


@dataclass(frozen=True, slots=True)
class RequestApply:
    """``what`` is the protected branch, a proposal's branch (or the commit of either), or a stored plan's digest."""

    what: str
    devices: tuple[str, ...] = ()

    @property
    def subject(self) -> str:
        return self.what


@dataclass(frozen=True, slots=True)
class Requested:
    """A stored plan that waits for ``approvals`` persons; ``command`` is what each of them runs."""

    plan: Plan
    approvals: int
    state: str = AWAITING

    @property
    def command(self) -> str:
        return f"plumbline approve {self.plan.digest[:8]}"


def plan_request(context: Context, ref: str, devices: Sequence[str]) -> PlanRequest:
    """What to plan for somebody who has no working tree: the protected branch unless a ref is named."""
    return PlanRequest(tuple(devices), ref or context.repository.protected_commit()[1])


@verb("propose", tier=Tier.PROPOSE)
async def propose(context: Context, request: ProposeRequest) -> Proposed:
    """Commit one edit to a new branch on the protected one. No router is written to.

    Raises InputError with every problem the edit would bring, Refused where it would touch control data.
    """
    author, repository = _author(context), context.repository
    if len(branches.listed(repository)) >= MOST_OPEN:
        raise Refused(f"{MOST_OPEN} proposals wait for review already; have some merged or withdrawn first.")
    draft = _drafted(context, request)
    known = await load_known(context)
    readings = await read_devices(context, known, draft.sources, draft.devices)
    _must_be_sound(draft.sources, readings)
    base, path = draft.sources.protected.commit, request.document
    branch, commit = branches.create(
        repository,
        request.title,
        {path: draft.new},
        base=base,
        message=_message(request),
        author=author,
        trailers=[("Proposed-by", context.actor.agent)] if context.actor.agent else [],
    )
    plan, unplanned = _plan(context, known, draft.sources, readings, commit)
    return Proposed(branch, commit, base, path, _lines(path, draft.old, draft.new), plan, unplanned)


@verb("proposals", tier=Tier.READ, audited=False)
async def proposals(context: Context) -> Proposals:
    """The branches that wait for review, newest first."""
    return Proposals(tuple(branches.listed(context.repository)))


@verb("request apply", tier=Tier.REQUEST)
async def request_apply(context: Context, request: RequestApply) -> Requested:
    """Make and keep the live plan that a person is asked to approve. Approves nothing and writes to no router.

    Raises Refused for a plan that nobody may approve, InputError when there is nothing to do.
    """
    _author(context)
    store = context.controller
    made = await make_plan(context, await _wanted(context, request))
    plan = made.plan
    must_be_approvable(plan, made.sources.protected.devices)
    document = msgspec.json.encode(plan_document(plan))
    await store.plans.save(plan.digest, plan.commit, document, context.actor.email, plan.created)
    return Requested(plan, needed(plan, made.sources))


def _author(context: Context) -> str:
    """The person behind the client, as Git writes them. Raises Refused when nobody is known."""
    email = context.actor.email
    if not email:
        raise Refused("Nobody is known behind this client; set user.email with git config.")
    name = context.environ.get("GIT_AUTHOR_NAME") or context.repository.user()[0] or email.partition("@")[0]
    return f"{_NOT_A_NAME.sub(' ', name).strip()} <{_NOT_A_NAME.sub('', email)}>"


def _edit_of(request: ProposeRequest) -> Edit:
    """Raises InputError with everything wrong about what was asked."""
    problems = []
    texts = [
        text for part in (request.values, request.select, request.before) for pair in part.items() for text in pair
    ]
    if sum(map(len, texts)) > MOST_TEXT:
        problems.append(Problem(f"The edit is longer than {MOST_TEXT:,} characters."))
    if request.layer not in _FOLDERS:
        problems.append(Problem(f"{request.layer!r} is no layer.", None, "Say device or group."))
    strange = [name for name in request.values if name.startswith("$") and name != "$id"]
    if strange:
        problems.append(Problem(f"{', '.join(strange)} cannot be proposed.", None, "Propose fields and $id only."))
    if _TRAILER.match(request.title):
        problems.append(Problem("The title reads like a trailer of a commit.", None, "Say what the change does."))
    if any(_TEMPLATE.search(text) for text in texts):
        problems.append(Problem("Templates cannot be proposed.", None, "Write the value itself."))
    path = None
    try:
        path = MenuPath.parse(request.menu)
    except ValueError as error:
        problems.append(Problem(f"{error}."))
    if problems or path is None:
        raise InputError(problems)
    return Edit(path, request.action, request.values, request.select, request.before)


@dataclass(frozen=True, slots=True)
class _Draft:
    """An edit that loads and is on no branch yet. ``devices`` are those it concerns, paused ones left out."""

    old: bytes
    new: bytes
    sources: Sources
    devices: tuple[str, ...]


def _drafted(context: Context, request: ProposeRequest) -> _Draft:
    edit = _edit_of(request)
    ref, base = context.repository.protected_commit()
    protected = load(context.repository, base)
    path = request.document
    old = protected.files.get(path)
    if old is None:
        raise InputError(Problem(f"There is no {request.layer} {request.name!r} on {ref}.", Location(path)))
    new = edited(old, path, edit)
    if new == old:
        raise InputError(Problem("The document says so already.", Location(path)))
    planned = _loaded(protected, path, new)
    concerned = [name for name in planned.devices if path in planned.documents_of(name)]
    names = tuple(name for name in concerned if protected.devices[name].mode is not Mode.PAUSED)
    return _Draft(old, new, Sources(planned, protected, ref), names)


def _loaded(protected: Source, path: str, new: bytes) -> Source:
    """The protected commit with one document replaced, without touching the repository."""
    planned = source_of(protected.commit, {**protected.files, path: new})
    problems = planned.validate()
    if problems:
        raise InputError(problems)
    return planned


def _must_be_sound(sources: Sources, readings: Sequence[Reading]) -> None:
    """Raises Refused for control data, InputError for faults of the documents that reading brought to light."""
    before, after = sources.protected, sources.planned
    found: list[Finding] = [*control.fleet_differences(before.fleet, after.fleet)]
    for name in before.devices.keys() & after.devices.keys():
        found += control.device_differences(before.devices[name], after.devices[name])
    found += [each for reading in readings for each in reading.result.findings if each.rule == control.RULE]
    if found or before.devices.keys() != after.devices.keys():
        told = "\n".join(f"  {each.message}" for each in found[:5])
        raise Refused(f"Control data cannot be proposed; a person changes it on the protected branch.\n{told}")
    faults = [problem for reading in readings for problem in reading.result.problems if problem.location is not None]
    if faults:
        raise InputError(dict.fromkeys(faults))


def _plan(
    context: Context, known: Known, sources: Sources, readings: Sequence[Reading], commit: str
) -> tuple[Plan | None, str]:
    """What the branch would do on the devices that could be read, and why others could not be planned."""
    usable = [reading.result for reading in readings if not reading.result.problems]
    told = dict.fromkeys(str(problem) for reading in readings for problem in reading.result.problems)
    if not usable:
        return None, " ".join(told) or "No device uses this document."
    strategy = sources.protected.fleet.strategies.get("default", Strategy())
    plan = assemble(
        usable,
        devices=[sources.protected.devices[result.plan.device] for result in usable],
        commit=commit,
        catalogue=catalogue_named(context, readings),
        limits=limits(sources),
        sizes=strategy.batches,
        created=context.now(),
        secrets=known.secrets_of(secrets_written(usable)),
    )
    return plan, " ".join(told)


def _message(request: ProposeRequest) -> str:
    """One line of title, one of reason: neither can forge a trailer."""
    reason = clean(" ".join(request.reason.split()), 1_000)
    return clean(" ".join(request.title.split()), 100) + (f"\n\nReason: {reason}" if reason else "")


def _lines(path: str, old: bytes, new: bytes) -> tuple[str, ...]:
    before, after = (data.decode("utf-8", "replace").splitlines() for data in (old, new))
    return tuple(difflib.unified_diff(before, after, f"a/{path}", f"b/{path}", lineterm=""))


async def _wanted(context: Context, request: RequestApply) -> PlanRequest:
    """The plan that is asked for. Raises Refused when its commit is neither protected nor proposed."""
    what, names, sizes = request.what.strip(), request.devices, tuple[str, ...]()
    stored = await _stored(context, what)
    if stored is not None:
        names = names or tuple(part.device for part in stored.devices)
        sizes = tuple(str(len(batch)) for batch in stored.batches)
    commit = stored.commit if stored is not None else context.repository.resolve(what)
    ref, protected = context.repository.protected_commit()
    if commit not in {protected, *(each.commit for each in branches.listed(context.repository))}:
        raise Refused(f"{what} is neither {ref} nor a proposal, so its apply cannot be requested.")
    return PlanRequest(names, commit, None, sizes)


async def _stored(context: Context, what: str) -> Plan | None:
    """The stored plan with this digest, None when it names something else."""
    if not _DIGEST.fullmatch(what) or what in context.repository.branches():
        return None
    try:
        stored = await context.controller.plans.get(what)
    except InputError:
        return None
    return load_plan_document(msgspec.json.decode(stored.document))
