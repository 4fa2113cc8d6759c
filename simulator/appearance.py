"""Which fields replies carry, where real replies are the evidence and no rule of the catalogue says it.

Each entry is read off objects of real routers; a menu that is not here has none at hand.
"""

from __future__ import annotations

from collections.abc import Mapping

PORT_STATE: Mapping[str, str] = {
    "debug-info": " prio 0x80 num 1\n role:Designated (Enabled) pathcost 20000 20000 learn 1 forward 1\n",
    "designated-bridge-id": "0x8000.DC:2C:6E:00:00:01",
    "designated-cost": "0",
    "designated-port-id": "0x80.1",
    "discard-transitions": "0",
    "edge-port": "true",
    "edge-port-discovery": "true",
    "external-fdb-status": "false",
    "forward-transitions": "1",
    "forwarding": "true",
    "learning": "true",
    "point-to-point-port": "false",
    "port-id": "0x80.1",
    "role": "designated-port",
    "rx-bpdu": "0",
    "rx-tc": "0",
    "sending-rstp": "true",
    "topology-changes": "0",
    "tx-bpdu": "298",
    "tx-tc": "0",
}
"""What a port says while it is in its bridge, which is the designated bridge of a network without another."""

FACTS: Mapping[str, Mapping[str, str]] = {
    "/caps-man/interface": {
        **dict.fromkeys(("bound", "master", "running"), "true"),
        **dict.fromkeys(("current-authorized-clients", "current-registered-clients"), "0"),
        "current-basic-rate-set": "OFDM:6",
        "current-channel": "2462/20/gn(30dBm)",
        "current-rate-set": "OFDM:6-54 BW:1x SGI:1x HT:0-15",
        "current-state": "running-ap",
    },
    "/container": {"arch": "arm64", "os": "linux", "status": "stopped"},
    "/interface/bridge/port": PORT_STATE,
    "/interface/bridge/settings": {"bridge-fast-path-active": "true"},
    "/interface/lte": {"inactive": "false"},
    "/interface/wireguard/peers": {
        "current-endpoint-address": "",
        "current-endpoint-port": "0",
        "rx": "0",
        "tx": "0",
    },
    "/interface/vxlan": {"l2mtu": "65535", "loop-protect-status": "off"},
    "/interface/wifi/security/multi-passphrase": {"expired": "false"},
    "/interface/wireless/cap": {"requested-certificate": "none"},
    "/ip/firewall/connection/tracking": {
        **dict.fromkeys(("active-ipv4", "active-ipv6"), "false"),
        "max-entries": "849920",
        **dict.fromkeys(("total-entries", "total-ip4-entries", "total-ip6-entries"), "0"),
    },
    "/ip/hotspot": {"HTTPS": "false", "proxy-status": "running"},
    "/ip/hotspot/walled-garden": {"hits": "0"},
    "/ip/smb": {"status": "disabled"},
    "/ipv6/dhcp-client": {"status": "searching..."},
    "/ipv6/settings": {"ipv6-fast-path-active": "true", "ipv6-fasttrack-active": "false"},
    "/queue/simple": {
        **dict.fromkeys(
            ("bytes", "dropped", "packet-rate", "packets", "queued-bytes", "queued-packets", "rate"), "0/0"
        ),
        **dict.fromkeys(("total-bytes", "total-dropped", "total-packet-rate", "total-packets"), "0"),
        **dict.fromkeys(("total-queued-bytes", "total-queued-packets", "total-rate"), "0"),
    },
    "/routing/id": {"dynamic-id": ""},
    "/tool/sniffer": {"running": "false"},
    "/user-manager/user-profile": {"state": "running"},
}
"""What a row says by itself from its first moment, beyond what ``simulator.menus`` derives. Their words are unproven
where a real row was in another state."""

_UNTOLD = frozenset({"/caps-man/interface", "/container"})
"""Menus whose read-only fields the facts do not know."""

_NEVER_DEFAULT = frozenset(
    {"/ip/hotspot/profile", "/ip/hotspot/user/profile", "/ip/ipsec/mode-config", "/routing/rule"}
)
"""Menus whose rows do not say whether they are the router's own; all others that can do."""

