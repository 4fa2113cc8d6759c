"""Identify and observe: which requests are made, and what becomes of the rows."""

import asyncio

import pytest

from routeros.identify import identify
from routeros.observe import MenuRead, observe
from routeros.session import Session
from schemas.catalogue.model import Field, Kind, Menu, Order
from schemas.errors import DeviceRefused, LoginRefused, Unreachable
from schemas.observed import DeviceFacts
from schemas.path import MenuPath
from tests.unit.routeros.wire import QUICK, answer, client, error, wire

FACTS = DeviceFacts("HE1", "RB5009UG+S+", "7.18.2", "arm64")
RESOURCE = {"version": "7.23.7 (long-term)", "board-name": "CHR", "architecture-name": "x86_64"}


def menu(path, kind=Kind.LIST, order=Order.NONE, **renamed):
    """A menu whose fields, given as name=wire, have another name on the wire."""
    fields = {
        name.replace("_", "-"): Field(name.replace("_", "-"), wire_name, "text") for name, wire_name in renamed.items()
    }
    return Menu(MenuPath(path), kind, frozenset({"add", "set", "remove"}), fields, order=order)


def routes(table):
    """A handler from (method, target) to a reply."""
    return lambda seen: table.get(
        (seen.method, seen.target.removeprefix("/rest")), error("no such command or directory (x)")
    )


def see(table, *reads):
    async def story():
        async with wire(routes(table)) as router, Session(QUICK) as session:
            found = await observe(client(session, router), FACTS, [MenuRead(*read) for read in reads])
            assert found.address == router.address
            assert (found.device, found.login, found.facts) == ("edge-1", "ams-rw", FACTS)
            assert found.at.tzinfo is not None
            return found.menus, router.seen

    return asyncio.run(story())


def test_an_unordered_list_comes_without_dynamic_rows_and_keeps_those_that_lack_the_key():
    rows = [{".id": "*1", "list": "a"}, {".id": "*2", "dynamic": "false"}, {".id": "*3", "dynamic": "true"}]
    table = {("POST", "/ip/firewall/address-list/print"): answer(rows)}
    found, seen = see(table, (menu("/ip/firewall/address-list", dynamic="dynamic"),))
    assert seen[0].json == {".query": ["dynamic=true", "#!"]}
    assert found[MenuPath("/ip/firewall/address-list")].rows == tuple(rows[:2])


def test_open_connections_of_a_fixed_menu_are_left_out():
    rows = [{".id": "*1", "name": "www-ssl"}, {".id": "*9", "name": "www-ssl", "dynamic": "true", "connection": "true"}]
    found, _ = see({("POST", "/ip/service/print"): answer(rows)}, (menu("/ip/service", Kind.FIXED, dynamic="dynamic"),))
    assert found[MenuPath("/ip/service")].rows == (rows[0],)


@pytest.mark.parametrize("order", [Order.EVALUATED, Order.COSMETIC])
def test_an_ordered_list_keeps_dynamic_rows_in_their_place(order):
    rows = [{".id": "*F", "dynamic": "true"}, {".id": "*2"}, {".id": "*1"}]
    found, _ = see({("GET", "/ip/firewall/filter"): answer(rows)}, (menu("/ip/firewall/filter", order=order),))
    assert found[MenuPath("/ip/firewall/filter")].rows == tuple(rows)


@pytest.mark.parametrize("body", [{"name": "edge"}, [{"name": "edge"}]])
def test_a_singleton_is_one_row(body):
    found, seen = see({("GET", "/system/identity"): answer(body)}, (menu("/system/identity", Kind.SINGLETON),))
    assert found[MenuPath("/system/identity")].rows == ({"name": "edge"},)
    assert len(seen) == 1


def test_few_fields_of_a_menu_that_is_only_referred_to():
    table = {("GET", "/interface?.proplist=name,kind"): answer([{".id": "*1", "name": "ppp1", "kind": "ppp"}])}
    found, _ = see(table, (menu("/interface", Kind.FIXED, type="kind"), ("name", "type")))
    assert found[MenuPath("/interface")].rows == ({".id": "*1", "name": "ppp1", "type": "ppp"},)


