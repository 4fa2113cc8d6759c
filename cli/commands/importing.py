"""import: exports of routers that run already, into a fleet repository."""

from __future__ import annotations

import re
from pathlib import Path

from cli.commands.initialising import author_of
from cli.commands.trying import content_of, files_of
from cli.shell import Face, Shell
from reconciler.operations import importing, initialising
from reconciler.operations.importing import ExportSource, ImportDone, ImportRequest
from reconciler.views.clean import clean
from reconciler.views.documents import Document
from reconciler.views.style import Style
from reconciler.wiring import opened
from schemas.errors import Exit, InputError

_NAMED = re.compile(r"(?:(?P<name>[a-z0-9][a-z0-9._-]*)=)?(?P<place>.+)")


async def import_exports(shell: Shell, sources: tuple[str, ...], into: Path | None, environment: str) -> Exit:
    """Exit 2 when something of an export was left out."""
    exports = tuple(source for text in sources for source in _sources(text))
    folder = into or shell.options.repo or Path.cwd()
    author = author_of(folder)
    if not (folder / ".git").exists():
        initialising.create(folder, author, environment=environment, lab=environment == "lab", example=False)
        shell.note(f"{folder} is a new fleet repository; plumbline init {folder} makes its persons.")
    async with opened(shell.settings(repository=folder, make_store=True)) as context:
        with shell.busy("Importing"):
            done = await importing.import_exports(context, ImportRequest(exports, str(author), environment))
    shell.show(Face(text=lambda _width, style: _text(folder, done, style), document=lambda: _document(folder, done)))
    return Exit.CHANGES if any(device.left_out for device in done.devices) else Exit.OK


def _sources(text: str) -> list[ExportSource]:
    match = _NAMED.fullmatch(text)
    name, place = (match["name"] or "", match["place"]) if match and not Path(text).exists() else ("", text)
    if "://" in place:
        raise InputError(f"{place} is a live router; plumbline init --from {text} --user NAME reads it.")
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
                "secrets": list(device.secrets),
                "files": list(device.files),
                "applied_recorded": device.recorded,
            }
            for device in done.devices
        ],
    }
