"""What programs read, and plans that load back equal."""

import datetime
import json
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from reconciler.views.documents import (
    Document,
    document_text,
    drift_document,
    error_document,
    load_plan_document,
    plan_document,
    read_document,
    rollout_document,
    status_document,
)
from schemas.change import Change
from schemas.desired import SecretRef
from schemas.device import Mode
from schemas.errors import ApprovalError, CertificateMismatch, DeviceRefused, InputError, StalePlan
from schemas.location import Location, Problem
from schemas.path import MenuPath
from schemas.plan import Notice, Plan
from schemas.rollout import Outcome, Result, Rollout
from schemas.status import DeviceStatus
from tests.unit.views.examples import CHANGES, EDGES, PREVIEW, REFUSED, device, plan

TEXT = st.text(st.characters(), max_size=8)
PATHS = st.sampled_from([MenuPath("/ip/dns"), MenuPath("/ip/firewall/filter")])
st.register_type_strategy(MenuPath, PATHS)
st.register_type_strategy(datetime.datetime, st.datetimes(timezones=st.just(datetime.UTC)))
VALUES = st.one_of(st.none(), TEXT, st.builds(SecretRef, TEXT))
CHANGE = st.builds(
    Change,
    number=st.integers(),
    path=PATHS,
    identity=TEXT,
    before=st.dictionaries(TEXT, st.none() | TEXT, max_size=3),
    after=st.dictionaries(TEXT, VALUES, max_size=3),
    context=st.dictionaries(TEXT, TEXT, max_size=2),
)
CHANGE_LISTS = st.lists(CHANGE, max_size=2).map(tuple)
NOTICES = st.lists(st.builds(Notice, path=PATHS), max_size=1).map(tuple)
DEVICE = st.builds(
    type(EDGES.devices[0]),
    device=TEXT,
    changes=CHANGE_LISTS,
    drift=CHANGE_LISTS,
    unmanaged=NOTICES,
    unverified=NOTICES,
    released=NOTICES,
    ignored=NOTICES,
)
PLAN = st.builds(
    Plan,
    devices=st.lists(DEVICE, max_size=2).map(tuple),
    findings=st.just(()) | st.just((*EDGES.findings,)),
    batches=st.lists(st.lists(TEXT, max_size=2).map(tuple), max_size=2).map(tuple),
)


def _again(made: Plan) -> Plan:
    return load_plan_document(read_document(document_text(plan_document(made))))


def _told(make: Callable[..., Document]) -> Callable[..., Any]:
    """A document as a program reads it."""
    return lambda subject: json.loads(document_text(make(subject)))


@settings(max_examples=60)
@given(PLAN)
def test_a_plan_loads_back_equal(made):
    again = _again(made)
    assert again == made
    for one, other in zip(made.devices, again.devices, strict=True):
        for left, right in zip(one.changes, other.changes, strict=True):
            assert list(left.after.items()) == list(right.after.items())


def test_findings_with_their_places_load_back_equal():
    made = plan(device("a", *CHANGES), findings=(REFUSED, replace(REFUSED, location=Location("fleet.yaml", 3))))
    assert _again(made) == made


def test_a_document_of_a_plan_for_programs():
    document = _told(plan_document)(EDGES)
    assert document["format"] == "plumbline.plan/v1"
    assert document["summary"] == {
        "add": 2,
        "set": 5,
        "remove": 2,
        "move": 2,
        "devices": 3,
        "refused": False,
        "approvable": True,
    }
    assert document["created"] == "2026-11-23T22:00:00+00:00"
    change = document["devices"][0]["changes"][3]
    assert change["after"] == {"password": {"secret": "audit-password"}, "comment": None}
    assert _told(plan_document)(PREVIEW)["summary"]["approvable"] is False


def test_documents_are_plain_ascii_and_keep_broken_bytes():
    broken = b"caf\xe9\x7f\x1b".decode("utf-8", "surrogateescape")
    made = plan(device(broken))
    text = document_text(plan_document(made))
    assert text.isascii()
    assert "\x7f" not in text
    assert _again(made) == made


def _with(change):
    document = _told(plan_document)(EDGES)
    change(document)
    return document


