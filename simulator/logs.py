"""The requests of one router as they were answered: the newest of them, and counts of all."""

from __future__ import annotations

from collections import Counter

import msgspec

WRITING = frozenset({"POST", "PUT", "PATCH", "DELETE"})


class Access(msgspec.Struct, frozen=True):
    """One request as it was answered. ``keys`` are the names in its body, never the values."""

    time: float
    user: str
    method: str
    path: str
    status: int
    keys: tuple[str, ...]


class Log(list[Access]):
    """All requests, or at least the newest ``remember`` of them and never more than twice as many."""

    def __init__(self, remember: int | None = None) -> None:
        super().__init__()
        self.total = 0
        self.written: Counter[str] = Counter()
        self._most = None if remember is None else 2 * remember

    def append(self, item: Access) -> None:
        super().append(item)
        self.total += 1
        if item.method != "GET" and _wrote(item):
            self.written[item.method] += 1
        if self._most is not None and len(self) > self._most:
            del self[: self._most // 2]


def _wrote(item: Access) -> bool:
    reading = item.method == "POST" and item.path.rsplit("/", 1)[-1] in ("print", "get", "find")
    return item.method in WRITING and item.status < 400 and not reading
