"""try: what would become of an export, without a router."""

from __future__ import annotations

import resource
from collections import Counter
from collections.abc import Sequence
from pathlib import Path

from cli.shell import Face, Shell
from reconciler.views.clean import clean
from reconciler.views.codec import Json
from reconciler.views.documents import Document
from reconciler.views.style import Style
from reconciler.wiring.trying import Tried, try_export
from schemas.errors import Exit, InputError

LARGEST = 64 * 1024 * 1024
"""Bytes of the largest export that is read."""
_ENDINGS = (".rsc", ".txt", ".export")
_DOUBTS = 200


async def try_exports(shell: Shell, exports: tuple[Path, ...], edits: int, seed: int) -> Exit:
    """Exit 2 when some export does not plan to nothing, or an edit was not found as exactly what it was; 1 when a file
    is no export."""
    files = files_of(exports)
    done: list[Tried] = []
    with shell.busy("Trying exports"):
        for number, path in enumerate(files, 1):
            done.append(await _tried(path, edits, seed))
            shell.progress(f"{number} of {len(files)}: {path.name}")
    shell.show(Face(text=lambda _width, style: text(done, style), document=lambda: document(done)))
    if any(tried.problem for tried in done):
        return Exit.ERROR
    return Exit.OK if all(map(_is_good, done)) else Exit.CHANGES


async def _tried(path: Path, edits: int, seed: int) -> Tried:
    """One file of a folder that is no export hides none of the others."""
    try:
        content = content_of(path)
    except InputError as error:
        return Tried(str(path), problem=error.message)
    return await try_export(str(path), content, edits=edits, seed=seed)


def files_of(sources: Sequence[Path]) -> list[Path]:
    """The exports among files and folders. Raises InputError when there are none."""
    found: list[Path] = []
    for source in sources:
        if source.is_dir():
            inside = sorted(path for path in source.rglob("*") if path.name.endswith(_ENDINGS) and path.is_file())
            if not inside:
                raise InputError(f"{source} holds no export; a file of one ends in .rsc.")
            found += inside
        elif source.is_file():
            found.append(source)
        else:
            raise InputError(f"There is no file {source}.")
    return found


def content_of(path: Path) -> bytes:
    """An export's bytes. Raises InputError when it cannot be read or is too large to be one."""
    try:
        size = path.stat().st_size
        if size > LARGEST:
            raise InputError(f"{path} has {size:,} bytes; no export is larger than {LARGEST:,}.")
        return path.read_bytes()
    except OSError as error:
        raise InputError(f"{path} cannot be read: {error.strerror}.") from error


def _is_good(tried: Tried) -> bool:
    return tried.clean and all(edit.exact for edit in tried.edits)


def document(done: Sequence[Tried]) -> Document:
    """For programs: a row per export."""
    return {"format": "plumbline.try/v1", "exports": [_row(tried) for tried in done]}


def _row(tried: Tried) -> Document:
    known = tried.understanding
    unknown: list[Json] = [
        {"line": doubt.line, "path": doubt.path, "field": doubt.field, "reason": doubt.reason} for doubt in known.doubts
    ]
    return {
        "file": tried.file,
        "version": tried.version,
        "model": tried.model,
        "facts": tried.schema_version,
        "entries": known.entries,
        "understood": known.understood,
        "values": known.values,
        "free_text": known.free,
        "unknown": unknown,
        "left_out": [{"line": item.line, "path": item.path, "message": item.message} for item in tried.left_out],
        "plan_changes": len(tried.changes),
        "changes": list(tried.changes),
        "mutations": len(tried.edits),
        "found_exactly": sum(edit.exact for edit in tried.edits),
        "false_changes": sum(len(edit.too_much) for edit in tried.edits),
        "wrong": [
            {
                "edit": f"{edit.kind} {edit.path} {edit.told}",
                "missing": [" ".join(verdict) for verdict in edit.missing],
                "too_much": [" ".join(verdict) for verdict in edit.too_much],
            }
            for edit in tried.edits
            if not edit.exact
        ],
        "remarks": [{"line": item.line, "message": item.message} for item in tried.remarks],
        "problem": tried.problem,
        "seconds": round(tried.seconds, 3),
    }


