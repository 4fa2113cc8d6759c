"""Behaviours 21 to 30: the shapes of requests and replies."""

from __future__ import annotations

from tests.unit.simulator.plain import Client

RULES = "/ip/firewall/filter"


def test_behaviour_21_put_answers_the_whole_row(client: Client) -> None:
    reply = client("PUT", "/ip/address", {"interface": "ether2", "address": "192.168.99.1/24"})
    assert reply.status == 201
    assert reply.headers["location"] == f"{client.router.address}/rest/ip/address/{reply.body['.id']}"
    assert reply.body["actual-interface"] == "ether2"
    assert reply.body["network"] == "192.168.99.0"
    assert reply.raw.startswith(
        '{".id":"*1","actual-interface":"ether2","address":"192.168.99.1/24","disabled":"false",'
    )
    assert list(reply.body) == sorted(reply.body)
    assert client.get("/ip/address") == [reply.body]


def test_behaviour_22_patch_answers_the_row_and_delete_nothing(client: Client) -> None:
    row = client.add(RULES, chain="input", action="accept")
    path = f"{RULES}/{row['.id']}"
    reply = client("PATCH", path, {"comment": "seen", "disabled": True})
    assert (reply.status, reply.body) == (200, {**row, "comment": "seen", "disabled": "true"})
    assert client.get(path) == reply.body
    gone = client("DELETE", path)
    assert (gone.status, gone.raw) == (204, "")
    assert client("DELETE", path).status == 404
    assert client.get(RULES) == []


def test_behaviour_23_commands_answer_ret_or_nothing(client: Client) -> None:
    first = client("POST", f"{RULES}/add", {"chain": "input", "action": "accept", "src-address": "10.0.0.1"})
    assert (first.status, first.raw) == (200, '{"ret":"*1"}')
    client.add(RULES, chain="input", action="drop")
    commands: list[tuple[str, dict[str, str], dict[str, str | None]]] = [
        ("set", {".id": "*1", "log-prefix": "x"}, {"log-prefix": "x"}),
        ("disable", {".id": "*1"}, {"disabled": "true"}),
        ("enable", {"numbers": "*1"}, {"disabled": "false"}),
        ("comment", {"numbers": "*1", "comment": "said"}, {"comment": "said"}),
        ("unset", {".id": "*1", "value-name": "src-address"}, {"src-address": None}),
    ]
    for command, body, expected in commands:
        reply = client("POST", f"{RULES}/{command}", body)
        assert (reply.status, reply.raw) == (200, "[]"), command
        row = client.get(f"{RULES}/*1")
        assert {name: row.get(name) for name in expected} == expected
    assert client("POST", f"{RULES}/move", {"numbers": "*1"}).raw == "[]"
    assert client("POST", f"{RULES}/remove", {"numbers": "*1"}).raw == "[]"
    assert [row[".id"] for row in client.get(RULES)] == ["*2"]
    assert client("POST", "/ip/dns/set", {"servers": "1.1.1.1,9.9.9.9"}).raw == "[]"
    assert client.get("/ip/dns")["servers"] == "1.1.1.1,9.9.9.9"
    assert client.detail("POST", "/system/identity/set", {".id": "*1", "name": "x"}) == "unknown parameter .id"


def test_behaviour_24_lists_objects_and_prints(client: Client) -> None:
    assert client.get(RULES) == []
    row = client.add(RULES, chain="input", action="accept")
    assert client.get(RULES) == [row]
    assert client.get(f"{RULES}/{row['.id']}") == row
    assert client.get("/system/identity") == {"name": "MikroTik"}
    assert client("POST", "/system/identity/print", {}).body == [{"name": "MikroTik"}]
    assert client("POST", f"{RULES}/print", {}).body == [row]


def test_behaviour_25_count_only_and_oid(client: Client) -> None:
    assert client("POST", "/ip/service/print", {"count-only": ""}).body == {"ret": str(len(client.get("/ip/service")))}
    counted = client("POST", "/interface/print", {"count-only": "", ".query": ["name=ether1"]})
    assert counted.body == {"ret": "1"}
    oids = client("POST", "/system/resource/print", {"oid": ""}).body
    assert isinstance(oids, list)
    assert oids[0]["build-time"] == ".1.3.6.1.4.1.14988.1.1.7.6.0"


def test_behaviour_26_proplist(client: Client) -> None:
    row = client.add(RULES, chain="input", action="accept")
    assert client.get(f"{RULES}?.proplist=chain,nonsense") == [{".id": row[".id"], "chain": "input"}]
    assert client.get(f"{RULES}/{row['.id']}?.proplist=chain") == {"chain": "input"}
    for names in ("chain,action", ["chain", "action"]):
        printed = client("POST", f"{RULES}/print", {".proplist": names}).body
        assert printed == [{"action": "accept", "chain": "input"}]
    assert client.get("/user?.proplist=password")[0] == {".id": "*1"}


