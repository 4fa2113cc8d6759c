"""Constructs the adapters from settings, and nothing else: who is real is seen here."""

from __future__ import annotations

import datetime
import gc
import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path

from desired_state.repository import Repository
from reconciler.operations.context import Context
from reconciler.operations.shelf import Shelf
from reconciler.vault.places import data_home
from reconciler.vault.seal import KeyRing
from routeros.session import Session, Timing, Trace
from schemas.catalogue.load import open_catalogue
from schemas.errors import InputError
from schemas.rollout import Actor, Door
from store import open_store
from store.opening import Store

PROTECTED, PROTECTED_VARIABLE = "protected-branch", "PLUMBLINE_PROTECTED"
"""The setting of the store that names the branch a controller judges by, and what overrules it."""

_COLLECT_RARELY = (1_000_000, 20, 100)
# A fleet's rows are very many small objects that hold no circles; walking them all again and again, as the
# default of 700 does, is a third of the CPU of a plan.

DEFAULT_STORE = "plumbline.db"
"""The store's file name inside the repository's Git folder, where clones do not carry it along."""


@dataclass(frozen=True, slots=True)
class Settings:
    """``store`` None means the default place, used only where it exists (or ``make_store`` is set)."""

    repository: Path
    store: Path | None = None
    make_store: bool = False
    door: Door = Door.CLI
    agent: str | None = None
    trace: Trace | None = None
    timing: Timing = field(default_factory=Timing)
    environ: Mapping[str, str] = field(default_factory=lambda: dict(os.environ))


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Context]:
    """Everything a verb needs, closed again afterwards. Raises InputError when there is no repository."""
    gc.set_threshold(*_COLLECT_RARELY)
    repository = Repository.open(settings.repository)
    place = store_place(settings, repository)
    async with AsyncExitStack() as stack:
        stack.callback(repository.close)
        store = await stack.enter_async_context(open_store(place)) if place is not None else None
        home = data_home(settings.environ)
        catalogue = open_catalogue()
        catalogue.learn(Shelf(home).learnt())
        context = Context(
            actor=Actor(settings.door, email=_email(settings, repository), agent=settings.agent),
            repository=repository,
            catalogue=catalogue,
            session=await stack.enter_async_context(Session(settings.timing, settings.trace)),
            store=store,
            ring=KeyRing(home) if store is not None else None,
            data_home=home,
            environ=settings.environ,
            now=utc_now,
        )
        if store is not None:
            context = replace(context, protected=await _protected(settings, store, repository))
            person = await store.persons.by_email(context.actor.email) if context.actor.email else None
            if person is not None:
                context = replace(context, actor=replace(context.actor, person=person.name))
        yield context


def store_place(settings: Settings, repository: Repository) -> Path | None:
    """Where the store is, None where this command is no controller."""
    if settings.store is not None:
        if not settings.make_store and not settings.store.exists():
            raise InputError(f"There is no store at {settings.store}; plumbline init makes one.")
        return settings.store
    default = repository.control_folder / DEFAULT_STORE
    return default if settings.make_store or default.exists() else None


async def _protected(settings: Settings, store: Store, repository: Repository) -> str | None:
    """The branch this controller judges by: remembered when first seen, so that no push appoints another."""
    known = settings.environ.get(PROTECTED_VARIABLE) or await store.settings.get(PROTECTED)
    if known is None:
        try:
            known = repository.protected_commit(None)[0]
        except InputError:  # nothing is committed yet
            return None
        await store.settings.put(PROTECTED, known)
    return known


def utc_now() -> datetime.datetime:
    return datetime.datetime.now(datetime.UTC)


def _email(settings: Settings, repository: Repository) -> str:
    named = settings.environ.get("GIT_AUTHOR_EMAIL") or settings.environ.get("GIT_COMMITTER_EMAIL")
    return named or repository.user()[1]
