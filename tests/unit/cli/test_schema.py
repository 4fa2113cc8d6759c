"""schema: what is known of RouterOS, and which lines of a fleet an upgrade touches."""

from __future__ import annotations

import json

import pytest

from cli.commands.schema import paths
from tests.unit.cli.conftest import DEVICE, commit, write


def test_list_shows_the_menus_below_a_path(run):
    done = run("schema", "list", "/ip/firewall")
    assert done.code == 0
    lines = done.out.splitlines()
    assert lines[1].split()[:2] == ["/ip/firewall/address-list", "list"]
    assert "list, address (enforced)" in lines[1]
    assert not [line for line in lines if line.startswith("/ip/fire") and not line.startswith("/ip/firewall/")]


def test_show_tells_identity_order_and_fields_with_their_versions(run):
    done = run("schema", "show", "/ip/service")
    assert "identity    name (enforced)" in done.out
    assert [line.split()[:3] for line in done.out.splitlines() if line.startswith("max-sessions")] == [
        ["max-sessions", "20", "7.16.2.."]
    ]
    older = run("schema", "show", "/ip/service", "--routeros", "7.18.2")
    assert "address on this version" in older.out


def test_show_of_one_field(run):
    document = json.loads(run("--output", "json", "schema", "show", "/interface/bridge", "vlan-filtering").out)
    assert document["format"] == "plumbline.schema.menu/v1"
    [field] = document["fields"]
    assert (field["type"], field["default"], field["phase"] > 0) == ("bool", "false", True)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("show", "/ip/firewal/filter"), "Did you mean /ip/firewall/filter?"),
        (("show", "/ip/service", "max-session"), "Did you mean max-sessions?"),
        (("show", "/ip/service", "max-sessions", "--routeros", "7.12.2"), "7.16.2"),
        (("list", "/nonsense"), "has no menu /nonsense"),
        (("list", "--routeros", "six"), "six is no version of RouterOS"),
        (("diff", "7.20", "soon"), "soon is no version of RouterOS"),
        (("diff", "7.20.8", "7.24", "/nosuch"), "has no menu /nosuch"),
        (("diff", "7.20.8", "7.24", "/ip", "--fleet"), "With --fleet every menu is looked at"),
        (("show", ""), "Name a menu"),
        (("search", " "), "Name a word"),
        (("pages", __file__), "is a file; give a folder"),
    ],
)
def test_what_is_not_there_is_told_with_what_is(run, words, told):
    done = run("schema", *words)
    assert done.code == 1
    assert told in done.err


def test_an_unknown_version_is_shown_by_its_neighbour_and_says_so(run):
    done = run("schema", "list", "/ip/service", "--routeros", "7.17")
    assert done.code == 0
    assert "RouterOS 7.17 is not known itself" in done.err


def test_search_finds_words_in_names_before_paths(run):
    found = json.loads(run("--output", "json", "schema", "search", "vlan-filtering").out)["found"]
    assert {"menu": "/interface/bridge", "field": "vlan-filtering", "type": "bool"} in found
    assert run("schema", "search", "zzzz").code == 0


def test_diff_between_versions(run):
    changes = json.loads(run("--output", "json", "schema", "diff", "7.23.3", "7.24", "/ip/service").out)["changes"]
    assert {"menu": "/ip/service", "field": "available-from", "what": "renamed", "before": "address",
            "after": "available-from"} in changes  # fmt: skip
    assert not json.loads(run("--output", "json", "schema", "diff", "7.24", "7.24").out)["changes"]


def test_gaps_tell_what_is_not_known_and_the_score_last(run):
    lines = run("schema", "gaps", "/disk").out.splitlines()
    assert lines[0].split() == ["MENU", "DESCRIBED", "FIELDS", "UNTYPED", "WITHOUT", "DEFAULT"]
    [disk] = [line for line in lines if line.startswith("/disk ")]
    assert disk.split()[1] == "yes"
    assert "100.0% of the menus that can be set are described" in " ".join(lines[-3:])
    assert not run("schema", "gaps", "/ip/ipsec/active-peers").out.startswith("MENU")


def test_gaps_of_a_version_name_fields_without_a_type(run):
    document = json.loads(run("--output", "json", "schema", "gaps", "/lora", "--routeros", "7.12.2").out)
    assert document["format"] == "plumbline.schema.gaps/v1"
    [lora] = [menu for menu in document["menus"] if menu["path"] == "/lora/servers"]
    assert (lora["described"], lora["addable"]) == (False, True)
    assert "protocol" in lora["untyped"]
    assert document["score"]["described"] == 0.0
    assert run("schema", "gaps", "/nonsense").code == 1


@pytest.fixture
def upgraded(fleet):
    more = "  /ip/service:\n    - {$match: {name: www}, available-from: [192.0.2.0/24]}\n"
    more += "  /ip/ssh: {password-authentication: yes-if-no-key}\n"
    write(fleet, {"devices/edge-1.yaml": DEVICE + more})
    commit(fleet)
    return fleet


def test_diff_tells_which_lines_of_the_fleet_it_touches(run, upgraded):
    done = run("--repo", str(upgraded), "--output", "json", "schema", "diff", "7.23.3", "7.24", "--fleet")
    document = json.loads(done.out)
    assert (done.code, document["format"]) == (0, "plumbline.schema.upgrade/v1")
    [line] = [item for item in document["touched"] if "/ip/service available-from" in item["message"]]
    assert (line["file"], line["line"], line["breaks"]) == ("devices/edge-1.yaml", 11, False)
    assert "no longer address" in line["message"]


def test_diff_with_lines_that_break_is_exit_2(run, upgraded):
    done = run("--repo", str(upgraded), "schema", "diff", "7.24", "7.12.2", "--fleet")
    assert done.code == 2, done.out
    assert "devices/edge-1.yaml:12" in done.out


def test_editors_get_a_json_schema(run):
    document = json.loads(run("schema", "editors", "--routeros", "7.18.2").out)
    assert document["title"].endswith("RouterOS 7.18.2")
    assert "/ip/firewall/filter" in document["$defs"]["menus"]["properties"]


def test_paths_are_completed():
    assert "/ip/firewall/filter" in paths()
