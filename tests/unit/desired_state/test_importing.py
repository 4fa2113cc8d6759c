"""An export written down: minimal, without secrets, and nothing lost in silence."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import yaml

from desired_state.importing import Imported, document_of
from desired_state.load import source_of
from desired_state.scaffold import fleet_files
from schemas.catalogue.load import open_catalogue
from schemas.desired import SecretRef
from schemas.device import Device, Tls
from schemas.exported import Exported, ExportedRow, LeftOut
from schemas.observed import DeviceFacts
from schemas.path import MenuPath

VERSION = "7.18.2"
SCHEMA = open_catalogue().schema(VERSION)
DEVICE = Device("edge", ("https://192.0.2.1",), Tls(insecure=True), "ro", "rw", "lab")


def row(line: int, match: Mapping[str, str] | None = None, note: str = "", /, **fields: str | None) -> ExportedRow:
    named = {name.replace("_", "-"): text for name, text in fields.items()}
    return ExportedRow(named, (line,), match or {}, note)


def taken(menus: Mapping[str, Sequence[ExportedRow]], refused: Mapping[int, LeftOut] | None = None) -> Imported:
    found = {MenuPath(path): tuple(rows) for path, rows in menus.items()}
    return document_of(DEVICE, Exported(DeviceFacts(version=VERSION), VERSION, found), SCHEMA.menu, refused)


def document(imported: Imported) -> Mapping[str, object]:
    found: Mapping[str, object] = yaml.load(imported.files["devices/edge.yaml"], yaml.BaseLoader)["menus"]
    return found


def test_defaults_are_left_out_and_the_rest_is_kept_as_it_was_written() -> None:
    imported = taken(
        {
            "/ip/dns": [row(2, allow_remote_requests="yes", cache_size="2048KiB", servers="1.1.1.1,9.9.9.9")],
            "/ip/firewall/filter": [row(4, action="accept", chain="input", disabled="no", protocol="tcp")],
        }
    )
    assert document(imported) == {
        "/ip/dns": {"allow-remote-requests": "yes", "servers": ["1.1.1.1", "9.9.9.9"]},
        "/ip/firewall/filter": [{"chain": "input", "action": "accept", "protocol": "tcp"}],
    }
    assert imported.left_out == ()


def test_rows_that_the_router_made_are_selected_and_comments_stay() -> None:
    made = row(3, {"default-name": "ether1"}, "to the provider", name="wan")
    imported = taken({"/interface/ethernet": [made, row(4, {"default-name": "ether2"}, name="ether2")]})
    assert document(imported) == {"/interface/ethernet": [{"$match": {"default-name": "ether1"}, "name": "wan"}]}
    assert "    # to the provider\n    - {$match" in imported.files["devices/edge.yaml"].decode()


def test_a_row_at_nothing_but_defaults_says_one_of_them() -> None:
    imported = taken({"/tool/graphing/resource": [row(2), row(3, disabled="no")]})
    assert document(imported) == {"/tool/graphing/resource": [{"allow-address": "0.0.0.0/0"}] * 2}
    assert imported.left_out == ()


def test_what_is_only_a_state_is_no_setting() -> None:
    address = row(2, address="::1/128", list="x", dynamic="no")
    imported = taken({"/ipv6/firewall/address-list": [address], "/snmp": [row(3, engine_id="80")]})
    assert document(imported) == {"/ipv6/firewall/address-list": [{"list": "x", "address": "::1/128"}]}
    assert [item.line for item in imported.left_out] == [3]


def test_secrets_become_names_and_their_values_stay_out() -> None:
    imported = taken({"/user": [row(7, name="audit", group="read", password="hunter2")]})
    assert document(imported) == {"/user": [{"name": "audit", "group": "read", "password": {"secret": NAME}}]}
    assert imported.secrets == {NAME: "hunter2"}
    assert all(b"hunter2" not in content for content in imported.files.values())


NAME = "edge-user-audit-password"


def test_a_value_that_the_catalogue_cannot_read_is_kept_as_it_is() -> None:
    imported = taken({"/ip/address": [row(9, address="10.0.0.1/24", interface="ether1", disabled="perhaps")]})
    written = {"address": "10.0.0.1/24", "interface": "ether1", "disabled": {"text": "perhaps"}}
    assert document(imported) == {"/ip/address": [written]}
    assert imported.left_out == ()
    source = source_of("0" * 40, {**fleet_files("lab", lab=True, example=False), **imported.files})
    entry = source.render("edge", VERSION).menus[MenuPath("/ip/address")].entries[0]
    assert entry.fields["disabled"] == "perhaps"


def test_a_network_that_follows_from_the_address_is_not_repeated() -> None:
    imported = taken(
        {
            "/ip/address": [
                row(1, address="10.0.0.1/24", interface="ether1", network="10.0.0.0"),
                row(2, address="10.9.0.1", interface="ether2", network="10.9.0.2"),
            ]
        }
    )
    assert document(imported)["/ip/address"] == [
        {"address": "10.0.0.1/24", "interface": "ether1"},
        {"address": "10.9.0.1", "interface": "ether2", "network": "10.9.0.2"},
    ]


def test_many_rows_that_are_alike_go_to_a_list_and_render_to_the_same() -> None:
    many = [row(n + 1, list="blocked", address=f"10.0.{n}.0/24", comment=f"net {n}") for n in range(60)]
    imported = taken({"/ip/firewall/address-list": [*many, row(99, list="ours", address="10.9.9.9")]})
    assert "lists/edge-blocked.yaml" in imported.files
    assert len(document(imported)["/ip/firewall/address-list"]) == 2  # type: ignore[arg-type]
    source = source_of("0" * 40, {**fleet_files("lab", lab=True, example=False), **imported.files})
    entries = source.render("edge", VERSION).menus[MenuPath("/ip/firewall/address-list")].entries
    assert [entry.fields["address"] for entry in entries] == [*(f"10.0.{n}.0/24" for n in range(60)), "10.9.9.9"]
    assert source.documents_of("edge") == ("devices/edge.yaml", "fleet.yaml", "lists/edge-blocked.yaml")


def test_a_list_that_is_not_there_is_told() -> None:
    text = b"""apiVersion: plumbline/v1
