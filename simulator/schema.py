"""One RouterOS version as the simulated router needs it: compiled once per version and menu, then only looked up.

Field names here are always the wire names of that version.
"""

from __future__ import annotations

import dataclasses
import functools
import re
from collections.abc import Mapping
from dataclasses import dataclass

from schemas.catalogue.load import open_catalogue
from schemas.catalogue.model import Field, Kind, Menu, Order, Shown, Unset
from schemas.path import MenuPath
from simulator.appearance import ALWAYS_SHOWN, DEFAULTS, OWN_TYPES, absent_by_default
from simulator.codec import Reader, of_family, reader
from simulator.complaints.wording import complaints
from simulator.profiles import has_command, has_menu, read_field
from simulator.reading import family_of, type_of

INTERFACE = "/interface"
INTERFACE_TYPES = {
    "/interface/ethernet": "ether",
    "/interface/bridge": "bridge",
    "/interface/vlan": "vlan",
    "/interface/bonding": "bond",
    "/interface/vrrp": "vrrp",
    "/interface/veth": "veth",
    "/interface/wireguard": "wg",
    "/interface/wifi": "wifi",
    "/interface/wifiwave2": "wifi",
    "/interface/wireless": "wlan",
    "/interface/vxlan": "vxlan",
    "/interface/macvlan": "macvlan",
    "/interface/macsec": "macsec",
    "/interface/gre": "gre-tunnel",
    "/interface/gre6": "gre6-tunnel",
    "/interface/ipip": "ipip-tunnel",
    "/interface/ipipv6": "ipipv6-tunnel",
    "/interface/eoip": "eoip-tunnel",
    "/interface/eoipv6": "eoipv6-tunnel",
    "/interface/6to4": "6to4-tunnel",
    "/interface/pppoe-client": "pppoe-out",
    "/interface/pptp-client": "pptp-out",
    "/interface/l2tp-client": "l2tp-out",
    "/interface/sstp-client": "sstp-out",
    "/interface/ovpn-client": "ovpn-out",
    "/interface/ppp-client": "ppp-out",
    "/interface/pppoe-server": "pppoe-in",
    "/interface/pptp-server": "pptp-in",
    "/interface/l2tp-server": "l2tp-in",
    "/interface/l2tp-ether": "l2tp-ether",
    "/interface/sstp-server": "sstp-in",
    "/interface/ovpn-server": "ovpn-in",
    "/interface/ppp-server": "ppp-in",
    "/interface/mesh": "mesh",
    "/interface/vpls": "vpls",
    "/interface/wireless/nstreme-dual": "nstreme-dual",
    "/interface/wireless/wds": "wds",
    "/mpls/traffic-eng/tunnel": "traffic-eng",
    "/interface/lte": "lte",
    "/zerotier/interface": "zerotier",
}
"""Menus whose rows are interfaces, with the ``type`` that ``/interface`` shows for them.

That servers' bindings, meshes and the rarer tunnels are told so is unproven.
"""

_OWN_TYPES = {
    ("/interface/ethernet", "speed"): "text",
    ("/ip/dhcp-server/network", "address"): "network",
    ("/ip/dns", "cache-size"): "kibibytes",
    ("/ip/route", "gateway"): "list(gateway)",
}
_OWN_REQUIRED = {"/routing/bgp/connection": ("instance",)}
"""Asked for before anything else, in versions that have the field."""
_ONE_WORD = re.compile(r"^loose\(enum\((.*)\)\)$")
"""A vocabulary alone: whether it is for one word or a list is not known, but other words are refused."""
_NOUNS = {"templates": "template"}
_OWN_KINDS = dict.fromkeys(("/log", "/system/package", "/user/active"), Kind.FIXED)
"""The facts take it for settings that can only be read; real replies are lists."""
_COMMANDS_ALONE = frozenset({"/console"})
"""Directories that every version has, some of them without a menu for the facts to tell."""
_NEVER_SHOWN = frozenset({("/user", "password")})
_SECRETS = frozenset(
    {
        "authentication-password",
        "encryption-password",
        "passphrase",
        "password",
        "pre-shared-key",
        "preshared-key",
        "private-key",
        "secret",
        "security.passphrase",
        "shared-secret",
        "wpa-pre-shared-key",
        "wpa2-pre-shared-key",
    }
)
"""Hidden from logins without ``sensitive``, in every menu."""
MASK = "*****"
"""What stands where a secret is hidden."""
_ALWAYS_TEXT = frozenset({"comment"})
_SWITCHED = {"no": "false", "yes": "true"}
_KEPT_EMPTY = frozenset({"log-prefix"})
_EMPTIED = frozenset({"text", "!text", "flag"})
"""Cleared by writing nothing: measured of comments and address lists, of other texts unproven."""
_EMPTY_READS_BACK = re.compile(r"text\b|list\(|set\(")