UNFLAGGED: Mapping[str, frozenset[str]] = {
    path: frozenset({"dynamic"})
    for path in (
        "/caps-man/interface",
        "/interface/ethernet/switch/vlan",
        "/interface/wifi",
        "/ipv6/dhcp-client",
        "/ipv6/nd/prefix",
        "/routing/bgp/connection",
        "/routing/igmp-proxy/interface",
    )
}
"""Flags that rows of the router's own may carry and rows somebody wrote do not."""

_ABSENT: Mapping[str, frozenset[str]] = {
    "/container": frozenset({"logging", "start-on-boot"}),
    "/interface/bridge/filter": frozenset({"jump-target", "new-packet-mark"}),
    "/interface/ethernet": frozenset({"bandwidth", "sfp-ignore-rx-los", "sfp-rate-select"}),
    "/interface/lte": frozenset({"modem-init", "nr-band", "operator"}),
    "/interface/pppoe-client": frozenset({"host-uniq"}),
    "/interface/wifi/security/multi-passphrase": frozenset({"expires"}),
    "/ip/hotspot": frozenset({"address-pool"}),
    "/ip/hotspot/ip-binding": frozenset({"server", "type"}),
    "/ip/hotspot/profile": frozenset({"rate-limit"}),
    "/ip/hotspot/user/profile": frozenset({"address-pool"}),
    "/ip/hotspot/walled-garden/ip": frozenset({"dst-host"}),
    "/ip/ipsec/mode-config": frozenset({"src-address-list", "static-dns"}),
    "/ipv6/dhcp-client": frozenset({"script"}),
    "/ppp/profile": frozenset(
        (
            "dhcpv6-pd-pool dns-server incoming-filter outgoing-filter rate-limit remote-ipv6-prefix-pool wins-server"
        ).split()
    ),
    "/queue/simple": frozenset({"total-bucket-size"}),
    "/routing/table": frozenset({"disabled"}),
}
_ABSENT_BELOW = ("/caps-man/interface",)
"""Menus whose fields name a profile first: ``security.encryption`` is there only once it was written."""

OWN_TYPES: Mapping[tuple[str, str], str] = {
    ("/interface/wifi", "security.connect-priority"): "one-or-pair(int(0..4294967295))",
    ("/interface/wifi/security", "connect-priority"): "one-or-pair(int(0..4294967295))",
    ("/ppp/profile", "queue-type"): "one-or-pair(ref(/queue/type))",
    ("/interface/sstp-server/server", "pfs"): "third(required)",
    ("/ipv6/dhcp-server", "use-radius"): "third(accounting)",
}
"""How values read back where it is not as the catalogue has it: ``true`` and ``false`` for ``yes`` and ``no``, a single
value where two may stand."""


DEFAULTS: Mapping[tuple[str, str], str] = {
    ("/ip/firewall/connection/tracking", name): text
    for name, text in {
        "icmp-timeout": "10s",
        "loose-tcp-tracking": "true",
        "tcp-close-wait-timeout": "10s",
        "tcp-established-timeout": "1d",
        "tcp-fin-wait-timeout": "10s",
        "tcp-last-ack-timeout": "10s",
        "tcp-syn-received-timeout": "5s",
        "tcp-syn-sent-timeout": "5s",
        "tcp-time-wait-timeout": "10s",
        "udp-timeout": "30s",
    }.items()
}
"""Defaults that replies carry and the facts lack; the manual's, that of ``udp-timeout`` unproven."""

ALWAYS_SHOWN = frozenset({"action"})
"""Fields with a default that replies carry even where otherwise only written fields show."""


def absent_by_default(path: str, name: str) -> bool:
    """Whether replies carry the field only once it was written."""
    return name in _ABSENT.get(path, ()) or (path in _ABSENT_BELOW and "." in name)


def facts_of(path: str, readable: frozenset[str]) -> dict[str, str]:
    """What a fresh row says by itself, in a version that can read it."""
    told = {"default": "false"} if "default" in readable and path not in _NEVER_DEFAULT else {}
    facts = FACTS.get(path, {})
    return told | {name: text for name, text in facts.items() if name in readable or path in _UNTOLD}
