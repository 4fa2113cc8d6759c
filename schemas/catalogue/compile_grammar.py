"""Reads the grammar a router gives of one argument: lines with depth, symbol and text.

    0 Limit        [!]Ports
    1 Ports        Range[,Ports]
    2 Range        Start[-End]
    3 Start        0..65535
    3 End          0..65535

A text names its parts (deeper lines), lists words, or is a plain syntax text; a line with neither
text nor parts is the name of something configured on the router.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

Line = tuple[int, str, str]
"""(depth, symbol, text)."""

_HINT = re.compile(r"\s+\(([^()]*)\)$")
_MOST = re.compile(r"\s+\(max (\d+) times\)$")
_INTEGER_BOUNDS = re.compile(r"(\d+)\.\.(\d+)")
_HEX_BOUNDS = re.compile(r"([0-9A-F]+)\.\.([0-9A-F]+)")
_DECIMAL_BOUNDS = re.compile(r"(\d+(?:\.\d+)?)\.\.(\d+(?:\.\d+)?)")
_WORDS = re.compile(r"[a-z0-9][A-Za-z0-9.+_-]*( \| [a-z0-9][A-Za-z0-9.+_-]*)*")
_CHOICE = re.compile(r"[A-Z]\w*( \| [A-Z]\w*)*")
_REPEATED = re.compile(r"(\w+)\[,(\w+)\]")
_SPAN = re.compile(r"(\w+)\[-(\w+)\]")
_MASK = re.compile(r"Address/(Netm|M)ask")
_SIMPLE = {
    "time interval": "duration",
    "A.B.C.D    (IP address)": "ipv4",
    "A.B.C.D/M    (IP prefix)": "prefix",
    "A.B.C.D[-A.B.C.D |0..32 |/A.B.C.D ]    (IP address range)": "address-or-prefix",
    "AB[:|-|.]CD[:|-|.]EF[:|-|.]GH[:|-|.]IJ[:|-|.]KL    (MAC address)": "mac",
    "hexadecimal string value": "text(hex)",
}
_FORMS = {
    "Year-Month-Day": "text(date)",
    "Year-Month-Day Hour:Min:Sec": "text(date)",
    "Hour:Min:Sec": "text(clock)",
    "Start-End,Day": "text(hours)",
    "Count[/Time],Burst[:Mode]": "text(limit)",
    "Count[/Time],Burst": "text(frame-limit)",
    "Count[/Time],Burst,Mode[/Expire]": "text(dst-limit)",
}
"""Grammars of several parts that are one form of text."""
_MASKED = {"ipv4": "loose(address-or-prefix)", "mac": "loose(mac(mask))"}
"""What an address with a mask is. Masks that are no length, and bare MAC addresses, are compared exactly."""
_UNBOUNDED = 2**32 - 1
"""An upper bound from here on says only how wide the number is: amounts (pcq-rate) take k, M and G too."""


@dataclass(slots=True)
class Meaning:
    """The words and the type expressions that an argument may be."""

    words: set[str] = field(default_factory=set)
    types: set[str] = field(default_factory=set)

    def __or__(self, other: Meaning) -> Meaning:
        return Meaning(self.words | other.words, self.types | other.types)


def meaning(lines: Sequence[Line]) -> Meaning:
    """What a grammar means, ``[!]`` aside; the type is ``text`` where it is beyond our types."""
    if not lines:
        return Meaning()
    depth, symbol, text = lines[0]
    parts = list(_parts(lines[1:], depth + 1))
    bare = _HINT.sub("", text.removeprefix("[!]"))
    if not text:
        return _either(parts) if parts else Meaning(types={"text"})
    if bare in _FORMS:
        return Meaning(types={_FORMS[bare]})
    if repeated := _REPEATED.fullmatch(bare):
        most = _MOST.search(text)
        return _list(parts, most[1] if most else "") if repeated[2] == symbol else Meaning(types={"text"})
    if _SPAN.fullmatch(bare):
        return Meaning(types={_span(_either(parts).types)})
    if _MASK.fullmatch(bare) and parts:
        return Meaning(types={_masked(meaning(parts[0]).types)})
    if parts and _CHOICE.fullmatch(bare):
        return _either(parts)
    if _WORDS.fullmatch(text) and text not in _SIMPLE and text != "see documentation":
        bounds = syntax_type(text)
        # Bounds without "(integer number)" may stand for more than numbers: AS numbers take 65521/1.
        return Meaning(types={f"loose({_strict({bounds})})"}) if bounds else Meaning(words=set(text.split(" | ")))
    return Meaning(types={syntax_type(text) or "text"})


def syntax_type(syntax: str) -> str | None:
    """The type of one plain syntax text; None when it is not a plain one."""
    text = syntax.strip()
    if text in _SIMPLE:
        return _SIMPLE[text]
    if text.startswith(("string value", "hexadecimal string value", "script")) and "|" not in text:
        return "text"
    hint = _HINT.search(text)
    bare = _HINT.sub("", text)
    if hint is not None and hint[1] == "time interval":
        return "duration"
    if hint is not None and hint[1] == "decimal number":
        decimal = _DECIMAL_BOUNDS.fullmatch(bare)
        return f"decimal({decimal[1]}..{decimal[2]})" if decimal else None
    if bounds := _INTEGER_BOUNDS.fullmatch(bare):
        number = f"int({bounds[1]}..{bounds[2]})"
        return f"loose({number})" if int(bounds[2]) >= _UNBOUNDED else number
    if bounds := _HEX_BOUNDS.fullmatch(bare):
        return f"hex({bounds[1]}..{bounds[2]})"
    return None


def _parts(lines: Sequence[Line], depth: int) -> Iterator[Sequence[Line]]:
    """The lines of each part, which begin at a depth."""
    starts = [index for index, line in enumerate(lines) if line[0] == depth] + [len(lines)]
    return (lines[start:end] for start, end in pairwise(starts))


def _either(parts: Sequence[Sequence[Line]]) -> Meaning:
    found = Meaning()
    for part in parts:
        found |= meaning(part)
    return found


def _list(parts: Sequence[Sequence[Line]], most: str) -> Meaning:
    item = _either(parts)
    if item.words or len(item.types) != 1:
        return Meaning(types={"text"})
    found = f"list({_strict(item.types)}){most and f' max {most}'}"
    return Meaning(types={f"loose({found})" if item.types == {"text"} else found})


def _span(types: set[str]) -> str:
    """A range of numbers, loosely: some spans end with 0 for "no end" (connection-bytes)."""
    only = _strict(types) if len(types) == 1 else ""
    return f"loose({only.replace('int', 'range', 1)})" if only.startswith("int") else "text"


def _masked(types: set[str]) -> str:
    return _MASKED.get(next(iter(types)), "text") if len(types) == 1 else "text"


def _strict(types: set[str]) -> str:
    only = next(iter(types))
    return only[len("loose(") : -1] if only.startswith("loose(") else only
