"""Texts of a known form: free, but written in more than one way that mean the same.

What a form does not read is compared exactly; only ``dns-name`` refuses.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from ipaddress import IPv6Interface
from typing import cast

from schemas.values.base import Value, ValueType
from schemas.values.quantities import Duration

_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_OLD_DATE = re.compile(rf"({'|'.join(_MONTHS)})/([0-9]{{2}})/([0-9]{{4}})((?: [0-9:]+)?)", re.IGNORECASE)
_CLOCK = re.compile(r"([0-9]{1,2}):([0-9]{2}):([0-9]{2})")
_HEX = re.compile(r"(?:0x)?([0-9a-f]+)", re.IGNORECASE)
_OCTETS = re.compile(r"[0-9a-f]{1,2}(?::[0-9a-f]{1,2})+", re.IGNORECASE)
_LIMIT = re.compile(r"([0-9]+)(?:/([^,/:]+))?,([0-9]+)(?::(bit|packet))?")
_DST_LIMIT = re.compile(r"([0-9]+)(?:/([^,/:]+))?,([0-9]+),([a-z-]+)(?:/([^,/]+))?")
_LABELLED = re.compile(r"([0-9]+)-[A-Z][A-Z0-9]*")
_DURATION = Duration("duration", "s")
_AS_WRITTEN = frozenset({"address", "script"})
"""Forms that routers keep in more than one spelling: lines that end either way, addresses with no length."""
_PER_SECOND = "1s"
"""The time that a limit counts in where none is written."""


class Formed(ValueType):
    """A text of one of ``FORMS``."""

    def __init__(self, expression: str, form: str) -> None:
        super().__init__(expression)
        self._form = FORMS[form]
        self.as_written = form in _AS_WRITTEN

    def parse(self, text: str) -> Value:
        return self._form(text)

    def render(self, value: Value) -> str:
        return cast(str, value)

    def spell(self, native: object) -> str:
        return repr(native) if isinstance(native, float) else super().spell(native)


def _script(text: str) -> str:
    """Lines; routers show some texts with ``\\r\\n`` that were written with ``\\n``."""
    return re.sub(r"\r+\n", "\n", text)


def _hex(text: str) -> str:
    match = _HEX.fullmatch(text)
    return match[1].lower() if match else text


def _octets(text: str) -> str:
    """``1:08:0A``; a leading zero of an octet is not shown."""
    if not _OCTETS.fullmatch(text):
        return text
    return ":".join(f"{int(octet, 16):x}" for octet in text.split(":"))


def _date(text: str) -> str:
    """``aug/09/2020``, as it was written before 7.10, is ``2020-08-09``; a time of day may follow."""
    match = _OLD_DATE.fullmatch(text)
    if match is None:
        return text
    return f"{match[3]}-{_MONTHS.index(match[1].lower()) + 1:02}-{match[2]}{match[4]}"


def _clock(text: str) -> str:
    """``1:05:00`` is ``01:05:00``."""
    match = _CLOCK.fullmatch(text)
    return f"{int(match[1]):02}:{match[2]}:{match[3]}" if match else text


def _times(text: str) -> str:
    """``0s..1m``: the shortest and the longest time."""
    known = [_DURATION.canonical_or_exact(end) for end in text.split("..")]
    sure = len(known) == 2 and all(end and read for end, read in known)
    return "..".join(end for end, _ in known) if sure else text


def _hours(text: str) -> str:
    """``8h-17h,mon,tue``: from, to, and days in any order."""
    span, *days = text.split(",")
    ends = span.split("-")
    known = [_DURATION.canonical_or_exact(end) for end in ends]
    if len(ends) != 2 or not all(ends) or not all(sure for _, sure in known) or not set(days) <= set(_DAYS):
        return text
    return ",".join(["-".join(end for end, _ in known), *sorted(set(days), key=_DAYS.index)])


def _limit(text: str) -> str:
    """``10,5`` counts packets in a second."""
    return _counted(text, mode="packet")


def _frame_limit(text: str) -> str:
    """The limit of a bridge, which knows no mode."""
    return _counted(text, mode="")


def _counted(text: str, mode: str) -> str:
    match = _LIMIT.fullmatch(text)
    each = _each(match[2]) if match else None
    if match is None or each is None:
        return text
    mode = match[4] or mode
    return f"{int(match[1])}{each},{int(match[3])}{mode and f':{mode}'}"


def _dst_limit(text: str) -> str:
    match = _DST_LIMIT.fullmatch(text)
    each = _each(match[2]) if match else None
    expire, sure = _DURATION.canonical_or_exact(match[5] or "") if match else ("", False)
    if match is None or each is None or not sure:
        return text
    return f"{int(match[1])}{each},{int(match[3])},{match[4]}{expire and f'/{expire}'}"


def _each(time: str | None) -> str | None:
    """``/1m``, nothing for a second, None when it is no time."""
    canonical, sure = _DURATION.canonical_or_exact(time or _PER_SECOND)
    if not sure or not canonical:
        return None
    return "" if canonical == _PER_SECOND else f"/{canonical}"


def _address(text: str) -> str:
    """An IPv6 address of an interface, 64 long where no length is written; host bits are kept."""
    try:
        return str(IPv6Interface(text if "/" in text else f"{text}/64"))
    except ValueError:
        return text


def _dns_name(text: str) -> str:
    """A name without the dot at its end."""
    if text.endswith("."):
        raise ValueError(f"{text!r} ends with a dot, which RouterOS refuses in a name.")
    return text


def _image(text: str) -> str:
    """The name of an image; without a tag it is the latest."""
    name = text.rpartition("/")[2]
    return text if not name or ":" in name or "@" in text else f"{text}:latest"


def _path(text: str) -> str:
    """A path from the root; the first slash need not be written."""
    return f"/{text}" if text and not text.startswith("/") else text


def _labelled(text: str) -> str:
    """A number, after which the router puts a dash and its name: ``15-SIGTERM``."""
    match = _LABELLED.fullmatch(text)
    return match[1] if match else text


FORMS: Mapping[str, Callable[[str], str]] = {
    "address": _address,
    "clock": _clock,
    "date": _date,
    "dns-name": _dns_name,
    "dst-limit": _dst_limit,
    "frame-limit": _frame_limit,
    "hex": _hex,
    "hours": _hours,
    "image": _image,
    "labelled": _labelled,
    "limit": _limit,
    "octets": _octets,
    "path": _path,
    "script": _script,
    "times": _times,
}
"""From any text to the one that all texts of the same meaning share; applied twice it changes nothing more."""
