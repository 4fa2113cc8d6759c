"""What goes over the wire, what comes back, and what refusals mean."""

import asyncio

import pytest

from routeros.client import Client
from routeros.session import Session
from schemas.device import Tls
from schemas.errors import DeviceRefused, InputError, LoginRefused, OutcomeUnknown
from schemas.login import Login
from schemas.path import MenuPath
from tests.unit.routeros.wire import PASSWORD, QUICK, answer, client, error, wire

FILTER = MenuPath("/ip/firewall/filter")
IDENTITY = MenuPath("/system/identity")


def ask(handler, call):
    """Run ``call(client)`` against a server with this handler: (result, requests seen)."""

    async def story():
        async with wire(handler) as router, Session(QUICK) as session:
            return await call(client(session, router)), router.seen

    return asyncio.run(story())


def refused(handler, call, kind):
    async def story():
        async with wire(handler) as router, Session(QUICK) as session:
            with pytest.raises(kind) as caught:
                await call(client(session, router))
            assert PASSWORD not in str(caught.value)
            return caught.value

    return asyncio.run(story())


def test_ids_go_out_raw_and_names_encoded():
    _, seen = ask(lambda seen: answer({"name": "x"}), lambda it: it.row(MenuPath("/file"), "flash/my backup?.rsc"))
    assert seen[0].target == "/rest/file/flash%2Fmy%20backup%3F.rsc"
    _, seen = ask(lambda seen: answer({".id": "*1A"}), lambda it: it.row(FILTER, "*1A"))
    assert seen[0].target == "/rest/ip/firewall/filter/*1A"
    _, seen = ask(lambda seen: answer(status=204), lambda it: it.delete(FILTER, "*1A"))
    assert (seen[0].method, seen[0].target, seen[0].body) == ("DELETE", "/rest/ip/firewall/filter/*1A", b"")


@pytest.mark.parametrize("handle", ["0", "", "*", "ether1", "*1,*2", "*1/../*2", "%2A1"])
def test_only_ids_can_be_written_to(handle):
    assert isinstance(refused(lambda seen: answer(), lambda it: it.delete(FILTER, handle), ValueError), ValueError)


def test_a_body_says_plain_json_and_holds_texts():
    _, seen = ask(
        lambda seen: answer({".id": "*2"}), lambda it: it.patch(FILTER, "*2", {"disabled": "true", "comment": "é\n"})
    )
    assert seen[0].headers["content-type"] == "application/json"
    assert seen[0].json == {"disabled": "true", "comment": "é\n"}
    assert seen[0].headers["authorization"] == "Basic YW1zLXJ3OmNvcnJlY3QgaG9yc2U="
    assert "accept-encoding" not in seen[0].headers
    assert "cookie" not in seen[0].headers


def test_a_read_says_nothing_about_content():
    rows, seen = ask(lambda seen: answer([{".id": "*1"}]), lambda it: it.rows(FILTER, ["chain", "dst-port"]))
    assert seen[0].target == "/rest/ip/firewall/filter?.proplist=chain,dst-port"
    assert "content-type" not in seen[0].headers
    assert rows == [{".id": "*1"}]


@pytest.mark.parametrize(
    ("body", "rows"),
    [
        (b'[{".id":"*1","comment":"raw\x01\ttab"}]', [{".id": "*1", "comment": "raw\x01\ttab"}]),
        (b'[{".id":"*1","comment":"B\xfcro"}]', [{".id": "*1", "comment": "B\udcfcro"}]),
        ("[{'.id':'*1','comment':'Büro 🙂'}]".replace("'", '"').encode(), [{".id": "*1", "comment": "Büro 🙂"}]),
        (
            b'[{"mtu":1500,"running":true,"rate":1.5,"x":null}]',
            [{"mtu": "1500", "running": "true", "rate": "1.5", "x": ""}],
        ),
        (b'{"name":"MikroTik"}', [{"name": "MikroTik"}]),
        (b"[]", []),
    ],
    ids=["control characters", "not UTF-8", "UTF-8", "native JSON", "one object", "no rows"],
)
def test_tolerant_decoding(body, rows):
    assert ask(lambda seen: answer(body), lambda it: it.rows(FILTER))[0] == rows


def test_bytes_that_are_not_utf8_survive_a_round_trip():
    async def story():
        async with wire(lambda seen: answer(b'[{"comment":"B\xfcro"}]')) as router, Session(QUICK) as session:
            it = client(session, router)
            read = (await it.rows(FILTER))[0]["comment"]
            await it.patch(FILTER, "*1", {"comment": read})
            assert b'"B\xfcro"' in router.seen[1].body

    asyncio.run(story())


