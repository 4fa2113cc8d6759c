"""Tools that propose and ask, against a simulated router and a real repository."""

from __future__ import annotations

from tests.unit.mcp_server.small_fleet import SmallFleet

DNS = "/ip/dns/static"
NEW_RECORD = {
    "title": "Add a record for mail",
    "layer": "device",
    "name": "edge-1",
    "menu": DNS,
    "action": "add",
    "values": {"name": "mail.example.net", "type": "A", "address": "192.0.2.25"},
}

GROUP = """apiVersion: plumbline/v1
kind: Group
menus:
  /ip/dns: {servers: [192.0.2.53]}
"""


def test_a_proposal_is_a_branch_with_its_plan(fleet: SmallFleet) -> None:
    main = fleet.git("rev-parse", "main")
    told = fleet.told("proposal_create", **NEW_RECORD, reason="Asked for by\nReviewed-by: nobody")
    assert told["branch"] == "proposals/add-a-record-for-mail"
    assert told["base"] == main == fleet.git("rev-parse", "main")
    assert fleet.git("rev-parse", f"{told['branch']}^") == main
    assert fleet.git("diff", "--name-only", "main", told["branch"]) == "devices/edge-1.yaml"
    added = [line for line in told["device_data"]["document_diff"].splitlines() if line.startswith("+")]
    assert any("mail.example.net" in line for line in added[1:])
    plan = told["plan"]
    assert plan["summary"] == {"add": 1, "set": 0, "remove": 0, "move": 0, "devices": 1}
    assert plan["basis"] == "live"
    assert plan["commit"] == told["commit"]
    (change,) = plan["changes"]
    assert (change["action"], change["menu"]) == ("add", DNS)
    assert fleet.writes_by_plumbline() == 0


def test_author_is_the_person_and_the_agent_is_named(fleet: SmallFleet) -> None:
    told = fleet.told("proposal_create", **NEW_RECORD, reason="Asked for by\nReviewed-by: nobody")
    assert fleet.git("log", "-1", "--format=%an <%ae>", told["branch"]) == "Tess Tester <tess@example.net>"
    message = fleet.git("log", "-1", "--format=%B", told["branch"])
    assert message == ("Add a record for mail\n\nReason: Asked for by Reviewed-by: nobody\n\nProposed-by: mcp")
    (listed,) = fleet.told("proposal_list")["proposals"]
    assert (listed["branch"], listed["title"], listed["agent"]) == (told["branch"], "Add a record for mail", "mcp")
    assert listed["documents"] == ["devices/edge-1.yaml"]


def test_the_same_title_twice_is_two_branches(fleet: SmallFleet) -> None:
    first = fleet.told("proposal_create", **NEW_RECORD)["branch"]
    second = fleet.told("proposal_create", **NEW_RECORD)["branch"]
    assert first != second
    assert {row["branch"] for row in fleet.told("proposal_list")["proposals"]} == {first, second}


WRONG: tuple[tuple[dict[str, object], str], ...] = (
    ({"menu": "/ip/dns/statik"}, "Did you mean"),
    ({"menu": "no menu!"}, "is not a menu path"),
    ({"name": "edge-9"}, "There is no device 'edge-9' on main."),
    ({"values": {"name": "mail.example.net", "adress": "192.0.2.25"}}, "address"),
    ({"values": {"name": "mail.example.net", "type": "A", "address": "not an address"}}, "address"),
    ({"values": {"name": "{{ device.name }}", "address": "192.0.2.1"}}, "Templates cannot be proposed."),
    ({"values": {"name": "a.example.net", "$for-each": "x"}}, "$for-each cannot be proposed."),
    ({"title": "Co-authored-by: X <x@example.net>"}, "reads like a trailer"),
    ({"action": "set", "select": {"name": "nobody.example.net"}}, "No entry"),
    (
        {"action": "set", "select": {"name": "www.example.net"}, "values": {"address": "192.0.2.10"}},
        "The document says so already.",
    ),
    ({"action": "own", "values": {}}, "Input should be 'add', 'set' or 'remove'"),
    ({"menu": "/user", "values": {"name": "x", "group": "full", "password": "hunter2"}}, "password"),
)


def test_what_would_not_load_leaves_nothing_behind(fleet: SmallFleet) -> None:
    before = fleet.git("for-each-ref")
    for changed, sentence in WRONG:
        told = fleet.refused("proposal_create", **{**NEW_RECORD, **changed})
        assert sentence in told, changed
        assert "hunter2" not in told
        assert fleet.git("for-each-ref") == before, changed