def test_fields_get_the_documents_names():
    table = {("POST", "/ip/service/print"): answer([{".id": "*1", "address": "192.0.2.0/24", "name": "ssh"}])}
    found, _ = see(table, (menu("/ip/service", available_from="address", dynamic="dynamic"),))
    assert found[MenuPath("/ip/service")].rows == ({".id": "*1", "available-from": "192.0.2.0/24", "name": "ssh"},)


@pytest.mark.parametrize("detail", ["no such command or directory (wifi)", "no such command prefix"])
def test_a_menu_the_device_lacks_is_not_present_and_the_others_are_read(detail):
    table = {("GET", "/system/identity"): answer({"name": "edge"}), ("GET", "/interface/wifi"): error(detail)}
    found, _ = see(table, (menu("/interface/wifi"),), (menu("/system/identity", Kind.SINGLETON),))
    assert not found[MenuPath("/interface/wifi")].present
    assert found[MenuPath("/interface/wifi")].rows == ()
    assert found[MenuPath("/system/identity")].present


def test_an_empty_menu_is_present():
    found, _ = see({("POST", "/ip/address/print"): answer([])}, (menu("/ip/address", dynamic="dynamic"),))
    assert found[MenuPath("/ip/address")].present


def test_a_list_without_print_is_got():
    table = {
        ("POST", "/ip/odd/print"): error("no such command or directory (print)"),
        ("GET", "/ip/odd"): answer([{".id": "*1", "dynamic": "true"}, {".id": "*2"}]),
    }
    found, _ = see(table, (menu("/ip/odd", dynamic="dynamic"),))
    assert found[MenuPath("/ip/odd")].rows == ({".id": "*2"},)


@pytest.mark.parametrize(
    ("kind", "body"),
    [(Kind.LIST, [{"name": "MikroTik"}]), (Kind.SINGLETON, []), (Kind.SINGLETON, [{".id": "*1"}, {".id": "*2"}])],
)
def test_another_menus_body_is_not_believed(kind, body):
    table = {("POST", "/ip/x/print"): answer(body), ("GET", "/ip/x"): answer(body)}
    with pytest.raises(DeviceRefused, match="has not the shape of that menu"):
        see(table, (menu("/ip/x", kind, dynamic="dynamic"),))


def test_a_refused_read_is_no_absent_menu():
    with pytest.raises(LoginRefused):
        see(
            {("POST", "/ip/address/print"): error("not enough permissions (9)", 500)},
            (menu("/ip/address", dynamic="dynamic"),),
        )


def who(table):
    async def story():
        async with wire(routes(table)) as router, Session(QUICK) as session:
            return await identify(client(session, router), starting=(0.01, 0.01))

    return asyncio.run(story())


def test_a_board_is_known_by_its_serial_number():
    board = {"routerboard": "true", "model": "RB5009UG+S+", "serial-number": "HE708"}
    resource = {"version": "7.18.2 (stable)", "board-name": "RB5009UG+S+", "architecture-name": "arm64"}
    facts = who({("GET", "/system/resource"): answer(resource), ("GET", "/system/routerboard"): answer(board)})
    assert facts == DeviceFacts("HE708", "RB5009UG+S+", "7.18.2", "arm64")


def test_a_chr_is_known_by_its_system_id():
    table = {("GET", "/system/resource"): answer(RESOURCE), ("GET", "/system/license"): answer({"system-id": "abc+1"})}
    assert who(table) == DeviceFacts("abc+1", "CHR", "7.23.7", "x86_64")


def test_a_router_that_is_still_starting_is_asked_again():
    answers = iter([answer([]), answer({"uptime": "3s"}), answer(RESOURCE)])
    table = routes({("GET", "/system/license"): answer({"system-id": "abc"})})

    async def story():
        handler = lambda seen: next(answers) if "resource" in seen.target else table(seen)  # noqa: E731
        async with wire(handler) as router, Session(QUICK) as session:
            return await identify(client(session, router), starting=(0.01, 0.01))

    assert asyncio.run(story()).version == "7.23.7"


def test_a_router_that_never_says_who_it_is_is_unreachable():
    with pytest.raises(Unreachable, match="may still be starting"):
        who({("GET", "/system/resource"): answer({"uptime": "3s"})})