@pytest.mark.parametrize(
    "body", [b"", b"  ", b"<html>WebFig</html>", b'[{".id":"*1"', b'["x"]', b'[{"a":{"b":"c"}}]', b'"text"']
)
def test_an_unreadable_answer_is_never_taken_for_no_rows(body):
    found = refused(lambda seen: answer(body), lambda it: it.rows(FILTER), DeviceRefused)
    assert "RouterOS does not answer" in found.message


@pytest.mark.parametrize("body", [b"<html>", b"", b"[]"])
def test_an_add_whose_answer_names_no_row_is_unknown(body):
    refused(lambda seen: answer(body, 201), lambda it: it.add(FILTER, {"chain": "input"}), OutcomeUnknown)


@pytest.mark.parametrize("body", [b'{"name":"x"}', b'[{"name":"x"}]'], ids=["object", "one-element list"])
def test_a_singleton_in_either_shape(body):
    assert ask(lambda seen: answer(body), lambda it: it.row(IDENTITY))[0] == {"name": "x"}


def test_print_sends_query_words():
    _, seen = ask(lambda seen: answer([]), lambda it: it.print(FILTER, ["dynamic=true", "#!"], [".id", "chain"]))
    assert seen[0].target == "/rest/ip/firewall/filter/print"
    assert seen[0].json == {".query": ["dynamic=true", "#!"], ".proplist": [".id", "chain"]}


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (error("", 401), ["user 'ams-rw'", "password is wrong", "rest-api"]),
        (error("std failure: not allowed (9)", 500), ["user 'ams-rw'", "policy api"]),
        (error("not enough permissions (9)", 500), ["user 'ams-rw'", "most likely write", "PATCH /ip/firewall/filter"]),
    ],
)
def test_a_refused_login(reply, words):
    found = refused(lambda seen: reply, lambda it: it.patch(FILTER, "*1", {"comment": "x"}), LoginRefused)
    assert [word for word in words if word not in found.message] == []
    assert found.device == "edge-1"


def test_the_missing_policy_of_a_read_is_read():
    reply = error("not enough permissions (9)", 500)
    assert "most likely read" in refused(lambda seen: reply, lambda it: it.rows(FILTER), LoginRefused).message
    assert "most likely read" in refused(lambda seen: reply, lambda it: it.print(FILTER, ["x"]), LoginRefused).message


@pytest.mark.parametrize(
    ("reply", "status", "words"),
    [
        (error("", 404), 404, "the row no longer exists"),
        (error("unknown parameter bogus"), 400, "'unknown parameter bogus'. This version does not know the field"),
        (error("missing or invalid resource identifier"), 400, "RouterOS does not say why"),
        (error("input does not match any value of interface"), 400, "does not exist on the device"),
        (error("failure: already have such entry"), 400, "Another enabled row is the same"),
        (error("something new"), 400, "'something new'."),
        (answer(b"<html>403</html>", 403), 403, "REST is switched off"),
        (answer(b"", 503), 503, "status 503 without a reason"),
    ],
)
def test_a_refusal_keeps_routeros_words(reply, status, words):
    found = refused(lambda seen: reply, lambda it: it.patch(FILTER, "*1", {"comment": "x"}), DeviceRefused)
    assert found.status == status
    assert words in found.message
    assert "PATCH /ip/firewall/filter/*1" in found.message


def test_refusals_are_not_repeated():
    async def story():
        async with wire(lambda seen: error("", 401)) as router, Session(QUICK) as session:
            with pytest.raises(LoginRefused):
                await client(session, router).rows(FILTER)
            assert len(router.seen) == 1  # repeating a wrong password fills the router's log

    asyncio.run(story())


def test_session_closed_leaves_a_write_unknown_and_a_read_refused():
    reply = error("Session closed")
    refused(lambda seen: reply, lambda it: it.add(FILTER, {"chain": "input"}), OutcomeUnknown)
    assert "60 seconds" in refused(lambda seen: reply, lambda it: it.rows(FILTER), DeviceRefused).message


def test_a_secret_that_the_router_repeats_does_not_show():
    reply = error("bad value hunter2 of password")
    call = lambda it: it.add(MenuPath("/user"), {"password": "hunter2"}, hidden=["hunter2"])  # noqa: E731
    found = refused(lambda seen: reply, call, DeviceRefused)
    assert "hunter2" not in found.message + found.detail
    assert "bad value (secret) of password" in found.message


def test_a_very_long_refusal_is_cut():
    found = refused(lambda seen: error("x" * 10_000), lambda it: it.rows(FILTER), DeviceRefused)
    assert len(found.message) < 500


@pytest.mark.parametrize(("addresses", "user"), [((), "admin"), (("https://127.0.0.1",), "a:b")])
def test_a_client_that_cannot_work_is_told(addresses, user):
    async def story():
        async with Session(QUICK) as session:
            with pytest.raises(InputError):
                Client(session, "edge-1", addresses, Tls(insecure=True), Login(user, "x"))

    asyncio.run(story())
