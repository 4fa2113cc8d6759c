"""What ``/system/history`` remembers: the last hundred changes, how to undo them, and safe mode over them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

KEPT = 100
SESSION = 600.0
"""Seconds for which the web server keeps its login to the API, and with it what belongs to that session."""

Step = Callable[[], None]


@dataclass(slots=True)
class Entry:
    """One change: what the menu tells of it, and the two ways through it. ``safe`` was made under safe mode."""

    action: str
    by: str
    time: str
    undo_text: str
    redo_text: str
    undo: Step
    redo: Step
    safe: bool = False
    undone: bool = False


@dataclass(slots=True)
class Safe:
    """Who holds safe mode, until when (seconds of the router's clock), and how many changes it has seen."""

    user: str
    until: float
    changes: int = 0


class History:
    """Changes in the order in which they were made; the newest that is not undone is undone first."""

    def __init__(self) -> None:
        self.entries: list[Entry] = []
        self.user = ""
        self.safe: Safe | None = None
        self.recording = True

    def record(self, entry: Entry) -> None:
        """Remember a change. What was undone before cannot be redone any more."""
        if not self.recording:
            return
        self.entries = [old for old in self.entries if not old.undone][-(KEPT - 1) :]
        if self.safe is not None:
            entry.safe = True
            self.safe.changes += 1
            if self.safe.changes > KEPT:
                self._let_go()
        self.entries.append(entry)

    def undo(self) -> bool:
        """Revert the newest change of any session; False when there is none."""
        entry = next((entry for entry in reversed(self.entries) if not entry.undone), None)
        if entry is not None:
            self._walk(entry.undo)
            entry.undone = True
        return entry is not None

    def redo(self) -> bool:
        """Do again what was undone last; False when there is nothing."""
        entry = next((entry for entry in self.entries if entry.undone), None)
        if entry is not None:
            self._walk(entry.redo)
            entry.undone = False
        return entry is not None

    def take(self, user: str, now: float) -> None:
        self.safe = Safe(user, now + SESSION)

    def release(self) -> None:
        """End safe mode and keep what was done."""
        self._let_go()

    def unroll(self) -> None:
        """End safe mode and revert all that was done under it, by whomever."""
        while (entry := next((entry for entry in reversed(self.entries) if not entry.undone), None)) and entry.safe:
            self.undo()
        self._let_go()

    def expire(self, now: float) -> None:
        """The session that holds safe mode ends with the web server's login, and its end unrolls (unproven)."""
        if self.safe is not None and now >= self.safe.until:
            self.unroll()

    def _let_go(self) -> None:
        self.safe = None
        for entry in self.entries:
            entry.safe = False

    def _walk(self, step: Step) -> None:
        self.recording = False
        try:
            step()
        finally:
            self.recording = True
