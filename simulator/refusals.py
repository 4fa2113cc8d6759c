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
    "/ip/dhcp-server/network": "failure: such network already exists",
    "/ip/dhcp-client": "failure: already have such interface",
    "/container": "failure: Name already exists",
    "/ppp/secret": "failure: secret with the same name already exists",
    "/ip/hotspot/user": "failure: already have user with this name for this server",
    "/user-manager/user": "failure: already have user with this name",
}
_OWN_UNIQUE = {"/container": (("name",),), "/ip/dhcp-client": (("interface",),), "/user-manager/user": (("name",),)}
"""Beyond what the catalogue says."""

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
    if table.path == "/ip/dhcp-server/lease":
        _check_lease(table, row, config)
    for names in (*table.menu.unique, *_own_unique(table)):
        key = [config.get(name, "") for name in names]
        if any(key) and _taken(table, row, names, key):
            raise errors.Refusal(_DUPLICATES.get(table.path, _DUPLICATE))


def _own_unique(table: Table) -> tuple[tuple[str, ...], ...]:
    """An interface may have two DHCP clients since clients have names."""
    named_clients = table.path == "/ip/dhcp-client" and "name" in table.menu.fields
    return () if named_clients else _OWN_UNIQUE.get(table.path, ())


def _taken(table: Table, row: Row | None, names: tuple[str, ...], key: list[str]) -> bool:
    return any(
        other is not row and other.enabled and [other.config.get(name, "") for name in names] == key
        for other in table.rows
    )


def _check_interface_name(table: Table, row: Row | None, config: Mapping[str, str]) -> None:
    other = table.device.table(INTERFACE).named(config.get("name", ""))
    if other is not None and other is not row:
        raise errors.Refusal(_DUPLICATE_INTERFACE)


def _check_lease(table: Table, row: Row | None, config: Mapping[str, str]) -> None:
    """One MAC address per server, where ``all`` is every server; one address in all of them."""
    for other in table.rows:
        if other is row or not other.enabled or other.facts.get("dynamic") == "true":
            continue
        servers = {config.get("server", "all"), other.config.get("server", "all")}
        if _same(other, config, "mac-address") and (len(servers) == 1 or "all" in servers):
            raise errors.Refusal("failure: already have static lease for this client")
        if _same(other, config, "address"):
            raise errors.Refusal("failure: already have static lease with this IP address")


def _same(other: Row, config: Mapping[str, str], name: str) -> bool:
    return bool(config.get(name)) and other.config.get(name) == config[name]


def _dns_record(config: Mapping[str, str]) -> None:
    if config.get("name") and config.get("regexp"):
        raise errors.Refusal("failure: only name or regexp allowed")
    if config.get("type") == "MX" and not config.get("mx-exchange"):
        raise errors.Refusal("failure: bad MX data")


def _ports(config: Mapping[str, str]) -> None:
    wanted = any(config.get(name) for name in ("dst-port", "src-port", "port"))
    if wanted and config.get("protocol") not in _PORT_PROTOCOLS:
        raise errors.Refusal("failure: ports can be specified if proto is tcp,udp,udp-lite,dccp,sctp")


def _area(config: Mapping[str, str]) -> None:
    if "no-summaries" in config and config.get("type", "default") == "default":
        raise errors.Refusal("no-summaries only valid for stubby areas")


def _ssh(config: Mapping[str, str]) -> None:
    if config.get("strong-crypto") == "true" and config.get("allow-none-crypto") in ("true", "yes"):
        raise errors.Refusal("failure: strong-crypto and allow-none-crypto can't be used at the same time")


def _bridge_rule(config: Mapping[str, str]) -> None:
    matched = any(config.get(name) for name in ("dst-address", "ip-protocol", "src-address", "dst-port", "src-port"))
    if matched and config.get("mac-protocol") not in ("ip", "0x800"):
        raise errors.Refusal("failure: ip matchers are valid only when mac-protocol is set to ip")


_SPECIAL: dict[str, Check] = {
    "/interface/bridge/filter": _bridge_rule,
    "/interface/bridge/nat": _bridge_rule,
    "/ip/dns/static": _dns_record,
    "/ip/ssh": _ssh,
    "/routing/ospf/area": _area,
    "/ip/firewall/filter": _ports,
    "/ip/firewall/nat": _ports,
    "/ip/firewall/mangle": _ports,
    "/ip/firewall/raw": _ports,
}