def test_a_plain_read_where_the_catalogue_knows_no_dynamic_rows():
    table = {("GET", "/user"): answer([{".id": "*1", "name": "a"}, {".id": "*2", "dynamic": "true"}])}
    found, _ = see(table, (menu("/user"),))
    assert found[MenuPath("/user")].rows == ({".id": "*1", "name": "a"},)


def test_a_menu_that_can_move_rows_is_ordered_even_where_nobody_says_so():
    rows = [{".id": "*F", "dynamic": "true"}, {".id": "*1"}]
    movable = Menu(MenuPath("/radius"), Kind.LIST, frozenset({"add", "move"}), {})
    assert see({("GET", "/radius"): answer(rows)}, (movable,))[0][MenuPath("/radius")].rows == tuple(rows)


def test_secrets_stay_in_the_room():
    fields = {
        "name": Field("name", "name", "text"),
        "secret": Field("secret", "password", "text", secret=True),
        "realm": Field("realm", "realm", "text", secret=True),
    }
    secretive = Menu(MenuPath("/ppp/odd"), Kind.LIST, frozenset({"add", "move"}), fields)
    rows = [
        {".id": "*1", "name": "a", "password": "hush", "realm": "hush", "comment": "c"},
        {".id": "*2", "name": "b"},
        {".id": "*3", "name": "c", "vault.new-passphrase": "hush", "last-seen": "now"},
    ]
    found, _ = see({("GET", "/ppp/odd"): answer(rows)}, (secretive,))
    assert found[MenuPath("/ppp/odd")].rows == (
        {".id": "*1", "name": "a", "comment": "c"},
        {".id": "*2", "name": "b"},
        {".id": "*3", "name": "c", "last-seen": "now"},
    )


def test_a_field_that_is_known_to_be_harmless_is_read_whatever_it_is_called():
    fields = {"secret": Field("secret", "secret", "text", secret=False)}
    frank = Menu(MenuPath("/radius"), Kind.LIST, frozenset({"add", "move"}), fields)
    found, _ = see({("GET", "/radius"): answer([{".id": "*1", "secret": "none"}])}, (frank,))
    assert found[MenuPath("/radius")].rows == ({".id": "*1", "secret": "none"},)


@pytest.mark.parametrize(
    "version", ["evil", "7.\u00b2", "\u0667.\u0661", "7." + "1" * 5000, "7." + "1" * 3000, " ", "7.1\x1b[2J"]
)
def test_a_version_that_is_none_is_told(version):
    with pytest.raises(DeviceRefused, match="is no RouterOS version such as") as caught:
        who({("GET", "/system/resource"): answer({**RESOURCE, "version": version})})
    assert len(caught.value.message) < 400
    assert caught.value.message.isprintable()


@pytest.mark.parametrize("text", ["x" * 5000, "HE1\x1b]0;owned\x07", "HE1\u202e", "HE1\n"])
@pytest.mark.parametrize("field", ["serial-number", "model", "board-name", "architecture-name"])
def test_names_of_a_device_are_short_and_plain(field, text):
    board = {"serial-number": "HE1"} | {name: text for name in ("serial-number", "model") if name == field}
    resource = RESOURCE | {name: text for name in ("board-name", "architecture-name") if name == field}
    with pytest.raises(DeviceRefused, match="RouterOS gives none like that") as caught:
        who({("GET", "/system/resource"): answer(resource), ("GET", "/system/routerboard"): answer(board)})
    assert len(caught.value.message) < 400
    assert caught.value.message.isprintable()


def test_fields_that_nothing_is_known_of_are_kept_and_named():
    rows = [{".id": "*1", ".nextid": "*2", "name": "a", "novel": "1", "novel-password": "x"}]
    found, _ = see({("GET", "/ip/x"): answer(rows)}, (menu("/ip/x", name="name"),))
    assert found[MenuPath("/ip/x")].rows == ({".id": "*1", ".nextid": "*2", "name": "a", "novel": "1"},)
    assert found[MenuPath("/ip/x")].unknown == {"novel", "novel-password"}
