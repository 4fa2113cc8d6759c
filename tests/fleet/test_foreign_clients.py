"""REST clients that others wrote make their ordinary calls, unmodified, against a simulated router.

Each call runs in the clients' own environment (``make foreign``) as a process of its own. What the client tells is
compared with what the router holds, which the standard library reads.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from simulator.fleet import SimulatedRouter, run_in_thread
from tests.fleet.foreign_tools import CERTBOT, PYTHON, ROSRESTPY, ROUTEROS_CLIENT, Lab


@pytest.fixture
def lab(tmp_path: Path) -> Iterator[Lab]:
    if not PYTHON.exists():
        pytest.skip(f"{PYTHON.parents[1].name} is not there; make foreign makes it")
    certificates = [{"name": name, "common-name": "lab"} for name in OLD_CERTIFICATES]
    seed = {"menus": {"/certificate": certificates}}
    router = SimulatedRouter("lab", seed, version="7.23.3", users={"admin": "secret"})
    with run_in_thread([router], plain=True):
        yield Lab(router, tmp_path)


OLD_CERTIFICATES = [f"lab_example_net_2026{month:02}01T0000" for month in (1, 2, 3)]


# ------------------------------------------------------------------------------------------------ routeros-client 0.8.2


def test_routeros_client_get_and_print_read_what_the_router_holds(lab: Lab) -> None:
    told = lab.tells(
        ROUTEROS_CLIENT,
        """
        tell(
            get_one=rest.get("/system/identity"),
            get_row=rest.get("/interface/ether2"),
            print_all=rest.print("/user/group"),
            print_some=rest.print("/interface", **{".proplist": ["name", "type"], ".query": ["type=ether"]}),
            command=rest.command("/interface", "print", **{".proplist": "name,type"}),
        )
        """,
    )
    ports = [row for row in lab.reads.get("/interface") if row["type"] == "ether"]
    assert told["get_one"] == lab.reads.get("/system/identity")
    assert told["get_row"]["mac-address"] == lab.reads.get("/interface/ether2")["mac-address"]
    assert told["print_all"] == lab.reads.get("/user/group")
    assert told["print_some"] == [{"name": row["name"], "type": "ether"} for row in ports]
    assert told["command"] == [{"name": row["name"], "type": row["type"]} for row in lab.reads.get("/interface")]


def test_routeros_client_add_set_and_remove_change_what_the_router_holds(lab: Lab) -> None:
    told = lab.tells(
        ROUTEROS_CLIENT,
        """
        added = rest.add("/ip/address", address="10.0.0.1/24", interface="ether2", comment="uplink")
        path = "/ip/address/" + added[".id"]
        changed = rest.set(path, comment="changed", disabled=True)
        other = rest.put("/ip/firewall/address-list", {"list": "blocked", "address": "203.0.113.7"})
        gone = rest.add("/ip/pool", name="gone", ranges="10.0.0.10-10.0.0.20")
        tell(added=added, changed=changed, other=other, removed=rest.remove("/ip/pool/" + gone[".id"]))
        """,
    )
    assert told["added"]["network"] == "10.0.0.0"
    assert told["changed"]["disabled"] == "true"
    assert lab.reads.get("/ip/address") == [told["changed"]]
    assert lab.reads.get("/ip/firewall/address-list") == [told["other"]]
    assert told["removed"] is None
    assert lab.reads.get("/ip/pool") == []


def test_routeros_client_query_filters_on_the_router(lab: Lab) -> None:
    lab.reads.add("/ip/firewall/filter", chain="input", action="accept", comment="first")
    lab.reads.add("/ip/firewall/filter", chain="forward", action="drop", disabled="yes")
    told = lab.tells(
        ROUTEROS_CLIENT,
        """
        rules = "/ip/firewall/filter"
        tell(
            chain=rest.query(rules, chain="forward"),
            disabled=rest.query(rules, disabled=True),
            both=rest.query(rules, chain="input", disabled=True),
        )
        """,
    )
    first, second = lab.reads.get("/ip/firewall/filter")
    assert first["chain"] == "input"
    assert told == {"chain": [second], "disabled": [second], "both": []}


def test_routeros_client_command_runs_what_is_not_create_read_update_delete(lab: Lab) -> None:
    told = lab.tells(
        ROUTEROS_CLIENT,
        """
        rules = "/ip/firewall/filter"
        one = rest.command(rules, "add", chain="input", action="accept")["ret"]
        two = rest.command(rules, "add", chain="input", action="drop")["ret"]
        tell(
            ids=[two, one],
            moved=rest.command(rules, "move", numbers=two, destination=one),
            disabled=rest.command(rules, "disable", numbers=one),
            named=rest.command("/system/identity", "set", name="renamed"),
            pinged=rest.command("", "ping", address="127.0.0.1", count="2"),
        )
        """,
    )
    rules = lab.reads.get("/ip/firewall/filter")
    assert [row[".id"] for row in rules] == told["ids"]
    assert [row.get("disabled", "false") for row in rules] == ["false", "true"]
    assert told["moved"] == told["disabled"] == told["named"] == []
    assert lab.reads.get("/system/identity") == {"name": "renamed"}
    assert [reply["received"] for reply in told["pinged"]] == ["1", "2"]


def test_routeros_client_raises_its_errors_with_the_words_of_the_router(lab: Lab) -> None:
    lab.reads.add("/ip/address", address="10.0.0.1/24", interface="ether2")
    told = lab.tells(
        ROUTEROS_CLIENT,
        """
        tell(
            twice=failure(lambda: rest.add("/ip/address", address="10.0.0.1/24", interface="ether2")),
            value=failure(lambda: rest.add("/ip/address", address="x", interface="ether2")),
            field=failure(lambda: rest.set("/ip/address/*1", nosuch="x")),
            row=failure(lambda: rest.remove("/ip/address/*FF")),
            login=failure(lambda: client("wrong").get("/system/identity")),
        )
        """,
    )
    assert told == {
        "twice": ["RouterOSCommandError", "HTTP 400 : failure: already have such address"],
        "value": ["RouterOSCommandError", "HTTP 400 : value of address expects range of ip addresses"],
        "field": ["RouterOSCommandError", "HTTP 400 : unknown parameter nosuch"],
        "row": ["RouterOSCommandError", "HTTP 404 : Not Found"],
        "login": ["RouterOSAuthError", "HTTP 401 : Unauthorized"],
    }
    assert len(lab.reads.get("/ip/address")) == 1


def test_routeros_client_connects_over_plain_http_and_answers_a_challenge(lab: Lab) -> None:
    """``connect(transport="rest")``, ``api_session``, and a login that waits for the 401."""
    told = lab.tells(
        ROUTEROS_CLIENT,
        """
        plain = {"transport": "rest", "port": PLAIN.port, "use_ssl": False}
        with routeros_client.api_session(PLAIN.hostname, "admin", "secret", **plain) as session:
            session.command("/system/identity", "set", name="plainly")
        tell(
            plain=routeros_client.connect(PLAIN.hostname, "admin", "secret", **plain).get("/system/identity"),
            challenged=client("secret", preemptive_auth=False).get("/system/identity"),
            unverified=client("secret", verify_ssl=False).get("/system/identity"),
        )
        """,
    )
    assert list(told.values()) == [lab.reads.get("/system/identity")] * 3 == [{"name": "plainly"}] * 3


# ----------------------------------------------------------------------------------------------------- rosrestpy 0.12.2
# It takes the text "false" for True, so truth values are not compared. Its ``delete`` builds no whole URL and reaches
# no router, so rows are removed by its ``post_as``.


def test_rosrestpy_makes_its_objects_of_what_the_router_holds(lab: Lab) -> None:
    """The resource, the identity, the board, and lists of interfaces, users, services, routes and log lines."""
    lab.reads.add("/ip/address", address="10.0.0.1/24", interface="ether2")
    told = lab.tells(
        ROSRESTPY,
        """
        resource, board = ros.system.resource, ros.system.routerboard
        tell(
            cpu_count=resource.cpu_count, version=resource.version, memory=resource.total_memory,
            identity=str(ros.system.identity), serial=board.serial_number,
            interfaces=[interface.name for interface in ros.interface()],
            macs=[interface.mac_address for interface in ros.interface(type="ether")],
            users=[[user.name, user.group] for user in ros.user()],
            services=[[service.name, service.port] for service in ros.ip.service(name="ssh")],
            routes=[[route.dst_address, route.gateway, route.distance] for route in ros.ip.route()],
            cache=ros.ip.dns.cache_size, log=[line.message for line in ros.log()][:1],
        )
        """,
    )
    held, interfaces = lab.reads.get("/system/resource"), lab.reads.get("/interface")
    assert told["cpu_count"] == int(held["cpu-count"])
    assert told["memory"] == int(held["total-memory"])
    assert told["version"] == held["version"]
    assert told["identity"] == lab.reads.get("/system/identity")["name"]
    assert told["serial"] == lab.reads.get("/system/routerboard")["serial-number"]
    assert told["interfaces"] == [row["name"] for row in interfaces]
    assert told["macs"] == [row["mac-address"] for row in interfaces if row["type"] == "ether"]
    assert told["users"] == [["admin", "full"]]
    assert told["services"] == [["ssh", 22]]
    assert told["routes"] == [["10.0.0.0/24", "ether2", 0]]
    assert told["cache"] == int(lab.reads.get("/ip/dns")["cache-size"])
    assert told["log"] == [lab.reads.get("/log")[0]["message"]]


def test_rosrestpy_adds_finds_sets_disables_and_removes_a_queue(lab: Lab) -> None:
    """The example of its first page; numbers and truth values go as JSON's own."""
    told = lab.tells(
        ROSRESTPY,
        """
        from ros.queue import SimpleQueue

        queues = ros.queue.simple
        new = SimpleQueue(name="Test", target="192.168.88.0/24", max_limit="10M/10M", disabled=True)
        added = queues.add(new)
        found = queues(name="Test")[0]
        changed = queues.set(found, {"comment": "Test comment"})
        gone = queues.add(SimpleQueue(name="Gone", target="10.0.0.0/8"))
        removed = ros.post_as("/queue/simple/remove", list, {".id": gone.id})
        queues.enable(found)
        between = ros.session.get(ros.url + "/queue/simple").json()
        queues.disable(found)
        tell(added=added.max_limit, found=found.id, changed=changed.comment, removed=removed, between=between)
        """,
    )
    (queue,) = lab.reads.get("/queue/simple")
    assert told["added"] == queue["max-limit"] == "10000000/10000000"
    assert told["found"] == queue[".id"]
    assert told["changed"] == queue["comment"] == "Test comment"
    assert told["removed"] == []
    assert [row["disabled"] for row in (*told["between"], queue)] == ["false", "true"]
    assert (queue["name"], queue["target"], queue["priority"]) == ("Test", "192.168.88.0/24", "8/8")


