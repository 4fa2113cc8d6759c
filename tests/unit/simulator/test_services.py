"""Behaviours 1 and 51: services that come and go, that are full or lost their certificate, and REST switched off."""

from __future__ import annotations

import contextlib
import http.client
import json
import ssl
import time
from collections.abc import Iterator

import pytest

from simulator.fleet import SimulatedRouter, run_in_thread
from tests.unit.simulator.conftest import USERS
from tests.unit.simulator.plain import Client
from tests.unit.simulator.test_sessions import HEADERS

REFUSED = (ConnectionError, ssl.SSLError, http.client.RemoteDisconnected)


@pytest.fixture
def both() -> Iterator[SimulatedRouter]:
    """A router that answers over HTTP beside HTTPS."""
    made = SimulatedRouter("lab", version="7.21.5", users=USERS)
    with run_in_thread([made], plain=True):
        yield made


def over_http(router: SimulatedRouter, method: str, path: str, body: object = None) -> tuple[int, bytes]:
    connection = http.client.HTTPConnection(router.plain_address.removeprefix("http://"), timeout=20)
    with contextlib.closing(connection):
        connection.request(method, f"/rest{path}", None if body is None else json.dumps(body), HEADERS)
        reply = connection.getresponse()
        return reply.status, reply.read()


def refuses(router: SimulatedRouter, *, plain: bool = False) -> bool:
    try:
        over_http(router, "GET", "/system/identity") if plain else Client(router)("GET", "/system/identity")
    except ConnectionRefusedError:
        return True
    return False


def test_behaviour_51_https_comes_back_over_http(both: SimulatedRouter) -> None:
    address = both.address
    assert Client(both)("PATCH", "/ip/service/www-ssl", {"disabled": "yes"}).status == 200
    assert refuses(both)
    assert over_http(both, "PATCH", "/ip/service/www-ssl", {"disabled": "no"})[0] == 200
    assert both.address == address
    assert Client(both).get("/ip/service/www-ssl")["disabled"] == "false"


def test_behaviour_51_http_goes_down_and_comes_back_over_https(both: SimulatedRouter) -> None:
    client = Client(both)
    kept = http.client.HTTPConnection(both.plain_address.removeprefix("http://"), timeout=20)
    kept.request("GET", "/rest/system/identity", headers=HEADERS)
    assert kept.getresponse().read()
    assert client("POST", "/ip/service/disable", {"numbers": "www"}).status == 200
    assert refuses(both, plain=True)
    kept.auto_open = False
    with pytest.raises(REFUSED):
        _again(kept)
    kept.close()
    assert client("POST", "/ip/service/enable", {"numbers": "www"}).status == 200
    assert over_http(both, "GET", "/system/identity")[0] == 200


def _again(connection: http.client.HTTPConnection) -> None:
    connection.request("GET", "/rest/system/identity", headers=HEADERS)
    connection.getresponse()


def test_behaviour_51_what_is_disabled_stays_down_over_a_boot(both: SimulatedRouter) -> None:
    both.faults.boot = 0.01
    client = Client(both)
    assert client("PATCH", "/ip/service/www", {"disabled": "yes"}).status == 200
    both.reboot()
    both.device.clock.advance(1)
    deadline = time.monotonic() + 5
    while both.refuse and time.monotonic() < deadline:
        time.sleep(0.005)
    assert client.get("/ip/service/www")["disabled"] == "true"
    assert refuses(both, plain=True)


def test_behaviour_51_what_a_seed_disables_is_not_served() -> None:
    seed = {"menus": {"/ip/service": [{"name": "www", "disabled": "true"}]}}
    router = SimulatedRouter("lab", seed, users=USERS)
    with run_in_thread([router], plain=True):
        assert refuses(router, plain=True)
        assert Client(router).get("/ip/service/www")["disabled"] == "true"


