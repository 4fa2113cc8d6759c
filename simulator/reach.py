"""Which hosts answer a simulated router: those it has a route to, unless they were told to be silent."""

from __future__ import annotations

import contextlib
import ipaddress

from simulator import errors
from simulator.state import Device, Row

Address = ipaddress.IPv4Address | ipaddress.IPv6Address

_DOCUMENTATION = ipaddress.ip_address("198.51.100.0")


def resolved(device: Device, host: str) -> str:
    """The address of a host; every name has one as soon as there is a DNS server.

    Raises Refusal without one (its wording is the console's, over REST unproven).
    """
    try:
        return str(ipaddress.ip_address(host.partition("%")[0]))
    except ValueError:
        if not has_dns(device):
            raise errors.Refusal("while resolving ip-address: could not get answer from dns server") from None
        return str(_DOCUMENTATION + sum(host.encode()) % 254 + 1)


def has_dns(device: Device) -> bool:
    shown = device.table("/ip/dns").rows[0].shown
    return bool(shown.get("servers") or shown.get("dynamic-servers"))


def routed(device: Device, address: str) -> bool:
    """Whether an address is the router's own or a route leads there."""
    target = ipaddress.ip_address(address)
    if target.is_loopback or any(_holds(row, target) for row in device.table("/ip/address").rows):
        return True
    return any(_leads(row, target) for row in device.table("/ip/route").rows)


def way(device: Device, address: str) -> list[str]:
    """The hosts on the way to an address that a route leads to, itself the last: a gateway is all there is between."""
    if not any(_holds(row, ipaddress.ip_address(address)) for row in device.table("/ip/address").rows):
        for gateway in _gateways(device, address):
            with contextlib.suppress(ValueError):
                return [str(ipaddress.ip_address(gateway.partition("%")[0])), address]
    return [address]


def _gateways(device: Device, address: str) -> list[str]:
    """Those of the most specific route to an address."""
    target = ipaddress.ip_address(address)
    leading = [row.shown for row in device.table("/ip/route").rows if _leads(row, target)]
    if not leading:
        return []
    best = max(leading, key=lambda shown: int(shown["dst-address"].partition("/")[2] or "32"))
    return best.get("gateway", "").split(",")


def answers(device: Device, host: str) -> bool:
    """Whether a host that is an address or a name answers."""
    try:
        address = resolved(device, host)
    except errors.Refusal:
        return False
    return not {host, address} & device.silent and routed(device, address)


def _holds(row: Row, target: Address) -> bool:
    return row.enabled and row.config.get("address", "").partition("/")[0] == str(target)


def _leads(row: Row, target: Address) -> bool:
    if row.shown.get("active") != "true" or "blackhole" in row.shown:
        return False
    try:
        return target in ipaddress.ip_network(row.shown.get("dst-address", ""), strict=False)
    except ValueError:
        return False
