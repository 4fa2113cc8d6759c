"""The client against a simulated router: what one does, the other shows."""

import asyncio

import pytest

from routeros.client import Client
from routeros.identify import identify
from routeros.observe import MenuRead, observe
from routeros.session import Session
from routeros.tls import fetch_fingerprint
from routeros.write import write
from schemas.catalogue.load import open_catalogue
from schemas.change import Action, Change
from schemas.device import Tls
from schemas.errors import CertificateMismatch, DeviceRefused, LoginRefused, Unreachable
from schemas.login import Login
from schemas.path import MenuPath
from simulator.fleet import SimulatedRouter, run_in_thread
from tests.unit.routeros.wire import QUICK

FILTER = MenuPath("/ip/firewall/filter")
DNS = MenuPath("/ip/dns")
SEED = {
    "menus": {
        FILTER: [
            {"chain": "input", "action": "accept", "comment": "first"},
            {"chain": "input", "action": "drop", "comment": "last"},
        ]
    }
}


@pytest.fixture
def router():
    users: dict[str, str | tuple[str, str]] = {"admin": "secret-1", "reader": ("secret-2", "read")}
    simulated = SimulatedRouter("edge-1", SEED, serial="HE70812345", users=users)
    with run_in_thread([simulated]):
        yield simulated


def talk(router, story, user="admin", password="secret-1", pin=None):
    async def run():
        async with Session(QUICK) as session:
            login = Login(user, password)
            return await story(
                Client(session, router.name, (router.address,), Tls(pin=pin or router.fingerprint), login)
            )

    return asyncio.run(run())


def menu(path):
    found = open_catalogue().schema("7.18.2").menu(path)
    assert found is not None
    return found


def comments(router):
    return [row.get("comment") for row in router.rows(FILTER)]


def test_identify_and_observe(router):
    async def story(client):
        facts = await identify(client)
        return facts, await observe(client, facts, [MenuRead(menu(FILTER)), MenuRead(menu(DNS))])

    facts, observed = talk(router, story)
    assert (facts.serial, facts.model, facts.version) == ("HE70812345", "RB5009UG+S+", "7.18.2")
    assert list(observed.menus[FILTER].rows) == router.rows(FILTER)
    assert list(observed.menus[DNS].rows) == router.rows(DNS)
    assert observed.address == router.address


def test_add_set_unset_move_and_remove(router):
    filters = menu(FILTER)

    async def story(client):
        before = router.rows(FILTER)[1][".id"]
        values = {"chain": "input", "action": "accept", "src-address": "192.0.2.0/24", "comment": "new"}
        made = await write(client, filters, Change(1, FILTER, Action.ADD, "new"), values, before)
        assert comments(router) == ["first", "new", "last"]
        change = Change(2, FILTER, Action.SET, "new", handle=made)
        await write(
            client, filters, change, {"src-address": None, "comment": None, "dst-port": "443", "protocol": "tcp"}
        )
        row = router.rows(FILTER)[1]
        assert "src-address" not in row
        assert "comment" not in row
        assert (row["dst-port"], row["protocol"]) == ("443", "tcp")
        await write(
            client, filters, Change(3, FILTER, Action.MOVE, "new", handle=made), {}, router.rows(FILTER)[0][".id"]
        )
        assert comments(router) == [None, "first", "last"]
        await write(client, filters, Change(4, FILTER, Action.MOVE, "new", handle=made), {})
        assert comments(router) == ["first", "last", None]
        await write(client, filters, Change(5, FILTER, Action.REMOVE, "new", handle=made), {})
        assert comments(router) == ["first", "last"]
        with pytest.raises(DeviceRefused, match="the row no longer exists"):
            await write(client, filters, Change(6, FILTER, Action.REMOVE, "new", handle=made), {})

    talk(router, story)


def test_a_singleton_is_set(router):
    change = Change(1, DNS, Action.SET, "dns", singleton=True)
    talk(router, lambda client: write(client, menu(DNS), change, {"servers": "1.1.1.1,9.9.9.9"}))
    assert router.rows(DNS)[0]["servers"] == "1.1.1.1,9.9.9.9"


def test_a_refused_value_is_told_in_routeros_words(router):
    path = MenuPath("/ip/address")
    with pytest.raises(DeviceRefused, match="input does not match any value of interface"):
        talk(router, lambda client: client.add(path, {"address": "192.0.2.1/24", "interface": "nope"}))


def test_a_wrong_password_is_refused_once(router):
    with pytest.raises(LoginRefused, match="user 'admin'"):
        talk(router, identify, password="wrong")
    assert router.connections == 1


def test_a_reader_may_read_and_not_write(router):
    assert len(talk(router, lambda client: client.rows(FILTER), "reader", "secret-2")) == 2
    handle = router.rows(FILTER)[0][".id"]
    with pytest.raises((LoginRefused, DeviceRefused), match="policy"):
        talk(router, lambda client: client.patch(FILTER, handle, {"comment": "x"}), "reader", "secret-2")
    assert comments(router) == ["first", "last"]


def test_a_router_that_is_off_is_unreachable_and_comes_back(router):
    router.refuse = True
    with pytest.raises(Unreachable, match="cannot be reached"):
        talk(router, identify)
    router.refuse = False
    assert talk(router, identify).serial == "HE70812345"


def test_another_certificate_sees_no_request(router):
    enrolled = asyncio.run(fetch_fingerprint(router.address))
    router.replace_certificate()
    with pytest.raises(CertificateMismatch, match=enrolled):
        talk(router, identify, pin=enrolled)
    assert router.log == []