@pytest.mark.parametrize(("version", "limited"), [("7.15.3", False), ("7.16.2", True)])
def test_behaviour_01_a_service_has_so_many_sessions_and_no_more(version: str, limited: bool) -> None:
    router = SimulatedRouter("lab", version=version, users=USERS)
    with run_in_thread([router], plain=True), contextlib.ExitStack() as stack:
        for _ in range(20):
            connection = http.client.HTTPConnection(router.plain_address.removeprefix("http://"), timeout=20)
            stack.callback(connection.close)
            connection.request("GET", "/rest/system/identity", headers=HEADERS)
            assert connection.getresponse().read()
        assert Client(router)("GET", "/system/identity").status == 200
        if not limited:
            assert over_http(router, "GET", "/system/identity")[0] == 200
            return
        with pytest.raises(REFUSED):
            over_http(router, "GET", "/system/identity")
        assert Client(router)("PATCH", "/ip/service/www", {"max-sessions": "21"}).status == 200
        assert over_http(router, "GET", "/system/identity")[0] == 200


def test_behaviour_01_without_a_certificate_only_anonymous_ciphers_are_left() -> None:
    menus = {"/certificate": [{"name": "web"}], "/ip/service": [{"name": "www-ssl", "certificate": "web"}]}
    router = SimulatedRouter("lab", {"menus": menus}, users=USERS)
    with run_in_thread([router], plain=True):
        assert Client(router)("PATCH", "/ip/service/www-ssl", {"certificate": "none"}).status == 200
        with pytest.raises(ssl.SSLError):
            Client(router)("GET", "/system/identity")
        anybody = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        anybody.check_hostname, anybody.verify_mode = False, ssl.CERT_NONE
        anybody.maximum_version = ssl.TLSVersion.TLSv1_2
        anybody.set_ciphers("aNULL:@SECLEVEL=0")
        place = router.address.removeprefix("https://")
        with contextlib.closing(http.client.HTTPSConnection(place, context=anybody, timeout=20)) as connection:
            connection.request("GET", "/rest/system/identity", headers=HEADERS)
            assert connection.getresponse().status == 200
        assert over_http(router, "PATCH", "/ip/service/www-ssl", {"certificate": "web"})[0] == 200
        assert Client(router)("GET", "/system/identity").status == 200


@pytest.mark.parametrize(("version", "switched"), [("7.20.8", False), ("7.21.5", True)])
def test_behaviour_01_rest_can_be_switched_off_by_scheme_since_7_21(version: str, switched: bool) -> None:
    router = SimulatedRouter("lab", version=version, users=USERS)
    with run_in_thread([router], plain=True):
        client = Client(router)
        assert (client("POST", "/ip/service/webserver/set", {"rest-plain": "no"}).status == 200) is switched
        status, page = over_http(router, "GET", "/system/identity")
        assert status == (403 if switched else 200)
        assert (b"Error 403: Forbidden" in page) is switched
        assert client("GET", "/system/identity").status == 200
        if switched:
            assert client("POST", "/ip/service/webserver/set", {"rest-plain": "yes", "rest-secure": "no"}).status == 200
            forbidden = client("GET", "/system/identity")
            assert (forbidden.status, forbidden.headers["content-type"], forbidden.body) == (403, "text/html", None)
            assert over_http(router, "GET", "/system/identity")[0] == 200


def test_behaviour_01_the_port_of_a_service_is_only_kept(both: SimulatedRouter) -> None:
    client = Client(both)
    assert client("PATCH", "/ip/service/www-ssl", {"port": "8443"}).body["port"] == "8443"
    assert client.get("/ip/service/www-ssl?dynamic=false")["port"] == "8443"


def test_behaviour_51_a_router_made_later_closes_what_its_seed_disables_with_the_first_request() -> None:
    seed = {"menus": {"/ip/service": [{"name": "www", "disabled": "true"}]}}
    router = SimulatedRouter("lab", seed, users=USERS, later=True)
    with run_in_thread([router], plain=True):
        assert not router.made
        assert Client(router).get("/ip/service/www")["disabled"] == "true"
        assert refuses(router, plain=True)
