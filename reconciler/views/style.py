"""The tiny vocabulary of styles; the command line gives it colours, everything else leaves it plain."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

Paint = Callable[[str], str]


def _plain(text: str) -> str:
    return text


@dataclass(frozen=True, slots=True)
class Style:
    """What a stretch of text means, and what makes it look so. Layout is settled before, so paint adds no width."""

    add: Paint = _plain
    set: Paint = _plain
    remove: Paint = _plain
    move: Paint = _plain
    refused: Paint = _plain
    warning: Paint = _plain
    info: Paint = _plain
    muted: Paint = _plain
    title: Paint = _plain

    def named(self, name: str) -> Paint:
        """The paint of an action (``add``, ``set``, ``remove``, ``move``) or a severity."""
        paints = {
            "add": self.add,
            "set": self.set,
            "remove": self.remove,
            "move": self.move,
            "refused": self.refused,
            "warning": self.warning,
            "info": self.info,
        }
        return paints.get(name, _plain)


PLAIN = Style()
