"""How single values read back: one small function per form, from written text to RouterOS's text.

Every function takes text as REST, YAML or an export spells it and returns the read-back text, or raises
``BadValue`` with the way in which RouterOS refuses it.
"""

from __future__ import annotations

import functools
import ipaddress
import re

_LONGEST_NUMBER = 64
_remembered = functools.lru_cache(maxsize=4096)
"""Routers of a fleet are told the same addresses again and again."""


class BadValue(Exception):
    """``kind`` is a key of the wordings in ``simulator.errors``, or invalid; ``bounds`` is ``low..high`` for range, and
    ``noun`` the part of a value that is out of it."""

    def __init__(self, kind: str, bounds: str = "", noun: str = "") -> None:
        super().__init__(kind)
        self.kind = kind
        self.bounds = bounds
        self.noun = noun


_UNITS = {
    "w": 604_800_000_000_000,
    "d": 86_400_000_000_000,
    "h": 3_600_000_000_000,
    "m": 60_000_000_000,
    "s": 1_000_000_000,
    "ms": 1_000_000,
    "us": 1_000,
    "ns": 1,
}
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_CLOCK = re.compile(r"(?:(\d+)w)?(?:(\d+)d)?\s*(\d+):(\d+)(?::(\d+)(?:\.(\d+))?)?")
_PART = re.compile(r"(\d+(?:\.\d+)?)(ms|us|ns|w|d|h|m|s)\s*")
_INTEGER = re.compile(r"[+-]?\d+")
_HEX = re.compile(r"0[xX]([0-9a-fA-F]+)")
_AMOUNT = re.compile(r"(\d+(?:\.\d+)?)([kmgt]?)(?:i?b)?(?:ps)?", re.IGNORECASE)
_MAC = re.compile(r"([0-9A-Fa-f]{2})[:.-]?" * 5 + r"([0-9A-Fa-f]{2})")
_HOST = re.compile(r"[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?")


def duration(text: str, unit: str = "s") -> str:
    """``90``, ``01:00:00``, ``1d 00:00:00``, ``1h30m`` → ``1m30s``, ``1h``, ``1d``, ``1h30m``."""
    rest = _nanoseconds(text.strip(), unit)
    if rest == 0:
        return "0s"
    parts: list[str] = []
    for name, size in _UNITS.items():
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{count}{name}")
    return "".join(parts)


def seconds(text: str) -> float:
    """The length of a duration. Raises BadValue."""
    return _nanoseconds(text.strip(), "s") / _UNITS["s"]


