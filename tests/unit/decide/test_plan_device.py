"""What a plan tells of a device beside its changes: menus that it lacks, fields that nothing is known of."""

from __future__ import annotations

import datetime
from collections.abc import Mapping

from reconciler.decide.plan import DeviceResult, Judging, plan_device
from schemas.catalogue.load import open_catalogue
from schemas.change import Action
from schemas.desired import Desired
from schemas.device import Device, Fleet, Limits, Mode, Tls
from schemas.observed import DeviceFacts, Observed, ObservedMenu
from schemas.path import MenuPath
from tests.unit.decide import builders

SCHEMA = open_catalogue().schema("7.18.2")
LISTS, DNS, WIFI = MenuPath("/interface/list"), MenuPath("/ip/dns"), MenuPath("/interface/wifi/security")
NOW = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)
DEVICE = Device("edge", ("https://192.0.2.1",), Tls(insecure=True), "ro", "rw", environment="lab", mode=Mode.MANAGE)


def planned(wanted: Mapping[MenuPath, list[dict[str, str]]], seen: Mapping[MenuPath, ObservedMenu]) -> DeviceResult:
    menus = {path: builders.desired(path, {"desired": rows}) for path, rows in wanted.items()}
    return plan_device(
        DEVICE,
        Desired(DEVICE, Fleet(), "0" * 40, menus),
        Observed("edge", DeviceFacts("HE1", "CHR", "7.18.2"), seen, NOW),
        None,
        SCHEMA.menu,
        Judging(Limits(), (), frozenset(), NOW.date()),
        schema_version="7.18.2",
    )


def test_fields_that_nothing_is_known_of_are_told_once_and_never_written() -> None:
    rows = tuple({".id": f"*{n}", "name": f"list-{n}", "comment": "old", "novel": "1"} for n in range(3))
    wanted = [{"name": f"list-{n}", "comment": "new"} for n in range(3)]
    seen = {
        LISTS: ObservedMenu(rows, unknown=frozenset({"novel", "brand"})),
        DNS: ObservedMenu(({"servers": "192.0.2.53"},), unknown=frozenset({"odd"})),
    }
    plan = planned({LISTS: wanted}, seen).plan
    assert [(change.action, dict(change.after)) for change in plan.changes] == [(Action.SET, {"comment": "new"})] * 3
    assert plan.notes == ("Not known to Plumbline, and left as it is: /interface/list brand, novel.",)


def test_a_row_with_unknown_fields_is_removed_without_them() -> None:
    row = {".id": "*1", "name": "gone", "novel": "1"}
    wanted = {LISTS: [{"name": "gone", "$absent": "true"}]}
    [change] = planned(wanted, {LISTS: ObservedMenu((row,), unknown=frozenset({"novel"}))}).plan.changes
    assert change.action is Action.REMOVE
    assert "novel" not in change.before


def test_very_many_unknown_fields_are_told_in_part() -> None:
    names = frozenset(f"novel-{n:03}" for n in range(500))
    [note] = planned({LISTS: []}, {LISTS: ObservedMenu((), unknown=names)}).plan.notes
    assert note.endswith("novel-019 and more.")


def test_nothing_unknown_nothing_said() -> None:
    assert planned({LISTS: []}, {LISTS: ObservedMenu(())}).plan.notes == ()


def test_a_menu_that_the_device_lacks_is_a_problem_of_the_document() -> None:
    result = planned({WIFI: [{"name": "home"}], LISTS: []}, {WIFI: ObservedMenu((), False), LISTS: ObservedMenu(())})
    [problem] = result.problems
    assert problem.message == "/interface/wifi/security: edge has no such menu (RouterOS 7.18.2)."
    assert result.plan.changes == ()
