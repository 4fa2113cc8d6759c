"""Edits touch only the lines concerned, whatever style the document has."""

from __future__ import annotations

import difflib

import pytest

from desired_state.edits import Edit, edited
from schemas.errors import InputError
from schemas.path import MenuPath

HEAD = "    head: [{$id: established, chain: input, action: accept}, {$id: icmp, chain: input, protocol: icmp}]"
DOCUMENT = """\
# the edge router
apiVersion: plumbline/v1
kind: Device
vars: {lan: 10.20.0.0/24}   # per site

menus:
  /system/identity: {name: "{{ device.name }}"}   # its name
  /ip/dns:
    servers: [1.1.1.1, 9.9.9.9]
    allow-remote-requests: no   # closed
  # addresses by hand
  /ip/address:
    # the LAN
    - {address: 10.20.0.1/24, interface: bridge, comment: 'LAN "x"'}
    - address: 192.168.88.1/24
      interface: bridge

    # the uplink
    - address: 192.0.2.1/30
      interface: wan
  /ip/firewall/filter:
    own: [{chain: input, prune: all}]
HEAD
    entries:
    - {chain: input, action: drop, comment: rest}
  /interface/list: [{name: LAN}, {name: WAN}]
  /interface/ethernet:
    - {$match: {default-name: ether1}, name: wan}
""".replace("HEAD", HEAD)


def changed(document: str, edit: Edit) -> tuple[list[str], list[str]]:
    new = edited(document.encode(), "devices/r1.yaml", edit).decode()
    lines = list(difflib.ndiff(document.splitlines(), new.splitlines()))
    return [line[2:] for line in lines if line[0] == "-"], [line[2:] for line in lines if line[0] == "+"]


def edit(path: str, action: str, values: dict[str, str] | None = None, **more: dict[str, str]) -> Edit:
    return Edit(MenuPath(path), action, values or {}, **more)


CASES = [
    (
        edit("/system/identity", "set", {"name": "r2"}),
        ['  /system/identity: {name: "{{ device.name }}"}   # its name'],
        ["  /system/identity: {name: r2}   # its name"],
    ),
    (
        edit("/ip/dns", "set", {"allow-remote-requests": "true", "cache-max-ttl": "1d"}),
        ["    allow-remote-requests: no   # closed"],
        ["    allow-remote-requests: true   # closed", "    cache-max-ttl: 1d"],
    ),
    (
        edit("/ip/dns", "set", {"servers": "9.9.9.9"}),
        ["    servers: [1.1.1.1, 9.9.9.9]"],
        ["    servers: 9.9.9.9"],
    ),
    (edit("/ip/dns", "remove", {"servers": ""}), ["    servers: [1.1.1.1, 9.9.9.9]"], []),
    (
        edit("/ip/address", "set", {"comment": "a: b"}, select={"address": "10.20.0.1/255.255.255.0"}),
        ["    - {address: 10.20.0.1/24, interface: bridge, comment: 'LAN \"x\"'}"],
        ['    - {address: 10.20.0.1/24, interface: bridge, comment: "a: b"}'],
    ),
    (
        edit("/ip/address", "set", {"disabled": "true"}, select={"address": "192.168.88.1/24"}),
        [],
        ["      disabled: true"],
    ),
    (
        edit("/ip/address", "remove", select={"interface": "wan"}),
        ["    # the uplink", "    - address: 192.0.2.1/30", "      interface: wan"],
        [],
    ),
    (
        edit("/ip/address", "remove", select={"address": "192.168.88.1/24"}),
        ["    - address: 192.168.88.1/24", "      interface: bridge"],
        [],
    ),
    (
        edit("/ip/address", "add", {"address": "10.9.0.1/24", "interface": "mgmt"}),
        [],
        ["    - {address: 10.9.0.1/24, interface: mgmt}"],
    ),
    (
        edit("/ip/firewall/filter", "add", {"$id": "ssh", "chain": "input"}, before={"comment": "rest"}),
        [],
        ["    - {$id: ssh, chain: input}"],
    ),
    (
        edit("/ip/firewall/filter", "add", {"chain": "input", "action": "log"}),
        [],
        ["    - {chain: input, action: log}"],
    ),
    (
        edit("/ip/firewall/filter", "add", {"chain": "input"}, before={"$id": "icmp"}),
        [HEAD],
        [HEAD.replace("{$id: icmp", "{chain: input}, {$id: icmp")],
    ),
    (
        edit("/ip/firewall/filter", "remove", select={"comment": "rest"}),
        ["    entries:", "    - {chain: input, action: drop, comment: rest}"],
        ["    entries: []"],
    ),
    (
        edit("/interface/list", "remove", select={"name": "WAN"}),
        ["  /interface/list: [{name: LAN}, {name: WAN}]"],
        ["  /interface/list: [{name: LAN}]"],
    ),
    (
        edit("/interface/list", "add", {"name": "DMZ", "comment": "x, y"}),
        ["  /interface/list: [{name: LAN}, {name: WAN}]"],
        ['  /interface/list: [{name: LAN}, {name: WAN}, {name: DMZ, comment: "x, y"}]'],
    ),
    (
        edit("/interface/ethernet", "set", {"name": "uplink"}, select={"default-name": "ether1"}),
        ["    - {$match: {default-name: ether1}, name: wan}"],
        ["    - {$match: {default-name: ether1}, name: uplink}"],
    ),
    (
        edit("/interface/ethernet", "set", {"disabled": "true"}, select={"default-name": "ether2"}),
        [],
        ["    - {$match: {default-name: ether2}, disabled: true}"],
    ),
    (
        edit("/ip/service", "set", {"disabled": "true"}, select={"name": "telnet"}),
        [],
        ["  /ip/service:", "    - {$match: {name: telnet}, disabled: true}"],
    ),
    (
        edit("/ip/dns/static", "add", {"name": "a.example", "address": "192.0.2.9"}),
        [],
        ["  /ip/dns/static:", "    - {name: a.example, address: 192.0.2.9}"],
    ),
]


