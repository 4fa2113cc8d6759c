"""Commands that tell something every second: once, for a duration, or until they are cut.

What ``once`` and ``duration`` answer, and that ``once=false`` is like no ``once``, is measured; that an ``interval``
is the time between two samples of REST too, and that the last sample is told at the end, is unproven.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from simulator import errors
from simulator.forms import BadValue, integer, seconds
from simulator.tools.calling import Done, Rows

FRAME = ("as-value", "duration", "freeze-frame-interval", "proplist", "without-paging")
"""Arguments of every command that shows a table for a while."""
SAMPLED = (*FRAME, "append", "do", "file", "interval", "once")
"""Those of every command that tells samples."""
_OFF = ("no", "false")
_LONGEST = 120.0
"""Seconds after which nobody gets the answer any more."""


def once(given: dict[str, str]) -> bool:
    """Whether one sample is asked for."""
    return given.get("once", "no") not in _OFF


def span(given: dict[str, str], name: str = "duration", usual: str = "") -> float | None:
    """The seconds of an argument, None when nobody gave it. Raises Refusal."""
    text = given.get(name) or usual
    if not text:
        return None
    try:
        return seconds(text)
    except BadValue as error:
        raise errors.Refusal(f"invalid time value for argument {name}") from error


def number(given: dict[str, str], name: str, usual: str, low: int, high: int) -> int:
    """A whole number. Raises Refusal."""
    try:
        return int(integer(given.get(name) or usual, low, high))
    except BadValue as error:
        raise errors.bad_value(error, name, name, "", given.get(name, "")) from error


def sampled(given: dict[str, str], sample: Callable[[int], Rows]) -> Done:
    """One sample without a section, or one with a section every second. Raises Endless when nothing bounds it."""
    if once(given):
        return Done(sample(0))
    length = span(given)
    if length is None:
        raise errors.Endless
    every = max(span(given, "interval", "1s") or 1.0, 0.1)
    return Done(sectioned([sample(at) for at in range(int(min(length, _LONGEST) / every))]), seconds=length)


def sectioned(samples: Sequence[Rows]) -> Rows:
    """Samples one after the other, each row with the number of its sample."""
    return [{".section": str(at), **row} for at, rows in enumerate(samples) for row in rows]