def whole_seconds(text: str, low: int | None, high: int | None) -> str:
    """A length of time that reads back as a plain number of seconds."""
    return integer(str(_nanoseconds(text.strip(), "s") // _UNITS["s"]), low, high)


def is_number(text: str) -> bool:
    """Whether a text is nothing but digits, and not more of them than any number has."""
    return text.isascii() and text.isdigit() and len(text) <= _LONGEST_NUMBER


def _nanoseconds(text: str, unit: str) -> int:
    if len(text) > _LONGEST_NUMBER:
        raise BadValue("time")
    if _NUMBER.fullmatch(text):
        return _scaled(text, _UNITS[unit])
    clock = _CLOCK.fullmatch(text)
    if clock:
        weeks, days, hours, minutes, seconds = (int(part or 0) for part in clock.groups()[:5])
        total = weeks * _UNITS["w"] + days * _UNITS["d"] + hours * _UNITS["h"] + minutes * _UNITS["m"]
        return total + seconds * _UNITS["s"] + int((clock[6] or "0").ljust(9, "0")[:9])
    total, position = 0, 0
    while part := _PART.match(text, position):
        total += _scaled(part[1], _UNITS[part[2]])
        position = part.end()
    if position == 0 or position != len(text):
        raise BadValue("time")
    return total


def _scaled(number: str, size: int) -> int:
    whole, _, fraction = number.partition(".")
    return int(whole) * size + (int(fraction) * size // 10 ** len(fraction) if fraction else 0)


def integer(text: str, low: int | None, high: int | None) -> str:
    """Decimal (a leading zero is decimal) or ``0x``; reads back decimal."""
    number = _integer(text)
    if (low is not None and number < low) or (high is not None and number > high):
        raise BadValue("range", f"{low if low is not None else ''}..{high if high is not None else ''}")
    return str(number)


def hexadecimal(text: str, low: int | None, high: int | None) -> str:
    """``32768`` and ``0x8000`` both read back ``0x8000``; bounds are told as the console writes them, ``0..FFFF``."""
    number = _integer(text)
    if (low is not None and number < low) or (high is not None and number > high):
        raise BadValue("range", f"{'' if low is None else f'{low:X}'}..{'' if high is None else f'{high:X}'}")
    return f"0x{number:X}"


def _integer(text: str) -> int:
    text = text.strip()
    if len(text) > _LONGEST_NUMBER:
        raise BadValue("number")
    if found := _HEX.fullmatch(text):
        return int(found[1], 16)
    if not _INTEGER.fullmatch(text):
        raise BadValue("number" if text else "invalid")
    return int(text)


def rate(text: str) -> str:
    """``25M`` → ``25000000`` (decimal factors)."""
    return _amount(text, 1000)


def size(text: str) -> str:
    """``64M``, ``64MiB`` → ``67108864`` (binary factors)."""
    return _amount(text, 1024)


def kibibytes(text: str) -> str:
    """``4883KiB``, ``4883`` → ``4883``; ``2M`` → ``2048``."""
    return text if is_number(text) else str(int(size(text)) // 1024)


def _amount(text: str, factor: int) -> str:
    found = _AMOUNT.fullmatch(text.strip())
    if not found or len(text) > _LONGEST_NUMBER:
        raise BadValue("invalid")
    return str(_scaled(found[1], factor ** " kmgt".index(found[2].lower() or " ")))


def boolean(text: str) -> str:
    """``yes``/``no``/``true``/``false`` → ``true``/``false``."""
    if text in ("yes", "true"):
        return "true"
    if text in ("no", "false"):
        return "false"
    raise BadValue("match")


@_remembered
def ipv4(text: str) -> str:
    """A bare IPv4 address."""
    try:
        return str(ipaddress.IPv4Address(text.strip()))
    except ValueError as error:
        raise BadValue("addresses") from error


@_remembered
def ipv6(text: str) -> str:
    """A bare IPv6 address, compressed and lower case; a scope stays."""
    try:
        return str(ipaddress.IPv6Address(text.strip()))
    except ValueError as error:
        raise BadValue("addresses") from error


@_remembered
def ip(text: str) -> str:
    """An address of either family."""
    try:
        return str(ipaddress.ip_address(text.strip()))
    except ValueError as error:
        raise BadValue("addresses") from error


@_remembered
def prefix(text: str) -> str:
    """A network: host bits cleared, a bare address becomes /32 or /128, a dotted mask becomes a length."""
    address, mark, table = text.strip().partition("@")
    try:
        return str(ipaddress.ip_network(address, strict=False)) + mark + table
    except ValueError as error:
        raise BadValue("invalid") from error


def network(text: str) -> str:
    """A network without host bits; a bare address becomes /32 or /128."""
    known = prefix(text)
    if known != interface_address(text):
        raise BadValue("network")
    return known


@_remembered
def interface_address(text: str) -> str:
    """An address with its length: host bits kept, bare becomes /32 or /128."""
    try:
        return str(ipaddress.ip_interface(text.strip()))
    except ValueError as error:
        raise BadValue("address" if text.strip() else "invalid") from error


@_remembered
def address_or_prefix(text: str) -> str:
    """A firewall address: /32 dropped, network bits cleared, a range kept."""
    text = text.strip()
    first, dash, last = text.partition("-")
    if dash:
        return _ascending(ip(first), ip(last))
    try:
        network = ipaddress.ip_network(text, strict=False)
    except ValueError as error:
        raise BadValue("addresses") from error
    return str(network.network_address) if network.prefixlen == network.max_prefixlen else str(network)


def _ascending(first: str, last: str) -> str:
    ends = ipaddress.ip_address(first), ipaddress.ip_address(last)
    if ends[0].version != ends[1].version or int(ends[0]) > int(ends[1]):
        raise BadValue("addresses")
    return f"{first}-{last}"


def address_list_entry(text: str) -> str:
    """As ``address_or_prefix``; a range that is exactly one network becomes it; a host name stays."""
    text = text.strip()
    first, dash, last = text.partition("-")
    try:
        if not dash:
            return address_or_prefix(text)
        return _range_as_network(ip(first), ip(last))
    except BadValue:
        if _HOST.fullmatch(text) and not text.replace(".", "").isdigit():
            return text
        raise


def _range_as_network(first: str, last: str) -> str:
    try:
        networks = list(ipaddress.summarize_address_range(ipaddress.IPv4Address(first), ipaddress.IPv4Address(last)))
    except ValueError as error:
        raise BadValue("addresses") from error
    return address_or_prefix(str(networks[0])) if len(networks) == 1 else f"{first}-{last}"


def number_range(text: str, low: int | None = 0, high: int | None = None) -> str:
    """``80`` or ``1000-2000``; a range that falls is refused, in words that are unproven."""
    first, dash, last = text.strip().partition("-")
    known = integer(first, low, high)
    if not dash:
        return known
    end = integer(last, low, high)
    if int(end) < int(known):
        raise BadValue("invalid")
    return f"{known}-{end}"


def mac(text: str) -> str:
    """Any case, ``:``, ``-``, ``.`` or nothing between → upper case with colons; a mask after ``/`` likewise."""
    address, slash, mask = text.strip().partition("/")
    found = _MAC.fullmatch(address)
    if not found:
        raise BadValue("mac" if address else "invalid")
    return ":".join(found.groups()).upper() + (slash + mac(mask) if slash else "")
