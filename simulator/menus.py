"""What single menus do by themselves: the router's own rows, derived fields, and fields that depend on others.

Everything a table of the catalogue can say is not here. Evidence for each shape is in the reference's "what is
omitted" and "real objects"; what nobody has measured is marked unproven.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from schemas.catalogue.model import Kind
from simulator import (
    active,
    addresses,
    appearance,
    dhcp,
    files,
    firewall,
    interfaces,
    journal,
    neighbourhood,
    netwatch,
    packages,
    routes,
    schedules,
    services,
    sshkeys,
    states,
    timeouts,
    times,
    views,
)
from simulator.schema import INTERFACE, INTERFACE_TYPES
from simulator.state import Device, Row, Table

POLICIES = (
    *("local", "telnet", "ssh", "ftp", "reboot", "read", "write", "policy", "test", "winbox", "password"),
    *("web", "sniff", "sensitive", "api", "romon", "rest-api"),
)
"""In the order in which a group shows them."""

_FACTS: dict[str, dict[str, str]] = {
    "/interface/list": {"builtin": "false", "dynamic": "false"},
    "/interface/ethernet": {"rx-bytes": "0", "rx-packet": "0", "tx-bytes": "0", "tx-packet": "0"},
    **{key: {"dynamic": "false"} for key in timeouts.PATHS},
    "/ip/dns": {"cache-used": "43", "dynamic-servers": ""},
    "/interface/bridge/port": {"status": "in-bridge"},
    "/user": {"expired": "false"},
} | {f"/{family}/firewall/{table}": firewall.FACTS for family in ("ip", "ipv6") for table in firewall.TABLES}
_OWN_IDS: dict[str, Sequence[int]] = {
    "/ip/ipsec/policy": (0x1000001,),
    "/ppp/profile": (0, 0xFFFFFFFE),
    "/queue/type": range(0xFFFFFFF5, 0xFFFFFFFF),
}
"""The ids of rows of the router's own that do not count up."""
_FLAGS = ("dynamic", "invalid", "inactive")
_NO_FLAGS = {
    "/user": _FLAGS,
    **dict.fromkeys(routes.FAMILIES, _FLAGS),
    "/ip/dns/static": ("invalid", "inactive"),
    "/interface/ethernet": _FLAGS,
    "/interface/vlan": _FLAGS,
    "/interface/bridge": ("invalid", "inactive"),
    "/interface/list": ("invalid", "inactive"),
    "/interface/list/member": ("invalid", "inactive"),
    **dict.fromkeys(timeouts.PATHS, ("invalid", "inactive")),
    "/ip/service": ("inactive",),
    "/user/group": _FLAGS,
}


class Menus:
    """The rules of all menus (``simulator.state.Rules``)."""

    linked = frozenset({"/interface/bridge/port", "/routing/rule", "/routing/bfd/configuration"})

    def populate(self, device: Device, table: Table) -> None:
        """Rows the router itself makes: those the catalogue names, and those of the hardware."""
        if table.menu.kind in (Kind.SINGLETON, Kind.READONLY):
            row = table.create(number=0)
            row.facts.update(device.hardware.objects(table.path) or facts_of(table))
            table.refresh(row)
            return
        own = packages.rows(device) if table.path == packages.PATH else _OWN_ROWS.get(table.path, ())
        ids = _OWN_IDS.get(table.path, ())
        for number, given in enumerate(table.menu.builtin or own):
            add_builtin(table, given, ids[number] if number < len(ids) else None)
        if table.path == INTERFACE:
            _show_all_interfaces(device)
        elif table.path in timeouts.PATHS:
            device.clock.watch(lambda: timeouts.expire(device))
        elif table.path == active.PATH:
            device.clock.watch(lambda: active.expire(device))

    def shape(self, row: Row, shown: dict[str, str]) -> None:
        change = _SHAPES.get(row.table.path)
        if change:
            change(row, shown)
        if row.links and shown.get("invalid") == "false" and _dangles(row):
            shown["invalid"] = "true"

    def summary(self, row: Row) -> dict[str, str]:
        return interfaces.summary(row)

    def settle(self, device: Device, changed: str, how: str) -> None:
        if changed:
            journal.tell(device, changed, how)
        if changed == "/system/clock":
            times.set_clock(device)
        if not changed or changed in firewall.FAST_TRACKED:
            firewall.settle(device)
        if not changed or changed in routes.WATCHED or changed in INTERFACE_TYPES:
            journal.tell_links(device, routes.settle(device))
        if not changed or changed == services.PATH:
            device.services_changed()


