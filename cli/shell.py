"""Where a command speaks: results on standard output, everything else on standard error."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Callable, Iterator
from contextlib import AbstractAsyncContextManager, contextmanager
from dataclasses import dataclass
from pathlib import Path

from cli.colours import COLOURS, colourful, width_of
from cli.options import Options
from cli.progress import Activity
from reconciler.operations.context import Context
from reconciler.views.clean import clean
from reconciler.views.documents import Document, document_text, error_document
from reconciler.views.listing import error_text
from reconciler.views.markdown import block
from reconciler.views.style import PLAIN, Style
from reconciler.wiring import Settings, opened
from schemas.errors import PlumblineError
from schemas.rollout import Door

_ONE_LINE = 1_000_000
"""Logs are searched: a sentence stays one line there."""


@dataclass(frozen=True, slots=True)
class Face:
    """A result in its three looks. ``text`` is given the width and the style; without ``markdown`` it is the text
    in a block. Each is made only when asked for."""

    text: Callable[[int, Style], str]
    document: Callable[[], Document]
    markdown: Callable[[], str] | None = None


class Shell:
    """What the work of a command is given: the options that hold everywhere, and ways to speak."""

    def __init__(self, options: Options) -> None:
        self.options = options
        self._activity: Activity | None = None

    @property
    def is_text(self) -> bool:
        return self.options.output == "text"

    def settings(self, *, repository: Path | None = None, make_store: bool = False, door: Door = Door.CLI) -> Settings:
        """How the adapters are to be made."""
        return Settings(
            repository=repository or self.options.repo or Path.cwd(),
            store=self.options.store,
            make_store=make_store,
            door=door,
            trace=self._trace if self.options.trace or self._shows_progress() else None,
        )

    def opened(self) -> AbstractAsyncContextManager[Context]:
        """Everything a verb works with. Raises InputError where there is no fleet repository."""
        return opened(self.settings())

    def show(self, face: Face) -> None:
        """A result, on standard output."""
        match self.options.output:
            case "json":
                text = document_text(face.document())
            case "markdown":
                text = face.markdown() if face.markdown else block(face.text(100, PLAIN).splitlines())
            case _:
                text = face.text(width_of(sys.stdout), COLOURS if colourful(sys.stdout) else PLAIN)
        sys.stdout.write(text.rstrip("\n") + "\n")
        sys.stdout.flush()  # before what is said about it

    def say(self, text: str) -> None:
        """A sentence beside the result, on standard error. A closed standard error never ends a rollout."""
        with contextlib.suppress(OSError):
            if self._activity is not None:
                self._activity.above(text)
            else:
                print(text, file=sys.stderr, flush=True)

    def note(self, text: str) -> None:
        """A sentence that only people need: left out where a program reads."""
        if self.is_text:
            self.say(text)

    def fail(self, error: PlumblineError) -> None:
        """An error: for people on standard error, for programs on standard output too."""
        width = width_of(sys.stderr) if sys.stderr.isatty() else _ONE_LINE
        self.say(error_text(error, width=width, style=COLOURS if colourful(sys.stderr) else PLAIN))
        if self.options.output == "json":
            sys.stdout.write(document_text(error_document(error)) + "\n")

    @contextmanager
    def busy(self, what: str) -> Iterator[None]:
        """Show that something is going on, where somebody watches."""
        if not self._shows_progress():
            yield
            return
        with Activity(what) as self._activity:
            try:
                yield
            finally:
                self._activity = None

    def progress(self, what: str) -> None:
        """Say how far it is, where somebody watches."""
        if self._activity is not None:
            self._activity.note(what)

    def _shows_progress(self) -> bool:
        return not self.options.trace and sys.stderr.isatty() and os.environ.get("TERM") != "dumb"

    def _trace(self, device: str, method: str, path: str, status: int, ms: float, sent: int, received: int) -> None:
        if self.options.trace:
            what = f"{method} {path} {status or 'no answer'} {ms:.1f} ms {sent} B sent {received} B received"
            self.say(f"{clean(device)} {clean(what)}")
        elif self._activity is not None:
            self._activity.request(device)
