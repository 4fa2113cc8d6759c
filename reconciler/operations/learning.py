"""The verb schema learn: what a router tells of its own RouterOS, kept for its like and written down for review."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from reconciler.decide.permit import Tier
from reconciler.operations.answers import memory
from reconciler.operations.context import Context
from reconciler.operations.devices import protected_device
from reconciler.operations.front_desk import verb
from reconciler.operations.known import load_known
from reconciler.operations.reading import connect
from reconciler.operations.shelf import Shelf, write_text
from routeros.client import Client
from routeros.identify import packages_of
from routeros.inspect import Bounds, Told, walk
from schemas.catalogue.compile import compile_tree
from schemas.catalogue.facts import MenuFacts, read, render
from schemas.catalogue.learnt import joined, one_text, placed, read_learnt
from schemas.catalogue.versions import changes_between
from schemas.errors import DeviceRefused, PlumblineError
from schemas.learnt import Learnt
from schemas.observed import DeviceFacts
from schemas.release import Release

_NEEDED = ("/ip/address", "/interface", "/system/identity")
"""Menus of every RouterOS: a tree without them is not a whole one."""


@dataclass(frozen=True, slots=True)
class LearnRequest:
    """``folder`` is where the committed facts together with what is learnt are to be written; ``told`` hears how far
    it is."""

    device: str
    folder: Path | None = None
    told: Told = lambda _what, _done, _total: None
    bounds: Bounds | None = None

    @property
    def subject(self) -> str:
        return self.device


@verb("schema learn", tier=Tier.READ)
async def learn(context: Context, request: LearnRequest) -> Learnt:
    """Ask a device for its command tree and keep it for every device of the same version, architecture and packages.

    What was answered survives when the work is broken off. Raises DeviceError, Refused, InputError.
    """
    device, source = protected_device(context, request.device)
    client, facts = await connect(context, await load_known(context), device, device.read_credential, source)
    release = await _release(client, facts)
    shelf = Shelf(context.data_home)
    with memory(shelf, release, device.name, facts.serial) as answers:
        walked = await walk(client, answers, request.told, request.bounds)
        files = compile_tree(walked.tree, release.version)
        text = one_text(files, f"{release}, told by a {facts.model or 'router'}")
        menus = read_learnt(text, release.version)
        _must_be_whole(client, menus)
        file = shelf.put(release, text)
    context.catalogue.learn(shelf.learnt())
    learnt = context.catalogue.learnt(release)
    if learnt is None:
        raise PlumblineError(f"{file} was written and is not there.")
    nearest = context.catalogue.schema(release.version)
    if request.folder is not None:
        _write_all(request.folder, menus, release.version)
    return Learnt(
        device=device.name,
        model=facts.model,
        release=release,
        nearest=nearest.version,
        menus=len(menus),
        fields=sum(len(menu.fields) for menu in menus.values()),
        changes=changes_between(nearest, learnt),
        asked=walked.asked,
        skipped=walked.skipped,
        unanswered=walked.unanswered,
        file=file,
        folder=request.folder,
    )


async def _release(client: Client, facts: DeviceFacts) -> Release:
    release = Release(facts.version, facts.architecture, await packages_of(client))
    try:
        _ = release.name
    except ValueError as error:
        raise DeviceRefused(
            f"The router says what no router says: {error}.", status=200, device=client.device
        ) from error
    return release


def _must_be_whole(client: Client, menus: Mapping[str, MenuFacts]) -> None:
    lacking = [path for path in _NEEDED if path not in menus]
    if lacking:
        text = f"What the router tells has no {', '.join(lacking)}; nothing of it is kept."
        raise DeviceRefused(text, status=200, device=client.device)


def _write_all(folder: Path, learnt: Mapping[str, MenuFacts], version: str) -> None:
    """The facts files, with this version among the others."""
    room, menus = placed(*read(), version)
    texts = render(joined(room, menus, learnt).values(), room.versions)
    for name, text in texts.items():
        write_text(folder / name, text)
