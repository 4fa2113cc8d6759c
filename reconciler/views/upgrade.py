"""What an upgrade of RouterOS touches in a fleet, for people and for programs."""

from __future__ import annotations

from reconciler.views.clean import clean
from reconciler.views.codec import Json
from reconciler.views.documents import Document
from reconciler.views.layout import names_text, wrapped
from reconciler.views.rows import number
from reconciler.views.style import PLAIN, Style
from schemas.upgrade import Touched, Upgrade

UPGRADE = "plumbline.schema.upgrade/v1"
_WIDTH = 100
_FEW = 5


def upgrade_text(upgrade: Upgrade, old: str, new: str, *, width: int = _WIDTH, style: Style = PLAIN) -> str:
    """Each touched line with its place, what breaks first; then the sums."""
    lines: list[str] = []
    for item in upgrade.touched:
        place = f"{clean(str(item.location))}: " if item.location else ""
        whom = f" ({names_text(item.devices, _FEW)})" if len(item.devices) < len(upgrade.devices) else ""
        first, *rest = wrapped(clean(item.message + whom), width, first=place, rest="  ")
        paint = style.refused if item.breaks else style.warning
        lines += [style.title(place) + paint(first[len(place) :]), *map(paint, rest)]
        if item.hint:
            lines += map(style.info, wrapped(clean(item.hint), width, first="  help: "))
    for device, why in sorted(upgrade.unjudged.items()):
        lines += map(style.refused, wrapped(clean(f"{device} cannot be judged: {why}"), width, rest="  "))
    return "\n".join([*lines, *([""] if lines else []), *wrapped(_sums(upgrade, old, new), width)])


def upgrade_document(upgrade: Upgrade, old: str, new: str) -> Document:
    """One object a line."""
    touched: list[Json] = [_json(item) for item in upgrade.touched]
    return {
        "format": UPGRADE,
        "commit": upgrade.commit,
        "old": old,
        "new": new,
        "devices": list(upgrade.devices),
        "touched": touched,
        "unjudged": dict(upgrade.unjudged),
    }


def _sums(upgrade: Upgrade, old: str, new: str) -> str:
    breaks = sum(item.breaks for item in upgrade.touched)
    others = len(upgrade.touched) - breaks
    judged = len(upgrade.devices) - len(upgrade.unjudged)
    if not upgrade.touched and judged:
        return f"From RouterOS {old} to {new} no line of {number(judged, 'device')} is touched."
    return (
        f"From RouterOS {old} to {new}, on {number(judged, 'device')}: {number(breaks, 'line')} to be changed first, "
        f"{number(others, 'line')} to know about."
    )


def _json(item: Touched) -> Json:
    return {
        "file": item.location.file if item.location else None,
        "line": item.location.line or None if item.location else None,
        "message": item.message,
        "hint": item.hint,
        "devices": list(item.devices),
        "breaks": item.breaks,
    }