kind: Device
address: https://192.0.2.1
tls: {insecure: true}
credentials: {read: ro, write: rw}
environment: lab
menus:
  /ip/firewall/address-list:
    - {$for-each: {list: lists/gone.yaml}, list: a, address: "{{ item.address }}"}
"""
    files = {**fleet_files("lab", lab=True, example=False), "devices/edge.yaml": text, "lists/here.yaml": b"- {}\n"}
    problems = source_of("0" * 40, files).validate()
    assert [str(problem) for problem in problems] == [
        "devices/edge.yaml:9: There is no list 'lists/gone.yaml' below lists/. Did you mean \"lists/here.yaml\"?"
    ]


def test_long_texts_get_files_of_their_own() -> None:
    source = "\n".join(f":log info {n}" for n in range(5))
    imported = taken({"/system/script": [row(3, name="hello", source=source)]})
    assert imported.files["files/edge/script-hello.rsc"] == source.encode()
    rendered = source_of("0" * 40, {**fleet_files("lab", lab=True, example=False), **imported.files})
    entry = rendered.render("edge", VERSION).menus[MenuPath("/system/script")].entries[0]
    assert entry.fields["source"] == source
    assert not isinstance(entry.fields["source"], SecretRef)


def test_what_was_refused_is_left_out_with_its_reason() -> None:
    reason = LeftOut(5, "", "A row of /ip/dns/static needs name.")
    imported = taken({"/ip/dns/static": [row(5, address="10.0.0.1")]}, {5: reason})
    assert document(imported) == {}
    assert imported.left_out == (reason,)


def test_nothing_of_an_export_becomes_structure_of_the_document() -> None:
    hostile = row(
        1, None, "a\x85menus: {}\u2028- x\rb", name="v10", interface="ether1", vlan_id="10", comment="{{ 1 }}"
    )
    imported = taken({"/interface/vlan": [hostile]})
    assert document(imported)["/interface/vlan"] == [
        {"name": "v10", "interface": "ether1", "vlan-id": "10", "comment": "{% raw %}{{ 1 }}{% endraw %}"}
    ]
    source = source_of("0" * 40, {**fleet_files("lab", lab=True, example=False), **imported.files})
    assert source.render("edge", VERSION).menus[MenuPath("/interface/vlan")].entries[0].fields["comment"] == "{{ 1 }}"


def test_templates_neither_select_rows_nor_stand_in_lists() -> None:
    many = [row(n + 1, list="l", address=f"10.0.{n}.0/24", comment=f"{{{{ {n} }}}}") for n in range(60)]
    imported = taken(
        {
            "/interface/ethernet": [row(99, {"default-name": "{{ device.name }}"}, name="x")],
            "/ip/firewall/address-list": many,
        }
    )
    assert [item.line for item in imported.left_out] == [99]
    assert not [path for path in imported.files if path.startswith("lists/")]


def test_a_flag_that_is_unset_is_not_taken_for_a_default_that_nobody_knows() -> None:
    imported = taken({"/interface/gre": [row(1, name="g1", remote_address="192.0.2.9", keepalive=None)]})
    assert document(imported) == {
        "/interface/gre": [{"name": "g1", "keepalive": "null", "remote-address": "192.0.2.9"}]
    }