def test_rosrestpy_adds_a_vlan_a_rule_and_an_address_list_entry(lab: Lab) -> None:
    told = lab.tells(
        ROSRESTPY,
        """
        from ros.inteface import Vlan
        from ros.ip.firewall.address_list import IPAddressList
        from ros.ip.firewall.filter import IPFirewallFilter

        vlan = ros.interface.vlan.add(Vlan(name="v10", vlan_id=10, interface="ether3"))
        rule = IPFirewallFilter(chain="input", protocol="tcp", dst_port="22", action="drop")
        rule = ros.ip.firewall.filter.add(rule)
        entry = ros.ip.firewall.address_list.add(IPAddressList(list="blocked", address="203.0.113.7", timeout="1h"))
        tell(
            vlan=[vlan.id, vlan.vlan_id, vlan.mac_address],
            rule=[rule.id, rule.dst_port],
            entry=[entry.id, entry.address],
            found=[each.id for each in ros.ip.firewall.filter(chain="input", action="drop")],
            unfound=[each.id for each in ros.ip.firewall.filter(chain="output")],
        )
        """,
    )
    (vlan,) = lab.reads.get("/interface/vlan")
    (rule,) = lab.reads.get("/ip/firewall/filter")
    (entry,) = lab.reads.get("/ip/firewall/address-list")
    assert told["vlan"] == [vlan[".id"], int(vlan["vlan-id"]), vlan["mac-address"]]
    assert told["rule"] == [rule[".id"], rule["dst-port"]]
    assert told["entry"] == [entry[".id"], entry["address"]]
    assert (told["found"], told["unfound"]) == ([rule[".id"]], [])
    assert entry["dynamic"] == "true"