def text(done: Sequence[Tried], style: Style) -> str:
    """For people: each export, then the menus, then what was not understood."""
    lines = [_line(tried, style) for tried in done]
    for tried in done:
        lines += _troubles(tried, style)
    lines += ["", *_menus(done, style)]
    doubts = [(tried.file, doubt) for tried in done for doubt in tried.understanding.doubts]
    if doubts:
        lines += ["", style.title("Not understood")]
        lines += [
            clean(f"  {file}:{doubt.line}: {doubt.path} {doubt.field} {doubt.reason}".replace("  ", " "), 300)
            for file, doubt in doubts[:_DOUBTS]
        ]
        if len(doubts) > _DOUBTS:
            lines.append(f"  and {len(doubts) - _DOUBTS:,} more; --output json has them all")
    return "\n".join([*lines, "", _total(done)])


def _line(tried: Tried, style: Style) -> str:
    known = tried.understanding
    what = clean(f"{tried.model or 'unknown model'}, RouterOS {tried.version or 'unknown'}")
    if tried.problem:
        state = style.refused(clean(tried.problem, 300))
    else:
        plan = "plans to nothing" if not tried.changes else f"plans {len(tried.changes)} changes"
        left = f", {len(tried.left_out)} left out" if tried.left_out else ""
        exact = sum(edit.exact for edit in tried.edits)
        edits = f"; {exact} of {len(tried.edits)} edits found exactly" if tried.edits else ""
        state = f"{known.understood} of {known.entries} entries understood, {plan}{left}{edits}"
        state = style.info(state) if _is_good(tried) else style.warning(state)
    return f"{clean(Path(tried.file).name)} ({what}): {state}"


def _troubles(tried: Tried, style: Style) -> list[str]:
    lines = [style.title(clean(tried.file))]
    remarks = () if tried.problem else tried.remarks
    lines += [style.warning(clean(f"  {tried.file}:{item.line}: {item.message}", 300)) for item in remarks]
    lines += [
        clean(f"  {tried.file}:{item.line}: left out: {item.path} {item.message}", 300) for item in tried.left_out
    ]
    lines += [clean(f"  planned: {change}", 300) for change in tried.changes]
    for edit in tried.edits:
        if not edit.exact:
            lines.append(clean(f"  edit: {edit.kind} {edit.path} {edit.told}", 300))
            lines += [clean(f"    not found: {' '.join(verdict)}", 300) for verdict in edit.missing]
            lines += [clean(f"    found besides: {' '.join(verdict)}", 300) for verdict in edit.too_much]
    return lines if len(lines) > 1 else []


def _menus(done: Sequence[Tried], style: Style) -> list[str]:
    entries: Counter[str] = Counter()
    good: Counter[str] = Counter()
    for tried in done:
        for path, (count, understood) in tried.understanding.menus.items():
            entries[path] += count
            good[path] += understood
    if not entries:
        return []
    width = max(map(len, entries))
    head = style.title(f"{'menu':<{width}}  entries  understood")
    return [head, *(f"{path:<{width}}  {count:>7}  {good[path]:>10}" for path, count in sorted(entries.items()))]


def _total(done: Sequence[Tried]) -> str:
    entries = sum(tried.understanding.entries for tried in done)
    understood = sum(tried.understanding.understood for tried in done)
    edits = [edit for tried in done for edit in tried.edits]
    share = f"{understood / entries:.2%}" if entries else "none"
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return (
        f"{sum(tried.clean for tried in done)} of {len(done)} exports plan to nothing with nothing left out; "
        f"{understood:,} of {entries:,} entries understood ({share}); "
        f"{sum(edit.exact for edit in edits)} of {len(edits)} edits found exactly, "
        f"{sum(len(edit.too_much) for edit in edits)} false changes; "
        f"{sum(tried.seconds for tried in done):.1f} s, {peak:.0f} MB at most."
    )
