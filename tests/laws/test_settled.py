"""The short way may only say "settled" of what the whole comparison finds nothing in."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.decide import diff
from reconciler.decide.diff import diff_menu
from reconciler.decide.normalise import normaliser
from reconciler.decide.settled import is_settled
from schemas.catalogue.load import open_catalogue
from tests.unit.decide import builders

SCHEMA = open_catalogue().schema("7.18.2")
TODAY = datetime.date(2026, 11, 23)
FIELDS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "/ip/firewall/filter": {
        "chain": ("input", "forward"),
        "action": ("accept", "drop"),
        "protocol": ("", "tcp"),
        "disabled": ("true", "false", "no"),
        "comment": ("", "a"),
    },
    "/ip/firewall/address-list": {
        "list": ("a", "b"),
        "address": ("10.0.0.1", "10.0.0.1/32", "10.0.0.2"),
        "disabled": ("true", "false"),
        "dynamic": ("true", "false"),
    },
    "/ip/dns/static": {
        "name": ("a", "b"),
        "type": ("A",),
        "address": ("10.0.0.1", "10.0.0.2"),
        "ttl": ("1d", "60m", "1h"),
    },
    "/ip/service": {"name": ("www", "ssh", "ftp"), "disabled": ("true", "false"), "port": ("80", "22")},
}


@st.composite
def _cases(draw: st.DrawFn) -> tuple[str, list[dict[str, str]], list[dict[str, str]], list[dict[str, str]]]:
    """Mostly equal lists, with a few differences: a law about equality needs equal things to look at."""
    path = draw(st.sampled_from(sorted(FIELDS)))
    row = st.fixed_dictionaries({name: st.sampled_from(texts) for name, texts in FIELDS[path].items()})
    rows = draw(st.lists(row, max_size=4))
    shown = [{n: t for n, t in item.items() if t} for item in rows]
    written = [{n: t for n, t in item.items() if t and n != "dynamic"} for item in rows]
    order = draw(st.permutations(range(len(written))))
    shuffled = draw(st.booleans())
    desired: list[dict[str, str]] = [dict(written[place]) for place in (order if shuffled else range(len(written)))]
    changed = draw(st.booleans())
    if desired and changed:
        name = draw(st.sampled_from(sorted(FIELDS[path])))
        desired[draw(st.integers(0, len(desired) - 1))][name] = draw(st.sampled_from(FIELDS[path][name]))
    applied = draw(st.sampled_from((written, desired)))
    return path, desired, shown, applied


@given(_cases(), st.sampled_from(("applied", "all", "none")))
def test_what_is_settled_needs_nothing(
    case: tuple[str, list[dict[str, str]], list[dict[str, str]], list[dict[str, str]]], prune: str
) -> None:
    path, desired, rows, applied = case
    menu = builders.menu_of(SCHEMA, path)
    wanted = builders.desired(path, {"desired": desired, "own": [{"prune": prune}]})
    seen, confirmed = builders.observed(rows), builders.applied(applied)
    short = is_settled(wanted, seen, confirmed, normaliser(menu))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(diff, "is_settled", lambda *_: False)
        whole = diff_menu(menu, wanted, seen, confirmed, today=TODAY)
    if short:
        assert (whole.steps, whole.unmanaged, whole.unverified, whole.problems) == ([], [], [], [])


def test_the_short_way_is_taken_where_it_can_be() -> None:
    rows = [{"list": "a", "address": "10.0.0.1", "disabled": "false", "dynamic": "false"}]
    menu = builders.menu_of(SCHEMA, "/ip/firewall/address-list")
    wanted = builders.desired(menu.path, {"desired": [{"list": "a", "address": "10.0.0.1/32"}]})
    declared = builders.applied([{"list": "a", "address": "10.0.0.1"}])
    by_text = builders.desired(menu.path, {"desired": [{"list": "a", "address": "10.0.0.1"}]})
    assert is_settled(by_text, builders.observed(rows), declared, normaliser(menu))
    assert not is_settled(wanted, builders.observed(rows), declared, normaliser(menu))  # another text: look closely


def test_rows_without_a_key_that_are_selected_are_looked_at_closely() -> None:
    rows = [{"chain": "input", "action": "accept"}]
    menu = builders.menu_of(SCHEMA, "/ip/firewall/filter")
    wanted = builders.desired(menu.path, {"desired": [{"$match": {"comment": "b"}, "chain": "input"}]})
    declared = builders.applied([{"chain": "input"}])
    assert not is_settled(wanted, builders.observed(rows), declared, normaliser(menu))
