"""Order across menus, references, digests, batches, and what moved between two plans."""

from __future__ import annotations

from dataclasses import replace

import pytest

from reconciler.decide.batch import batches
from reconciler.decide.compare_plans import differences
from reconciler.decide.diff import diff_menu
from reconciler.decide.digest import device_digest, effect, plan_digest
from reconciler.decide.order import CannotOrder, menu_ranks, number
from reconciler.decide.references import dangling
from reconciler.decide.steps import MenuDiff
from schemas.catalogue.load import open_catalogue
from schemas.change import Action, Anchor, Change
from schemas.desired import SecretRef
from schemas.device import Limits
from schemas.path import MenuPath
from schemas.plan import DevicePlan
from tests.unit.decide import builders
from tests.unit.decide.cases import TODAY

SCHEMA = open_catalogue().schema("7.18.2")


def _diff(path: str, desired: list[dict[str, str]], observed: list[dict[str, str]], **more: object) -> MenuDiff:
    case = {"desired": desired, **more}
    applied = builders.applied(observed)
    menu = builders.menu_of(SCHEMA, path)
    return diff_menu(menu, builders.desired(path, case), builders.observed(observed), applied, today=TODAY)


def _numbered(*diffs: MenuDiff) -> list[str]:
    changes = number([step for diff in diffs for step in diff.steps], [diff.menu for diff in diffs])
    return [f"{change.action.value} {change.path} {change.identity}" for change in changes]


def test_referred_to_menus_come_first_and_removals_last_in_reverse() -> None:
    paths = ("/interface/list/member", "/ip/firewall/filter", "/interface/list", "/interface/vlan", "/ip/address")
    ranks = menu_ranks([builders.menu_of(SCHEMA, path) for path in paths])
    assert ranks[MenuPath("/interface/list")] < ranks[MenuPath("/interface/list/member")]
    assert ranks[MenuPath("/interface/vlan")] < ranks[MenuPath("/ip/address")]
    assert ranks[MenuPath("/interface/list")] < ranks[MenuPath("/ip/firewall/filter")]

    members = _diff(
        "/interface/list/member",
        [{"list": "NEW", "interface": "ether1"}],
        [{"list": "OLD", "interface": "ether1"}],
    )
    lists = _diff("/interface/list", [{"name": "NEW"}], [{"name": "OLD"}])
    assert _numbered(members, lists) == [
        "add /interface/list NEW",
        "add /interface/list/member NEW ether1",
        "remove /interface/list/member OLD ether1",
        "remove /interface/list OLD",
    ]


def test_a_value_that_must_be_unique_is_freed_first() -> None:
    records = _diff(
        "/ip/dns/static",
        [{"name": "a.example", "address": "10.0.0.1", "comment": "moved here", "regexp": ""}],
        [{"name": "a.example", "address": "10.0.0.1", "type": "A", "disabled": "true"}],
    )
    assert [line.split()[0] for line in _numbered(records)] == ["set"]
    bridges = _diff("/interface/bridge", [{"name": "one"}], [{"name": "two"}])
    assert [line.split()[0] for line in _numbered(bridges)] == ["add", "remove"]


def test_an_exchange_of_unique_values_is_refused_not_guessed() -> None:
    path = "/interface/ethernet"
    swapped = _diff(
        path,
        [{"default-name": "ether1", "name": "b"}, {"default-name": "ether2", "name": "a"}],
        [{"default-name": "ether1", "name": "a"}, {"default-name": "ether2", "name": "b"}],
    )
    with pytest.raises(CannotOrder, match="two commits"):
        _numbered(swapped)


def test_a_name_that_is_nowhere_is_a_problem_with_its_place() -> None:
    members = _diff("/interface/list/member", [{"list": "LAN", "interface": "brdge"}], [])
    observed = {
        MenuPath("/interface"): builders.observed([{"name": "bridge"}]),
        MenuPath("/interface/list"): builders.observed([{"name": "LAN"}]),
    }
    problems = list(dangling([members], {**observed, members.menu.path: builders.observed([])}))
    assert len(problems) == 1
    assert "'brdge'" in problems[0].message
    assert problems[0].location == builders.HERE


def test_a_name_made_by_the_same_plan_is_no_problem() -> None:
    members = _diff("/interface/list/member", [{"list": "NEW", "interface": "vlan9"}], [])
    lists = _diff("/interface/list", [{"name": "NEW"}], [])
    vlans = _diff("/interface/vlan", [{"name": "vlan9", "interface": "bridge", "vlan-id": "9"}], [])
    observed = {
        MenuPath("/interface"): builders.observed([{"name": "bridge"}]),
        MenuPath("/interface/list"): builders.observed([]),
    }
    observed |= {diff.menu.path: builders.observed([]) for diff in (members, vlans)}
    assert list(dangling([members, lists, vlans], observed)) == []


