"""Texts of a form of their own: times of a week, limits, dates, keys, numbers that have names.

Every function reads like those of ``simulator.forms``. What one of them refuses is read off the grammar that the
console tells of the field; what it reads back as is from manuals and practice, and unproven where nothing else is said.
"""

from __future__ import annotations

import base64
import binascii
import datetime
import functools
import ipaddress
import re
import zoneinfo

from simulator.forms import BadValue, duration, integer, rate

_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_LIMIT = re.compile(r"(\d+)(?:/([^,/:]+))?,(\d+)(?::(bit|packet))?")
_DST_LIMIT = re.compile(r"(\d+)(?:/([^,/]+))?,(\d+),([a-z-]+)(?:/([^,/]+))?")
_DATE = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})|([A-Za-z]{3})/(\d{1,2})/(\d{4})")
_TIME = re.compile(r"(\d{1,2}):(\d{1,2})(?::(\d{1,2}))?")
_CLASSIFIER = re.compile(r"[a-z0-9-]+:(\d+)/(\d+)")
_DECIMAL = re.compile(r"(\d+)(?:\.(\d+))?%?")
_LONGEST = 64
_KEY_BYTES = 32
_OWN_ZONES = frozenset({"", "manual"})
_BETWEEN = re.compile(r"[,!-]")
_AFTER_ADDRESS = re.compile(r"[/%@].*")


def hours(text: str) -> str:
    """``08:00:00-17:00:00,mon,sun`` → ``8h-17h,sun,mon``."""
    ends, *days = text.strip().split(",")
    first, dash, last = ends.partition("-")
    if not dash or not set(days) <= set(_DAYS):
        raise BadValue("match" if dash else "time")
    return ",".join([f"{duration(first)}-{duration(last)}", *sorted(set(days), key=_DAYS.index)])


def limit(text: str) -> str:
    """``10,5`` → ``10,5:packet``."""
    return _limited(text, "packet")


def frame_limit(text: str) -> str:
    """The limit of a bridge, which knows no mode."""
    return _limited(text, "")


def _limited(text: str, usual: str) -> str:
    found = _LIMIT.fullmatch(_short(text))
    if found is None:
        raise BadValue("number")
    mode = found[4] or usual
    return f"{int(found[1])}{_each(found[2])},{int(found[3])}" + (f":{mode}" if mode else "")


def dst_limit(text: str) -> str:
    """``1/1s,5,dst-address/100`` → ``1,5,dst-address/1m40s``."""
    found = _DST_LIMIT.fullmatch(_short(text))
    if found is None:
        raise BadValue("number")
    expire = f"/{duration(found[5])}" if found[5] else ""
    return f"{int(found[1])}{_each(found[2])},{int(found[3])},{found[4]}{expire}"


def _each(time: str | None) -> str:
    """``/1m``; nothing for a second."""
    known = duration(time) if time else "1s"
    return "" if known == "1s" else f"/{known}"


def _short(text: str) -> str:
    if len(text) > _LONGEST:
        raise BadValue("number")
    return text.strip()


def rates(text: str) -> str:
    """``10k-1M`` → ``10000-1000000``."""
    low, dash, high = text.strip().partition("-")
    if not dash:
        raise BadValue("number")
    return f"{rate(low)}-{rate(high)}"


def every(text: str) -> str:
    """``2,1``: of so many packets that one, which has to be one of them."""
    known = [integer(part, 1, 4294967295) for part in text.split(",", 1)]
    if int(known[-1]) > int(known[0]):
        raise BadValue("invalid")
    return ",".join(known)


def classifier(text: str) -> str:
    """``both-addresses:2/0``; the rest of a division is less than what is divided by."""
    found = _CLASSIFIER.fullmatch(_short(text))
    if found is None or int(found[2]) >= int(found[1]):
        raise BadValue("invalid")
    return text.strip()


def key(text: str) -> str:
    """The 32 bytes of a WireGuard key."""
    try:
        if len(base64.b64decode(text, validate=True)) == _KEY_BYTES:
            return text
    except (binascii.Error, ValueError):
        pass
    raise BadValue("invalid")


