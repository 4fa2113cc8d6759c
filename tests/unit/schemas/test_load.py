"""Opening the catalogue: facts and knowledge merged, version by version."""

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from schemas.catalogue import load
from schemas.catalogue.artefact import merge
from schemas.catalogue.load import Catalogue, load_artefact, open_catalogue
from schemas.catalogue.model import Kind, Management, Order, Shown, Unset
from schemas.errors import InputError
from schemas.path import MenuPath

FILTER = MenuPath("/ip/firewall/filter")
SERVICE = MenuPath("/ip/service")

Describe = Callable[[str], Catalogue]


@pytest.fixture
def describe(tmp_path: Path) -> Describe:
    """A catalogue of the committed facts and one knowledge file."""

    def catalogue(text: str) -> Catalogue:
        (tmp_path / "test.yaml").write_text(text)
        return Catalogue(merge(load.HERE / "facts", tmp_path))

    return catalogue


def test_versions_and_menus_of_the_installation() -> None:
    catalogue = open_catalogue()
    assert catalogue is open_catalogue()
    assert catalogue.versions[0] == "7.12.2"
    assert catalogue.newest == "7.24"
    schema = catalogue.schema("7.18.2")
    assert schema is catalogue.schema("7.18.2")
    assert schema.version == "7.18.2"
    menu = schema.menu(FILTER)
    assert menu is not None
    assert menu is schema.menu(FILTER)
    assert menu.kind is Kind.LIST
    assert menu.addable
    assert {"move", "place-before"} <= menu.commands
    assert menu.fields["chain"].writable
    assert not menu.fields["bytes"].writable
    assert len(schema.paths) > 450
    assert all(schema.menu(path) for path in schema.paths)


def test_kinds() -> None:
    schema = open_catalogue().schema("7.24")
    kinds = {"/ip/dns": "singleton", "/interface/ethernet": "fixed", "/ip/service": "fixed", "/user": "list",
             "/system/identity": "singleton", "/ip/address": "list", "/system/resource": "readonly"}  # fmt: skip
    menus = {path: schema.menu(MenuPath(path)) for path in kinds}
    assert {path: menu.kind.value for path, menu in menus.items() if menu} == kinds


@pytest.mark.parametrize(
    ("version", "near"),
    [("7.18.2", "7.18.2"), ("7.18", "7.18.2"), ("7.17.1", "7.18.2"), ("7.22.1 (stable)", "7.22.3"), ("7.30", "7.24"),
     ("6.49.10", "7.12.2")],
)  # fmt: skip
def test_unknown_versions_use_the_nearest(version: str, near: str) -> None:
    catalogue = open_catalogue()
    assert catalogue.nearest(version) == near
    assert catalogue.schema(version).version == near


def test_what_is_no_version_is_refused() -> None:
    with pytest.raises(ValueError, match="not a RouterOS version"):
        open_catalogue().schema("seven")


def test_menus_and_fields_come_and_go() -> None:
    catalogue = open_catalogue()
    assert catalogue.schema("7.24").menu(MenuPath("/ip/nowhere")) is None
    wifi = MenuPath("/interface/wifi")
    assert catalogue.schema("7.12.2").menu(wifi) is None
    assert catalogue.schema("7.13.5").menu(wifi)
    assert catalogue.schema("7.12.2").known_elsewhere(wifi) == catalogue.versions[1:]
    assert catalogue.schema("7.12.2").known_elsewhere(SERVICE, "max-sessions")[0] == "7.16.2"
    assert catalogue.schema("7.12.2").known_elsewhere(SERVICE, "no-such-field") == ()
    assert catalogue.schema("7.12.2").known_elsewhere(MenuPath("/ip/nowhere")) == ()


def test_nearest_names() -> None:
    schema = open_catalogue().schema("7.18.2")
    menu = schema.menu(FILTER)
    assert menu is not None
    assert schema.suggest_menu("ip firewal filter") == FILTER
    assert schema.suggest_menu("/zzzzzzzz") is None
    assert schema.suggest_field(menu, "src-adress") == "src-address"
    assert schema.suggest_field(menu, "zzzzzzzz") is None