def _dangles(row: Row) -> bool:
    """Whether a row points at one that is gone."""
    return any(isinstance(piece, Row) and not piece.alive for pieces in row.links.values() for piece in pieces)


def facts_of(table: Table) -> dict[str, str]:
    """What a fresh row says by itself."""
    facts = dict(_FACTS.get(table.path, {}))
    facts |= appearance.facts_of(table.path, table.menu.readable)
    if table.path in schedules.PATHS:
        facts |= schedules.facts_of(table.device)
    if table.path in timeouts.PATHS:
        facts["creation-time"] = times.stamp(table.device)
    if table.menu.kind is Kind.LIST:
        absent = {*_NO_FLAGS.get(table.path, ()), *appearance.UNFLAGGED.get(table.path, ())}
        facts |= {name: "false" for name in _FLAGS if name in table.menu.readable and name not in absent}
    return facts


def add_builtin(table: Table, given: Mapping[str, str], number: int | None = None) -> Row:
    """Add a row of the router's own. Read-only fields of it become facts, the others configuration."""
    row = table.create(number=number)
    row.builtin = table.path != "/user"  # that admin may go when another user has all rights is the console's lore
    row.facts.update(facts_of(table))
    for name, text in given.items():
        known = table.menu.fields.get(name)
        if known is None or not known.writable:
            row.facts[name] = text
        if known is None or known.writable or name == "name":
            row.put(name, known.read(text, table.device) if known else text)
    for name in row.config.keys() & row.facts.keys():
        del row.facts[name]
    table.refresh(row)
    return row


def policy_text(listed: str, before: str = "") -> str:
    """All policies, granted first, the denied with ``!``. ``before`` is what a ``set`` merges into."""
    granted = {word for word in before.split(",") if word and not word.startswith("!")}
    for word in filter(None, listed.split(",")):
        granted.discard(word[1:]) if word.startswith("!") else granted.add(word)
    return ",".join(
        [word for word in POLICIES if word in granted] + [f"!{word}" for word in POLICIES if word not in granted]
    )


def _show_all_interfaces(device: Device) -> None:
    for path in INTERFACE_TYPES:
        if device.menu(path) is not None:
            device.table(path)


_OWN_ROWS: dict[str, tuple[dict[str, str], ...]] = {
    "/routing/table": ({"name": "main", "fib": ""},),
    "/ip/vrf": ({"name": "main", "interfaces": "all", "builtin": "true"},),
}


def _dns_record(_row: Row, shown: dict[str, str]) -> None:
    """A name or a regexp, and of the value fields those that have a value."""
    for name in [name for name, text in shown.items() if not text]:
        del shown[name]


def _group(_row: Row, shown: dict[str, str]) -> None:
    shown["policy"] = policy_text(shown.get("policy", ""))


_SHAPES: dict[str, Callable[[Row, dict[str, str]], None]] = {
    **states.SHAPES,
    files.PATH: files.shape,
    netwatch.PATH: netwatch.shape,
    schedules.SCHEDULER: schedules.shape,
    services.PATH: services.shape,
    sshkeys.PATH: sshkeys.shape,
    **dict.fromkeys(timeouts.PATHS, timeouts.shape),
    "/ip/dns/static": _dns_record,
    **dict.fromkeys(routes.FAMILIES, routes.shape),
    addresses.IPV4: addresses.shape,
    addresses.IPV6: addresses.shape_ipv6,
    dhcp.CLIENT: dhcp.shape_client,
    dhcp.LEASES: dhcp.shape_lease,
    dhcp.SERVER: dhcp.shape_server,
    neighbourhood.ARP: neighbourhood.shape_arp,
    neighbourhood.POOLS: neighbourhood.shape_pool,
    "/interface/bridge/port": routes.shape_port,
    "/user/group": _group,
    views.QUEUES: views.shape_queue,
}