@dataclass(frozen=True, slots=True, eq=False)
class FieldTable:
    """``noun`` is the word RouterOS uses for the field in refusals; ``hidden`` is never in a reply.

    ``takes_empty`` fields are cleared by writing nothing; the others only by unsetting them. The items of an
    ``unordered`` field mean the same in any order. ``complaint`` is for ``simulator.complaints.wording``.
    """

    name: str
    read: Reader
    noun: str
    writable: bool
    hidden: bool
    takes_empty: bool
    unordered: bool
    complaint: str


@dataclass(frozen=True, slots=True, eq=False)
class MenuTable:
    """One menu. ``defaults`` are those that replies carry before anything was written, ``effective`` all known ones."""

    path: MenuPath
    kind: Kind
    commands: frozenset[str]
    fields: Mapping[str, FieldTable]
    defaults: Mapping[str, str]
    effective: Mapping[str, str]
    required: tuple[str, ...]
    unique: tuple[tuple[str, ...], ...]
    secrets: frozenset[str]
    hidden_unless: Mapping[str, Mapping[str, tuple[str, ...]]]
    builtin: tuple[Mapping[str, str], ...]
    sparse: bool
    never_empty: frozenset[str]
    ordered: bool
    named: bool
    readable: frozenset[str]

    @property
    def listed(self) -> bool:
        """Whether the menu has rows."""
        return self.kind in (Kind.LIST, Kind.FIXED)

    def is_secret(self, name: str) -> bool:
        """Whether a field is hidden from logins without ``sensitive``, or from everybody."""
        field = self.fields.get(name)
        return name in self.secrets or (field is not None and field.hidden)

    def masked(self, fields: Mapping[str, str]) -> dict[str, str]:
        """Fields as a login without ``sensitive`` sees them."""
        return {name: MASK if text and self.is_secret(name) else text for name, text in fields.items()}

    @property
    def interface_type(self) -> str | None:
        return INTERFACE_TYPES.get(self.path)


class SchemaTable:
    """The menus of one version; ``directories`` are all words a URL may walk through."""

    def __init__(self, version: str) -> None:
        catalogue = open_catalogue()
        self.version = catalogue.nearest(version)
        self._own = version
        self._schema = catalogue.schema(self.version)
        self._menus: dict[str, MenuTable | None] = {}
        self.paths = frozenset(str(path) for path in self._schema.paths if has_menu(version, path))
        self.directories = _COMMANDS_ALONE | {parent for path in self.paths for parent in _parents(path)}

    def menu(self, path: str) -> MenuTable | None:
        """The compiled menu, or None when this version has no such menu."""
        if path not in self._menus:
            menu = self._schema.menu(MenuPath(path)) if path in self.paths else None
            self._menus[path] = _compile(self._own, _as_in(self._own, menu)) if menu else None
        return self._menus[path]


@functools.cache
def schema_of(version: str) -> SchemaTable:
    """The tables of the nearest version that has facts."""
    return SchemaTable(version)


def unknown_menu(path: str, *, listed: bool) -> MenuTable:
    """A menu without facts: what it holds can be read as it was given, and rows removed."""
    return MenuTable(
        path=MenuPath(path),
        kind=Kind.LIST if listed else Kind.READONLY,
        commands=frozenset({"print", "get", "remove"} if listed else {"print", "get"}),
        fields={},
        defaults={},
        effective={},
        required=(),
        unique=(),
        secrets=frozenset(),
        hidden_unless={},
        builtin=(),
        sparse=False,
        never_empty=frozenset(),
        ordered=False,
        named=False,
        readable=frozenset(),
    )


def _parents(path: str) -> list[str]:
    words = path.split("/")[1:]
    return ["/" + "/".join(words[: count + 1]) for count in range(len(words))]


