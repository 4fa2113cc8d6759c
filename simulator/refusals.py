"""What a router refuses although every single value is right: duplicates and contradictions, in its own words."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from simulator import duplicates, errors, files, firewall, interfaces, services
from simulator.names import always_has_name
from simulator.schema import INTERFACE
from simulator.state import Row, Table

_PORT_PROTOCOLS = frozenset({"tcp", "udp", "udp-lite", "dccp", "sctp", "6", "17", "136", "33", "132"})

Check = Callable[[Mapping[str, str]], None]


def check(table: Table, row: Row | None, config: Mapping[str, str]) -> None:
    """Raise the Refusal of a row that would look like ``config``; ``row`` is the one changed, None for a new one."""
    special = _SPECIAL.get(table.path)
    if special:
        special(config)
    if row is None:
        _check_new(table, config)
    if table.menu.interface_type or table.path == INTERFACE:
        _check_interface_name(table, row, config)
    if table.path in (interfaces.PORTS, interfaces.BONDS):
        _check_slaves(table, row, config)
    if table.path == files.PATH:
        files.check(table, row, config)
    if config.get("disabled") == "true" and table.path not in duplicates.EVEN_DISABLED:
        return
    if table.path == "/ip/dhcp-server/lease":
        _check_lease(table, row, config)
    for names in (*table.menu.unique, *_own_unique(table)):
        key = [config.get(name, "") for name in names]
        if any(key) and _taken(table, row, names, key):
            raise duplicates.taken(table.path, names, key[0])


def unchangeable(table: Table) -> errors.Refusal:
    """The refusal to change a row that the router made: of a connection or a service of its own in its own words."""
    return errors.Refusal("failure: this is configured elsewhere" if table.path == services.PATH else errors.BUILTIN)


def mandatory(table: Table) -> tuple[str, ...]:
    """The fields that no row of a menu is without."""
    if "name" in table.menu.fields and always_has_name(table):
        return (*table.menu.required, "name")
    return table.menu.required


def check_removal(row: Row) -> None:
    """Raise the Refusal of a row that has to stay: the router's own, a group with users, the last user with all rights
    (in these words: unproven)."""
    path, table = row.table.path, row.table
    if row.builtin or (row.protected and path != "/ip/firewall/address-list"):
        hardware = row.builtin and table.menu.interface_type
        raise errors.Refusal(errors.HARDWARE if hardware else "failure: cannot remove builtin")
    if path == "/user/group" and row.referrers:
        raise errors.Refusal("failure: group has some users")
    full = (
        [user for user in table.rows if user.enabled and user.config.get("group") == "full"] if path == "/user" else []
    )
    if full == [row]:
        raise errors.Refusal("failure: cannot remove last user with full rights")


def missing(path: str, name: str) -> errors.Refusal:
    """The refusal of a new row without a field that it must have."""
    words = _MISSING.get((path, name))
    return errors.Refusal(words) if words else errors.missing(name)


def _check_new(table: Table, config: Mapping[str, str]) -> None:
    """What a new row must have in one field or another, in versions that have all of these."""
    need = _NEEDS.get(table.path)
    if need is None or not table.menu.fields.keys() >= set(need.fields):
        return
    if not need.least <= sum(bool(config.get(name)) for name in need.fields) <= need.most:
        raise errors.Refusal(need.words)


def _own_unique(table: Table) -> tuple[tuple[str, ...], ...]:
    """An interface may have two DHCP clients since clients have names."""
    if table.path == "/ip/dhcp-client" and "name" in table.menu.fields:
        return (("name",),)
    return duplicates.OWN_UNIQUE.get(table.path, ())


def _taken(table: Table, row: Row | None, names: tuple[str, ...], key: list[str]) -> bool:
    disabled_too = table.path in duplicates.EVEN_DISABLED
    return any(
        other is not row and (other.enabled or disabled_too) and [other.config.get(name, "") for name in names] == key
        for other in table.rows
    )


def _check_interface_name(table: Table, row: Row | None, config: Mapping[str, str]) -> None:
    other = table.device.table(INTERFACE).named(config.get("name", ""))
    if other is not None and other is not row:
        raise duplicates.taken_interface(table.device.hardware.version, config["name"])


def _check_slaves(table: Table, row: Row | None, config: Mapping[str, str]) -> None:
    """An interface has one master, and a bridge has none (that it is refused in these words is unproven)."""
    bonds, ports = table.device.table(interfaces.BONDS), table.device.table(interfaces.PORTS)
    bonded = {name for bond in bonds.rows if bond is not row for name in bond.config.get("slaves", "").split(",")}
    if table is ports:
        name = config.get("interface", "")
        if table.device.table("/interface/bridge").named(name) is not None:
            raise errors.Refusal("input does not match any value of interface")
        if name in bonded:
            raise errors.Refusal("failure: device already added as bonding slave")
        return
    bridged = {port.config.get("interface") for port in ports.rows}
    for name in filter(None, config.get("slaves", "").split(",")):
        if name in bridged:
            raise duplicates.taken(interfaces.PORTS, ("interface",), name)
        if name in bonded:
            raise errors.Refusal("failure: device already added as bonding slave")


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
    if not config.get("name") and not config.get("regexp"):
        raise errors.Refusal("failure: name or regexp must be specified")  # in these words: unproven
    kind = config.get("type") or "A"
    data, family = _RECORDS.get(kind, ""), _FAMILIES.get(kind)
    if data and (not config.get(data) or (family is not None and _family(config[data]) != family)):
        raise errors.Refusal(f"failure: bad {kind} data")


def _family(text: str) -> int:
    return 6 if ":" in text else 4


_RECORDS = {
    **dict.fromkeys(("A", "AAAA"), "address"),
    "CNAME": "cname",
    "MX": "mx-exchange",
    "NS": "ns",
}
"""What a record of each type cannot be without; the sentence is that of MX, unproven for the others."""
_FAMILIES = {"A": 4, "AAAA": 6}


def _chain(config: Mapping[str, str]) -> None:
    """A rule's target, and what packets of its chain do not have yet or any more.

    That lists of interfaces and the two chains of NAT are refused alike is unproven, and so are the sentences of
    interfaces, which are the console's lore.
    """
    chain = config.get("chain", "")
    if config.get("action") == "jump" and not config.get("jump-target"):
        raise errors.Refusal("failure: no target chain specified")
    for way, chains, words in _WITHOUT:
        if chain in chains and any(config.get(f"{way}-{kind}") for kind in ("interface", "interface-list")):
            raise errors.Refusal(words)


_WITHOUT = (
    (
        "in",
        ("output", "postrouting", "srcnat"),
        "failure: incoming interface matching not possible in output and postrouting chains",
    ),
    (
        "out",
        ("input", "prerouting", "dstnat"),
        "failure: outgoing interface matching not possible in input and prerouting chains",
    ),
)
"""Which end a packet lacks in which chains, and what the router says."""


def _rule(config: Mapping[str, str]) -> None:
    _chain(config)
    _ports(config)


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
    _chain(config)
    matched = any(config.get(name) for name in ("dst-address", "ip-protocol", "src-address", "dst-port", "src-port"))
    if matched and config.get("mac-protocol") not in ("ip", "0x800"):
        raise errors.Refusal("failure: ip matchers are valid only when mac-protocol is set to ip")


def _policy(config: Mapping[str, str]) -> None:
    if config.get("template") != "true" and config.get("action") == "encrypt" and not config.get("peer"):
        raise errors.Refusal("failure: Peer not set!")


def _pool6(config: Mapping[str, str]) -> None:
    length = config.get("prefix", "").partition("/")[2]
    wanted = config.get("prefix-length", length)
    if length.isdecimal() and wanted.isdecimal() and int(wanted) < int(length):
        raise errors.Refusal("failure: prefix length can not be smaller than prefix")


def _list_member(config: Mapping[str, str]) -> None:
    if config.get("list") in ("all", "none", "dynamic", "static"):
        raise errors.Refusal("failure: cannot add to builtin list")


def _vxlan(config: Mapping[str, str]) -> None:
    if bool(config.get("interface")) != bool(config.get("group")):
        raise errors.Refusal("failure: Both Interface and Group must be specified")


_SPECIAL: dict[str, Check] = {
    "/interface/list/member": _list_member,
    "/interface/vxlan": _vxlan,
    "/ip/ipsec/policy": _policy,
    "/ipv6/pool": _pool6,
    "/interface/bridge/filter": _bridge_rule,
    "/interface/bridge/nat": _bridge_rule,
    "/ip/dns/static": _dns_record,
    "/ip/ssh": _ssh,
    "/routing/ospf/area": _area,
    **{f"/{family}/firewall/{table}": _rule for family in ("ip", "ipv6") for table in firewall.TABLES},
}

_MISSING = {
    ("/interface/bonding", "slaves"): "failure: need at least one slave interface",
    ("/routing/filter/num-list", "range"): "failure: num range not specified",
    ("/routing/isis/interface-template", "instance"): "failure: instance must be configured",
}
"""Where a router asks for a field in a sentence of its own."""


@dataclass(frozen=True, slots=True)
class Need:
    """How many of which fields a new row has, and what is said of another number."""

    fields: tuple[str, ...]
    words: str
    least: int = 1
    most: int = 99


_MATCHER = Need(("communities", "regexp"), "failure: invalid matcher")
_NEEDS = {
    "/certificate": Need(
        ("common-name", "country", "locality", "organization", "state", "subject-alt-name", "unit"),
        "failure: At least one field specifying certificate name must be set!",
    ),
    "/interface/wifi": Need(
        ("radio-mac", "master-interface", "mld-name"),
        "failure: must specify exactly one of radio-mac, master-interface or mld-name",
        most=1,
    ),
    "/ip/dns/forwarders": Need(("dns-servers", "doh-servers"), "failure: no DoH or DNS servers"),
    "/routing/filter/community-ext-list": _MATCHER,
    "/routing/filter/community-large-list": _MATCHER,
    "/routing/filter/community-list": _MATCHER,
}
"""As told by a CHR with 7.23.2."""