def test_knowledge_is_merged(describe: Describe) -> None:
    menu = (
        describe("""
/ip/firewall/filter:
  key: []
  unique: [[chain, comment]]
  order: evaluated
  order-scope: chain
  management: packet-filter
  capability: firewall-writes
  after: [/interface/list]
  shown: written
  hidden-unless: {jump-target: {action: [jump]}}
  builtin: [{chain: input, comment: "no"}]
  fields:
    chain: {type: text, required: true, phase: 2}
    in-interface-list: {type: "!ref(/interface/list)", default: ""}
    log: {default: no, unset: default}
    src-address: {secret: true, write-only: true, computed: true, volatile: true}
    stray: {type: bool, readonly: true}
""")
        .schema("7.18.2")
        .menu(FILTER)
    )
    assert menu is not None
    assert (menu.known, menu.key, menu.unique) == (True, (), (("chain", "comment"),))
    assert (menu.order, menu.order_scope) == (Order.EVALUATED, "chain")
    assert (menu.management, menu.capability) == (Management.PACKET_FILTER, "firewall-writes")
    assert (menu.after, menu.shown) == ((MenuPath("/interface/list"),), Shown.WRITTEN)
    assert menu.hidden_unless == {"jump-target": {"action": ("jump",)}}
    assert menu.builtin == ({"chain": "input", "comment": "no"},)
    chain, lists, log = menu.fields["chain"], menu.fields["in-interface-list"], menu.fields["log"]
    assert (chain.type, chain.required, chain.phase, chain.default) == ("text", True, 2, None)
    assert (lists.reference, lists.default) == (MenuPath("/interface/list"), "")
    assert (log.type, log.default, log.unset) == ("bool", "no", Unset.DEFAULT)
    assert not menu.fields["stray"].writable
    source = menu.fields["src-address"]
    assert (source.secret, source.write_only, source.computed, source.volatile) == (True, True, True, True)


def test_values_may_differ_between_versions(describe: Describe) -> None:
    catalogue = describe("""
/interface/bridge:
  management: {"<7.15": always, "*": interface}
  fields:
    arp: {default: {">=7.16 <7.20": proxy-arp, ">=7.13": enabled}}
""")
    menus = {v: catalogue.schema(v).menu(MenuPath("/interface/bridge")) for v in ("7.12.2", "7.14.3", "7.18.2", "7.24")}
    assert [menu.fields["arp"].default for menu in menus.values() if menu] == [None, "enabled", "proxy-arp", "enabled"]
    assert [menu.management.value for menu in menus.values() if menu] == ["always", "always", "interface", "interface"]


def test_a_renamed_field_has_the_newest_name(describe: Describe) -> None:
    catalogue = describe("""
/ip/service:
  fields:
    available-from: {type: list(prefix), default: "", renamed: {"<7.24": address}}
""")
    old, new = (catalogue.schema(version).menu(SERVICE) for version in ("7.18.2", "7.24"))
    assert old is not None
    assert new is not None
    assert (old.fields["available-from"].wire, old.fields["available-from"].type) == ("address", "list(prefix)")
    assert "address" not in old.fields
    assert old.renamed == {"address": "available-from"}
    assert catalogue.schema("7.18.2").suggest_field(old, "address") == "available-from"
    assert new.fields["available-from"].wire == "available-from"
    assert "address" in new.fields
    assert catalogue.schema("7.18.2").known_elsewhere(SERVICE, "available-from") == catalogue.versions


def test_all_problems_of_the_knowledge_are_told_with_their_place(describe: Describe) -> None:
    with pytest.raises(InputError) as caught:
        describe("""
/ip/nowhere: {}
/ip/dns:
  colour: red
  order: sideways
  key: [nothing]
  after: [/ip/never]
  key-evidence: hearsay
  fields:
    servers: {type: lst(ip)}
    serverz: {type: text}
    vrf: {default: x, default: y, shade: dark, phase: late}
    allow-remote-requests: {default: {">=seven": "yes"}}
/ip/address: []
""")
    told = [str(problem) for problem in caught.value.problems]
    places = sorted(str(problem.location) for problem in caught.value.problems)
    for words in ("/ip/nowhere", "colour", "sideways", "nothing", "/ip/never", "hearsay", "lst(ip)", "serverz", "twice",
                  "shade", "late", "seven", "A mapping is wanted"):  # fmt: skip
        assert any(words in line for line in told), words
    assert "knowledge/test.yaml:2" in places
    assert "knowledge/test.yaml:12" in places


def test_broken_yaml_is_told(describe: Describe) -> None:
    with pytest.raises(InputError, match="This is not YAML"):
        describe("/ip/dns: {")