def test_rosrestpy_raises_its_error_with_status_message_and_detail(lab: Lab) -> None:
    lab.reads.add("/ip/address", address="10.0.0.1/24", interface="ether2")
    told = lab.tells(
        ROSRESTPY,
        """
        from ros.inteface import Vlan
        from ros.ip.address import Address

        vlan = Vlan(name="v", vlan_id=5000, interface="ether3")
        held = ros.ip.address()[0]
        tell(
            twice=failure(lambda: ros.ip.address.add(Address(address="10.0.0.1/24", interface="ether2"))),
            range=failure(lambda: ros.interface.vlan.add(vlan)),
            field=failure(lambda: ros.ip.address.set(held, {"nosuch": "x"})),
            command=failure(lambda: ros.post_as("/ip/address/nosuch", dict)),
            login=failure(lambda: client(ROUTER, "wrong").system.identity),
        )
        """,
    )
    assert told == {
        "twice": ["Error", "Bad Request (400): failure: already have such address"],
        "range": ["Error", "Bad Request (400): value of vlan-id out of range (1..4094)"],
        "field": ["Error", "Bad Request (400): unknown parameter nosuch"],
        "command": ["Error", f"Bad Request (400): {lab.reads.detail('POST', '/ip/address/nosuch')}"],
        "login": ["Error", "Unauthorized (401)"],
    }


