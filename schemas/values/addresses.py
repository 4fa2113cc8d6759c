"""Addresses of layers 2 and 3."""

from __future__ import annotations

import re
from collections.abc import Collection
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, summarize_address_range
from typing import cast

from schemas.values.base import Plain, Value

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

_OCTET = "(?:25[0-5]|2[0-4][0-9]|1[0-9]{2}|[1-9]?[0-9])"
_DOTTED = re.compile(rf"{_OCTET}(?:\.{_OCTET}){{3}}")
"""An IPv4 address as it is always read back. Lists hold very many; judging one in full costs eight times as much."""
_MAC = re.compile(r"[0-9A-Fa-f]{2}(?:[:.-]?[0-9A-Fa-f]{2}){5}")
_HOST = re.compile(r"(?=.*[A-Za-z])[A-Za-z0-9_*](?:[A-Za-z0-9_.-]*[A-Za-z0-9_])?\.?")


class Ip(Plain):
    """One address; ``family`` is 4, 6, or 0 for either."""

    def __init__(self, expression: str, family: int) -> None:
        super().__init__(expression)
        self.family = family

    def read(self, text: str) -> Value:
        address = _address(text)
        if self.family not in (0, address.version):
            raise ValueError(f"{text!r} is not an IPv{self.family} address.")
        return address

    def write(self, value: Value) -> str:
        return str(value)

    def wanted(self) -> str:
        return "An address"


class Prefix(Plain):
    """A network: ``10.0.0.0/24``. Host bits are cleared; a bare address is a network of one."""

    def read(self, text: str) -> Value:
        address, length = _with_length(text)
        return _network(address, length)

    def write(self, value: Value) -> str:
        return str(value)

    def wanted(self) -> str:
        return "A network such as 10.0.0.0/24"


class InterfaceAddress(Plain):
    """An address and its length: ``10.0.0.1/24``. A bare address has the full length."""

    def read(self, text: str) -> Value:
        return _with_length(text)

    def write(self, value: Value) -> str:
        address, length = cast("tuple[Address, int]", value)
        return f"{address}/{length}"

    def wanted(self) -> str:
        return "An address such as 10.0.0.1/24"


class AddressOrPrefix(Plain):
    """An address, a network (host bits cleared) or a range of addresses (a pair)."""

    def canonical_or_exact(self, text: str) -> tuple[str, bool]:
        return (text, True) if _DOTTED.fullmatch(text) else super().canonical_or_exact(text)

    def read(self, text: str) -> Value:
        first, dash, last = text.partition("-")
        if not dash:
            return _network(*_with_length(text))
        low, high = _address(first.strip()), _address(last.strip())
        if low.version != high.version or int(low) > int(high):
            raise ValueError(f"{text!r} is not a range of addresses, lowest first.")
        return low, high

    def write(self, value: Value) -> str:
        if isinstance(value, tuple):
            return f"{value[0]}-{value[1]}"
        network = cast(Network, value)
        return str(network.network_address) if network.prefixlen == network.max_prefixlen else str(network)

    def wanted(self) -> str:
        return "An address, a network or a range of addresses"


class AddressListEntry(AddressOrPrefix):
    """The same, or a host name; a range that is exactly one network is that network."""

    def read(self, text: str) -> Value:
        try:
            value = super().read(text)
        except ValueError:
            if _HOST.fullmatch(text):
                return text
            raise
        if not isinstance(value, tuple):
            return value
        networks = list(summarize_address_range(*value))
        return networks[0] if len(networks) == 1 else value

    def write(self, value: Value) -> str:
        return value if isinstance(value, str) else super().write(value)


class Mac(Plain):
    """``AA:BB:CC:DD:EE:FF``, whatever separated the pairs; ``masked`` ones may have a mask after a slash."""

    def __init__(self, expression: str, *, masked: bool) -> None:
        super().__init__(expression)
        self.masked = masked

    def read(self, text: str) -> Value:
        first, slash, mask = text.partition("/")
        return f"{self._one(first)}/{self._one(mask)}" if slash and self.masked else self._one(text)

    def _one(self, text: str) -> str:
        if not _MAC.fullmatch(text):
            raise ValueError(f"{text!r} is not a MAC address such as AA:BB:CC:DD:EE:FF.")
        digits = re.sub(r"[:.-]", "", text).upper()
        return ":".join(digits[index : index + 2] for index in range(0, 12, 2))

    def write(self, value: Value) -> str:
        return str(value)

    def wanted(self) -> str:
        return "A MAC address"


def without(text: str, parts: Collection[str]) -> str:
    """An address with its length, its ``host`` or ``network`` bits cleared; what is none stays as it is."""
    try:
        address, length = _with_length(text)
    except ValueError:
        return text
    hosts = (1 << address.max_prefixlen - length) - 1
    bits = int(address)
    bits = bits & ~hosts if "host" in parts else bits
    bits = bits & hosts if "network" in parts else bits
    return f"{type(address)(bits)}/{length}"


def _address(text: str) -> Address:
    try:
        return ip_address(text)
    except ValueError:
        raise ValueError(f"{text!r} is not an IP address.") from None


def _with_length(text: str) -> tuple[Address, int]:
    head, slash, tail = text.partition("/")
    address = _address(head.strip())
    if not slash:
        return address, address.max_prefixlen
    length = _length(tail.strip(), address)
    if length is None:
        raise ValueError(f"{tail!r} is not the length of a network in {text!r}.")
    return address, length


def _length(text: str, address: Address) -> int | None:
    if text.isascii() and text.isdigit() and len(text) < 4 and int(text) <= address.max_prefixlen:
        return int(text)
    if address.version == 4 and text.count(".") == 3:
        bits = int(cast(IPv4Address, _address(text)))
        length = bits.bit_count()
        return length if bits == (0xFFFFFFFF << 32 - length) & 0xFFFFFFFF else None
    return None


def _network(address: Address, length: int) -> Network:
    if isinstance(address, IPv6Address) and address.scope_id:
        raise ValueError(f"{str(address)!r} names an interface, which a network cannot.")
    kind = IPv6Network if address.version == 6 else IPv4Network
    return kind((int(address), length), strict=False)
