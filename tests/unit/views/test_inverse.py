"""Console lines that undo a plan by hand."""

from dataclasses import replace

import pytest

from reconciler.views.inverse import inverse_lines, quoted
from schemas.catalogue.model import Field, Kind, Menu, Order, Unset
from schemas.change import Action, Change
from schemas.desired import SecretRef
from schemas.path import MenuPath
from tests.unit.views.examples import CHANGES, FILTER, device

USER = Menu(
    path=MenuPath("/user"),
    kind=Kind.LIST,
    commands=frozenset({"add", "set", "remove"}),
    fields={
        "name": Field("name", "name", "text"),
        "comment": Field("comment", "comment", "text", unset=Unset.EMPTY),
        "password": Field("password", "password", "text", secret=True),
        "disabled": Field("disabled", "disabled", "bool", default="false", unset=Unset.DEFAULT),
        "inactivity": Field("inactivity", "inactivity-timeout", "duration"),
        "last-logged-in": Field("last-logged-in", "last-logged-in", "text", writable=False),
    },
    key=("name",),
)
RULES = Menu(path=FILTER, kind=Kind.LIST, commands=frozenset({"add"}), fields={}, order=Order.EVALUATED)
HEAD = (
    "# Undoes the plan for edge-1, last change first.",
    "# Read before pasting: print what each find selects; it must be exactly one row.",
)


def _menu(path):
    return {USER.path: USER, FILTER: RULES}.get(path)


def _lines(*changes):
    lines = inverse_lines(device("edge-1", *changes), _menu)
    assert lines[:2] == HEAD
    return lines[2:]


def test_a_whole_plan_backwards():
    assert _lines(*CHANGES) == (
        "/ip address add address=192.168.88.1/24 interface=bridge comment=defconf",
        "# /user: the former password of audit is not in the plan; set it by hand.",
        "/user set [find name=audit] comment=old",
        "# /ip firewall filter: where rest stood is not in the plan; move it back by hand.",
        "/ip firewall filter remove [find chain=input action=accept dst-port=443]",
        "/ip dns set servers=1.1.1.1",
    )


def test_nothing_to_undo():
    assert inverse_lines(device("edge-1"), _menu) == ()


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("ether1", "ether1"),
        ("192.168.88.0/24", "192.168.88.0/24"),
        ("", '""'),
        ("two words", '"two words"'),
        ("1.1.1.1,9.9.9.9", '"1.1.1.1,9.9.9.9"'),
        ('say "hi"', r'"say \"hi\""'),
        ("$HOME?", r'"\$HOME\?"'),
        (r"C:\temp", r'"C:\\temp"'),
        ("a\r\nb\tc", r'"a\r\nb\tc"'),
        ("\x1b[0m", r'"\1B[0m"'),
        ("café", r'"caf\C3\A9"'),
        (b"caf\xe9".decode("utf-8", "surrogateescape"), r'"caf\E9"'),
        ('"]; /system reboot; #', r'"\"]; /system reboot; #"'),
    ],
)
def test_quoting(text, shown):
    assert quoted(text) == shown


def test_fields_go_back_the_way_their_kind_does():
    change = Change(
        number=1,
        path=USER.path,
        action=Action.SET,
        identity="eve",
        before={"name": "eve", "comment": None, "disabled": None, "inactivity": None},
        after={"name": "adam", "comment": "x", "disabled": "true", "inactivity": "5m"},
        context={"name": "eve"},
    )
    assert _lines(change) == ('/user set [find name=adam] name=eve comment="" disabled=no !inactivity-timeout',)


def test_a_removed_row_comes_back_without_secrets_and_without_what_cannot_be_written():
    before = {"name": "eve", "password": "hunter2", "disabled": "true", "last-logged-in": "today", "comment": ""}
    lines = _lines(Change(1, USER.path, Action.REMOVE, "eve", before))
    assert lines == (
        "# /user: secrets of eve are not in the plan; set them by hand.",
        "/user add name=eve disabled=yes",
    )


def test_an_ordered_row_that_comes_back_says_that_its_place_is_lost():
    lines = _lines(Change(1, FILTER, Action.REMOVE, "rest", {"chain": "input", "action": "drop"}))
    assert lines[0].startswith("# /ip firewall filter: where rest stood is not in the plan")
    assert lines[1] == "/ip firewall filter add chain=input action=drop"


def test_a_row_that_cannot_be_told_from_others_is_left_to_a_person():
    change = Change(1, FILTER, Action.SET, "rest", {"disabled": "false"}, {"disabled": "true"})
    (line,) = _lines(change)
    assert line.startswith("# /ip firewall filter: what rest says is not in the plan;")


def test_added_secrets_are_not_searched_for():
    change = Change(1, USER.path, Action.ADD, "eve", after={"name": "eve", "password": SecretRef("eve")})
    assert _lines(change) == ("/user remove [find name=eve]",)


def test_hostile_text_stays_inside_its_line():
    evil = "x\n/system reset-configuration\n"
    change = Change(1, FILTER, Action.REMOVE, evil, {evil: evil, "comment": evil}, {})
    moved = replace(change, action=Action.MOVE, before={}, neighbours=("", ""))
    for line in inverse_lines(replace(device(evil, change, moved)), _menu):
        assert "\n" not in line
        assert not line.startswith("/system")
