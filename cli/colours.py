"""What the views' small vocabulary of styles looks like on a terminal."""

from __future__ import annotations

import os
import shutil
from typing import TextIO

from rich.color import ColorSystem
from rich.style import Style as Ink

from reconciler.views.style import Paint, Style

_WIDEST = 160
_NO_TERMINAL = 100


def colourful(stream: TextIO) -> bool:
    """Whether colours are wanted there (https://no-color.org)."""
    return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"


def width_of(stream: TextIO) -> int:
    """Characters in a line."""
    return min(shutil.get_terminal_size().columns, _WIDEST) if stream.isatty() else _NO_TERMINAL


def _paint(words: str) -> Paint:
    ink = Ink.parse(words)

    def paint(text: str) -> str:
        return ink.render(text, color_system=ColorSystem.STANDARD)

    return paint


COLOURS = Style(
    add=_paint("green"),
    set=_paint("yellow"),
    remove=_paint("red"),
    move=_paint("cyan"),
    refused=_paint("bold red"),
    warning=_paint("yellow"),
    info=_paint("cyan"),
    muted=_paint("dim"),
    title=_paint("bold"),
)