@pytest.mark.parametrize(
    ("asked", "gone", "new"), CASES, ids=[f"{c[0].action} {c[0].path} {i}" for i, c in enumerate(CASES)]
)
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_only_the_lines_concerned(asked: Edit, gone: list[str], new: list[str], newline: str) -> None:
    assert changed(DOCUMENT.replace("\n", newline), asked) == (gone, new)


@pytest.mark.parametrize(
    ("menus", "result"),
    [
        ("menus: {}\n", "menus:\n  /interface/list:\n    - {name: A}\n"),
        ("menus:\n", "menus:\n  /interface/list:\n    - {name: A}\n"),
        ("kind: x\n", "kind: x\nmenus:\n  /interface/list:\n    - {name: A}\n"),
        ("menus: {/interface/list: []}\n", "menus: {/interface/list: [{name: A}]}\n"),
        ("menus:\n  /interface/list: []\n", "menus:\n  /interface/list:\n    - {name: A}\n"),
        (
            "menus:\n  /interface/list: [] # none\nvars: {}\n",
            "menus:\n  /interface/list:\n    - {name: A} # none\nvars: {}\n",
        ),
        (
            "menus:\n    /ip/dns: {}",
            "menus:\n    /ip/dns: {}\n    /interface/list:\n      - {name: A}\n",
        ),
        (
            "menus:\n  /interface/list: {prune: all}\n",
            "menus:\n  /interface/list: {prune: all, entries: [{name: A}]}\n",
        ),
        ("menus: {/ip/dns: {}}\n", "menus: {/ip/dns: {}, /interface/list: [{name: A}]}\n"),
    ],
)
def test_a_row_where_there_was_none(menus: str, result: str) -> None:
    assert edited(menus.encode(), "f", edit("/interface/list", "add", {"name": "A"})).decode() == result


REFUSED = [
    (edit("/ip/address", "set", {"comment": "x"}, select={"interface": "bridge"}), "2 entries of /ip/address have"),
    (edit("/ip/address", "set", {"comment": "x"}, select={"interface": "none"}), "No entry of /ip/address here has"),
    (edit("/ip/address", "remove"), "Say which entry"),
    (edit("/ip/route", "remove", select={"gateway": "x"}), "has no menu /ip/route"),
    (edit("/ip/adress", "add", {"address": "x"}), 'Did you mean "/ip/address"'),
    (edit("/ip/dns", "add", {"servers": "x"}), "has no rows"),
    (edit("/ip/dns", "remove", {"server": ""}), 'Did you mean "servers"'),
    (edit("/ip/dns", "swap", {"servers": "x"}), "is no edit"),
    (edit("/interface/list", "add"), "needs values"),
    (
        edit("/interface/list", "add", {"name": "x"}, before={"name": "y"}),
        "No entry of /interface/list here has name=y",
    ),
]


@pytest.mark.parametrize(("asked", "message"), REFUSED)
def test_refused_with_a_sentence(asked: Edit, message: str) -> None:
    with pytest.raises(InputError, match=message):
        edited(DOCUMENT.encode(), "devices/r1.yaml", asked)