def _as_in(version: str, menu: Menu) -> Menu:
    """A menu of the facts with the commands, and the fields that can only be read, of the version itself."""
    fields = dict(menu.fields)
    for name, item in menu.fields.items():
        wire = item.wire if item.writable else read_field(version, menu.path, item.wire)
        if not wire:
            del fields[name]
        elif wire != item.wire:
            fields[name] = dataclasses.replace(item, wire=wire)
    commands = frozenset(command for command in menu.commands if has_command(version, menu.path, command))
    return dataclasses.replace(menu, fields=fields, commands=commands)


def _compile(version: str, menu: Menu) -> MenuTable:
    wire = {item.name: item.wire for item in menu.fields.values()}
    fields = {item.wire: _field(version, menu, item) for item in menu.fields.values()}
    kind = _OWN_KINDS.get(menu.path, Kind.FIXED if _lists(menu) else menu.kind)
    listed = kind in (Kind.LIST, Kind.FIXED)
    return MenuTable(
        path=menu.path,
        kind=kind,
        commands=menu.commands,
        fields=fields,
        defaults=_defaults(menu, listed),
        effective={item.wire: item.default for item in menu.fields.values() if item.default},
        required=(
            *(name for name in _OWN_REQUIRED.get(menu.path, ()) if name in fields),
            *(item.wire for item in menu.fields.values() if item.required),
        ),
        unique=tuple(tuple(wire.get(name, name) for name in names) for names in menu.unique),
        secrets=frozenset(item.wire for item in menu.fields.values() if item.secret or item.wire in _SECRETS),
        hidden_unless={
            wire.get(name, name): {wire.get(key, key): values for key, values in conditions.items()}
            for name, conditions in menu.hidden_unless.items()
        },
        builtin=tuple({wire.get(key, key): text for key, text in row.items()} for row in menu.builtin),
        sparse=menu.shown is Shown.WRITTEN,
        never_empty=frozenset(item.wire for item in menu.fields.values() if _never_empty(menu, item)),
        ordered="place-before" in menu.commands or "move" in menu.commands or menu.order is not Order.NONE,
        named=listed and "name" in fields,
        readable=frozenset(item.wire for item in menu.fields.values() if not item.writable),
    )


def _lists(menu: Menu) -> bool:
    """What can only be read is a list where something can be found in it, such as neighbours or cached names."""
    return menu.kind is Kind.READONLY and "find" in menu.commands


def _field(version: str, menu: Menu, item: Field) -> FieldTable:
    expression = type_of(version, menu.path, item.wire, _type(menu, item))
    family = family_of(menu.path, item.wire)
    read = reader(expression)
    return FieldTable(
        name=item.wire,
        read=of_family(read, family) if family else read,
        noun=_NOUNS.get(item.wire) or re.sub(r"^(in|out)-(?=(bridge-port-|bridge-)?interface)", "", item.wire),
        writable=item.writable,
        hidden=item.write_only or (menu.path, item.wire) in _NEVER_SHOWN,
        takes_empty=not menu.known or item.unset is Unset.EMPTY or expression in _EMPTIED,
        unordered="set(" in expression,
        complaint=complaints().get(menu.path, {}).get(item.wire, ""),
    )


def _type(menu: Menu, item: Field) -> str:
    own = _OWN_TYPES.get((menu.path, item.wire)) or OWN_TYPES.get((menu.path, item.wire))
    return own or _ONE_WORD.sub(r"words(\1)", item.type)


def _never_empty(menu: Menu, item: Field) -> bool:
    """Whether an empty value leaves the reply: comments everywhere, matchers where only written fields show."""
    if _type(menu, item) == "flag":
        return False
    return item.wire in _ALWAYS_TEXT or (menu.shown is Shown.WRITTEN and item.wire not in _KEPT_EMPTY)


def _defaults(menu: Menu, listed: bool) -> dict[str, str]:
    found: dict[str, str] = {}
    for item in menu.fields.values():
        if menu.shown is Shown.WRITTEN and item.wire not in ALWAYS_SHOWN:
            continue
        if not item.writable or item.write_only or item.wire in _ALWAYS_TEXT or _type(menu, item) == "flag":
            continue
        if absent_by_default(menu.path, item.wire):
            continue
        if (own := DEFAULTS.get((menu.path, item.wire))) is not None:
            found[item.wire] = own
        elif item.default is not None and (item.default or _EMPTY_READS_BACK.match(item.type)):
            switched = "third(" in OWN_TYPES.get((menu.path, item.wire), "")
            found[item.wire] = _SWITCHED.get(item.default, item.default) if switched else item.default
        elif item.wire == "disabled" and item.default is None and listed:
            found["disabled"] = "false"
    return found
