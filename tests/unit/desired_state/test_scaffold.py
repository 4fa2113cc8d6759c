"""New fleets validate; a router written down reads back to the same values."""

from __future__ import annotations

import datetime
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from desired_state.load import source_of
from desired_state.scaffold import device_file, fleet_files
from desired_state.yaml_reader import read_documents
from desired_state.yaml_writer import flow, rows
from schemas.catalogue.load import open_catalogue
from schemas.device import Device, Expect, Mode, Tls
from schemas.observed import DeviceFacts, Observed, ObservedMenu
from schemas.path import MenuPath

VERSION = "7.18.2"


@pytest.mark.parametrize(("environment", "lab"), [("lab", True), ("prod", False), ("yes: no", False)])
def test_a_new_fleet_validates(environment: str, lab: bool) -> None:
    source = source_of("c" * 40, fleet_files(environment, lab=lab))
    assert source.validate() == ()
    assert source.devices["example"].mode is Mode.PAUSED
    assert source.fleet.environments[environment].self_approval is lab
    desired = source.render("example", VERSION)
    assert desired.menus[MenuPath("/ip/address")].entries[0].fields["address"] == "192.168.88.1/24"


def written(menus: Mapping[str, Any], version: str = VERSION) -> tuple[str, Any]:
    found = {
        MenuPath(path): ObservedMenu(tuple(content if isinstance(content, list) else [content]))
        for path, content in menus.items()
    }
    device = Device("r1", ("https://192.0.2.1",), Tls(pin="sha256:" + "a" * 64), "ro", "rw", "lab", expect=Expect("S1"))
    observed = Observed("r1", DeviceFacts(version=version), found, datetime.datetime.now(datetime.UTC))
    schema = open_catalogue().schema(version)
    data = device_file(device, observed, schema.menu)
    files = {**fleet_files("lab", lab=True, example=False), "devices/r1.yaml": data}
    return data.decode(), source_of("c" * 40, files).render("r1", version)


def test_a_router_is_written_down_readably() -> None:
    text, desired = written(
        {
            "/system/identity": {"name": "r1"},
            "/ip/dns": {"servers": "1.1.1.1,9.9.9.9", "allow-remote-requests": "false", "cache-used": "5KiB"},
            "/interface/ethernet": [
                {".id": "*2", "default-name": "ether10", "name": "ether10", "mtu": "1500", "disabled": "true"},
                {
                    ".id": "*1",
                    "default-name": "ether2",
                    "name": "wan",
                    "mtu": "1500",
                    "mac-address": "AA:BB:CC:00:00:01",
                },
                {".id": "*3", "default-name": "ether3", "name": "ether3", "mtu": "1500"},
            ],
            "/ip/service": [
                {".id": "*1", "name": "telnet", "port": "23", "disabled": "true", "address": ""},
                {".id": "*2", "name": "ssh", "port": "22", "disabled": "false"},
                {".id": "*3", "name": "www", "port": "80", "dynamic": "true", "disabled": "true"},
            ],
            "/interface/list": [
                {".id": "*1", "name": "all", "builtin": "true", "comment": "contains all interfaces"},
                {".id": "*9", "name": "LAN10"},
                {".id": "*8", "name": "LAN9", "comment": "null"},
            ],
            "/user": [{".id": "*1", "name": "admin", "group": "full", "password": "hunter2", "last-logged-in": "x"}],
            "/ip/firewall/filter": [
                {".id": "*2", "chain": "input", "action": "accept", "connection-state": "established,related"},
                {".id": "*3", "chain": "input", "action": "drop", "in-interface-list": "!LAN", "bytes": "5"},
                {".id": "*4", "chain": "forward", "action": "passthrough", "dynamic": "true"},
            ],
            "/ip/route": [],
        }
    )
    assert text[text.index("menus:") :] == (
        "menus:\n"
        "  /interface/ethernet:\n"
        "    - {$match: {default-name: ether2}, name: wan}\n"
        "    - {$match: {default-name: ether10}, disabled: true}\n"
        "  /interface/list:\n"
        '    - {name: LAN9, comment: "null"}\n'
        "    - {name: LAN10}\n"
        "  /ip/dns: {servers: [1.1.1.1, 9.9.9.9]}\n"
        "  /ip/firewall/filter:\n"
        "    - {chain: input, action: accept, connection-state: [established, related]}\n"
        '    - {chain: input, action: drop, in-interface-list: "!LAN"}\n'
        "  /ip/service:\n"
        "    - {$match: {name: telnet}, disabled: true}\n"
        "  /system/identity: {name: r1}\n"
        "  /user:\n"
        "    - {name: admin, group: full}\n"
    )
    assert desired.device.expect.serial == "S1"
    assert desired.device.mode is Mode.OBSERVE


