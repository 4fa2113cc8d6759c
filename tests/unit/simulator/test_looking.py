"""The page to look into simulated routers, over its socket: what it shows, what it hides, and whom it answers."""

from __future__ import annotations

import contextlib
import http.client
import json
import re
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.resources import files
from typing import Any
from urllib.parse import urlencode

import pytest

from simulator.faults import faults_of
from simulator.fleet import Fleet, SimulatedRouter, run_in_thread
from tests.unit.simulator.plain import Client

HOSTILE = "<img src=x onerror=alert(1)>"
SEED: Mapping[str, object] = {
    "menus": {
        "/ip/address": [
            {"address": "192.0.2.1/24", "interface": "ether1", "comment": HOSTILE},
            {"address": "198.51.100.1/24", "interface": "ether2", "disabled": "true"},
        ],
        "/ppp/secret": [{"name": "anna", "password": "hunter2"}],
    },
    "faults": {
        "latency": 0.01,
        "events": [
            {
                "do": "edit",
                "at": 90,
                "menu": "/ppp/secret",
                "command": "add",
                "fields": {"name": "b", "password": "pw9"},
            },
            {"do": "edit", "at": 90, "menu": "/no/menu", "command": "add", "fields": {"key": "pw9"}},
        ],
        "normalise": [{"menu": "/ppp/secret", "field": "password", "to": "pw9"}],
    },
}


@dataclass(frozen=True)
class Reply:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def text(self) -> str:
        return self.body.decode(errors="surrogateescape")


@dataclass(frozen=True)
class Page:
    """A browser without a screen: it sends what it is told."""

    fleet: Fleet

    def __call__(
        self, path: str, method: str = "GET", body: object = None, headers: Mapping[str, str] | None = None
    ) -> Reply:
        connection = http.client.HTTPConnection(self.fleet.control.removeprefix("http://"), timeout=20)
        raw = None if body is None else json.dumps(body).encode()
        with contextlib.closing(connection):
            connection.request(method, path, raw, {"Content-Type": "application/json", **(headers or {})})
            reply = connection.getresponse()
            return Reply(reply.status, dict(reply.headers), reply.read())

    def look(self, name: str = "", *, start: int = 0, **query: str) -> Any:
        place = f"/devices/{name}/look" if name else "/look"
        reply = self(f"{place}?{urlencode({**query, 'from': start})}")
        assert reply.status == 200
        return json.loads(reply.body)


@pytest.fixture
def router() -> SimulatedRouter:
    return SimulatedRouter("edge", SEED, users={"admin": "secret"})


@pytest.fixture
def page(router: SimulatedRouter) -> Iterator[Page]:
    with run_in_thread([router], control=True) as fleet:
        yield Page(fleet)


def test_a_router_is_shown_with_its_menus_rows_and_requests(page: Page, router: SimulatedRouter) -> None:
    Client(router).get("/ip/address")
    shown = page.look("edge", menu="/ip/address")
    assert shown["router"]["address"] == router.address
    assert (shown["identity"], shown["router"]["model"], shown["router"]["away"]) == ("MikroTik", "RB5009UG+S+", False)
    assert {"path": "/ip/address", "rows": 2} in shown["menus"]
    menu = shown["menu"]
    assert menu["columns"][:3] == [".id", "address", "interface"]
    assert menu["columns"][-1] == "comment"
    assert [row["flags"] for row in menu["rows"]] == ["", "X"]
    assert menu["rows"][0]["fields"]["comment"] == HOSTILE
    (request,) = shown["requests"]
    assert {request[name] for name in ("method", "path", "user")} == {"GET", "/rest/ip/address", "admin"}
    assert request["status"] == 200


def test_secrets_are_masked_wherever_they_stand(page: Page) -> None:
    reply = page("/devices/edge/look?menu=/ppp/secret").text
    assert "anna" in reply
    assert json.loads(reply)["menu"]["rows"][0]["fields"]["password"] == "*****"
    assert "hunter2" not in reply
    assert "pw9" not in reply
    assert json.loads(reply)["faults"]["latency"] == 0.01


def test_only_faults_in_force_are_shown(page: Page, router: SimulatedRouter) -> None:
    router.faults = faults_of({"masked": True})
    assert page.look("edge")["faults"] == {"masked": True}


def test_text_that_is_no_utf8_can_be_looked_at(page: Page, router: SimulatedRouter) -> None:
    raw = b'{"name":"x","comment":"\xff"}'
    assert Client(router)("PUT", "/interface/list", raw=raw).status == 201
    rows = json.loads(page("/devices/edge/look?menu=/interface/list").text)["menu"]["rows"]
    assert "\udcff" in [row["fields"].get("comment") for row in rows]


def test_a_menu_that_is_not_there_is_told(page: Page) -> None:
    assert page.look("edge", menu="/no/menu")["menu"] == {"path": "/no/menu", "known": False}
    assert page("/devices/other/look").status == 404
    assert page("/look?from=x").status == 400


def test_many_rows_come_in_pages() -> None:
    rows = [{"list": "a", "address": f"192.0.2.{number}"} for number in range(1, 251)]
    router = SimulatedRouter("edge", {"menus": {"/ip/firewall/address-list": rows}})
    with run_in_thread([router], control=True) as fleet:
        menu = Page(fleet).look("edge", menu="/ip/firewall/address-list", start=200)["menu"]
        assert (menu["total"], menu["from"], len(menu["rows"])) == (250, 200, 50)
        assert menu["rows"][0]["fields"]["address"] == "192.0.2.201"
        beyond = Page(fleet).look("edge", menu="/ip/firewall/address-list", start=900)["menu"]
        assert beyond["from"] == 200


