"""Status, outcomes and problems, against texts written by hand."""

import datetime
from dataclasses import replace

from reconciler.views.listing import device_status, error_text, outcomes_text, problems_text, status_text
from reconciler.views.style import Style
from schemas.device import Device, Mode, Tls
from schemas.errors import InputError, StalePlan, Unreachable
from schemas.location import Location, Problem
from schemas.rollout import Outcome, Result, Rollout
from schemas.status import DeviceStatus
from tests.unit.views.examples import EDGES, device

STATUS = """\
DEVICE  ENVIRONMENT  MODE    VERSION  STATE               WHY
edge-1  prod         manage  7.18.2   pending 4, drift 1
core    prod         manage  7.18.9   pending 1, drift 1  RouterOS 7.18.9 is not in the catalogue;
                                                          the facts of the nearest version, 7.18.2,
                                                          were used.
edge-3  prod         manage  -        unknown             Nothing answered at https://10.9.0.3.
idle    prod         manage  7.18.2   in sync

4 devices: 1 in sync, 2 pending, 2 drifted, 1 unknown."""

OUTCOMES = """\
DEVICE  BATCH  RESULT     DONE  WHY
core    1      confirmed  3/3
edge-1  2      failed     2/6   The router refused change 3: no such item.
edge-2  2      skipped    0/6   An earlier device failed.

Rollout r1: 1 confirmed, 1 failed, 1 skipped."""

PROBLEMS = """\
groups/base.yaml:12: The key name stands twice.
devices/a.yaml:3: /ip/dns has no field servrs.
  help: Did you mean servers?
There is no commit.

3 problems in 2 files."""

NOW = datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC)


def _device(name):
    return Device(name, ("https://10.9.0.1",), Tls(), "read", "write", "prod", Mode.MANAGE)


def _rows():
    parts = (EDGES.devices[0], EDGES.devices[2], EDGES.devices[3], device("idle"))
    return [device_status(_device(part.device), part) for part in parts]


def test_status_is_a_table():
    assert status_text(_rows()) == STATUS


def test_status_of_no_devices():
    assert status_text([]) == "No devices."


def test_paint_does_not_move_the_columns():
    mark = Style(
        refused=lambda text: f"\x1b[31m{text}\x1b[0m",
        warning=lambda text: f"\x1b[33m{text}\x1b[0m",
        info=lambda text: f"\x1b[36m{text}\x1b[0m",
    )
    painted = status_text(_rows(), style=mark)
    assert "\x1b[31munknown" in painted
    for code in (31, 33, 36, 0):
        painted = painted.replace(f"\x1b[{code}m", "")
    assert [line.rstrip() for line in painted.splitlines()] == STATUS.splitlines()


def test_unreachable_is_never_in_sync():
    row = DeviceStatus("a", "prod", Mode.OBSERVE, unknown="")
    assert row.state == "unknown"
    assert "0 in sync, 0 pending, 0 drifted, 1 unknown" in status_text([row])


def test_every_device_of_a_rollout_has_its_line():
    outcomes = (
        Outcome("core", Result.CONFIRMED, 3, 3, "", 1),
        Outcome("edge-1", Result.FAILED, 6, 2, "The router refused change 3: no such item.", 2),
        Outcome("edge-2", Result.SKIPPED, 6, 0, "An earlier device failed.", 2),
    )
    assert outcomes_text(Rollout("r1", "d", "c", outcomes, NOW)) == OUTCOMES
    assert outcomes_text(Rollout("r1", "d", "c", (), NOW)) == "Rollout r1: no devices."


def test_problems_stand_with_their_place_and_help():
    problems = (
        Problem("The key name stands twice.", Location("groups/base.yaml", 12)),
        Problem("/ip/dns has no field servrs.", Location("devices/a.yaml", 3), "Did you mean servers?"),
        Problem("There is no commit."),
    )
    assert problems_text(InputError(problems)) == PROBLEMS
    assert problems_text(problems[:1]) == "groups/base.yaml:12: The key name stands twice."


def test_errors_for_people():
    stale = StalePlan("The plan no longer fits the routers.", ["edge-1: /ip/dns servers moved."])
    assert error_text(stale) == "The plan no longer fits the routers.\n  · edge-1: /ip/dns servers moved."
    assert error_text(Unreachable("Nothing answered.", device="edge-1")) == "edge-1: Nothing answered."
    assert error_text(InputError("There is no commit.")) == "There is no commit."


def test_text_of_routers_does_not_act_on_the_terminal():
    evil = "x\x1b[2J\n\u202e"
    rows = [replace(_rows()[0], device=evil, version=evil, why=evil)]
    texts = [
        status_text(rows),
        problems_text([Problem(evil, Location(evil, 1), evil)]),
        error_text(Unreachable("no " + evil.replace("\n", ""), device="a")),
        outcomes_text(Rollout(evil, "d", "c", (Outcome(evil, Result.FAILED, message=evil),), NOW)),
    ]
    for text in texts:
        assert all(line.isprintable() for line in text.split("\n"))