def test_behaviour_27_filters_in_the_url(client: Client) -> None:
    client.add(RULES, chain="input", action="accept", comment="a b")
    client.add(RULES, chain="input", action="drop", disabled="yes")
    client.add(RULES, chain="forward", action="drop", disabled="no")
    assert len(client.get(f"{RULES}?chain=input")) == 2
    assert len(client.get(f"{RULES}?chain=input&action=drop")) == 1
    assert len(client.get(f"{RULES}?disabled=yes")) == len(client.get(f"{RULES}?disabled=true")) == 1
    assert len(client.get(f"{RULES}?comment=a%20b")) == 1
    assert client.get(f"{RULES}?chain=inp") == []
    assert [row["chain"] for row in client.get(f"{RULES}?disabled=false")] == ["forward"]
    assert client.get(f"{RULES}?.id=*FF") == []
    assert client.get(f"{RULES}?.query=chain") == client.get(RULES)


def test_behaviour_28_the_query_stack(client: Client) -> None:
    client.add("/interface/bridge", name="b1", comment="yes")
    client.add("/interface/vlan", name="v1", interface="ether1", vlan_id="5", mtu="1400")

    def names(*words: str) -> list[str]:
        found = client("POST", "/interface/print", {".proplist": "name", ".query": list(words)}).body
        return [row["name"] for row in found if row["name"] in ("b1", "v1", "lo")]

    assert names("type=vlan") == names("=type=vlan") == ["v1"]
    assert names("type=bridge", "type=vlan", "#|") == ["b1", "v1"]
    assert names("type=bridge", "#!") == ["lo", "v1"]
    assert names("type=ether", "type=vlan", "#|!") == ["lo", "b1"]
    assert names("comment") == ["b1"]
    assert names("-comment") == ["lo", "v1"]
    assert names("<actual-mtu=1450") == ["v1"]
    assert names(">actual-mtu=1450") == ["lo", "b1"]
    assert names("type=vlan", "name=v1") == ["v1"]
    assert names("type=vlan", "name=b1") == []
    assert names("type=bridge", "type=vlan", "#0") == ["v1"]
    assert names("type=bridge", "type=vlan", "#1") == ["b1"]
    assert names("type=bridge", "#.&") == ["b1"]
    assert names('name~"b"') == []


def test_behaviour_29_numbers(client: Client) -> None:
    rows = [client.add(RULES, chain="input", action="accept", comment=str(number))[".id"] for number in "abc"]
    client("POST", f"{RULES}/set", {".id": f"{rows[0]},{rows[2]}", "comment": "both"})
    assert [row["comment"] for row in client.get(RULES)] == ["both", "b", "both"]
    client("POST", f"{RULES}/set", {"numbers": "1", "comment": "second"})
    assert client.get(f"{RULES}/{rows[1]}")["comment"] == "second"
    client("POST", "/interface/ethernet/set", {"numbers": "ether3", "comment": "third"})
    assert client.get("/interface/ether3")["comment"] == "third"
    assert client("POST", f"{RULES}/set", {"numbers": "*FFFF", "comment": "x"}).status == 404
    assert client.detail("POST", f"{RULES}/remove", {}) == "missing =.id="
    assert client.detail("POST", f"{RULES}/set", {"comment": "x"}) == "missing =.id="


def test_behaviour_30_every_value_is_a_string(client: Client) -> None:
    client("PUT", "/ip/route", {"dst-address": "10.9.0.0/16", "blackhole": True, "distance": 5})
    client("PUT", "/interface/vlan", {"name": "v", "interface": "ether1", "vlan-id": 7})
    for path in ("/ip/route", "/interface/vlan", "/interface", "/ip/service", "/ip/dns", "/system/resource"):
        rows = client.get(path)
        for row in rows if isinstance(rows, list) else [rows]:
            assert all(isinstance(value, str) for value in row.values())
            assert not {"yes", "no"} & {row.get("disabled"), row.get("running"), row.get("dynamic")}
    route = client.get("/ip/route")[0]
    assert (route["blackhole"], route["distance"]) == ("", "5")


def test_what_was_sent_before_is_sent_anew_once_it_changed(client: Client) -> None:
    client.add("/interface/list", name="LAN")
    member = client.add("/interface/list/member", list="LAN", interface="ether2")

    def shown() -> tuple[str, str]:
        row = next(row for row in client.get("/interface/list/member") if row[".id"] == member[".id"])
        return row["list"], row["interface"]

    assert shown() == ("LAN", "ether2")
    client("PATCH", "/interface/list/LAN", {"name": "inside"})
    assert shown() == ("inside", "ether2")
    client("POST", "/interface/set", {"numbers": "ether2", "name": "port2"})
    assert shown() == ("inside", "port2")
    assert client("GET", f"/interface/list/member/{member['.id']}").body["interface"] == "port2"
