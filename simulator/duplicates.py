"""What a router says when a row is there already: each menu has its own sentence.

Most were told by a CHR with 7.23.2 when a second row differed in everything but the unique fields; the others are
captured refusals. Which fields are unique is in the facts, but for ``OWN_UNIQUE``. That a disabled row takes nothing
was seen in six menus and is inferred for the others.
"""

from __future__ import annotations

from simulator.errors import Refusal
from simulator.profiles import Does, does

_ENTRY = "failure: already have such entry"
_NAME = "failure: already have such name"
_MUST_BE_UNIQUE = "failure: Name must be unique"
_OPTION = "failure: option with such name already exists"
_ITEM = "failure: duplicate item name"
_SERVER = "failure: server with such name already exists"
_UNIQUE_NAME = "failure: must use unique name"
_THIS_INTERFACE = "failure: already have this interface"

_WORDS: dict[str, str] = {
    "/certificate": "failure: Name exists, please choose another!",
    "/container": "failure: Name already exists",
    "/interface/bridge/port": "failure: device already added as bridge port",
    "/interface/bridge/vlan": "failure: vlan already added",
    "/interface/list": "failure: already have interface list with such name",
    "/interface/lte/apn": "failure: name can't repeat",
    "/interface/macsec/profile": "failure: name already exists",
    "/interface/ovpn-server/server": "failure: already have a server with the same protocol-port-vrf combination",
    "/interface/pppoe-server/server": "failure: service the same name on the same interface already exists",
    "/interface/vrrp": "failure: vrrp with such interface and vrid already exists",
    "/interface/wifi/aaa": _UNIQUE_NAME,
    "/interface/wifi/channel": _UNIQUE_NAME,
    "/interface/wifi/configuration": _UNIQUE_NAME,
    "/interface/wifi/datapath": _UNIQUE_NAME,
    "/interface/wifi/interworking": _UNIQUE_NAME,
    "/interface/wifi/security": _UNIQUE_NAME,
    "/interface/wifi/steering": _UNIQUE_NAME,
    "/interface/wireguard/peers": "failure: entry with this name already exists",
    "/ip/address": "failure: already have such address",
    "/ip/dhcp-client": "failure: client with such name already exists",
    "/ip/dhcp-client/option": _OPTION,
    "/ip/dhcp-server": _SERVER,
    "/ip/dhcp-server/matcher": "item already exists (7)",
    "/ip/dhcp-server/network": "failure: such network already exists",
    "/ip/dhcp-server/option": _OPTION,
    "/ip/dhcp-server/option/sets": _MUST_BE_UNIQUE,
    "/ip/dns/forwarders": "failure: name not unique",
    "/ip/dns/static": "failure: entry already exists",
    "/ip/firewall/address-list": _ENTRY,
    "/ip/firewall/layer7-protocol": _NAME,
    "/ip/hotspot": "failure: hotspot with such name already exists",
    "/ip/hotspot/profile": "failure: server profile with such name already exists",
    "/ip/hotspot/user": "failure: already have user with this name for this server",
    "/ip/hotspot/user/profile": "failure: user profile with such name already exists",
    "/ip/ipsec/mode-config": _ITEM,
    "/ip/ipsec/peer": "failure: Name can't repeat",
    "/ip/ipsec/policy/group": _ITEM,
    "/ip/ipsec/profile": "failure: name can't repeat!",
    "/ip/ipsec/proposal": _ITEM,
    "/ip/kid-control": "failure: already have user with this name",
    "/ip/nat-pmp/interfaces": _THIS_INTERFACE,
    "/ip/packing": "failure: packing for this interface already exists",
    "/ip/pool": "failure: pool with such name exists",
    "/ip/smb/shares": _NAME,
    "/ip/smb/users": _NAME,
    "/ip/socks/users": "failure: User [{}] already exists",
    "/ip/socksify": "failure: name must be unique",
    "/ip/upnp/interfaces": _THIS_INTERFACE,
    "/ip/vrf": "failure: vrf already exists: {}",
    "/ipv6/address": "failure: already have such address",
    "/ipv6/dhcp-client/option": _OPTION,
    "/ipv6/dhcp-relay/option": _OPTION,
    "/ipv6/dhcp-server": _SERVER,
    "/ipv6/dhcp-server/option": _OPTION,
    "/ipv6/dhcp-server/option/sets": _MUST_BE_UNIQUE,
    "/ipv6/nd": "failure: configuration for this interface already exists",
    "/ipv6/pool": "failure: two pools cannot have the same name!",
    "/ppp/l2tp-secret": "item already exists (7)",
    "/ppp/profile": "failure: profile with the same name already exists",
    "/ppp/secret": "failure: secret with the same name already exists",
    "/queue/simple": _NAME,
    "/queue/tree": _NAME,
    "/queue/type": "failure: name already used",
    "/routing/igmp-proxy/interface": "failure: already have such interface",
    "/routing/table": "failure: root table already exists with name: {}",
    "/snmp/community": "failure: community with the same name already exists!",
    "/system/logging/action": "failure: action already exists with such a name",
    "/system/ntp/client/servers": "failure: duplicate address",
    "/system/package/local-update/update-package-source": "failure: address already added",
    "/system/scheduler": "failure: item with this name already exists",
    "/system/script": "failure: item with such name already exists",
    "/tool/graphing/interface": "failure: Graphing rule already exists",
    "/tool/graphing/queue": "failure: Graphing rule already exists",
    "/tool/traffic-generator/packet-template": _NAME,
    "/tool/traffic-generator/raw-packet-template": _NAME,
    "/tool/traffic-monitor": "item already exists (7)",
    "/user": "failure: user with the same name already exists",
    "/user-manager/user": "failure: already have user with this name",
    "/user/group": "failure: group with the same name already exists",
}
_OF_FIELDS: dict[tuple[str, tuple[str, ...]], str] = {
    ("/ip/dhcp-client", ("interface",)): "failure: already have such interface",
    ("/ip/socksify", ("port",)): "failure: port number must be unique",
}
"""Where a menu has more than one sentence."""

OWN_UNIQUE: dict[str, tuple[tuple[str, ...], ...]] = {
    "/container": (("name",),),
    "/ip/dhcp-client": (("interface",),),
    "/ip/dhcp-server/matcher": (("name",),),
    "/ipv6/address": (("address", "interface"),),
    "/ppp/l2tp-secret": (("address",),),
    "/routing/table": (("name",),),
    "/tool/graphing/interface": (("interface",),),
    "/tool/graphing/queue": (("simple-queue",),),
    "/tool/traffic-generator/raw-packet-template": (("name",),),
    "/tool/traffic-monitor": (("name",),),
    "/user-manager/user": (("name",),),
}
"""Beyond what the facts say; that of IPv6 addresses follows IPv4's (unproven)."""

EVEN_DISABLED = frozenset({"/interface/ovpn-server/server"})
"""Menus in which a disabled row takes its place too: a second server is refused although both come disabled."""

_INTERNAL = 500
_BAD = 400


def taken(path: str, names: tuple[str, ...], key: str) -> Refusal:
    """The refusal of a row whose unique fields are those of another; ``key`` is the value of the first."""
    words = _OF_FIELDS.get((path, names), _WORDS.get(path, _ENTRY)).format(key)
    return Refusal(words, _BAD if words.startswith("failure: ") else _INTERNAL)


def taken_interface(version: str, name: str) -> Refusal:
    """The refusal of an interface whose name another has."""
    if does(version, Does.NAMES_TAKEN_INTERFACES):
        return Refusal(f"failure: already have interface with name {name}")
    return Refusal("failure: already have interface with such name")
