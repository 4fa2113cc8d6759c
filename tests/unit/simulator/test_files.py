"""Behaviour 57: exports, files, and importing them again."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from simulator.fleet import SimulatedRouter, run_in_thread
from simulator.script.exporting import export
from tests.unit.simulator.conftest import GROUPS, USERS
from tests.unit.simulator.plain import Client

OPERATORS = [*GROUPS, {"name": "files", "policy": "read,write,ftp,test,api,rest-api"}]


@pytest.fixture
def router() -> Iterator[SimulatedRouter]:
    users = {**USERS, "clerk": ("secret", "files")}
    router = SimulatedRouter("lab", {"menus": {"/user/group": OPERATORS}}, version="7.23.2", users=users)
    with run_in_thread([router]):
        yield router


def text_of(client: Client, name: str) -> str:
    """A whole file, chunk by chunk."""
    found = ""
    while True:
        chunk = client("POST", "/file/read", {"file": name, "offset": len(found), "chunk-size": 500}).body
        if chunk == [{"data": ""}]:
            return found
        found += chunk[0]["data"]


def configure(client: Client) -> None:
    client.add("/interface/bridge", name="lan")
    client.add("/interface/vlan", name="a-first", interface="lan", vlan_id="5")
    client.add("/ip/address", address="192.0.2.1/24", interface="a-first", comment='it\'s "ours"')
    client.add("/interface/bridge/port", bridge="lan", interface="a-first")
    client.add("/ip/pool", name="p", ranges="192.0.2.10-192.0.2.20")
    client.add("/ip/dhcp-server", name="d", interface="lan", address_pool="p")
    client.add("/ip/firewall/filter", chain="input", action="accept", protocol="tcp", dst_port="22,443")
    client.add("/ip/firewall/filter", chain="input", action="drop", comment="long " + "x" * 80)
    client.add("/ppp/secret", name="u", password="hush", disabled="yes")


def test_behaviour_57_an_export_is_a_file_that_is_read_in_chunks(router: SimulatedRouter, client: Client) -> None:
    configure(client)
    assert client("POST", "/export", {"file": "backup"}).body == []
    row = next(row for row in client.get("/file") if row["name"] == "backup.rsc")
    text = text_of(client, "backup.rsc")
    assert row["type"] == "script"
    assert row["size"] == str(len(text))
    lines = text.splitlines()
    assert lines[0].endswith(" by RouterOS 7.23.2")
    assert "/ip firewall filter" in lines
    assert "add action=accept chain=input dst-port=22,443 protocol=tcp" in lines
    assert lines.index("/interface bridge") < lines.index("/interface vlan") < lines.index("/ip address")
    assert "hush" not in text
    assert "/interface ethernet" not in lines
    assert lines[lines.index("/ip service") + 1] == "set www-ssl disabled=no"
    assert all(len(line) <= 80 or "xxxx" in line for line in lines)


def test_behaviour_57_an_export_imports_into_the_same_state(router: SimulatedRouter, client: Client) -> None:
    configure(client)
    client("POST", "/export", {"file": "all", "show-sensitive": ""})
    seed = {"menus": {"/user/group": OPERATORS}}
    other = SimulatedRouter("other", seed, version="7.23.2", serial=router.hardware.serial, users=USERS)
    with run_in_thread([other]):
        there = Client(other)
        there.add("/file", name="all.rsc", contents=text_of(client, "all.rsc"))
        assert there("POST", "/import", {"file-name": "all.rsc"}).body == []
        for path in ("/ip/address", "/ip/firewall/filter", "/interface/vlan", "/ppp/secret"):
            assert len(there.get(path)) == len(client.get(path))
    mine, theirs = (
        [line for line in export(each.device, any_order=True) if not line.startswith(("/user", "/file"))]
        for each in (router, other)
    )
    assert mine == theirs


def test_behaviour_57_every_directory_has_its_own_export(client: Client) -> None:
    configure(client)
    for path in ("/ip/firewall", "/ip/firewall/filter", "/ip", "/interface/vlan"):
        assert client("POST", f"{path}/export", {"file": "part"}).body == []
        text = text_of(client, "part.rsc")
        assert ("/ip firewall filter" in text) == path.startswith("/ip")
        assert ("/ip address" in text) == (path == "/ip")
    assert client.detail("POST", "/system/history/export", {}) == "no such command or directory (export)"
    assert client.detail("GET", "/ip/firewall/export") == "no such command"


def test_behaviour_57_words_change_what_is_exported(client: Client) -> None:
    configure(client)

    def told(**words: str) -> str:
        body = {"file": "w", **{name.replace("_", "-"): text for name, text in words.items()}}
        assert client("POST", "/export", body).body == []
        return text_of(client, "w.rsc")

    assert "\n/ip firewall filter add action=drop " in told(terse="")
    assert "password=hush" in told(show_sensitive="")
    assert "password=hush" not in told(show_sensitive="", hide_sensitive="")
    assert len(told(verbose="")) > len(told(compact=""))
    assert "/ip address" not in told(path="/ip/firewall")
    assert client("POST", "/ip/firewall/filter/export", {"file": "w", "where": "action=drop"}).body == []
    assert "action=accept" not in text_of(client, "w.rsc")
    assert client.detail("POST", "/export", {"nonsense": ""}) == "unknown parameter nonsense"
    assert client("POST", "/export", {}).body == []


def test_behaviour_57_exporting_and_reading_take_policies(router: SimulatedRouter, client: Client) -> None:
    clerk, blind = Client(router, "clerk"), Client(router, "blind")
    assert blind("POST", "/export", {"file": "x"}).status == 500
    assert clerk("POST", "/export", {"file": "x"}).status == 200
    assert clerk("POST", "/export", {"file": "x", "show-sensitive": ""}).status == 500
    assert blind("POST", "/file/read", {"file": "x.rsc"}).body["detail"] == "not enough permissions (9)"
    assert blind("PUT", "/file", {"name": "y", "contents": ""}).status == 500
    assert clerk("PUT", "/file", {"name": "y", "contents": ""}).status == 201


def test_behaviour_57_reading_ends_with_nothing_and_then_with_a_refusal(client: Client) -> None:
    client.add("/file", name="x.txt", contents="häuser")
    read = lambda offset: client("POST", "/file/read", {"file": "x.txt", "offset": offset})  # noqa: E731
    assert read(0).body == [{"data": "häuser"}]
    assert read(7).body == [{"data": ""}]
    assert read(8).body["detail"] == "failure: chunk out of file bounds"
    halves = [client("POST", "/file/read", {"file": "x.txt", "chunk-size": "2", "offset": at}).raw for at in (0, 2)]
    assert "".join(half[10:-3] for half in halves).encode(errors="surrogateescape").decode() == "häu"
    assert client.detail("POST", "/file/read", {}) == "missing =file="
    assert client("POST", "/file/read", {"file": "gone"}).status == 400


@pytest.mark.parametrize(("size", "status"), [(61_250, 201), (61_500, 400)])
def test_behaviour_57_long_contents_are_refused(client: Client, size: int, status: int) -> None:
    reply = client("PUT", "/file", {"name": "long.txt", "contents": "x" * size})
    assert reply.status == status
    if status == 400:
        assert reply.body["detail"] == "failure: contents too long"
        row = client.add("/file", name="long.txt", contents="")
        detail = client.detail("PATCH", f"/file/{row['.id']}", {"contents": "x" * size})
        assert detail == "failure: contents too long"
    else:
        assert reply.body["size"] == str(size)
        assert "contents" not in reply.body


def test_behaviour_57_files_have_kinds_and_folders(client: Client) -> None:
    small = client.add("/file", name="flash/x.rsc", contents="# nothing")
    assert (small["contents"], small["size"], small["type"]) == ("# nothing", "9", "script")
    folder = client.add("/file", name="dir", type="directory")
    assert folder["type"] == "directory"
    assert not {"contents", "size"} & set(folder)
    assert client("PUT", "/file", {"name": "dir", "contents": ""}).status == 400
    assert client("POST", "/file/copy", {"number": "flash/x.rsc", "name": "y.rsc"}).body == []
    assert client.get("/file/y.rsc")["contents"] == "# nothing"
    client.add("/file", name="dir/in.txt", contents="")
    assert client("DELETE", "/file/flash%2Fx.rsc").status == 204
    assert [row["name"] for row in client.get("/file")] == ["dir", "y.rsc", "dir/in.txt"]
    assert client("DELETE", "/file/dir").status == 204
    assert [row["name"] for row in client.get("/file")] == ["y.rsc"]


@pytest.mark.parametrize(
    ("version", "date", "reads", "copies"),
    [("7.12.2", "creation-time", False, False), ("7.16.2", "last-modified", True, False)],
)
def test_behaviour_57_versions_differ(version: str, date: str, reads: bool, copies: bool) -> None:
    router = SimulatedRouter("lab", version=version, users=USERS)
    with run_in_thread([router]):
        client = Client(router)
        before = client.add("/file", name="x", contents="1")[date]
        router.device.clock.advance(5)
        assert client("PATCH", "/file/x", {"contents": "2"}).body[date] != before
        assert (client("POST", "/file/read", {"file": "x"}).status == 200) == reads
        assert (client("POST", "/file/copy", {"number": "x", "name": "y"}).status == 200) == copies
        assert client.detail("POST", "/export", {"path": "/ip"}) == "unknown parameter path"


def test_behaviour_57_an_import_stops_at_the_first_error_and_keeps_what_was_before(client: Client) -> None:
    lines = ["/interface bridge", "add name=one", "add name=one", "add name=two"]
    client.add("/file", name="x.rsc", contents="\n".join(lines))
    detail = client.detail("POST", "/import", {"file-name": "x.rsc"})
    assert detail.startswith("Script Error: failure: already have interface ")
    assert detail.endswith(" (/interface/bridge/add; line 3)")
    assert [row["name"] for row in client.get("/interface/bridge")] == ["one"]


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("/ip nonsense print", "Script Error: bad command name nonsense (line 2 column 1)"),
        ("/ip address add nonsense=1", "Script Error: expected end of command (line 2 column 1)"),
        (
            "/ip firewall filter add action=drop",
            "Script Error: missing value(s) of argument(s) chain (/ip/firewall/filter/add; line 2)",
        ),
        ("/ip address set 7 comment=x", "Script Error: no such item (7) (/ip/address/set; line 2)"),
    ],
)
def test_behaviour_57_an_import_tells_what_is_wrong_in_which_line(client: Client, line: str, told: str) -> None:
    client.add("/file", name="x.rsc", contents=f"# first\n{line}\n")
    assert client.detail("POST", "/import", {"file-name": "x.rsc"}) == told
    assert client.detail("POST", "/import", {"file-name": "y.rsc"}).startswith("Cannot open import file")


def test_behaviour_57_an_import_takes_what_its_lines_take(router: SimulatedRouter, client: Client) -> None:
    client.add("/file", name="x.rsc", contents="/interface bridge add name=one\n/user add name=evil group=full\n")
    detail = Client(router, "clerk").detail("POST", "/import", {"file-name": "x.rsc"})
    assert detail == "Script Error: not enough permissions (9) (/user/add; line 2)"
    assert Client(router, "reader")("POST", "/import", {"file-name": "x.rsc"}).status == 500
    assert [row["name"] for row in client.get("/interface/bridge")] == ["one"]
    assert client("POST", "/import", {"file-name": "x.rsc", "from-line": "2"}).body == []
    assert client.get("/user/evil")["group"] == "full"


def test_behaviour_57_an_import_finds_moves_and_sets(client: Client) -> None:
    script = """
/system identity set name=imported
/ip firewall filter
add chain=input action=accept comment=a
add chain=input action=drop comment=b
move [ find comment=b ] 0
set [ find comment=a ] disabled=yes
remove [ find comment=nobody ]
/interface ethernet set [ find default-name=ether2 ] name=wan
/user group add name=mine policy=read
"""
    client.add("/file", name="x.rsc", contents=script)
    assert client("POST", "/import", {"file-name": "x.rsc"}).body == []
    rules = client.get("/ip/firewall/filter")
    assert [(row["comment"], row.get("disabled")) for row in rules] == [("b", None), ("a", "true")]
    assert client.get("/system/identity")["name"] == "imported"
    assert client.get("/interface/wan")["default-name"] == "ether2"
