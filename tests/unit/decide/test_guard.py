"""Limits, permissions and control data, as findings; and who may approve."""

from __future__ import annotations

import datetime
from dataclasses import replace

import pytest

from reconciler.decide.approve import must_be_approvable, must_be_independent, required_approvals
from reconciler.decide.control import device_differences, fleet_differences, widened_ownership
from reconciler.decide.guard import doubled, guard_device, guard_fleet, refused
from reconciler.decide.permit import Tier, require
from schemas.catalogue.load import open_catalogue
from schemas.change import Action, Change, Risk
from schemas.desired import DesiredMenu, Ignore, Prune, Scope
from schemas.device import Device, Environment, Fleet, Limits, Mode, Tls
from schemas.errors import ApprovalError, InputError, Refused
from schemas.path import MenuPath
from schemas.plan import Basis, DevicePlan, Finding, Plan, Severity
from schemas.rollout import Actor, Door, Person
from schemas.selector import Selector

LISTS = MenuPath("/ip/firewall/address-list")
DNS = MenuPath("/ip/dns/static")
MENU = open_catalogue().schema("7.18.2").menu(LISTS)
DNS_MENU = open_catalogue().schema("7.18.2").menu(DNS)
CAPABLE = frozenset({"advanced-writes", "firewall-writes", "professional-workflows"})
DEVICE = Device(
    "edge", ("https://192.0.2.1",), Tls(insecure=True), "ro", "rw", "lab", mode=Mode.MANAGE, capabilities=CAPABLE
)
ANNA = Person("anna", ("anna@example.net",), "{}", "k1")
BOB = Person("bob", ("bob@example.net",), "{}", "k2")


def _rules(device: Device, *changes: Change, limits: Limits | None = None, rows: int = 100) -> dict[str, Severity]:
    assert MENU is not None
    assert DNS_MENU is not None
    plan = DevicePlan(device.name, changes=changes)
    found = guard_device(device, plan, {LISTS: MENU, DNS: DNS_MENU}, {LISTS: rows, DNS: rows}, limits or Limits())
    return {finding.rule: finding.severity for finding in found}


def _change(number: int = 1, action: Action = Action.ADD, path: MenuPath = LISTS, risk: Risk = Risk.NORMAL) -> Change:
    return Change(number, path, action, f"row {number}", risk=risk)


def test_a_device_with_every_capability_and_few_changes_has_no_finding() -> None:
    assert _rules(DEVICE, _change()) == {}


@pytest.mark.parametrize("missing", ["advanced-writes", "firewall-writes"])
def test_a_missing_capability_refuses(missing: str) -> None:
    device = replace(DEVICE, capabilities=CAPABLE - {missing})
    assert _rules(device, _change()) == {"capability": Severity.REFUSED}


def test_dns_needs_no_capability_of_its_own() -> None:
    assert _rules(replace(DEVICE, capabilities=frozenset({"advanced-writes"})), _change(path=DNS)) == {}


def test_observing_is_told_and_refuses_nothing_by_itself() -> None:
    device = replace(DEVICE, mode=Mode.OBSERVE, capabilities=frozenset())
    assert set(_rules(device, _change()).values()) == {Severity.INFO}


def test_more_removals_than_the_limit_refuse() -> None:
    few = [_change(n, Action.REMOVE) for n in range(1, 11)]
    assert _rules(DEVICE, *few) == {}
    assert _rules(DEVICE, *few, _change(11, Action.REMOVE)) == {"limit": Severity.REFUSED}


def test_a_large_share_of_a_menu_refuses_but_not_of_a_few_rows() -> None:
    three = [_change(n, Action.REMOVE) for n in range(1, 4)]
    assert _rules(DEVICE, *three, rows=12) == {"limit": Severity.REFUSED}
    assert _rules(DEVICE, *three, rows=4) == {}


def test_the_management_path_refuses() -> None:
    assert _rules(DEVICE, _change(risk=Risk.MANAGEMENT)) == {"management-path": Severity.REFUSED}


def test_many_devices_need_the_capability_for_it_and_stay_under_the_limit() -> None:
    plans = [DevicePlan(f"d{n}", changes=(_change(),)) for n in range(3)]
    devices = [replace(DEVICE, name=f"d{n}") for n in range(3)]
    assert list(guard_fleet(devices, plans, Limits())) == []
    assert refused(guard_fleet(devices, plans, Limits(devices=2)))
    assert refused(guard_fleet([replace(d, capabilities=frozenset()) for d in devices], plans, Limits()))