def test_rosrestpy_talks_over_plain_http_and_pings(lab: Lab) -> None:
    told = lab.tells(
        ROSRESTPY,
        """
        plain = client(PLAIN, "secret")
        tell(identity=str(plain.system.identity), pinged=[reply.received for reply in plain.ping("127.0.0.1", 2)])
        """,
    )
    assert told == {"identity": lab.reads.get("/system/identity")["name"], "pinged": [1, 2]}


# ----------------------------------------------------------------------------------------------- mikrotik-certbot 1.0.2


def test_mikrotik_certbot_reads_the_version_and_looks_for_certificates(lab: Lab) -> None:
    told = lab.tells(
        CERTBOT,
        f"""
        tell(
            version=routeros.detect_routeros_version(client),
            found=routeros.find_existing_certificate(client, "{OLD_CERTIFICATES[0]}"),
            unfound=routeros.find_existing_certificate(client, "nosuch"),
        )
        """,
    )
    assert told["version"] == [lab.reads.get("/system/resource")["version"], True]
    assert told["found"] == lab.reads.get("/certificate")[0]
    assert told["unfound"] is None


def test_mikrotik_certbot_uploads_a_file_and_deletes_it(lab: Lab) -> None:
    before = [row["name"] for row in lab.reads.get("/file")]
    told = lab.tells(
        CERTBOT,
        """
        routeros.upload_certificate(client, "new.pem", "new", supports_type_file=True)
        uploaded = client.get("file", params={"name": "new.pem"}).json()
        routeros.upload_certificate(client, "new.pem", "new", supports_type_file=True)
        tell(
            uploaded=uploaded[0]["contents"],
            again=len(client.get("file", params={"name": "new.pem"}).json()),
            deleted=routeros.delete_uploaded_file(client, "new.pem"),
            twice=routeros.delete_uploaded_file(client, "new.pem"),
        )
        """,
    )
    sent = (lab.here / "privkey.pem").read_text() + (lab.here / "fullchain.pem").read_text()
    assert told["uploaded"].split() == sent.split()
    assert (told["again"], told["deleted"], told["twice"]) == (1, True, False)
    assert [row["name"] for row in lab.reads.get("/file")] == before


def test_mikrotik_certbot_gives_services_and_hotspots_a_certificate_and_prunes_the_old(lab: Lab) -> None:
    newest = OLD_CERTIFICATES[-1]
    lab.tells(
        CERTBOT,
        f"""
        routeros.update_ip_service(client, "api-ssl", "{newest}")
        routeros.update_hotspot_profile(client, "{newest}", "default")
        routeros.update_hotspot_profile(client, "{newest}", "nosuch")
        routeros.prune_old_certificates(client, "lab.example.net", "{newest}", keep=2)
        tell()
        """,
    )
    assert lab.reads.get("/ip/service/api-ssl")["certificate"] == newest
    assert lab.reads.get("/ip/hotspot/profile/default")["ssl-certificate"] == newest
    assert [row["name"] for row in lab.reads.get("/certificate")] == OLD_CERTIFICATES[1:]


def test_mikrotik_certbot_is_told_when_a_certificate_is_not_there(lab: Lab) -> None:
    told = lab.tells(
        CERTBOT,
        """
        tell(failed=failure(lambda: routeros.update_ip_service(client, "api-ssl", "nosuch")))
        """,
    )
    kind, text = told["failed"]
    assert (kind, text.partition(" for url")[0]) == ("HTTPError", "400 Client Error: Bad Request")
    assert lab.reads.get("/ip/service/api-ssl")["certificate"] == "none"


def test_every_client_of_the_lock_file_is_shown_here(repository: Path) -> None:
    asked = (repository / "requirements/foreign.in").read_text().split("\n")
    names = {line.partition("==")[0].replace("-", "_") for line in asked if line and not line.startswith("#")}
    shown = {name for name in names for test in globals() if test.startswith(f"test_{name}_")}
    assert shown == names
