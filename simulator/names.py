"""The names that rows get when nobody gives them one: a stem and the first number that is free.

The stems are the console's lore, those of bridges, VLANs and WireGuard interfaces excepted: unproven.
"""

from __future__ import annotations

from simulator.schema import INTERFACE
from simulator.state import Table

_STEMS = {
    "/certificate": "cert",
    "/container": "container",
    "/interface/6to4": "sit",
    "/interface/bonding": "bonding",
    "/interface/bridge": "bridge",
    "/interface/eoip": "eoip-tunnel",
    "/interface/eoipv6": "eoipv6-tunnel",
    "/interface/gre": "gre-tunnel",
    "/interface/gre6": "gre6-tunnel",
    "/interface/ipip": "ipip-tunnel",
    "/interface/ipipv6": "ipipv6-tunnel",
    "/interface/l2tp-client": "l2tp-out",
    "/interface/l2tp-ether": "l2tp-ether",
    "/interface/l2tp-server": "l2tp-in",
    "/interface/lte/apn": "apn",
    "/interface/macsec": "macsec",
    "/interface/macsec/profile": "profile",
    "/interface/macvlan": "macvlan",
    "/interface/mesh": "mesh",
    "/interface/ovpn-client": "ovpn-out",
    "/interface/ovpn-server": "ovpn-in",
    "/interface/ovpn-server/server": "ovpn-server",
    "/interface/ppp-client": "ppp-out",
    "/interface/ppp-server": "ppp-in",
    "/interface/pppoe-client": "pppoe-out",
    "/interface/pppoe-server": "pppoe-in",
    "/interface/pptp-client": "pptp-out",
    "/interface/pptp-server": "pptp-in",
    "/interface/sstp-client": "sstp-out",
    "/interface/sstp-server": "sstp-in",
    "/interface/veth": "veth",
    "/interface/vlan": "vlan",
    "/interface/vpls": "vpls",
    "/interface/vrrp": "vrrp",
    "/interface/vxlan": "vxlan",
    "/interface/wifi": "wifi",
    "/interface/wireguard": "wireguard",
    "/interface/wireguard/peers": "peer",
    "/interface/wireless": "wlan",
    "/interface/wireless/channels": "channel",
    "/interface/wireless/interworking-profiles": "profile",
    "/interface/wireless/nstreme-dual": "n-streme",
    "/interface/wireless/wds": "wds",
    "/ip/dhcp-client": "client",
    "/ipv6/dhcp-relay": "relay",
    "/ipv6/dhcp-server": "server",
    "/mpls/traffic-eng/path": "path",
    "/mpls/traffic-eng/tunnel": "traffic-eng",
    "/openflow": "oflow",
    "/queue/simple": "queue",
    "/queue/tree": "queue",
    "/queue/type": "queue",
    "/routing/bgp/evpn": "bgp-evpn-",
    "/routing/bgp/vpls": "bgp-vpls-",
    "/routing/bgp/vpn": "bgp-mpls-vpn-",
    "/routing/id": "id-",
    "/routing/pimsm/instance": "pimsm-instance-",
    "/system/scheduler": "schedule",
    "/system/script": "script",
    "/system/ups": "ups",
    "/tool/traffic-generator/port": "port",
    "/tool/traffic-generator/raw-packet-template": "raw-packet-template",
    "/tool/traffic-generator/stream": "str",
    "/zerotier/interface": "zerotier",
}
"""Menus whose rows always have a name although nobody need give one."""


def generated(table: Table) -> str:
    """The name that a row added without one gets, '' in menus whose rows need none or must be given one."""
    stem = _STEMS.get(table.path)
    if stem is None or "name" not in table.menu.fields:
        return ""
    kin = table.device.table(INTERFACE) if table.menu.interface_type else table
    taken = {row.config.get("name") for row in kin.rows}
    return next(f"{stem}{number}" for number in range(1, len(taken) + 2) if f"{stem}{number}" not in taken)


def always_has_name(table: Table) -> bool:
    """Whether no row of a menu can be without a name."""
    return table.path == INTERFACE or table.menu.interface_type is not None or table.path in _STEMS
