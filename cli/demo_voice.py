"""How the demo speaks: chapters, sentences and command lines, and output that is both shown and kept."""

from __future__ import annotations

import io
import textwrap
from dataclasses import dataclass
from typing import TextIO

from cli.colours import COLOURS, colourful, width_of
from reconciler.views.style import PLAIN, Style

_WIDEST = 88


@dataclass(frozen=True, slots=True)
class Voice:
    stream: TextIO

    @property
    def style(self) -> Style:
        return COLOURS if self.colourful else PLAIN

    @property
    def colourful(self) -> bool:
        return colourful(self.stream)

    @property
    def width(self) -> int:
        return min(width_of(self.stream), _WIDEST)

    def chapter(self, number: int, title: str) -> None:
        rule = f"── {number}. {title} ".ljust(self.width, "─")
        self.line(f"\n\n{self.style.title(rule)}")

    def say(self, text: str) -> None:
        """What the narrator says, with a line free before it."""
        self.line("\n" + textwrap.fill(text, self.width, break_long_words=False, break_on_hyphens=False))

    def beside(self, sign: str, what: str, text: str = "") -> None:
        """Something that happens beside the command line, such as ``→ fleet_status``."""
        left = len(f"  {sign} {what} ") if what else 4
        lines = textwrap.wrap(text, self.width - left, break_long_words=False, break_on_hyphens=False) or [""]
        head = f"  {self.style.info(sign)} {self.style.title(what) + ' ' if what else ''}"
        self.line((head + ("\n" + " " * left).join(lines)).rstrip())

    def command(self, line: str, *, apart: bool = True) -> None:
        """A command line, as a person types it, with a line free before it where it stands apart."""
        self.line(f"{chr(10) * apart}{self.style.info('$')} {self.style.title(line)}")

    def line(self, text: str) -> None:
        print(text, file=self.stream, flush=True)


class Kept(io.StringIO):
    """Keeps what is written, and passes it on to a stream where there is one."""

    def __init__(self, stream: TextIO | None = None) -> None:
        super().__init__()
        self._stream = stream

    def write(self, text: str, /) -> int:
        if self._stream is not None:
            self._stream.write(text)
        return super().write(text)

    def flush(self) -> None:
        super().flush()
        if self._stream is not None:
            self._stream.flush()

    def isatty(self) -> bool:
        return self._stream is not None and self._stream.isatty()
