"""SNMP object identifiers, as ``print oid`` tells them, of the menus that have them."""

from __future__ import annotations

_SYSTEM = {
    "/system/identity": {"name": ".1.3.6.1.2.1.1.5.0"},
    "/system/resource": {
        "build-time": ".1.3.6.1.4.1.14988.1.1.7.6.0",
        "total-hdd-space": ".1.3.6.1.2.1.25.2.3.1.5.131072",
        "total-memory": ".1.3.6.1.2.1.25.2.3.1.5.65536",
        "uptime": ".1.3.6.1.2.1.1.3.0",
        "version": ".1.3.6.1.4.1.14988.1.1.4.4.0",
    },
}
_INTERFACE = {
    "actual-mtu": ".1.3.6.1.2.1.2.2.1.4",
    "mac-address": ".1.3.6.1.2.1.2.2.1.6",
    "name": ".1.3.6.1.2.1.2.2.1.2",
    "rx-byte": ".1.3.6.1.2.1.31.1.1.1.6",
    "rx-packet": ".1.3.6.1.2.1.31.1.1.1.7",
    "tx-byte": ".1.3.6.1.2.1.31.1.1.1.10",
    "tx-packet": ".1.3.6.1.2.1.31.1.1.1.11",
}


def oids_of(path: str, row: dict[str, str]) -> dict[str, str]:
    """The identifiers of a row's properties; empty where the menu has none."""
    if path != "/interface":
        return _SYSTEM.get(path, {})
    index = int(row[".id"][1:], 16)
    return {name: f"{stem}.{index}" for name, stem in _INTERFACE.items()}
