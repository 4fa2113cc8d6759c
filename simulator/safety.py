"""``/system/history`` and ``/safe-mode`` as they are shown."""

from __future__ import annotations

from simulator.journal import noun
from simulator.state import Row, Table
from simulator.times import stamp

HISTORY, SAFE_MODE = "/system/history", "/safe-mode"


def show_history(table: Table) -> None:
    """The newest first, as the console prints it; that all three flags are always told is unproven."""
    table.rows, table.ids = [], {}
    for change in reversed(table.device.history.changes):
        row = Row(table, f"*{change.number:X}")
        row.facts = {
            "action": f"{noun(change.table.path)} {change.how}",
            "by": change.by,
            "floating-undo": _flag(change.floating),
            "policy": "write",
            "redo": change.redo(),
            "redoable": _flag(change.undone),
            "time": stamp(table.device, change.time),
            "undo": change.undo(),
            "undoable": _flag(not change.undone),
        }
        table.rows.append(row)
        table.ids[row.id] = row
        table.refresh(row)
    table.reordered()


def show_safe_mode(table: Table) -> None:
    """Who holds it; ``current`` is whether that is whoever asks (unproven, as the empty forms are)."""
    history, row = table.device.history, table.rows[0]
    holder = history.holder
    row.facts = {
        "current": _flag(holder is not None and holder is history.session),
        "enabled": _flag(holder is not None),
        "owner": "rest-api" if holder else "",
        "user": holder.user if holder else "",
    }
    table.refresh(row)


def _flag(on: bool) -> str:
    return "true" if on else "false"
