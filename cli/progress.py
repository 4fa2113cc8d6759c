"""What moves on a terminal while routers are read and written."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn


class Activity:
    """A line at the bottom that says what is going on and how many routers have answered; gone afterwards."""

    def __init__(self, what: str) -> None:
        console = Console(stderr=True, highlight=False)
        self._what = what
        self._devices: set[str] = set()
        self._requests = 0
        self._progress = Progress(
            SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn(), console=console, transient=True
        )
        self._task = self._progress.add_task(what, total=None)

    def __enter__(self) -> Self:
        self._progress.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._progress.stop()

    def request(self, device: str) -> None:
        """A router was asked something."""
        self._devices.add(device)
        self._requests += 1
        count = f"{len(self._devices):,} router{'s' * (len(self._devices) != 1)}, {self._requests:,} requests"
        self._progress.update(self._task, description=f"{self._what}: {count}")

    def note(self, what: str) -> None:
        """Say how far it is."""
        self._progress.update(self._task, description=f"{self._what}: {what}")

    def above(self, text: str) -> None:
        """A line that stays, over the moving one."""
        self._progress.console.print(text, markup=False, highlight=False, soft_wrap=True)
