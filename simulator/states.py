"""What rows say of their own state: which interface runs, what a key's public half is, whether the clock is set."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from collections.abc import Callable, Mapping

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

from simulator import interfaces
from simulator.schema import INTERFACE_TYPES
from simulator.state import Row

_RADIOS = frozenset({"/interface/lte", "/interface/wifi", "/interface/wifiwave2", "/interface/wireless"})
"""Interfaces that are hardware unless they say whose virtual interface they are."""
_KEY_LENGTH = 32


def _interface(row: Row, shown: dict[str, str]) -> None:
    interfaces.shape(row, shown)
    if row.table.path in _RADIOS and shown.get("master-interface", "none") in ("", "none"):
        shown.setdefault("default-name", row.label)


def _virtual_router(row: Row, shown: dict[str, str]) -> None:
    """A disabled one has neither a role nor ``invalid``; the address is that of the protocol."""
    shown["mac-address"] = f"00:00:5E:00:01:{int(shown.get('vrid', '1')):02X}"
    shown["running"] = "true" if interfaces.runs(row) else "false"
    shown.setdefault("group-master", "")
    if row.enabled:
        shown["master"] = "true"
    else:
        shown.pop("invalid", None)


def _radio(row: Row, shown: dict[str, str]) -> None:
    _interface(row, shown)
    shown["bound"] = shown["running"]
    if "default-name" in shown:
        shown["master"] = "true"


def _wireless(row: Row, shown: dict[str, str]) -> None:
    _interface(row, shown)
    shown.setdefault("interface-type", "virtual" if "default-name" not in shown else "Atheros AR9300")


def _wireguard(row: Row, shown: dict[str, str]) -> None:
    """What nobody wrote the router made up: a key and a port (that of which number is unproven)."""
    shown["running"] = "true" if interfaces.runs(row) else "false"
    raw = hashlib.sha256(f"{row.table.device.hardware.serial} {row.id}".encode()).digest()
    made = base64.b64encode(bytes((raw[0] & 248, *raw[1:-1], raw[-1] & 127 | 64))).decode()
    for name, text in (("private-key", made), ("listen-port", str(10_000 + raw[0] * 200 + raw[1])), ("mtu", "1420")):
        if not shown.get(name):
            shown[name] = text
    shown["public-key"] = _public(shown["private-key"])


def _public(private: str) -> str:
    """The public half of a key; of what is no key, one of the same form."""
    try:
        raw = base64.b64decode(private, validate=True)
    except (binascii.Error, ValueError):
        raw = b""
    if len(raw) != _KEY_LENGTH:
        raw = hashlib.sha256(private.encode()).digest()
    key = X25519PrivateKey.from_private_bytes(raw).public_key()
    return base64.b64encode(key.public_bytes(Encoding.Raw, PublicFormat.Raw)).decode()


def _time_client(_row: Row, shown: dict[str, str]) -> None:
    """Every server answers at once; what a client without servers says is unproven."""
    server = shown.get("servers", "").split(",")[0]
    if shown.get("enabled") != "true" or not server:
        shown["status"] = "waiting" if shown.get("enabled") == "true" else "stopped"
        return
    shown |= {"freq-drift": "3.109", "status": "synchronized", "synced-server": server}
    shown |= {"synced-stratum": "2", "system-offset": "1.703"}


def _option(_row: Row, shown: dict[str, str]) -> None:
    """What goes over the wire, in hexadecimal."""
    value = shown.get("value", "")
    parts = re.findall(r"0x([0-9A-Fa-f]+)|s?'([^']*)'", value)
    shown["raw-value"] = "".join(digits.lower() or _bytes(text).hex() for digits, text in parts)


def _bytes(text: str) -> bytes:
    if re.fullmatch(r"\d+\.\d+\.\d+\.\d+", text):
        return bytes(int(part) & 0xFF for part in text.split("."))
    return text.encode()


def _unique_id(row: Row, shown: dict[str, str]) -> None:
    """The router's DHCPv6 identifier, made of the address of its first port."""
    shown["duid"] = "0x00030001" + row.table.device.hardware.mac(1).replace(":", "").lower()


def _container(_row: Row, shown: dict[str, str]) -> None:
    if image := shown.get("remote-image"):
        shown["repo"] = image


def _vlan(row: Row, shown: dict[str, str]) -> None:
    """What is tagged now is what was asked for: every port is up."""
    if row.enabled:
        shown["current-tagged"] = shown.get("tagged", "")
        shown["current-untagged"] = shown.get("untagged", "")


SHAPES: Mapping[str, Callable[[Row, dict[str, str]], None]] = {
    **dict.fromkeys(INTERFACE_TYPES, _interface),
    "/container": _container,
    "/interface/bridge/vlan": _vlan,
    "/interface/vrrp": _virtual_router,
    "/interface/wifi": _radio,
    "/interface/wireguard": _wireguard,
    "/interface/wireless": _wireless,
    "/ip/dhcp-server/option": _option,
    "/ipv6/dhcp-client": _unique_id,
    "/ipv6/dhcp-server": _unique_id,
    "/system/ntp/client": _time_client,
}