def test_many_routers_are_found_by_words_and_come_in_pages_without_being_made() -> None:
    routers = [SimulatedRouter(f"r{number:03}", later=True) for number in range(120)]
    with run_in_thread(routers, control=True) as fleet:
        page = Page(fleet)
        first = page.look()
        assert (first["of"], first["found"], len(first["routers"])) == (120, 120, 50)
        assert page.look(start=100)["routers"][0]["name"] == "r100"
        assert [item["name"] for item in page.look(find="R01 7.18")["routers"]] == [f"r01{n}" for n in range(10)]
        routers[7].stop()
        assert [(item["name"], item["away"]) for item in page.look(find="away")["routers"]] == [("r007", True)]
        assert not any(router.made for router in routers)


def test_the_page_is_whole_and_loads_nothing_from_elsewhere(page: Page) -> None:
    for path, kind in (("/", "text/html"), ("/page.css", "text/css"), ("/page.js", "text/javascript")):
        reply = page(path)
        assert (reply.status, reply.headers["content-type"]) == (200, f"{kind}; charset=utf-8")
        assert "//" not in re.sub(r"(?m)^\s*//.*$", "", reply.text)
        policy = reply.headers["content-security-policy"]
        assert "default-src 'none'" in policy
        assert "unsafe" not in policy
        assert reply.headers["x-content-type-options"] == "nosniff"
    assert page("/page.py").status == 404


def test_nothing_of_a_router_becomes_markup() -> None:
    script = files("simulator").joinpath("page", "page.js").read_text()
    assert not re.search(r"innerHTML|outerHTML|insertAdjacentHTML|document\.write|eval|Function\(|srcdoc", script)
    markup = files("simulator").joinpath("page", "index.html").read_text()
    assert not re.search(r"\son\w+=|style=|<script>", markup)


def test_every_place_the_script_fills_is_on_the_page() -> None:
    script = files("simulator").joinpath("page", "page.js").read_text()
    markup = files("simulator").joinpath("page", "index.html").read_text()
    asked = set(re.findall(r'(?:at|turns|submits|pager)\((?:at\()?"([\w-]+)"', script))
    assert {"find", "rows", "told"} <= asked
    assert asked <= set(re.findall(r'id="([\w-]+)"', markup))


def test_every_fault_the_page_offers_is_one(page: Page, router: SimulatedRouter) -> None:
    script = files("simulator").joinpath("page", "page.js").read_text()
    table = script[script.index("const FAULTS = [") : script.index("];") + 1].removeprefix("const FAULTS = ")
    offered = json.loads(re.sub(r",\s*([\]}])", r"\1", re.sub(r"([{,]\s*)([a-z]\w*):", r'\1"\2":', table)))
    assert len(offered) > 10
    for label, document in offered:
        router.faults = faults_of({})
        assert page("/devices/edge/faults", "PATCH", document).status == 204, label
        assert page.look("edge")["faults"], label


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1.evil.example", "192.0.2.1", ""])
def test_a_name_that_was_made_to_lead_here_is_refused(page: Page, host: str) -> None:
    for path in ("/", "/devices", "/devices/edge/state"):
        assert page(path, headers={"Host": host}).status == 403
    assert page("/devices/edge/stop", "POST", {}, {"Host": host}).status == 403


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost:9999", "[::1]:80", "LOCALHOST"])
def test_this_machine_is_answered_under_all_its_names(page: Page, host: str) -> None:
    assert page("/devices", headers={"Host": host}).status == 200
    assert page("/devices", headers={"Host": host, "Origin": f"http://{host}"}).status == 200


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "https://127.0.0.1", "http://127.0.0.1:1"])
def test_another_site_may_neither_read_nor_change(page: Page, router: SimulatedRouter, origin: str) -> None:
    assert page("/devices", headers={"Origin": origin}).status == 403
    assert page("/devices/edge/stop", "POST", {}, {"Origin": origin}).status == 403
    assert not router.refuse


def test_what_the_buttons_send_is_done(page: Page, router: SimulatedRouter) -> None:
    own = {"Origin": page.fleet.control}
    assert page("/devices/edge/stop", "POST", {}, own).status == 204
    assert page.look("edge")["router"]["away"]
    assert page("/devices/edge/start", "POST", {}, own).status == 204
    assert page("/devices/edge/reboot", "POST", {}, own).status == 204
    assert router.refuse
    before = router.device.clock.monotonic()
    assert page("/devices/edge/clock", "POST", {"advance": 3600}, own).status == 204
    assert router.device.clock.monotonic() - before >= 3600
    while page.look("edge")["router"]["away"]:
        time.sleep(0.01)


@pytest.mark.parametrize("given", [{"advance": 1e300}, {"jump": -1e300}, {"advance": -1, "jump": 5}, {"leap": 1}])
def test_a_clock_stays_a_clock(page: Page, router: SimulatedRouter, given: dict[str, float]) -> None:
    before = router.device.clock.now()
    assert page("/devices/edge/clock", "POST", given).status == 400
    assert (router.device.clock.now() - before).total_seconds() < 4
