"""Renames: referrers are compared as they will read once the rename is done."""

from __future__ import annotations

from reconciler.decide.rename import as_renamed, renames
from schemas.catalogue.load import open_catalogue
from schemas.path import MenuPath
from tests.unit.decide import builders

SCHEMA = open_catalogue().schema("7.18.2")
BRIDGES, ADDRESSES = MenuPath("/interface/bridge"), MenuPath("/ip/address")
WANTED = {BRIDGES: builders.desired(BRIDGES, {"desired": [{"name": "lan", "$renamed-from": {"name": "bridge1"}}]})}


def test_references_follow_and_other_texts_stay() -> None:
    bridges = builders.observed([{"name": "bridge1"}])
    made = renames(WANTED, {BRIDGES: bridges}, SCHEMA.menu)
    assert made == {BRIDGES: {"bridge1": "lan"}}

    seen = builders.observed([{"address": "10.0.0.1/24", "interface": "bridge1", "comment": "bridge1"}])
    after = as_renamed(seen, builders.menu_of(SCHEMA, ADDRESSES), made).rows[0]
    assert (after["interface"], after["comment"]) == ("lan", "bridge1")


def test_a_rename_that_was_done_moves_nothing() -> None:
    assert renames(WANTED, {BRIDGES: builders.observed([{"name": "lan"}])}, SCHEMA.menu) == {}


def test_a_port_that_gets_its_name_back_takes_its_referrers_along() -> None:
    ports = MenuPath("/interface/ethernet")
    wanted = {ports: builders.desired(ports, {"desired": [{"$match": {"default-name": "ether1"}, "name": "wan"}]})}
    seen = builders.observed([{"default-name": "ether1", "name": "by-hand"}, {"default-name": "ether2", "name": "lan"}])
    assert renames(wanted, {ports: seen}, SCHEMA.menu) == {ports: {"by-hand": "wan"}}
