"""The verb init: a new fleet repository, its two persons, and routers that run already."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from desired_state import scaffold
from desired_state.paths import FLEET, name_of
from desired_state.repository import Repository
from reconciler.act.device import Reading
from reconciler.decide.permit import Tier
from reconciler.operations.applying import record_applied
from reconciler.operations.context import Context
from reconciler.operations.devices import remember
from reconciler.operations.front_desk import verb
from reconciler.operations.known import load_known
from reconciler.operations.planning import load_sources
from reconciler.operations.reading import read_or_unknown, schema_for
from reconciler.vault import credentials, keys
from routeros.identify import identify
from routeros.observe import MenuRead, observe
from routeros.tls import fetch_fingerprint
from schemas.catalogue.load import Schema
from schemas.device import Device, Expect, Tls
from schemas.errors import InputError
from schemas.login import Login
from schemas.observed import DeviceFacts, Observed
from schemas.rollout import Person

SECOND = "reviewer"
"""The name of the second person, who can approve what the first one wrote."""

Taken = tuple[Device, Observed, Schema]
"""A router as it was read, and what is known of its RouterOS."""


@dataclass(frozen=True, slots=True)
class Author:
    name: str
    email: str

    def __str__(self) -> str:
        return f"{self.name} <{self.email}>"


def create(path: Path, author: Author, *, environment: str, lab: bool, example: bool) -> Repository:
    """A new fleet repository with one commit. Raises InputError when there is one already."""
    if not author.email:
        raise InputError("Git does not know who you are; run: git config --global user.email you@example.net")
    files = scaffold.fleet_files(environment, lab=lab, example=example)
    return Repository.create(path, files, author=str(author), message="A fleet held by Plumbline")


@dataclass(frozen=True, slots=True)
class RouterSource:
    """A router to read. ``name`` '' takes the router's own identity."""

    address: str
    name: str = ""


@dataclass(frozen=True, slots=True)
class SetUpRequest:
    """``passphrases`` of the first and the second person; ``login`` reads, ``write_login`` writes (the same
    when None). ``pin`` '' trusts the certificate that is seen first."""

    author: Author
    passphrases: tuple[str, str] | None
    routers: tuple[RouterSource, ...] = ()
    login: Login | None = None
    write_login: Login | None = None
    read_credential: str = "router-ro"
    write_credential: str = "router-rw"
    environment: str = "lab"
    insecure: bool = False
    pin: str = ""

    @property
    def subject(self) -> str:
        return " ".join(router.address for router in self.routers)


@dataclass(frozen=True, slots=True)
class TakenIn:
    """A router that was read: ``changes`` planned against its own document; 0 means Applied was recorded."""

    device: str
    address: str
    pin: str
    facts: DeviceFacts
    changes: int
    message: str = ""


@dataclass(frozen=True, slots=True)
class SetUp:
    persons: tuple[Person, ...]
    routers: tuple[TakenIn, ...]
    commit: str


@verb("init", tier=Tier.ADMIN)
async def set_up(context: Context, request: SetUpRequest) -> SetUp:
    """Make the two persons and read the routers into documents, in mode observe.

    Nothing is committed when a router cannot be read: the error names it.
    """
    if FLEET not in context.repository.files(context.repository.resolve("HEAD")):
        raise InputError(f"{context.repository.folder} holds no {FLEET}; run plumbline init on an empty folder.")
    persons = await _persons(context, request)
    taken = [await _read(context, request, router) for router in request.routers]
    names = [device.name for device, _, _ in taken]
    doubled = sorted({name for name in names if names.count(name) > 1})
    if doubled:
        raise InputError(f"Two routers are called {', '.join(doubled)}; name them with --from NAME=ADDRESS.")
    await _keep_logins(context, request)
    commit = context.repository.resolve("HEAD")
    if taken:
        commit = _commit(context, request, taken)
    for device, observed, _ in taken:
        await remember(context, device, device.addresses[0], observed.facts)
    routers = [await _confirm(context, device, observed) for device, observed, _ in taken]
    return SetUp(persons, tuple(routers), commit)


async def _persons(context: Context, request: SetUpRequest) -> tuple[Person, ...]:
    store = context.controller
    if request.passphrases is None:
        return await store.persons.all()
    first = name_of(request.author.email.partition("@")[0]) or "author"
    wanted = [(first, (request.author.email,)), (SECOND if first != SECOND else "second", ())]
    for (name, emails), passphrase in zip(wanted, request.passphrases, strict=True):
        if name in keys.names(context.data_home):
            public = keys.load(name, passphrase, context.data_home).public
        else:
            public = keys.create(name, passphrase, context.data_home)
        if await store.persons.by_name(name) is None:
            await store.persons.add(Person(name, emails, public.jwk, public.key_id))
    return await store.persons.all()


async def _keep_logins(context: Context, request: SetUpRequest) -> None:
    if context.ring is None or request.login is None:
        return
    for name, login in (
        (request.read_credential, request.login),
        (request.write_credential, request.write_login or request.login),
    ):
        await context.controller.credentials.put(name, credentials.seal(name, login, context.ring))


async def _read(context: Context, request: SetUpRequest, router: RouterSource) -> Taken:
    login = request.login or credentials.resolve(request.read_credential, None, None, context.environ)
    tls = Tls(insecure=True) if request.insecure else Tls(pin=request.pin or await fetch_fingerprint(router.address))
    device = Device(
        name=router.name or router.address,
        addresses=(router.address,),
        tls=tls,
        read_credential=request.read_credential,
        write_credential=request.write_credential,
        environment=request.environment,
    )
    client = context.client(device, login)
    facts = await identify(client)
    schema = await schema_for(context, client, facts)
    menus = [menu for path in schema.paths if (menu := schema.menu(path)) is not None]
    wanted = [MenuRead(menu) for menu in menus if menu.known and menu.imported]
    observed = await observe(client, facts, wanted)
    name = router.name or name_of(_identity(observed))
    if not name:
        raise InputError(f"The router at {router.address} has no usable identity; write --from NAME={router.address}")
    expect = Expect(serial=facts.serial or None)
    return replace(device, name=name, expect=expect), replace(observed, device=name), schema


def _identity(observed: Observed) -> str:
    menu = next((menu for path, menu in observed.menus.items() if path == "/system/identity"), None)
    return menu.rows[0].get("name", "") if menu and menu.rows else ""


def _commit(context: Context, request: SetUpRequest, taken: Sequence[Taken]) -> str:
    files = {}
    for device, observed, schema in taken:
        files[f"devices/{device.name}.yaml"] = scaffold.device_file(device, observed, schema.menu)
    branch, base = context.repository.head()
    names = ", ".join(device.name for device, _, _ in taken)
    commit = context.repository.commit(
        branch, files, base=base, message=f"Read {names} as they are", author=str(request.author)
    )
    context.repository.sync_worktree(branch, base, commit)
    return commit


async def _confirm(context: Context, device: Device, observed: Observed) -> TakenIn:
    """Record Applied where the document plans to nothing against the router it was read from."""
    sources = load_sources(context, "HEAD")
    reading: Reading = await read_or_unknown(context, await load_known(context), sources, device.name)
    plan = reading.result.plan
    if reading.result.problems:
        message = str(reading.result.problems[0])
    elif plan.unknown:
        message = plan.unknown
    elif plan.changes:
        message = "its document does not plan to nothing; run plumbline plan to see why."
    else:
        await record_applied(context, sources, device.name, reading)
        message = ""
    pin = device.tls.pin or ""
    return TakenIn(device.name, device.addresses[0], pin, observed.facts, len(plan.changes), message)
