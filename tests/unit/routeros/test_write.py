"""One change is one call."""

import asyncio

import pytest

from routeros.session import Session
from routeros.write import write
from schemas.catalogue.model import Field, Kind, Menu, Unset
from schemas.change import Action, Change
from schemas.errors import DeviceRefused, OutcomeUnknown, PlumblineError
from schemas.path import MenuPath
from tests.unit.routeros.wire import QUICK, answer, client, error, wire

FILTER = MenuPath("/ip/firewall/filter")
FIELDS = {
    item.name: item
    for item in (
        Field("chain", "chain", "text", required=True),
        Field("comment", "comment", "text", default="", unset=Unset.EMPTY),
        Field("src-address", "src-address", "address-or-prefix", default=""),
        Field("log", "log", "bool", default="false", unset=Unset.DEFAULT),
        Field("mystery", "mystery", "text", default=None, unset=Unset.DEFAULT),
        Field("available-from", "address", "text"),
        Field("password", "password", "text", secret=True),
    )
}
COMMANDS = frozenset({"add", "set", "remove", "move", "unset"})
MENU = Menu(FILTER, Kind.LIST, COMMANDS, FIELDS)
SINGLETON = Menu(MenuPath("/ip/dns"), Kind.SINGLETON, frozenset({"set"}), FIELDS)


def do(action, values=(), *, anchor=None, handle="*1", menu=MENU, handler=None, singleton=False):
    """Carry one change out: (result, [(method, target, body)])."""

    async def story():
        async with wire(handler or (lambda seen: answer({".id": "*7"}))) as router, Session(QUICK) as session:
            change = Change(1, menu.path, action, "the row", handle=handle, singleton=singleton)
            result = await write(client(session, router), menu, change, dict(values), anchor)
            return result, [(seen.method, seen.target, seen.json if seen.body else None) for seen in router.seen]

    return asyncio.run(story())


def test_add_gives_the_new_id():
    values = {"chain": "input", "available-from": "192.0.2.0/24", "comment": None}
    result, calls = do(Action.ADD, values, handler=lambda seen: answer({".id": "*7"}, 201))
    assert result == "*7"
    assert calls == [("PUT", "/rest/ip/firewall/filter", {"chain": "input", "address": "192.0.2.0/24"})]


def test_what_comes_by_itself_with_a_new_row_is_unset_where_it_shall_be_absent():
    values = {"chain": "input", "src-address": None, "log": None}
    made = {".id": "*7", "chain": "input", "src-address": "10.0.0.1"}
    result, calls = do(Action.ADD, values, handler=lambda seen: answer(made, 201 if seen.method == "PUT" else 200))
    assert result == "*7"
    assert calls == [
        ("PUT", "/rest/ip/firewall/filter", {"chain": "input"}),
        ("PATCH", "/rest/ip/firewall/filter/*7", {"!src-address": ""}),
    ]


def test_add_before_a_row():
    _, calls = do(Action.ADD, {"chain": "input"}, anchor="*C", handler=lambda seen: answer({".id": "*7"}, 201))
    assert calls == [("PUT", "/rest/ip/firewall/filter", {"chain": "input", "place-before": "*C"})]


def test_add_without_an_id_is_unknown():
    with pytest.raises(OutcomeUnknown, match=r"without saying its \.id"):
        do(Action.ADD, {"chain": "input"}, handler=lambda seen: answer({"chain": "input"}, 201))


def test_set_and_unset_in_one_call():
    values = {"chain": "input", "comment": None, "src-address": None, "log": None, "available-from": None}
    result, calls = do(Action.SET, values)
    assert result is None
    body = {"chain": "input", "comment": "", "log": "false", "!src-address": "", "!address": ""}
    assert calls == [("PATCH", "/rest/ip/firewall/filter/*1", body)]


def test_where_the_router_takes_no_exclamation_mark_it_has_a_command():
    def handler(seen):
        old = any(name.startswith("!") for name in seen.json)
        return error("unknown parameter !src-address") if old else answer([])

    _, calls = do(Action.SET, {"comment": "x", "src-address": None}, handler=handler)
    assert calls[1:] == [
        ("PATCH", "/rest/ip/firewall/filter/*1", {"comment": "x"}),
        ("POST", "/rest/ip/firewall/filter/unset", {".id": "*1", "value-name": "src-address"}),
    ]
    _, calls = do(Action.SET, {"src-address": None}, handler=handler)
    assert [call[0] for call in calls] == ["PATCH", "POST"]


def test_other_refusals_of_a_set_stay():
    with pytest.raises(DeviceRefused, match="out of range"):
        do(Action.SET, {"src-address": None}, handler=lambda seen: error("value of x out of range (0..1)"))


def test_a_default_that_is_not_known_is_never_written():
    with pytest.raises(PlumblineError, match="its default in this version is not known"):
        do(Action.SET, {"mystery": None})


def test_a_singleton_is_set_by_command():
    _, calls = do(
        Action.SET, {"comment": "x"}, menu=SINGLETON, singleton=True, handle=None, handler=lambda seen: answer([])
    )
    assert calls == [("POST", "/rest/ip/dns/set", {"comment": "x"})]


@pytest.mark.parametrize("body", [b"[]", b"", b"[{}]"])
def test_a_singletons_answer_may_be_empty(body):
    do(Action.SET, {"comment": "x"}, menu=SINGLETON, singleton=True, handle=None, handler=lambda seen: answer(body))


def test_remove_by_id():
    assert do(Action.REMOVE, handler=lambda seen: answer(status=204)) == (
        None,
        [("DELETE", "/rest/ip/firewall/filter/*1", None)],
    )


@pytest.mark.parametrize(("anchor", "place"), [("*C", {"destination": "*C"}), (None, {})])
def test_move_before_a_row_or_to_the_end(anchor, place):
    _, calls = do(Action.MOVE, anchor=anchor, handler=lambda seen: answer([]))
    assert calls == [("POST", "/rest/ip/firewall/filter/move", {"numbers": "*1", **place})]


@pytest.mark.parametrize("action", [Action.SET, Action.REMOVE, Action.MOVE])
def test_a_row_without_an_id_cannot_be_changed(action):
    with pytest.raises(PlumblineError, match=r"has no \.id"):
        do(action, {"comment": "x"}, handle=None)


@pytest.mark.parametrize("action", [Action.SET, Action.REMOVE, Action.MOVE])
@pytest.mark.parametrize("handle", ["0", "ether1", "*1,*2"])
def test_a_position_or_a_name_is_no_id(action, handle):
    with pytest.raises(ValueError, match=r"not a row's \.id"):
        do(action, {"comment": "x"}, handle=handle)


@pytest.mark.parametrize("action", [Action.ADD, Action.MOVE])
def test_a_position_is_no_anchor(action):
    with pytest.raises(ValueError, match=r"not a row's \.id"):
        do(action, {"comment": "x"}, anchor="0")


@pytest.mark.parametrize("action", [Action.REMOVE, Action.SET])
def test_a_row_that_is_gone(action):
    with pytest.raises(DeviceRefused, match="the row no longer exists") as caught:
        do(action, {"comment": "x"}, handler=lambda seen: error("", 404))
    assert caught.value.status == 404


def test_a_secret_does_not_show_in_a_refusal():
    with pytest.raises(DeviceRefused) as caught:
        do(Action.SET, {"password": "hunter2"}, handler=lambda seen: error("value hunter2 is too weak"))
    assert "hunter2" not in str(caught.value) + caught.value.detail
