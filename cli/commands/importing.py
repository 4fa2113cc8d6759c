"""import: exports of routers that run already, into a fleet repository."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from typing import TypedDict, Unpack

from cli.commands import told_of_init as told
from cli.commands.initialising import author_of, exit_of, login_of, sources_of
from cli.commands.trying import content_of, files_of
from cli.shell import Face, Shell
from reconciler.operations import importing, initialising
from reconciler.operations.importing import ExportSource, ImportDone, ImportRequest
from reconciler.operations.initialising import SetUpRequest, TakenIn
from reconciler.views.clean import clean
from reconciler.views.documents import Document
from reconciler.views.style import Style
from reconciler.wiring import opened
from schemas.errors import Exit, InputError, strongest

_NAMED = re.compile(r"(?:(?P<name>[a-z0-9][a-z0-9._-]*)=)?(?P<place>.+)")


class Asked(TypedDict):
    """What was said on the command line; see ``cli.usage``."""

    sources: tuple[str, ...]
    into: Path | None
    environment: str
    user: str | None
    password_stdin: bool
    insecure: bool
    pin: str


async def import_exports(shell: Shell, **asked: Unpack[Asked]) -> Exit:
    """Exit 2 when something of an export was left out or a live router's document would change it, 8 when a router
    could not be confirmed."""
    live = tuple(text for text in asked["sources"] if "://" in text)
    exports = tuple(source for text in asked["sources"] if text not in live for source in _sources(text))
    folder = asked["into"] or shell.options.repo or Path.cwd()
    author, environment = author_of(folder), asked["environment"]
    routers = sources_of(live)
    if asked["pin"] and len(routers) != 1:
        raise InputError("--pin fits one live router.")
    importing.refuse_what_is_none(exports)
    if not (folder / ".git").exists():
        initialising.create(folder, author, environment=environment, lab=environment == "lab", example=False)
        shell.note(f"{folder} is a new fleet repository; plumbline init {folder} makes its persons.")
    async with opened(shell.settings(repository=folder, make_store=True)) as context:
        with shell.busy("Importing"):
            read: tuple[TakenIn, ...] = ()
            if routers:
                request = SetUpRequest(author, None, routers, login_of(asked["user"], asked["password_stdin"]))
                request = replace(request, environment=environment, insecure=asked["insecure"], pin=asked["pin"])
                read = (await initialising.set_up(context, request)).routers
            done = await importing.import_exports(context, ImportRequest(exports, str(author), environment))
    shell.show(
        Face(
            text=lambda _width, style: "\n".join([_text(folder, done, style), *told.routers(read, style)]),
            document=lambda: {**_document(folder, done), "routers": told.router_documents(read)},
        )
    )
    if any(device.statements for device in done.devices):
        shell.note(_WHAT_NOW)
    left_out = Exit.CHANGES if any(device.left_out for device in done.devices) else Exit.OK
    return strongest([left_out, *map(exit_of, read)])


_WHAT_NOW = """\
An export does not say where the router answers, nor which certificate it shows. What now:
  check address in devices/*.yaml     it is the export's first address
  plumbline credential set router-ro  the login that reads
  plumbline device enrol DEVICE       shows the certificate; write it as tls.pin, commit, and enrol again"""


def _sources(text: str) -> list[ExportSource]:
    match = _NAMED.fullmatch(text)
    name, place = (match["name"] or "", match["place"]) if match and not Path(text).exists() else ("", text)
    if not Path(place).exists():
        raise InputError(f"There is no file {place}; a source is FILE or NAME=FILE, a name being like edge-1.")
    files = files_of([Path(place)])
    if name and len(files) > 1:
        raise InputError(f"{text}: one name cannot stand for the {len(files)} exports of a folder.")
    return [ExportSource(str(path), content_of(path), name) for path in files]


def _text(folder: Path, done: ImportDone, style: Style) -> str:
    lines = [style.title(f"{folder.absolute()} is at commit {done.commit[:8]}.")]
    for device in done.devices:
        known = device.understanding
        state = f"{device.statements} statements, {known.understood} understood"
        state += ", all in the document" if not device.left_out else f", {len(device.left_out)} left out"
        what = clean(f"{device.model} RouterOS {device.version or 'unknown'}".strip())
        lines.append(f"{device.device} ({what}): {style.warning(state) if device.left_out else state}")
        lines += [clean(f"  {device.file}:{item.line}: {item.path} {item.message}", 300) for item in device.left_out]
        lines += [style.warning(clean(f"  {device.file}:{item.line}: {item.message}", 300)) for item in device.remarks]
        if device.secrets:
            lines.append(style.muted(f"  secrets, sealed in the store and not in Git: {', '.join(device.secrets)}"))
        if device.files:
            lines.append(style.muted(f"  texts of their own: {', '.join(device.files)}"))
    return "\n".join(lines)


def _document(folder: Path, done: ImportDone) -> Document:
    return {
        "format": "plumbline.import/v1",
        "path": str(folder.absolute()),
        "commit": done.commit,
        "devices": [
            {
                "device": device.device,
                "file": device.file,
                "version": device.version,
                "facts": device.schema_version,
                "model": device.model,
                "statements": device.statements,
                "understood": device.understanding.understood,
                "left_out": [{"line": i.line, "path": i.path, "message": i.message} for i in device.left_out],
                "remarks": [{"line": i.line, "message": i.message} for i in device.remarks],
                "secrets": list(device.secrets),
                "files": list(device.files),
                "applied_recorded": device.recorded,
            }
            for device in done.devices
        ],
    }