def test_control_data_is_no_menu_and_cannot_be_named(fleet: SmallFleet) -> None:
    before = fleet.git("for-each-ref")
    for menu in ("address", "mode", "environment", "capabilities", "../mode", "/mode", "menus"):
        arguments = {**NEW_RECORD, "menu": menu, "action": "set", "values": {"mode": "manage"}}
        assert fleet.refused("proposal_create", **arguments), menu
        assert fleet.git("for-each-ref") == before, menu


def test_a_proposal_stands_where_the_routers_do_not_answer(fleet: SmallFleet) -> None:
    fleet.router.refuse = True
    told = fleet.told("proposal_create", **NEW_RECORD)
    (unknown,) = told["plan"]["unknown"]
    assert unknown["devices"] == ["edge-1"]


def test_an_apply_is_asked_for_and_waits_for_a_person(fleet: SmallFleet) -> None:
    branch = fleet.told("proposal_create", **NEW_RECORD)["branch"]
    told = fleet.told("apply_request", ref=branch)
    assert told["state"] == "awaiting approval"
    assert told["command"] == f"plumbline approve {told['digest'][:8]}"
    assert told["commit"] == fleet.git("rev-parse", branch)
    assert told["approvals_needed"] == 1
    assert fleet.stored_plan(told["digest"]).requesters == ("tess@example.net",)
    again = fleet.told("apply_request", ref=told["digest"])
    assert again["digest"] == told["digest"]
    assert fleet.writes_by_plumbline() == 0
    assert not fleet.approvals(told["digest"])


def test_an_apply_of_something_else_cannot_be_asked_for(fleet: SmallFleet) -> None:
    fleet.git("branch", "feature", "main~1")
    assert "neither main nor a proposal" in fleet.refused("apply_request", ref="feature")
    assert "nothing to approve" in fleet.refused("apply_request", ref="main")
    assert "is not a branch, tag or commit" in fleet.refused("apply_request", ref="deadbeefdeadbeef")


def test_who_asked_is_in_the_audit(fleet: SmallFleet) -> None:
    fleet.told("proposal_create", **NEW_RECORD)
    fleet.refused("proposal_create", **{**NEW_RECORD, "name": "edge-9"})
    refused, done = fleet.audit("propose")
    assert (done.actor.person, done.actor.agent, done.actor.door.value) == ("tess", "mcp", "mcp")
    assert (done.subject, done.result, refused.result) == ("device edge-1 /ip/dns/static", "ok", "error")


def test_a_row_can_be_put_before_another(fleet: SmallFleet) -> None:
    document = (fleet.git("show", "main:devices/edge-1.yaml")) + "\n"
    rules = """  /ip/firewall/filter:
    - {$id: established, chain: forward, action: accept, connection-state: [established, related]}
    - {$id: rest, chain: forward, action: drop}
"""
    fleet.commit("devices/edge-1.yaml", document + rules)
    told = fleet.told(
        "proposal_create",
        title="Let the office out",
        layer="device",
        name="edge-1",
        menu="/ip/firewall/filter",
        action="add",
        values={"$id": "office", "chain": "forward", "action": "accept", "src-address-list": "office"},
        before={"$id": "rest"},
    )
    shown = fleet.git("show", f"{told['branch']}:devices/edge-1.yaml")
    places = [shown.index(f"$id: {label}") for label in ("established", "office", "rest")]
    assert places == sorted(places)
    identities = [change["device_data"]["identity"] for change in told["plan"]["changes"]]
    assert len(identities) == 3


def test_a_group_is_planned_on_the_devices_that_use_it(fleet: SmallFleet) -> None:
    fleet.commit(
        "groups/dns.yaml", "apiVersion: plumbline/v1\nkind: Group\nmenus:\n  /ip/dns: {servers: [192.0.2.53]}\n"
    )
    unused = fleet.told(
        "proposal_create",
        title="Other resolver",
        layer="group",
        name="dns",
        menu="/ip/dns",
        action="set",
        values={"servers": "192.0.2.54"},
    )
    assert unused["plan"] is None
    assert unused["device_data"]["message"] == "No device uses this document."
    document = fleet.git("show", "main:devices/edge-1.yaml")
    fleet.commit("devices/edge-1.yaml", document.replace("mode: manage", "mode: manage\ngroups: [dns]") + "\n")
    used = fleet.told(
        "proposal_create",
        title="Third resolver",
        layer="group",
        name="dns",
        menu="/ip/dns",
        action="set",
        values={"servers": "192.0.2.55"},
    )
    assert fleet.git("show", f"{used['branch']}:groups/dns.yaml").endswith("{servers: 192.0.2.55}")
    (change,) = used["plan"]["changes"]
    assert change["device_data"]["fields"][0]["after"] == "192.0.2.55"
