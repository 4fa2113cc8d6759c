"""What no row is without, what rows are given when nobody writes it, and which rows contradict themselves or others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

import pytest

from simulator.fleet import SimulatedRouter, run_in_thread
from tests.unit.simulator.plain import Client

RULES = "/ip/firewall/filter"
Fields = Mapping[str, str]


@pytest.fixture
def newest() -> Iterator[Client]:
    router = SimulatedRouter("lab", version="7.23.3", users={"admin": "secret", "second": "secret"})
    with run_in_thread([router]):
        yield Client(router)


@pytest.mark.parametrize(
    ("path", "fields", "names"),
    [
        ("/ip/address", {"address": "10.9.9.1/24", "interface": "ether3"}, ("address", "interface")),
        (RULES, {"chain": "forward"}, ("chain",)),
        ("/interface/vlan", {"interface": "ether3", "vlan-id": "7"}, ("interface", "name")),
        ("/interface/gre", {"remote-address": "10.9.9.9"}, ("name",)),
        ("/interface/bridge/port", {"bridge": "spare", "interface": "ether3"}, ("bridge", "interface")),
        ("/user", {"name": "u", "group": "read"}, ("name", "group")),
        ("/user/group", {"name": "g"}, ("name",)),
        ("/system/script", {"source": "x"}, ("name",)),
    ],
)
def test_behaviour_40_what_every_row_has_cannot_be_taken_from_it(
    newest: Client, path: str, fields: Fields, names: tuple[str, ...]
) -> None:
    newest.add("/interface/bridge", name="spare")
    row = newest("PUT", path, dict(fields)).body
    for name in names:
        assert newest.detail("PATCH", f"{path}/{row['.id']}", {f"!{name}": ""}) == f"missing ={name}="
        assert newest("PATCH", f"{path}/{row['.id']}", {name: ""}).status == 400
    assert newest.get(f"{path}/{row['.id']}") == row


def test_behaviour_40_unset_says_the_same(newest: Client) -> None:
    rule = newest.add(RULES, chain="forward", src_address="10.0.0.1")
    asked = {".id": rule[".id"], "value-name": "chain"}
    assert newest.detail("POST", f"{RULES}/unset", asked) == "missing =chain="
    assert newest("POST", f"{RULES}/unset", {**asked, "value-name": "src-address"}).body == []
    assert newest.detail("PATCH", "/interface/*1", {"!name": ""}) == "missing =name="


@pytest.mark.parametrize("path", [RULES, "/ip/firewall/nat", "/ip/firewall/mangle", "/ipv6/firewall/raw"])
def test_behaviour_37_a_rule_always_has_an_action(newest: Client, path: str) -> None:
    chain = "srcnat" if path.endswith("nat") else "prerouting" if path != RULES else "forward"
    rule = newest.add(path, chain=chain)
    assert rule["action"] == "accept"
    place = f"{path}/{rule['.id']}"
    assert newest("PATCH", place, {"action": "log"}).body["action"] == "log"
    assert newest("PATCH", place, {"!action": ""}).body["action"] == "accept"
    assert newest("POST", f"{path}/unset", {".id": rule[".id"], "value-name": "action"}).body == []
    assert newest.get(place)["action"] == "accept"
    assert "disabled" not in rule


@pytest.mark.parametrize(
    ("path", "fields", "stem"),
    [
        ("/interface/gre", {"remote-address": "10.9.9.9"}, "gre-tunnel"),
        ("/interface/vxlan", {"vni": "1"}, "vxlan"),
        ("/interface/pptp-server", {}, "pptp-in"),
        ("/interface/ovpn-client", {"connect-to": "10.9.9.9", "user": "u"}, "ovpn-out"),
        ("/queue/simple", {"target": "10.9.9.9"}, "queue"),
        ("/queue/tree", {"parent": "global"}, "queue"),
        ("/system/script", {"source": "x"}, "script"),
        ("/system/scheduler", {"on-event": "x"}, "schedule"),
    ],
)
def test_behaviour_21_a_row_without_a_name_is_given_one(newest: Client, path: str, fields: Fields, stem: str) -> None:
    for number in (1, 2):
        given = {**fields, "vni": str(number)} if "vni" in fields else fields
        reply = newest("PUT", path, dict(given))
        assert (reply.status, reply.body["name"]) == (201, f"{stem}{number}")
    if path.startswith("/interface/"):
        assert newest.get(f"/interface/{stem}2")["name"] == f"{stem}2"


def test_behaviour_39_a_taken_name_is_free_for_no_kind_of_interface(newest: Client) -> None:
    for path in ("/interface/mesh", "/interface/gre6", "/interface/sstp-server"):
        newest.add(path, name=f"n{path[11:]}")
        again = newest.detail("PUT", path, {"name": f"n{path[11:]}"})
        assert again == f"failure: already have interface with name n{path[11:]}"


def test_behaviour_39_a_disabled_server_takes_its_place_too(newest: Client) -> None:
    newest.add("/interface/ovpn-server/server", name="a")
    words = newest.detail("PUT", "/interface/ovpn-server/server", {"name": "b"})
    assert words == "failure: already have a server with the same protocol-port-vrf combination"


@pytest.mark.parametrize("path", [RULES, "/ip/firewall/mangle", "/ipv6/firewall/filter", "/interface/bridge/filter"])
def test_behaviour_38_a_jump_goes_somewhere(newest: Client, path: str) -> None:
    words = "failure: no target chain specified"
    assert newest.detail("PUT", path, {"chain": "forward", "action": "jump"}) == words
    rule = newest.add(path, chain="forward", action="jump", jump_target="own")
    assert newest.detail("PATCH", f"{path}/{rule['.id']}", {"jump-target": ""}) == words


@pytest.mark.parametrize(
    ("path", "chain", "end"),
    [(RULES, "output", "in"), (RULES, "input", "out"), ("/ip/firewall/nat", "dstnat", "out")],
)
def test_behaviour_38_a_packet_has_not_both_ends_in_every_chain(
    newest: Client, path: str, chain: str, end: str
) -> None:
    for name in (f"{end}-interface", f"{end}-interface-list"):
        value = "ether1" if name.endswith("interface") else "all"
        assert "interface matching not possible in" in newest.detail("PUT", path, {"chain": chain, name: value})
    other = "out" if end == "in" else "in"
    assert newest("PUT", path, {"chain": chain, f"{other}-interface": "ether1"}).status == 201


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"address": "10.0.0.1"}, "failure: name or regexp must be specified"),
        ({"name": "x"}, "failure: bad A data"),
        ({"name": "x", "type": "AAAA", "address": "10.0.0.1"}, "failure: bad AAAA data"),
        ({"name": "x", "type": "CNAME"}, "failure: bad CNAME data"),
    ],
)
def test_behaviour_38_a_dns_record_has_what_its_type_is_about(newest: Client, fields: Fields, words: str) -> None:
    assert newest.detail("PUT", "/ip/dns/static", dict(fields)) == words


def test_behaviour_37_the_type_of_a_dns_record_follows_its_address(newest: Client) -> None:
    record = newest.add("/ip/dns/static", name="x", address="2001:db8::1")
    assert record["type"] == "AAAA"
    assert newest("PATCH", f"/ip/dns/static/{record['.id']}", {"address": "10.0.0.1"}).body["type"] == "A"


def test_behaviour_39_an_interface_has_one_master(newest: Client) -> None:
    bridge, bond = newest.add("/interface/bridge")["name"], "/interface/bonding"
    newest.add("/interface/bridge/port", bridge=bridge, interface="ether2")
    newest.add(bond, slaves="ether3")
    assert newest.detail("PUT", bond, {"slaves": "ether2"}) == "failure: device already added as bridge port"
    assert "slave" in newest.detail("PUT", bond, {"slaves": "ether3,ether4"})
    assert "slave" in newest.detail("PUT", "/interface/bridge/port", {"bridge": bridge, "interface": "ether3"})
    refused = newest.detail("PUT", "/interface/bridge/port", {"bridge": bridge, "interface": bridge})
    assert refused == "input does not match any value of interface"
    assert newest.get("/interface/ether3")["slave"] == "true"
    assert "slave" not in newest.get("/interface/ether4")
    assert newest("PATCH", "/interface/bonding/bonding1", {"slaves": "ether3,ether4"}).status == 200
    assert newest.get("/interface/ether4")["slave"] == "true"


def test_behaviour_46_ports_are_numbered_by_bridge(newest: Client) -> None:
    for bridge in ("a", "b"):
        newest.add("/interface/bridge", name=bridge)
    for bridge, port in (("a", "ether2"), ("a", "ether3"), ("b", "ether4")):
        newest.add("/interface/bridge/port", bridge=bridge, interface=port)
    told = [(row["port-id"], row["designated-port-id"]) for row in newest.get("/interface/bridge/port")]
    assert told == [("0x80.1", "0x80.1"), ("0x80.2", "0x80.2"), ("0x80.1", "0x80.1")]


def test_behaviour_37_interfaces_that_rest_on_each_other_do_not_run(newest: Client) -> None:
    first = newest.add("/interface/vlan", interface="ether2", vlan_id="2")
    second = newest.add("/interface/vlan", interface=first["name"], vlan_id="3")
    assert second["running"] == "true"
    newest("PATCH", f"/interface/vlan/{first['.id']}", {"interface": second["name"]})
    assert [row["running"] for row in newest.get("/interface/vlan")] == ["false", "false"]


def test_behaviour_47_what_the_router_made_is_an_anchor(newest: Client) -> None:
    newest.add(RULES, chain="forward", action="fasttrack-connection", comment="f")
    dummy = newest.get(RULES)[0]
    newest("PUT", RULES, {"chain": "forward", "comment": "first", "place-before": dummy[".id"]})
    last = newest.add(RULES, chain="input", comment="second")
    assert newest("POST", f"{RULES}/move", {"numbers": last[".id"], "destination": dummy[".id"]}).body == []
    assert [row["comment"] for row in newest.get(RULES)] == ["first", "second", dummy["comment"], "f"]
    refused = newest.detail("POST", f"{RULES}/remove", {"numbers": dummy[".id"]})
    assert refused == "failure: cannot remove builtin"


def test_behaviour_20_the_first_user_may_go_when_another_has_all_rights(newest: Client) -> None:
    other = Client(newest.router, "second")
    assert other("DELETE", "/user/admin").status == 204
    assert [row["name"] for row in other.get("/user")] == ["second"]
    assert other("DELETE", "/user/second").status == 400


@pytest.mark.parametrize("version", ["7.18.2", "7.23.3", "7.24"])
def test_behaviour_06_nobody_is_logged_in_by_writing_it(version: str) -> None:
    router = SimulatedRouter("lab", version=version, users={"admin": "secret", "second": "secret"})
    with run_in_thread([router]):
        client = Client(router)
        for fields in ({}, {"copy-from": "*1"}):
            assert client("PUT", "/user/active", fields).status == 400
        assert {row["name"] for row in Client(router, "second").get("/user/active")} == {"admin", "second"}


def test_behaviour_29_get_takes_number_and_print_takes_from(newest: Client) -> None:
    got = newest("POST", "/interface/get", {"number": "ether2", "value-name": "default-name"})
    assert got.body == {"ret": "ether2"}
    some = newest("POST", "/interface/print", {"from": "ether2,*3", ".proplist": "name"}).body
    assert some == [{"name": "ether2"}, {"name": "ether3"}]
    assert newest("POST", "/interface/print", {"from": "*2", "count-only": ""}).body == {"ret": "1"}
    assert newest("POST", "/interface/print", {"from": "*FF"}).status == 404


def test_behaviour_24_the_device_mode_is_only_read_by_a_get(newest: Client) -> None:
    assert newest.get("/system/device-mode")["mode"] == "advanced"
    assert newest("POST", "/system/device-mode/print", {}).status == 500


def test_behaviour_37_a_scheduler_s_row_says_whose_it_is_and_when_it_runs(newest: Client) -> None:
    other = Client(newest.router, "second")
    row = other.add("/system/scheduler", name="job", interval="1h", on_event="x")
    assert (row["owner"], row["run-count"], row["next-run"][-5:]) == ("second", "0", row["start-time"][-5:])
    assert row["policy"].startswith("ftp,reboot,read,write")
    newest.router.device.clock.advance(2 * 3600)
    later = newest.get("/system/scheduler/job")
    assert later["next-run"] > row["next-run"]
    assert {**later, "next-run": ""} == {**row, "next-run": ""}
    due = newest.add("/system/scheduler", start_date="2099-01-02", start_time="03:04:05", on_event="x")
    assert due["next-run"] == "2099-01-02 03:04:05"
    assert "next-run" not in newest.add("/system/scheduler", start_time="startup", on_event="x")
    assert "next-run" not in newest.add("/system/scheduler", interval="1h", disabled="true", on_event="x")
    script = newest.add("/system/script", name="s", source="x")
    assert (script["owner"], script["run-count"], "last-started" in script) == ("admin", "0", False)


def test_behaviour_37_a_vrf_has_its_own_table_and_routes(newest: Client) -> None:
    vrf = newest.add("/ip/vrf", name="v", interfaces="ether3")
    assert newest.add("/ip/address", address="10.9.0.1/24", interface="ether3")["vrf"] == "v"
    assert newest.get("/routing/table/v")["dynamic"] == "true"
    assert newest.get("/interface/v")["type"] == "vrf"
    (connected,) = newest.get("/ip/route")
    assert (connected["routing-table"], connected["gateway"]) == ("v", "ether3@v")
    near = {
        name: newest("PUT", "/ip/route", {"dst-address": "10.0.0.0/8", **fields}).body["immediate-gw"]
        for name, fields in {
            "main": {"gateway": "10.9.0.2"},
            "inside": {"gateway": "10.9.0.2", "routing-table": "v"},
            "across": {"gateway": "10.9.0.2@v"},
        }.items()
    }
    assert near == {"main": "", "inside": "10.9.0.2%ether3", "across": "10.9.0.2%ether3"}
    newest("DELETE", f"/ip/vrf/{vrf['.id']}")
    assert [row["name"] for row in newest.get("/routing/table")] == ["main"]
    assert newest.get("/ip/address")[0]["vrf"] == "main"


def test_behaviour_37_every_interface_has_a_queue(newest: Client) -> None:
    path = "/queue/interface"
    names = [row["name"] for row in newest.get("/interface")]
    queues = newest.get(path)
    assert [row["interface"] for row in queues] == names
    assert queues[0]["active-queue"] == "only-hardware-queue"
    assert newest("PATCH", f"{path}/{queues[1]['.id']}", {"queue": "default"}).body["active-queue"] == "default"
    newest("PATCH", f"/interface/{queues[1]['.id']}", {"name": "lan"})
    again = newest.get(path)[1]
    assert (again["interface"], again["queue"]) == ("lan", "default")
    assert newest("PUT", path, {"interface": "ether1"}).status == 400


def test_behaviour_37_all_routes_are_in_one_list_too(newest: Client) -> None:
    newest.add("/ip/address", address="10.9.0.1/24", interface="ether3")
    newest.add("/ip/route", dst_address="10.0.0.0/8", gateway="10.9.0.2")
    told = {row["dst-address"]: row["belongs-to"] for row in newest.get("/routing/route") if row["afi"] == "ip4"}
    assert told == {"10.9.0.0/24": "connected", "10.0.0.0/8": "static"}


def test_behaviour_37_connection_tracking_tells_its_timeouts(newest: Client) -> None:
    told = newest.get("/ip/firewall/connection/tracking")
    assert (told["tcp-established-timeout"], told["icmp-timeout"], told["total-entries"]) == ("1d", "10s", "0")


def test_behaviour_61_each_version_was_built_on_its_own_day(built: Callable[[str], str]) -> None:
    days = [built(version) for version in ("7.12.2", "7.18.2", "7.19.4", "7.23.3", "7.24")]
    assert days == sorted(set(days))
    assert days[2] == "2025-07-28 10:00:16"


@pytest.fixture
def built() -> Callable[[str], str]:
    """When a version says it was built, its packages too."""

    def told(version: str) -> str:
        router = SimulatedRouter("lab", version=version, model="CHR", users={"admin": "secret"})
        with run_in_thread([router]):
            resource = Client(router).get("/system/resource")
            assert resource["factory-software"] == "7.1"
            assert Client(router).get("/system/package")[0]["build-time"] == resource["build-time"]
        return str(resource["build-time"])

    return told


def test_behaviour_57_what_the_router_makes_of_other_rows_is_in_no_export(newest: Client) -> None:
    newest.add("/ip/vrf", name="v", interfaces="ether3")
    newest.add("/ip/address", address="10.9.0.1/24", interface="ether3")
    assert newest.get("/routing/route")
    first = newest.get("/queue/interface")[0]
    newest("PATCH", f"/queue/interface/{first['.id']}", {"queue": "default"})
    newest("POST", "/export", {"file": "all"})
    text = newest("POST", "/file/read", {"file": "all.rsc", "chunk-size": "32768"}).body[0]["data"]
    assert "set [ find interface=ether1 ] queue=default" in text
    assert [text.count(word) for word in ("add interfaces=ether3 name=v", "queue=", "/routing", "/interface")] == [
        1,
        1,
        0,
        0,
    ]


def test_behaviour_37_what_a_vrf_of_a_script_brought_goes_with_it() -> None:
    script = "/ip vrf add interfaces=ether3 name=v\n/ip route add dst-address=10.0.0.0/8 gateway=ether3 routing-table=v"
    router = SimulatedRouter("lab", {"script": script}, version="7.23.3", users={"admin": "secret"})
    with run_in_thread([router]):
        client = Client(router)
        assert client.get("/ip/route")[0]["routing-table"] == "v"
        assert [row["name"] for row in client.get("/routing/table")] == ["main", "v"]
        client("DELETE", "/ip/vrf/v")
        assert [row["name"] for row in client.get("/routing/table")] == ["main"]
        assert client.get("/interface?name=v") == []