@pytest.mark.parametrize(
    ("change", "word"),
    [
        ({"addresses": ("https://192.0.2.9",)}, "address"),
        ({"environment": "prod"}, "environment"),
        ({"capabilities": frozenset({"advanced-writes"})}, "capabilities"),
        ({"mode": Mode.OBSERVE}, "mode"),
        ({"tls": Tls(pin="sha256:" + "0" * 64)}, "tls"),
        ({"write_credential": "other"}, "credentials.write"),
    ],
)
def test_control_data_of_a_device(change: dict[str, object], word: str) -> None:
    found = list(device_differences(DEVICE, replace(DEVICE, **change)))  # type: ignore[arg-type]
    assert [finding.rule for finding in found] == ["control"]
    assert found[0].message.startswith(word)
    assert refused(found)


def test_groups_and_tags_are_no_control_data() -> None:
    assert list(device_differences(DEVICE, replace(DEVICE, groups=("new",), tags={"a": "b"}))) == []


def test_limits_of_the_fleet_are_control_data() -> None:
    assert refused(fleet_differences(Fleet(), Fleet(limits=Limits(removes=99))))


@pytest.mark.parametrize(
    ("menu", "widens"),
    [
        (DesiredMenu(LISTS, ()), False),
        (DesiredMenu(LISTS, (), scopes=(Scope(prune=Prune.ALL),)), True),
        (DesiredMenu(LISTS, (), ignores=(Ignore(Selector()),)), True),
        (DesiredMenu(LISTS, (), scopes=(Scope(Selector((("list", ("a",)),))),)), False),
    ],
)
def test_widening_what_is_ours_is_control_data(menu: DesiredMenu, widens: bool) -> None:
    before = {LISTS: DesiredMenu(LISTS, ())}
    assert refused(widened_ownership(before, {LISTS: menu}, "edge")) is widens


def _plan(*findings: Finding, basis: Basis = Basis.LIVE, changes: tuple[Change, ...] = (_change(),)) -> Plan:
    device = DevicePlan("edge", basis=basis, changes=changes)
    now = datetime.datetime.now(datetime.UTC)
    return Plan("c" * 40, (device,), findings, (("edge",),), "d" * 64, "e" * 64, now, "1", "x")


@pytest.mark.parametrize(
    ("plan", "device", "error"),
    [
        (_plan(Finding("limit", Severity.REFUSED, "Too much.")), DEVICE, Refused),
        (_plan(basis=Basis.PREVIEW), DEVICE, Refused),
        (_plan(), replace(DEVICE, mode=Mode.OBSERVE), Refused),
        (_plan(changes=()), DEVICE, InputError),
    ],
)
def test_some_plans_cannot_be_approved(plan: Plan, device: Device, error: type[Exception]) -> None:
    with pytest.raises(error):
        must_be_approvable(plan, {"edge": device})


def test_a_live_plan_of_a_managed_device_can_be_approved() -> None:
    must_be_approvable(_plan(), {"edge": DEVICE})


PROD = Environment("prod", approvals={"normal": 1, "management-path": 2})


@pytest.mark.parametrize(
    ("person", "people", "requester", "allowed"),
    [
        (BOB, {"anna@example.net"}, "anna@example.net", True),
        (ANNA, {"anna@example.net"}, "bob@example.net", False),
        (ANNA, {"ANNA@example.net"}, "", False),
        (ANNA, {"bob@example.net"}, "anna@example.net", False),
        (BOB, {"anna@example.net", "stranger@example.net"}, "", False),
    ],
)
def test_nobody_approves_their_own(person: Person, people: set[str], requester: str, allowed: bool) -> None:
    if allowed:
        must_be_independent(person, frozenset({*people, requester}), (ANNA, BOB), [PROD])
    else:
        with pytest.raises(ApprovalError):
            must_be_independent(person, frozenset({*people, requester}), (ANNA, BOB), [PROD])


def test_only_a_lab_may_let_authors_approve() -> None:
    lab = Environment("lab", lab=True, self_approval=True)
    must_be_independent(ANNA, frozenset({"anna@example.net"}), (ANNA, BOB), [lab])
    for environments in ([lab, PROD], [replace(lab, lab=False)]):
        with pytest.raises(ApprovalError):
            must_be_independent(ANNA, frozenset({"anna@example.net"}), (ANNA, BOB), environments)


def test_the_riskiest_change_decides_how_many_must_approve() -> None:
    assert required_approvals([PROD], _plan()) == 1
    assert required_approvals([PROD], _plan(changes=(_change(risk=Risk.MANAGEMENT),))) == 2


@pytest.mark.parametrize("tier", [Tier.APPROVE, Tier.WRITE, Tier.ADMIN])
def test_an_ai_client_can_never_approve_or_write(tier: Tier) -> None:
    require(Actor(Door.CLI), "verb", tier)
    with pytest.raises(Refused):
        require(Actor(Door.MCP, person="anna"), "verb", tier)


def test_two_documents_of_one_router_are_told() -> None:
    other = replace(DEVICE, name="other", addresses=("https://192.0.2.2",))
    assert list(doubled([DEVICE, other])) == []
    assert [finding.rule for finding in doubled([DEVICE, replace(other, addresses=DEVICE.addresses)])] == ["doubled"]