def test_a_name_that_others_still_use_cannot_be_removed() -> None:
    rows = [{"name": "LAN"}, {"name": "WAN"}]
    rules = [{"chain": "forward", "action": "drop", "in-interface-list": "!WAN"}]
    lists = _diff("/interface/list", rows[:1], rows)
    filters = _diff("/ip/firewall/filter", rules, rules)
    observed = {
        MenuPath("/interface/list"): builders.observed(rows),
        MenuPath("/ip/firewall/filter"): builders.observed(rules),
    }
    problems = list(dangling([lists, filters], observed))
    assert len(problems) == 1
    assert "'WAN'" in problems[0].message
    kept = _diff("/interface/list", rows, rows)
    assert list(dangling([kept, filters], observed)) == []


CHANGE = Change(
    1,
    MenuPath("/ip/dns/static"),
    Action.SET,
    "a.example A",
    before={"address": "10.0.0.1"},
    after={"address": "10.0.0.2"},
    handle="*1",
)
PLAN = DevicePlan("edge", serial="HE1", version="7.18.2", changes=(CHANGE,))


def _digest(*plans: DevicePlan, commit: str = "c" * 40, limits: Limits | None = None) -> str:
    batch = ((tuple(plan.device for plan in plans)),)
    return plan_digest(plans, commit=commit, engine="1", catalogue="x", limits=limits or Limits(), batches=batch)


def _with(**fields: object) -> DevicePlan:
    return replace(PLAN, changes=(replace(CHANGE, **fields),))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    "other",
    [
        _with(handle="*7"),
        _with(reason="another sentence"),
        _with(anchor=Anchor("*9")),
        _with(context={"ttl": "1d"}),
        replace(PLAN, notes=("something",)),
        _with(after=dict(reversed(list(CHANGE.after.items())))),
    ],
)
def test_what_is_not_in_the_digest(other: DevicePlan) -> None:
    assert _digest(other) == _digest(PLAN)


@pytest.mark.parametrize(
    "other",
    [
        _with(before={"address": "10.0.0.9"}),
        _with(after={"address": "10.0.0.3"}),
        _with(after={"address": None}),
        _with(after={"address": SecretRef("x")}),
        _with(identity="b.example A"),
        _with(action=Action.ADD),
        _with(neighbours=("a", "b")),
        replace(PLAN, serial="HE2"),
        replace(PLAN, version="7.19"),
        replace(PLAN, changes=(CHANGE, CHANGE)),
    ],
)
def test_what_is_in_the_digest(other: DevicePlan) -> None:
    assert _digest(other) != _digest(PLAN)
    assert device_digest(other) != device_digest(PLAN)
    assert effect([other]) != effect([PLAN])


def test_commit_and_limits_are_in_the_digest_and_not_in_the_effect() -> None:
    assert _digest(PLAN, commit="d" * 40) != _digest(PLAN)
    assert _digest(PLAN, limits=Limits(removes=99)) != _digest(PLAN)


@pytest.mark.parametrize(
    ("sizes", "wanted"),
    [
        (("1", "rest"), [["a"], ["b", "c", "d", "e"]]),
        (("1", "2"), [["a"], ["b", "c"], ["d", "e"]]),
        (("1", "40%", "rest"), [["a"], ["b", "c"], ["d", "e"]]),
        (("rest",), [["a", "b", "c", "d", "e"]]),
    ],
)
def test_batches(sizes: tuple[str, ...], wanted: list[list[str]]) -> None:
    assert [list(batch) for batch in batches("abcde", sizes)] == wanted


def test_two_of_one_redundancy_name_never_share_a_batch() -> None:
    found = batches("abcd", ("rest",), {"a": "core", "b": "core", "c": "core", "d": None})
    assert [list(batch) for batch in found] == [["a", "d"], ["b"], ["c"]]


@pytest.mark.parametrize("size", ["0", "-1", "x", "0%", ""])
def test_nonsense_is_no_batch_size(size: str) -> None:
    with pytest.raises(ValueError, match="batch size"):
        batches("ab", (size,))


def test_what_moved_is_named_with_both_values() -> None:
    told = differences(PLAN, _with(before={"address": "10.0.0.7"}))
    assert len(told) == 1
    assert "10.0.0.1" in told[0]
    assert "10.0.0.7" in told[0]
    assert "a.example" in told[0]


def test_equal_plans_have_no_difference() -> None:
    assert differences(PLAN, _with(handle="*9", reason="x")) == ()
