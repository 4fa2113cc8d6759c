"""Breaking clean text into lines, before anything is painted."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from reconciler.views.clean import clean
from reconciler.views.rows import NoticeRow, number
from reconciler.views.style import Paint, Style

NAMES = 40
"""So many device names are spelled out where they only say who is meant; the rest is counted."""

_LONGEST_LAST = 300
_LONGEST_CELL = 32
_GAP = "  "


def wrapped(text: str, width: int, *, first: str = "", rest: str | None = None) -> list[str]:
    """Lines of at most ``width`` characters: broken at blanks and after commas, else anywhere.

    The first begins with ``first``, the others with ``rest`` (as many blanks when not given).
    """
    rest = " " * len(first) if rest is None else rest
    lines: list[str] = []
    indent = first
    while True:
        room = max(width - len(indent), 20)
        if len(text) <= room:
            return [*lines, indent + text]
        cut = max(text.rfind(" ", 0, room) + 1, text.rfind(",", 0, room) + 1) or room
        lines.append(indent + text[:cut].rstrip(" "))
        text, indent = text[cut:], rest


def names_text(names: Sequence[str], most: int | None = NAMES) -> str:
    """``a, b, c`` or, past ``most``, ``a, b and 998 more``."""
    if most is None or len(names) <= most:
        return ", ".join(names)
    return f"{', '.join(names[:most])} and {len(names) - most:,} more"


def batches_text(batches: Sequence[Sequence[str]]) -> str:
    """``1 (edge-1), then 9, then 90``; a batch of few is named."""
    return ", then ".join(
        f"{len(batch):,} ({', '.join(batch)})" if len(batch) <= 3 else f"{len(batch):,}" for batch in batches
    )


def notice_text(row: NoticeRow) -> str:
    """One row or field that is left alone."""
    what = " ".join(part for part in (row.path, row.identity) if part)
    fields = f": {', '.join(row.fields)}" if row.fields else ""
    reason = f" ({row.reason})" if row.reason else ""
    return f"{what}{fields}{reason}"


NOTICE_TITLES = {
    "unmanaged": "Unmanaged, left alone",
    "unverified": "Unverified, left alone",
    "released": "Released, no longer managed",
    "ignored": "Ignored by a rule",
}


def by_kind(rows: Iterable[NoticeRow]) -> list[tuple[str, list[NoticeRow]]]:
    """Notices under the title of their kind."""
    together: dict[str, list[NoticeRow]] = {}
    for row in rows:
        together.setdefault(row.kind, []).append(row)
    return [(NOTICE_TITLES[kind], found) for kind, found in together.items()]


def more(left: int, noun: str) -> str:
    """``… and 12 more rows; --output json has all.``"""
    return f"… and {number(left, f'more {noun}')}; --output json has all."


def table(
    heads: Sequence[str],
    rows: Sequence[Sequence[str]],
    paints: Sequence[Paint],
    painted: int,
    width: int,
    style: Style,
) -> list[str]:
    """Lines of a table: columns as wide as their cells, the last one wraps.

    ``painted`` is the column that gets the row's paint.
    """
    cells = [[clean(cell, _LONGEST_CELL) for cell in row[:-1]] for row in rows]
    *short_heads, last_head = heads
    widths = [max(map(len, column)) for column in zip(short_heads, *cells, strict=True)]
    titles = [head.ljust(size) for head, size in zip(short_heads, widths, strict=True)]
    lines = [style.muted(_GAP.join([*titles, last_head]))]
    indent = sum(widths) + len(_GAP) * len(widths)
    for row, short, paint in zip(rows, cells, paints, strict=True):
        padded = [cell.ljust(size) for cell, size in zip(short, widths, strict=True)]
        padded[painted] = paint(padded[painted])
        first, *rest = wrapped(clean(row[-1], _LONGEST_LAST), max(width - indent, 20))
        lines.append(_GAP.join([*padded, first]).rstrip())
        lines += [" " * indent + line for line in rest]
    return lines
