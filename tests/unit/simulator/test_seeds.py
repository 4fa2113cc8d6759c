"""Seeds: spellings of an export are completed, what is only named gets a placeholder, dangling ids stay."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from simulator import actions
from simulator.fleet import SimulatedRouter, run_in_thread
from tests.unit.simulator.plain import Client

ROUTERS = ["ccr2004-7.18", "hap-ax3-7.21.2", "rb5009-7.2.3"]
CORPUS = os.environ.get("PLUMBLINE_CORPUS", "")


def test_export_spellings_and_defaults_are_completed() -> None:
    router = SimulatedRouter(
        "seeded",
        {
            "routeros": "7.18",
            "serial": "ABC123",
            "menus": {
                "/interface/bridge": [{"name": "b", "vlan-filtering": "yes"}],
                "/ip/address": [{"address": "10.0.0.1/24", "interface": "b"}],
                "/ip/dns/static": [{"name": "a.lan", "address": "10.0.0.1", "ttl": "300"}],
                "/ip/firewall/filter": [{"chain": "input", "action": "accept", "log": "yes"}],
                "/ip/service": [{"name": "telnet", "disabled": "yes"}],
                "/system/identity": {"name": "box"},
            },
        },
    )
    assert router.rows("/interface/bridge")[0]["vlan-filtering"] == "true"
    assert router.rows("/interface/bridge")[0]["disabled"] == "false"
    address = router.rows("/ip/address")[0]
    assert (address["network"], address["actual-interface"], address["invalid"]) == ("10.0.0.0", "b", "false")
    assert router.rows("/ip/dns/static")[0]["ttl"] == "5m"
    assert router.rows("/ip/firewall/filter")[0]["log"] == "true"
    assert [row["disabled"] for row in router.rows("/ip/service") if row["name"] == "telnet"] == ["true"]
    assert router.rows("/system/identity") == [{"name": "box"}]
    assert router.rows("/ip/route")[0]["dst-address"] == "10.0.0.0/24"
    assert (router.serial, router.version, router.notes) == ("ABC123", "7.18", [])


def test_what_is_only_named_gets_a_placeholder_and_dangling_ids_stay() -> None:
    router = SimulatedRouter(
        "partial",
        {
            "menus": {
                "/interface/list/member": [{"list": "LAN", "interface": "vrrp-dns"}],
                "/ip/service": [
                    {"name": "www-ssl", "certificate": "router-cert"},
                    {"name": "api-ssl", "certificate": "*8"},
                ],
                "/ip/firewall/filter": [{"chain": "input", "in-interface": "sfp-sfpplus3"}],
                "/ip/address": [{"address": "10.0.0.1/24", "interface": "*2"}],
            }
        },
    )
    interfaces = {row["name"]: row["type"] for row in router.rows("/interface")}
    assert interfaces["vrrp-dns"] == "vrrp"
    assert interfaces["sfp-sfpplus3"] == "ether"
    assert {f"ether{number}" for number in range(1, 6)} <= set(interfaces)
    certificates = {row["name"]: row.get("certificate") for row in router.rows("/ip/service")}
    assert (certificates["www-ssl"], certificates["api-ssl"]) == ("router-cert", "*8")
    assert any("vrrp-dns" in note for note in router.notes)
    address = router.rows("/ip/address")[0]
    assert (address["interface"], address["invalid"]) == ("*2", "true")


def test_what_the_version_does_not_know_is_kept_and_noted() -> None:
    router = SimulatedRouter(
        "odd",
        {
            "menus": {
                "/made/up": [{"name": "x", "colour": "red"}],
                "/ip/address": [{"address": "10.0.0.1/24", "glow": "1"}],
            }
        },
        users={"admin": "secret"},
    )
    with run_in_thread([router]):
        assert Client(router).get("/made/up") == [{".id": "*1", "colour": "red", "name": "x"}]
        assert Client(router).get("/ip/address")[0]["glow"] == "1"
    assert len(router.notes) == 2


def test_a_version_without_facts_uses_the_nearest() -> None:
    router = SimulatedRouter("old", {"routeros": "7.2.3", "menus": {}})
    assert router.rows("/system/resource")[0]["version"] == "7.2.3 (stable)"
    assert router.device.schema.version == "7.12.2"


def test_a_seed_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="/ip/address"):
        SimulatedRouter("bad", {"menus": {"/ip/address": [{"address": 5}]}})


@pytest.mark.skipif(not CORPUS, reason="PLUMBLINE_CORPUS is not set")
@pytest.mark.parametrize("name", ROUTERS)
def test_every_menu_of_a_real_router_can_be_read(name: str) -> None:
    document = json.loads((Path(CORPUS) / "routers" / f"{name}.json").read_text())
    router = SimulatedRouter(name, document, users={"admin": "secret"})
    with run_in_thread([router]):
        for path, given in document["menus"].items():
            shown = Client(router).get(path)
            if isinstance(given, dict):
                assert given.keys() <= shown.keys()
                continue
            assert len([row for row in shown if row.get("dynamic") != "true"]) >= len(given)
            for row in given:
                assert any(_told(row, reply) for reply in shown), (path, row)


@pytest.mark.skipif(not CORPUS, reason="PLUMBLINE_CORPUS is not set")
@pytest.mark.parametrize("name", ROUTERS)
def test_what_a_router_shows_can_be_written_back_and_changes_nothing(name: str) -> None:
    document = json.loads((Path(CORPUS) / "routers" / f"{name}.json").read_text())
    router = SimulatedRouter(name, document)
    for path in {*document["menus"], "/interface", "/ip/service", "/user", "/user/group"}:
        table = router.device.table(path)
        for row in [row for row in table.rows if not row.protected]:
            shown = dict(table.reply(row))
            for field, text in shown.items():
                known = table.menu.fields.get(field)
                if known and known.writable and not text.startswith("*") and text != "REMOVED":
                    actions.change(table, [row], {field: text})
                    assert table.reply(row) == shown, (path, field)


def _told(row: dict[str, str], reply: dict[str, str]) -> bool:
    """Whether a reply says what the export said, as far as spellings are the same."""
    spelled = {"yes", "no", "", "5m"}
    return all(
        reply.get(key) == text
        for key, text in row.items()
        if text not in spelled and key in ("name", "comment", "chain", "action", "list", "vlan-id", "default-name")
    )
