"""The verb import: routers that run already, from their exports, into documents of a fleet."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from desired_state.applied import write_applied
from desired_state.documents import read_all
from desired_state.paths import FLEET, is_name, name_of
from reconciler.decide.permit import Tier
from reconciler.operations.context import Context
from reconciler.operations.exports import TakenExport, applied_of, identity_of, take_export, why_none
from reconciler.operations.front_desk import verb
from reconciler.operations.known import SECRET
from reconciler.operations.understanding import Understanding, understanding_of
from routeros.script import read_script
from schemas.errors import InputError
from schemas.exported import LeftOut
from schemas.location import Problem


@dataclass(frozen=True, slots=True)
class ExportSource:
    """An export's file and its bytes. ``name`` '' takes the router's own identity, else the file's name."""

    file: str
    content: bytes
    name: str = ""


@dataclass(frozen=True, slots=True)
class ImportRequest:
    """``author`` is ``NAME <EMAIL>``; devices are put into an environment that fleet.yaml has."""

    exports: tuple[ExportSource, ...]
    author: str
    environment: str

    @property
    def subject(self) -> str:
        return " ".join(source.file for source in self.exports)


@dataclass(frozen=True, slots=True)
class ImportedDevice:
    """``secrets`` are names; their values are sealed in the store. ``recorded`` when Applied was: every statement
    of the export is in the documents."""

    device: str
    file: str
    version: str
    schema_version: str
    model: str
    statements: int
    left_out: tuple[LeftOut, ...]
    secrets: tuple[str, ...]
    files: tuple[str, ...]
    understanding: Understanding
    recorded: bool
    remarks: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class ImportDone:
    devices: tuple[ImportedDevice, ...]
    commit: str


def refuse_what_is_none(exports: Iterable[ExportSource]) -> None:
    """Raises InputError with every file that is no export, before anything is made for them."""
    problems = [Problem(f"{item.file}: {why}") for item in exports if (why := why_none(read_script(item.content)))]
    if problems:
        raise InputError(problems)


@verb("import", tier=Tier.ADMIN)
async def import_exports(context: Context, request: ImportRequest) -> ImportDone:
    """Write exports down as devices in mode observe, in one commit on the branch checked out.

    Secrets go sealed into the store and never into Git. Raises InputError when an export is none, when two would be
    one device, or when a device is there already; then nothing is written.
    """
    refuse_what_is_none(request.exports)
    branch, base = context.repository.head()
    if not request.exports:
        return ImportDone((), base)
    files = dict(context.repository.files(base))
    if FLEET not in files:
        raise InputError(f"{context.repository.folder} holds no {FLEET}; run plumbline init first.")
    _check_environment(request.environment, files[FLEET])
    taken = _taken(context, request, files)
    store, ring = context.controller, context.ring
    if ring is None:
        raise InputError("Secrets need the fleet's vault key.")
    changes = {path: content for each in taken for path, content in each.imported.files.items()}
    names = ", ".join(each.device.name for each in taken)
    for each in taken:
        for name, text in each.imported.secrets.items():
            await store.credentials.put(SECRET + name, ring.seal(SECRET + name, text.encode()))
    commit = context.repository.commit(
        branch, changes, base=base, message=f"Import {names} as exported", author=request.author
    )
    context.repository.sync_worktree(branch, base, commit)
    return ImportDone(
        tuple(_record(context, source, each, commit) for source, each in zip(request.exports, taken, strict=True)),
        commit,
    )


def _check_environment(name: str, fleet: bytes) -> None:
    problems: list[Problem] = []
    known = read_all({FLEET: fleet}, problems).fleet.environments
    if not problems and name not in known:
        problems.append(Problem(f"fleet.yaml has no environment {name!r}.", None, f"It has {', '.join(known)}."))
    if problems:
        raise InputError(problems)


def _taken(context: Context, request: ImportRequest, files: dict[str, bytes]) -> list[TakenExport]:
    taken: list[TakenExport] = []
    problems: list[Problem] = []
    for source in request.exports:
        try:
            each = _take(context, request, source, files, {item.device.name for item in taken})
        except InputError as error:
            problems += error.problems
            continue
        taken.append(each)
    if problems:
        raise InputError(problems)
    return taken


def _take(
    context: Context, request: ImportRequest, source: ExportSource, files: dict[str, bytes], others: set[str]
) -> TakenExport:
    stem = name_of(source.file.rpartition("/")[2].rpartition(".")[0] or source.file) or "router"
    fleet = {FLEET: files[FLEET]}  # an imported device has no groups, and other devices are none of its business
    each = take_export(
        source.content, source.name, context.catalogue, fleet, environment=request.environment, file=source.file
    )
    if not source.name and (not identity_of(each.exported) or each.device.name in others):
        each = take_export(
            source.content, stem, context.catalogue, fleet, environment=request.environment, file=source.file
        )
    name = each.device.name
    if not is_name(name):
        raise InputError(f"{source.file}: {name!r} cannot name a device; write NAME=FILE.")
    if name in others or f"devices/{name}.yaml" in files:
        raise InputError(f"{source.file}: there is a device {name} already; write NAME={source.file}.")
    return each


def _record(context: Context, source: ExportSource, each: TakenExport, commit: str) -> ImportedDevice:
    complete = not each.left_out
    if complete:
        write_applied(context.repository, applied_of(each, commit, context.now()))
    header = each.script.header
    return ImportedDevice(
        each.device.name,
        source.file,
        header.version,
        each.schema.version,
        header.model,
        len(each.script.statements),
        each.left_out,
        tuple(sorted(each.imported.secrets)),
        tuple(sorted(path for path in each.imported.files if path.startswith("files/"))),
        understanding_of(each),
        recorded=complete,
        remarks=each.exported.remarks,
    )