TEXTS = [
    "",
    "null",
    "~",
    "true",
    "no",
    "007",
    "7.20",
    "0x80",
    "-5",
    "a, b",
    "a: b",
    "a #b",
    "#x",
    "x:",
    "::1",
    "!LAN",
    "*1A",
    "&x",
    "@x",
    "%x",
    "- x",
    "?x",
    "{a}",
    "[a]",
    '"q"',
    "'q'",
    "back\\slash",
    "  space  ",
    "tab\there",
    "line\r\nbreak\n",
    "é ü 漢字 🙂",
    "\x00\x07\x7f\x85\u2028\ufeff",
    "{{ x }}",
    "{% if %}",
    "{# x #}",
    "---",
    "...",
    "<<",
    "=",
    "|",
    ">",
    "a\n---\nb",
    "x" * 300,
]


@pytest.mark.parametrize("text", TEXTS)
def test_every_text_reads_back(text: str) -> None:
    _, desired = written({"/interface/list": [{".id": "*9", "name": "L", "comment": text}]})
    entry = desired.menus[MenuPath("/interface/list")].entries[0]
    assert entry.fields.get("comment", "") == text
    assert read_documents("f", f"a: {flow([text, {'k': text}])}\n".encode())[0].root["a"][1]["k"] in (
        text,
        True,
        -5,
        None,
    )


def test_what_cannot_be_written_is_left_to_the_router() -> None:
    text, desired = written(
        {
            "/interface/list": [{"name": "L", "comment": "caf\udce9"}],
            "/interface/vlan": [{"name": "v", "vlan-id": "weird", "interface": "bridge"}],
            "/interface/bridge": [{"name": "b", "comment": "1"}, {"name": "b", "comment": "2"}],
        }
    )
    assert "left out, its key is taken: name=b" in text
    assert desired.menus[MenuPath("/interface/list")].entries[0].omit == {"comment"}
    assert desired.menus[MenuPath("/interface/vlan")].entries[0].omit == {"vlan-id"}
    assert len(desired.menus[MenuPath("/interface/bridge")].entries) == 1


def test_long_rows_stand_on_several_lines() -> None:
    row = {"chain": "input", "comment": "x" * 100, "action": "drop"}
    text = rows([row, {"chain": "a"}], 4)
    assert text.splitlines()[0] == "    - chain: input"
    assert read_documents("f", text.encode())[0].root == [row, {"chain": "a"}]


def test_real_routers_read_back() -> None:
    corpus = os.environ.get("PLUMBLINE_CORPUS")
    if not corpus:
        pytest.skip("PLUMBLINE_CORPUS is not set")
    routers = sorted(Path(corpus, "routers").glob("*.json"))
    assert routers
    for path in routers:
        data = json.loads(path.read_text())
        text, desired = written(data["menus"], data["routeros"])
        omitted = [line for line in text.splitlines() if "$omit" in line]
        assert len(omitted) == str(data["menus"]).count("'REMOVED'"), (path.name, omitted)
        filters = data["menus"].get("/ip/firewall/filter", [])
        assert len(desired.menus[MenuPath("/ip/firewall/filter")].entries) == len(filters)
        for entry, row in zip(desired.menus[MenuPath("/ip/firewall/filter")].entries, filters, strict=True):
            assert entry.fields["chain"] == row["chain"]
            assert entry.fields.get("comment", "") == row.get("comment", "")
