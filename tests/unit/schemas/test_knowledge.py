"""The knowledge beside the facts: complete for the first menus, at one with itself and with real routers."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import yaml

from reconciler.views.schemas import score_text
from schemas.catalogue.artefact import merge
from schemas.catalogue.gaps import gaps_of, score
from schemas.catalogue.load import HERE, open_catalogue
from schemas.catalogue.model import Field, Kind, Menu, Order, Shown, Unset
from schemas.errors import InputError
from schemas.path import MenuPath
from schemas.values import parse_type

MENUS = tuple(
    MenuPath(path)
    for path in (
        "/system/identity /ip/dns /ip/dns/static /ip/address /ip/route /interface/ethernet /interface/bridge "
        "/interface/bridge/port /interface/vlan /interface/list /interface/list/member /ip/firewall/filter "
        "/ip/firewall/nat /ip/firewall/address-list /ip/service /user"
    ).split()
)
HELPERS = (MenuPath("/interface"), MenuPath("/user/group"))
VERSIONS = open_catalogue().versions

FREE_TEXT = frozenset(
    "name comment list text regexp cname ns mx-exchange srv-target chain jump-target address-list log-prefix "
    "use-doh-server region-name password skin socksify-service "
    "dhcp-agent-circuit-id dhcp-agent-remote-id dhcpv6-agent-circuit-id dhcpv6-agent-remote-id "
    "ttl psd connection-bytes tls-host".split()
)
"""People's own words, and forms of several parts that no type covers yet (the last line)."""

ALWAYS_EXPORTED = {
    "/ip/route": {"disabled", "routing-table", "suppress-hw-offload", "gateway", "pref-src", "scope", "target-scope"}
    | {"distance", "dst-address"},
    "/ip/firewall/filter": {"action"},
    "/ip/firewall/nat": {"action"},
    "/ip/dns/static": {"type"},
}
"""What a compact export prints though it is at its default."""

MASKED = "REMOVED"
"""What the publisher of an export wrote over an address."""

BY_HARDWARE = frozenset({"/interface/ethernet"})


def menus(*paths: MenuPath) -> Iterator[Menu]:
    """The menus in every version that has them."""
    for version in VERSIONS:
        for path in paths or (*MENUS, *HELPERS):
            menu = open_catalogue().schema(version).menu(path)
            if menu is not None:
                yield menu


def settable(menu: Menu) -> Iterator[Field]:
    return (field for field in menu.fields.values() if field.writable)


def written() -> dict[str, dict[str, dict[str, object]]]:
    """The files as they stand, by path: only what somebody wrote, nothing from the facts."""
    found: dict[str, dict[str, dict[str, object]]] = {}
    for file in sorted((HERE / "knowledge").glob("*.yaml")):
        document = yaml.load(file.read_text(), Loader=yaml.CBaseLoader)
        found |= {path: menu.get("fields", {}) for path, menu in document.items()}
    return found


def canonical(field: Field, text: str) -> str:
    return parse_type(field.type).canonical(text)