ADDED = """
/system/thermometer:
  fields:
    name: {type: text}
    shown-as: {type: text, renamed: {"<7.20": shows}}
    celsius: {type: int, readonly: true}
  added: {">=7.13": true}
  kind: fixed
  commands: [get, print, set]
  key: [name]
/system/identity:
  after: [/system/thermometer]
  fields:
    colour: {type: enum(black|white), added: {">=7.20": true}}
"""


def test_menus_and_fields_of_other_hardware_are_added(describe: Describe) -> None:
    catalogue = describe(ADDED)
    path = MenuPath("/system/thermometer")
    assert catalogue.schema("7.12.2").menu(path) is None
    assert path in catalogue.schema("7.13.5").paths
    menu = catalogue.schema("7.13.5").menu(path)
    assert menu is not None
    assert menu.known
    assert menu.kind is Kind.FIXED
    assert menu.commands == {"get", "print", "set"}
    assert {name: (field.wire, field.writable, field.free) for name, field in menu.fields.items()} == {
        "celsius": ("celsius", False, True),
        "name": ("name", True, True),
        "shown-as": ("shows", True, True),
    }
    assert catalogue.schema("7.24").suggest_menu("/system thermometre") == path
    colours = catalogue.schema("7.24"), MenuPath("/system/identity"), "colour"
    assert colours[0].known_elsewhere(*colours[1:]) == ("7.20.8", "7.21.5", "7.22.3", "7.23.3", "7.24")


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ("/system/thermometer: {key: [name]}", 1, "No version has the menu"),
        ("/system/identity:\n  added: true", 2, "/system/identity stands in the facts"),
        ("/system/identity:\n  commands: [set]", 2, "/system/identity stands in the facts"),
        ("/system/thermometer:\n  added: true\n  kind: list", 1, "kind and commands are wanted"),
        ("/system/thermometer:\n  added: true\n  commands: [set]", 1, "kind and commands are wanted"),
        (
            "/system/identity:\n  fields:\n    name:\n      added: true\n      type: text",
            4,
            "name of /system/identity stands",
        ),
        ("/system/identity:\n  fields:\n    colour: {added: true}", 3, "its type is wanted"),
        (
            "/system/thermometer: {added: true, kind: list, commands: [add], fields: {name: {}}}",
            1,
            "its type is wanted",
        ),
        ("/system/thermometer: {added: true, kind: list, commands: [add], key: [name]}", 1, "names name, which no"),
    ],
)
def test_what_is_added_wrongly_is_told_with_its_line(describe: Describe, text: str, line: int, says: str) -> None:
    with pytest.raises(InputError, match=says) as caught:
        describe(text)
    assert [problem.location.line for problem in caught.value.problems if problem.location] == [line]


def test_the_artefact_is_built_when_missing_and_kept_while_fresh(tmp_path: Path) -> None:
    file = tmp_path / "catalogue.bin"
    first = load_artefact(file)
    written = file.stat().st_mtime_ns
    assert load_artefact(file).digest == first.digest
    assert file.stat().st_mtime_ns == written
    assert [found.name for found in tmp_path.iterdir()] == ["catalogue.bin"]


def test_an_older_or_broken_artefact_is_built_anew(tmp_path: Path) -> None:
    file = tmp_path / "catalogue.bin"
    load_artefact(file)
    os.utime(file, ns=(0, 0))
    load_artefact(file)
    assert file.stat().st_mtime_ns >= max(stat.st_mtime_ns for stat in load.source_files().values())
    file.write_bytes(b"no artefact")
    assert Catalogue(load_artefact(file)).newest == "7.24"


def test_where_nothing_can_be_written_it_is_built_in_memory(tmp_path: Path) -> None:
    assert Catalogue(load_artefact(tmp_path / "missing" / "catalogue.bin")).newest == "7.24"


def test_opening_is_fast_and_needs_no_yaml() -> None:
    open_catalogue()
    script = """
import sys, time
from schemas.catalogue.load import open_catalogue
from schemas.path import MenuPath
begun = time.process_time()
assert open_catalogue().schema("7.18.2").menu(MenuPath("/ip/firewall/filter"))
print(time.process_time() - begun)
assert not {"yaml", "pydantic"} & set(sys.modules), "opening read YAML"
"""
    run = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, cwd=load.HERE.parents[1]
    )
    assert float(run.stdout) < 0.1