@pytest.mark.parametrize(
    ("break_it", "message"),
    [
        (lambda d: d.update(extra=1), "extra: this key is not known."),
        (lambda d: d.pop("digest"), "digest: this key is missing."),
        (lambda d: d.update(digest=5), "digest: it must be text."),
        (lambda d: d.update(created="2026-11-23"), "created: it must be a time with its zone"),
        (lambda d: d.update(created="yesterday"), "created: it must be a time with its zone"),
        (lambda d: d.update(batches="all"), "batches: it must be a list."),
        (lambda d: d["devices"].append(7), "devices[4]: it must be an object."),
        (
            lambda d: d["devices"][0].update(unknow=None),
            "devices[0].unknow: this key is not known; did you mean unknown?",
        ),
        (lambda d: d["devices"][0].update(unknown_exit=True), "devices[0].unknown_exit: it must be a whole number."),
        (lambda d: d["devices"][0]["changes"][0].update(singleton=1), "singleton: it must be true or false."),
        (lambda d: d["devices"][0]["changes"][0].update(action="wipe"), "'wipe' is none of add, set, remove, move."),
        (lambda d: d["devices"][0]["changes"][0].update(path="ip dns;"), "is not a menu path"),
        (lambda d: d["devices"][0]["changes"][0].update(after=[]), "after: it must be an object."),
        (lambda d: d["devices"][0]["changes"][0]["after"].update(servers=5), "after.servers: it must be text."),
        (lambda d: d["devices"][0]["changes"][0]["after"].update(servers={"value": "x"}), '{"secret": NAME}'),
        (lambda d: d["devices"][0]["changes"][1].update(neighbours=["a"]), "neighbours: it must be a list of 2."),
    ],
)
def test_what_is_no_plan_is_told_with_its_place(break_it, message):
    with pytest.raises(InputError) as caught:
        load_plan_document(_with(break_it), "saved.json")
    assert message in str(caught.value)
    assert str(caught.value).startswith("saved.json: ")


def test_all_problems_at_once():
    def break_twice(document):
        document["digest"] = 5
        document["devices"][1]["basis"] = "guess"

    with pytest.raises(InputError) as caught:
        load_plan_document(_with(break_twice))
    assert len(caught.value.problems) == 2


@pytest.mark.parametrize("document", [[], "x", None, {}, {"format": "plumbline.drift/v1"}, {"format": 5}])
def test_other_documents_are_no_plans(document):
    with pytest.raises(InputError, match="not a plan document"):
        load_plan_document(document)


@pytest.mark.parametrize("text", ["", "{", '{"a": NaN}', '{"a": 1, "a": 2}', "[" * 200_000, b"\xff\xfe\x00"])
def test_what_is_no_json_is_an_input_error(text):
    with pytest.raises(InputError, match="not JSON that can be read"):
        read_document(text)


def test_drift_for_programs():
    document = _told(drift_document)(EDGES)
    assert document["format"] == "plumbline.drift/v1"
    assert document["summary"] == {"add": 0, "set": 1, "remove": 0, "move": 0, "devices": 1}
    assert [item["device"] for item in document["devices"] if item["drift"]] == ["core"]
    assert document["devices"][3]["unknown"] == "Nothing answered at https://10.9.0.3."
    assert all("changes" not in item for item in document["devices"])


def test_status_for_programs():
    rows = [
        DeviceStatus("a", "prod", Mode.MANAGE, "7.18.2", pending=2, drift=1),
        DeviceStatus("b", "lab", Mode.OBSERVE),
    ]
    document = _told(status_document)(rows)
    assert document["format"] == "plumbline.status/v1"
    assert [item["state"] for item in document["devices"]] == ["pending 2, drift 1", "in sync"]
    assert document["devices"][0]["mode"] == "manage"


def test_a_rollout_for_programs():
    started = datetime.datetime(2026, 11, 23, tzinfo=datetime.UTC)
    document = _told(rollout_document)(
        Rollout("r1", "d", "c", (Outcome("a", Result.FAILED, 3, 1, "no such item", 1),), started)
    )
    assert document["outcomes"] == [
        {"device": "a", "result": "failed", "planned": 3, "done": 1, "message": "no such item", "batch": 1}
    ]
    assert (document["format"], document["finished"]) == ("plumbline.rollout/v1", None)


def test_errors_for_programs():
    problem = Problem("Unknown field servrs.", Location("devices/a.yaml", 7), "Did you mean servers?")
    assert _told(error_document)(InputError(problem)) == {
        "format": "plumbline.error/v1",
        "code": "input-error",
        "exit": 1,
        "message": "devices/a.yaml:7: Unknown field servrs. Did you mean servers?",
        "device": None,
        "temporary": False,
        "problems": [
            {
                "message": "Unknown field servrs.",
                "file": "devices/a.yaml",
                "line": 7,
                "hint": "Did you mean servers?",
            }
        ],
    }


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (CertificateMismatch("Another one.", device="a"), {"code": "certificate-mismatch", "exit": 3, "device": "a"}),
        (StalePlan("It moved.", ["a: x"]), {"code": "stale-plan", "exit": 5, "differences": ["a: x"]}),
        (ApprovalError("used", "It was used."), {"code": "approval-error", "exit": 4, "why": "used"}),
        (DeviceRefused("No.", status=400, detail="bad"), {"exit": 8, "status": 400, "detail": "bad"}),
    ],
)
def test_errors_carry_what_they_know(error, expected):
    document = _told(error_document)(error)
    assert {name: document[name] for name in expected} == expected
