"""What a router refuses although every single value is right: duplicates and contradictions, in its own words."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from simulator import errors
from simulator.schema import INTERFACE
from simulator.state import Row, Table

_DUPLICATES = {
    "/ip/firewall/address-list": "failure: already have such entry",
    "/ip/address": "failure: already have such address",
    "/ip/dns/static": "failure: entry already exists",
    "/user": "failure: user with the same name already exists",
    "/user/group": "failure: group with the same name already exists",
    "/ip/dhcp-server": "failure: server with such name already exists",
    "/interface/bridge/port": "failure: device already added as bridge port",
}
_DUPLICATE = "failure: already have such entry"
_DUPLICATE_INTERFACE = "failure: already have interface with such name"
_PORT_PROTOCOLS = frozenset({"tcp", "udp", "udp-lite", "dccp", "sctp", "6", "17", "136", "33", "132"})

Check = Callable[[Mapping[str, str]], None]


def check(table: Table, row: Row | None, config: Mapping[str, str]) -> None:
    """Raise the Refusal of a row that would look like ``config``; ``row`` is the one changed, None for a new one."""
    special = _SPECIAL.get(table.path)
    if special:
        special(config)
    if table.menu.interface_type or table.path == INTERFACE:
        _check_interface_name(table, row, config)
    if config.get("disabled") == "true":
        return
    for names in table.menu.unique:
        key = [config.get(name, "") for name in names]
        if any(key) and _taken(table, row, names, key):
            raise errors.Refusal(_DUPLICATES.get(table.path, _DUPLICATE))


def _taken(table: Table, row: Row | None, names: tuple[str, ...], key: list[str]) -> bool:
    return any(
        other is not row and other.enabled and [other.config.get(name, "") for name in names] == key
        for other in table.rows
    )


def _check_interface_name(table: Table, row: Row | None, config: Mapping[str, str]) -> None:
    other = table.device.table(INTERFACE).named(config.get("name", ""))
    if other is not None and other is not row:
        raise errors.Refusal(_DUPLICATE_INTERFACE)


def _dns_record(config: Mapping[str, str]) -> None:
    if config.get("name") and config.get("regexp"):
        raise errors.Refusal("failure: only name or regexp allowed")
    if config.get("type") == "MX" and not config.get("mx-exchange"):
        raise errors.Refusal("failure: bad MX data")


def _ports(config: Mapping[str, str]) -> None:
    wanted = any(config.get(name) for name in ("dst-port", "src-port", "port"))
    if wanted and config.get("protocol") not in _PORT_PROTOCOLS:
        raise errors.Refusal("failure: ports can be specified if proto is tcp,udp,udp-lite,dccp,sctp")


_SPECIAL: dict[str, Check] = {
    "/ip/dns/static": _dns_record,
    "/ip/firewall/filter": _ports,
    "/ip/firewall/nat": _ports,
    "/ip/firewall/mangle": _ports,
    "/ip/firewall/raw": _ports,
}