def date(text: str) -> str:
    """A day of the calendar in either form → ``2026-10-02``."""
    return _day(text).isoformat()


def old_date(text: str) -> str:
    """The same as routers wrote it before 7.10: ``oct/02/2026``."""
    day = _day(text)
    return f"{_MONTHS[day.month - 1]}/{day.day:02}/{day.year}"


def _day(text: str) -> datetime.date:
    found = _DATE.fullmatch(text.strip())
    name = found[4].lower() if found and found[4] else ""
    if found is None or (name and name not in _MONTHS):
        raise BadValue("number")
    year = _within("year", found[1] or found[6], 1970, 2106)
    month = _MONTHS.index(name) + 1 if name else _within("month", found[2], 1, 12)
    day = _within("day", found[3] or found[5], 1, 31)
    try:
        return datetime.date(year, month, day)
    except ValueError as error:
        raise BadValue("invalid") from error


def time_of_day(text: str) -> str:
    """``8:00`` → ``08:00:00``."""
    found = _TIME.fullmatch(text.strip())
    if found is None:
        raise BadValue("number")
    hour, minute = _within("hour", found[1], 0, 24), _within("min", found[2], 0, 59)
    return f"{hour:02}:{minute:02}:{_within('sec', found[3] or '0', 0, 59):02}"


def _within(noun: str, digits: str, low: int, high: int) -> int:
    if low <= int(digits) <= high:
        return int(digits)
    raise BadValue("range", f"{low}..{high}", noun)


def zone(text: str) -> str:
    """A time zone that there is."""
    if text in _OWN_ZONES or text in _zones():
        return text
    raise BadValue("match")


@functools.cache
def _zones() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())


def decimal(text: str) -> str:
    """``0.10`` → ``0.1``."""
    found = _DECIMAL.fullmatch(_short(text))
    if found is None:
        raise BadValue("number")
    rest = (found[2] or "").rstrip("0")
    return f"{int(found[1])}.{rest}" if rest else str(int(found[1]))


def address6(text: str) -> str:
    """The IPv6 address of an interface, 64 long where no length is written; host bits stay."""
    text = text.strip()
    try:
        return str(ipaddress.IPv6Interface(text if "/" in text else f"{text}/64"))
    except ValueError as error:
        raise BadValue("address" if text else "invalid") from error


def protocol(text: str) -> str:
    """A protocol's number, or the name that it has: 6 is ``tcp``."""
    if not text:
        raise BadValue("match")
    number = integer(text, 0, 255)
    return PROTOCOLS.get(number, number)


def of_other_family(text: str, family: int) -> bool:
    """Whether one of the addresses in a text is not of the family, 4 or 6."""
    return any(_family(piece) not in (0, family) for piece in _BETWEEN.split(text))


def _family(piece: str) -> int:
    """0 for what is no address."""
    try:
        return ipaddress.ip_address(_AFTER_ADDRESS.sub("", piece.strip())).version
    except ValueError:
        return 0


PROTOCOLS = {
    "1": "icmp", "2": "igmp", "3": "ggp", "4": "ipencap", "5": "st", "6": "tcp", "8": "egp", "12": "pup", "17": "udp",
    "20": "hmp", "22": "xns-idp", "27": "rdp", "29": "iso-tp4", "33": "dccp", "36": "xtp", "37": "ddp",
    "38": "idpr-cmtp", "41": "ipv6-encap", "43": "ipv6-route", "44": "ipv6-frag", "46": "rsvp", "47": "gre",
    "50": "ipsec-esp", "51": "ipsec-ah", "58": "icmpv6", "59": "ipv6-nonxt", "60": "ipv6-opts", "73": "rspf",
    "81": "vmtp", "89": "ospf", "94": "ipip", "97": "etherip", "98": "encap", "103": "pim", "112": "vrrp",
    "115": "l2tp", "132": "sctp", "136": "udp-lite",
}  # fmt: skip
"""The numbers of the protocols that RouterOS has names for, as they are registered."""