def test_files_are_whole(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    built = merge(HERE / "facts", HERE / "knowledge")
    assert set(written()) <= set(built.menus)
    bad = tmp_path / "bad.yaml"
    bad.write_text("/ip/address: {fields: {adress: {type: prefix}}}\n")
    with pytest.raises(InputError):
        merge(HERE / "facts", tmp_path)


def test_every_menu_is_described_in_every_version() -> None:
    for version in VERSIONS:
        for path in MENUS:
            menu = open_catalogue().schema(version).menu(path)
            assert menu is not None, f"{version} lacks {path}"
            assert menu.known, f"nothing is known of {path}"


def test_every_settable_field_has_a_type_that_somebody_chose() -> None:
    known = written()
    for menu in menus():
        for field in settable(menu):
            assert "type" in known[menu.path].get(field.name, {}), f"{menu.path} {field.name} is not described"
            plain = parse_type(field.type) is parse_type("text")
            assert not plain or field.name in FREE_TEXT, f"{menu.path} {field.name} is plain text"


def test_free_text_lists_nothing_that_is_gone() -> None:
    plain = {field.name for menu in menus() for field in settable(menu) if field.type == "text"}
    assert plain == FREE_TEXT


def test_defaults_are_what_the_router_reads_back() -> None:
    for menu in menus():
        for field in settable(menu):
            if field.default:
                assert canonical(field, field.default) == field.default, f"{menu.path} {field.name}"


def test_fields_go_back_to_their_defaults() -> None:
    for menu in menus():
        for field in settable(menu):
            where = f"{menu.path} {field.name}"
            if field.unset is Unset.DEFAULT:
                assert field.default, f"{where}: no default to write"
            if field.unset is Unset.EMPTY:
                assert field.default == "", f"{where}: empty is not its default"
            if field.name == "comment":
                assert field.unset is Unset.EMPTY, f"{where}: comments go away when empty"
            if field.default and menu.kind is Kind.SINGLETON:
                assert field.unset is Unset.DEFAULT, f"{where}: settings are not unset"


def test_every_row_has_a_flag_that_says_whether_it_counts() -> None:
    without = {MenuPath("/interface/list"), MenuPath("/user/group")}
    for menu in menus():
        if menu.kind is Kind.LIST and menu.path not in without:
            disabled = menu.fields["disabled"]
            assert (disabled.type, disabled.default) == ("bool", "false"), menu.path


def test_keys_name_rows() -> None:
    made_up = {("/interface/bridge", "name"), ("/interface/vlan", "name")}
    for menu in menus():
        if menu.kind is not Kind.LIST:
            continue
        assert bool(menu.key) == (menu.key_evidence != "none"), menu.path
        for name in menu.key:
            field = menu.fields[name]
            assert field.required or field.default is not None or (menu.path, name) in made_up, f"{menu.path} {name}"
        for names in menu.unique:
            assert set(names) <= menu.fields.keys(), f"{menu.path} {names}"
        if menu.key_evidence == "enforced":
            assert menu.key in menu.unique, f"{menu.path}: who enforces the key?"


def test_required_fields_have_no_default() -> None:
    for menu in menus():
        for field in menu.fields.values():
            assert not (field.required and field.default is not None), f"{menu.path} {field.name}"


def test_order_counts_where_the_router_can_move() -> None:
    for menu in menus():
        assert (menu.order is Order.NONE) == ("move" not in menu.commands), menu.path
    scoped = {menu.path: menu.order_scope for menu in menus() if menu.order_scope}
    assert scoped == {"/ip/firewall/filter": "chain", "/ip/firewall/nat": "chain"}


def test_conditions_can_be_judged() -> None:
    for menu in menus():
        for name, conditions in menu.hidden_unless.items():
            for other, values in conditions.items():
                if other not in menu.fields or name not in menu.fields:
                    continue  # not in this version
                field = menu.fields[other]
                assert field.default is not None or not field.writable, f"{menu.path} {name}: {other} has no default"
                for value in values:
                    canonical(field, value)


def test_rows_of_the_router_fit_their_fields() -> None:
    counted: dict[str, int] = {}
    for menu in menus():
        names = [row["name"] for row in menu.builtin]
        assert len(set(names)) == len(names), menu.path
        counted[menu.path] = len(names)
        for row in menu.builtin:
            for name, text in row.items():
                assert name in menu.fields, f"{menu.path} {name}"
                canonical(menu.fields[name], text)
    assert counted["/ip/service"] == 9
    assert counted["/interface/list"] == 4


def test_secrets_are_never_read_back() -> None:
    password = open_catalogue().schema(VERSIONS[-1]).menu(MenuPath("/user"))
    assert password is not None
    assert password.fields["password"].secret
    assert password.fields["password"].write_only


@pytest.mark.parametrize(
    ("version", "wire"), [("7.12.2", "address"), ("7.23.3", "address"), ("7.24", "available-from")]
)
def test_a_renamed_field_keeps_one_name_in_documents(version: str, wire: str) -> None:
    menu = open_catalogue().schema(version).menu(MenuPath("/ip/service"))
    assert menu is not None
    assert menu.fields["available-from"].wire == wire
    assert menu.fields["available-from"].writable
    assert "address" not in menu.fields or not menu.fields["address"].writable


def test_versioned_defaults() -> None:
    path = MenuPath("/interface/bridge/port")
    found = {menu_of(version, path).fields["path-cost"].default for version in ("7.13.5", "7.24")}
    assert found == {""}
    assert menu_of("7.12.2", path).fields["path-cost"].default is None


def menu_of(version: str, path: MenuPath) -> Menu:
    menu = open_catalogue().schema(version).menu(path)
    assert menu is not None
    return menu


def test_most_of_what_a_router_shows_is_known() -> None:
    """A field without a default is ``unverified`` where nobody wrote it, so few may be left that replies show."""
    total = known = 0
    for path in MENUS:
        menu = menu_of(VERSIONS[-1], path)
        shown = [f for f in settable(menu) if not (f.computed or f.volatile or f.write_only or f.required)]
        shown = [f for f in shown if f.name not in menu.key]
        sure = [f for f in shown if f.default is not None]
        print(f"{path:28} {len(sure):3} of {len(shown):3} defaults known, unknown: {sorted(set_of(shown, sure))}")
        if menu.kind is Kind.LIST and path not in BY_HARDWARE:
            total, known = total + len(shown), known + len(sure)
    print(f"lists together: {known} of {total}")
    assert known >= 0.97 * total


@pytest.mark.parametrize("version", VERSIONS)
def test_every_menu_that_can_be_added_to_is_described_and_every_field_has_a_type(version: str) -> None:
    """All of them in the newest version; older ones have menus that are gone, and that is counted."""
    gaps = gaps_of(open_catalogue().schema(version))
    undescribed = sorted(each.path for each in gaps if each.addable and not each.described)
    untyped = sorted(f"{each.path} {name}" for each in gaps for name in each.untyped)
    known = score(gaps)
    print(f"{score_text(known, version)} Not described: {undescribed}, without a type: {untyped}")
    floor = 1.0 if version == VERSIONS[-1] else 0.96
    assert known.addable_described >= floor, undescribed
    assert known.typed >= floor, untyped


def set_of(shown: list[Field], sure: list[Field]) -> set[str]:
    return {field.name for field in shown} - {field.name for field in sure}


def test_captured_replies_agree(corpus: Path) -> None:
    """Every value of a captured row is canonical, and each claimed default is seen where replies show defaults."""
    counted = 0
    for path, version, objects in captures(corpus):
        menu = menu_of(version, path)
        for item in objects:
            fields = {menu.renamed.get(name, name): text for name, text in item.items() if not name.startswith(".")}
            for name, text in fields.items():
                field = menu.fields.get(name)
                if field is not None and isinstance(text, str):
                    assert canonical(field, text) == text, f"{path} {name}={text}"
                    counted += 1
            if path == "/interface/bridge/port":
                assert_at_defaults(menu, fields)
    print(f"{counted} captured values are canonical")
    assert counted > 60


def captures(corpus: Path) -> Iterator[tuple[MenuPath, str, list[dict[str, object]]]]:
    for entry in json.loads((corpus / "rest-json" / "_index.json").read_text()):
        path = MenuPath.parse(entry["path"])
        if path in MENUS and entry["kind"] in ("rest-capture", "official-docs"):
            content = json.loads((corpus / "rest-json" / entry["file"]).read_text())
            yield path, str(entry["version"]) if str(entry["version"])[2:3].isdigit() else "7.20.8", content["objects"]


def assert_at_defaults(menu: Menu, fields: Mapping[str, object]) -> None:
    """The captured bridge ports were added with bridge and interface alone."""
    assert menu.shown is Shown.ALWAYS
    for field in settable(menu):
        if field.default and field.name not in menu.hidden_unless:
            assert fields.get(field.name) == field.default, f"{menu.path} {field.name}"
        if field.default == "":
            assert not fields.get(field.name), f"{menu.path} {field.name}"


def test_exports_never_print_what_is_a_default(corpus: Path) -> None:
    """A compact export prints what differs from the default; so a default that is printed is none."""
    counted = 0
    for file in sorted((corpus / "routers").glob("*.json")):
        router = json.loads(file.read_text())
        for text, rows in router["menus"].items():
            menu = menu_of(router["routeros"], MenuPath.parse(text))
            for row in rows if isinstance(rows, list) else [rows]:
                counted += assert_not_defaults(menu, row)
    print(f"{counted} exported values differ from the defaults claimed here")
    assert counted > 500


def assert_not_defaults(menu: Menu, row: Mapping[str, str]) -> int:
    for wire, text in row.items():
        name = menu.renamed.get(wire, wire)
        assert name in menu.fields, f"{menu.path} {name}"
        field = menu.fields[name]
        if text == MASKED:
            continue
        value = canonical(field, text)
        if field.default is None or name in ALWAYS_EXPORTED.get(menu.path, ()):
            continue
        if name == "disabled" and menu.path == "/ip/service":
            continue
        assert value != field.default, f"{menu.path} {name}={text} is claimed to be the default"
    return len(row)
