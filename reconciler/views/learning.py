"""What a router told of its own RouterOS, and how that differs from the nearest version that is known."""

from __future__ import annotations

from reconciler.views.clean import clean
from reconciler.views.codec import Json
from reconciler.views.documents import Document
from reconciler.views.layout import wrapped
from reconciler.views.markdown import block
from reconciler.views.rows import number
from reconciler.views.schemas import changes_document, changes_text
from reconciler.views.style import PLAIN, Style
from schemas.learnt import Learnt

FORMAT = "plumbline.schema.learnt/v1"

_WIDTH = 100


def learnt_text(done: Learnt, *, width: int = _WIDTH, style: Style = PLAIN) -> str:
    """The differences like a diff, then what was learnt and where it is kept."""
    lines = [_changes(done, width, style), "", style.title(_sums(done))]
    for text in _remarks(done):
        lines += wrapped(text, width, first="  ", rest="  ")
    return "\n".join(lines)


def learnt_markdown(done: Learnt) -> str:
    """The same for a review."""
    told = [f"**{_sums(done)}**", "", *(f"* {text}" for text in _remarks(done)), ""]
    return "\n".join([*told, block(_changes(done, _WIDTH, PLAIN).splitlines())])


def learnt_document(done: Learnt) -> Document:
    """Everything, for programs."""
    told = changes_document(done.changes, done.nearest, done.release.version)
    return {
        "format": FORMAT,
        "device": done.device,
        "model": done.model,
        "routeros": done.release.version,
        "architecture": done.release.architecture,
        "packages": list[Json](sorted(done.release.packages)),
        "nearest": done.nearest,
        "menus": done.menus,
        "fields": done.fields,
        "requests": done.asked,
        "skipped": done.skipped,
        "unanswered": done.unanswered,
        "file": str(done.file),
        "facts": str(done.folder) if done.folder else None,
        "changes": told["changes"],
    }


def _changes(done: Learnt, width: int, style: Style) -> str:
    if not done.changes:
        return f"Nothing differs from what is known of RouterOS {done.nearest}."
    return changes_text(done.changes, done.nearest, done.release.version, width=width, style=style)


def _sums(done: Learnt) -> str:
    menus, fields = number(done.menus, "menu"), number(done.fields, "field")
    return clean(f"{done.device} ({done.release}) told of {menus} and {fields}.")


def _remarks(done: Learnt) -> list[str]:
    nearest = f"The facts of RouterOS {done.nearest} are those of any package and board"
    told = {
        f"{nearest}, so what this router lacks is listed as removed.": bool(done.changes),
        f"Left out, since they are no words of RouterOS: {done.skipped:,}.": done.skipped > 0,
        f"Arguments that it refused to explain, so that their types are not known: {done.unanswered:,}.": (
            done.unanswered > 0
        ),
        f"Kept in {clean(str(done.file), 1_000)}; plans of such routers use it from now on.": True,
        f"The facts files with this version are in {clean(str(done.folder), 1_000)}.": done.folder is not None,
    }
    return [text for text, holds in told.items() if holds]
