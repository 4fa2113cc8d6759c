"""Behaviour 59: a client learns the schema from ``/console/inspect``."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

from simulator.fleet import SimulatedRouter, run_in_thread
from tests.unit.simulator.plain import Client

Rows = list[dict[str, str]]


def inspect(client: Client, request: str, path: str, **more: str) -> Rows:
    reply = client("POST", "/console/inspect", {"request": request, "path": path, **more})
    assert reply.status == 200, reply.raw
    assert isinstance(reply.body, list)
    return reply.body


def test_behaviour_59_children_of_a_command(client: Client) -> None:
    rows = inspect(client, "child", "ip,address,add", **{".proplist": "name,node-type"})
    assert rows[:4] == [
        {"name": "add", "node-type": "cmd"},
        {"name": "address", "node-type": "arg"},
        {"name": "broadcast", "node-type": "arg"},
        {"name": "comment", "node-type": "arg"},
    ]
    names = [row["name"] for row in rows]
    assert "copy-from" in names
    assert "actual-interface" not in names
    assert [row["type"] for row in inspect(client, "child", "ip,address,add")] == ["self", *["child"] * (len(rows) - 1)]


def test_behaviour_59_children_of_directories(client: Client) -> None:
    root = {row["name"]: row["node-type"] for row in inspect(client, "child", "")}
    assert (root["ip"], root["queue"]) == ("path", "dir")
    below = {row["name"]: row["node-type"] for row in inspect(client, "child", "ip,firewall,filter")}
    assert {"add": "cmd", "move": "cmd", "print": "cmd", "filter": "dir"}.items() <= below.items()
    assert "place-before" not in below
    assert inspect(client, "self", "ip,firewall") == [{"name": "firewall", "node-type": "dir", "type": "self"}]


def test_behaviour_59_a_list_can_be_told_from_settings(client: Client) -> None:
    def names(path: str) -> set[str]:
        return {row["name"] for row in inspect(client, "child", path)}

    assert "number" in names("ip,address,get")
    assert "number" not in names("ip,dns,get")
    assert "numbers" in names("ip,address,set")
    assert "numbers" not in names("ip,dns,set")


def test_behaviour_59_paths_that_lead_nowhere(client: Client) -> None:
    assert inspect(client, "child", "/ip/address") == []
    assert inspect(client, "child", "ip,nothing") == []
    assert client.detail("POST", "/console/inspect", {"request": "child", "of": "ip"}) == "unknown parameter of"
    assert client.detail("POST", "/console/inspect", {"path": "ip"}) == "missing =request="
    assert client.detail("GET", "/console/inspect") == "no such command"


def test_behaviour_59_syntax_tells_free_types(client: Client) -> None:
    assert inspect(client, "syntax", "ip,address,add,address") == [
        {
            "nested": "0",
            "nonorm": "false",
            "symbol": "address",
            "symbol-type": "definition",
            "text": "A.B.C.D    (IP address)",
            "type": "syntax",
        }
    ]
    assert inspect(client, "syntax", "ip,firewall,filter,add,action") == []


def test_behaviour_59_completion_tells_words_and_rows(client: Client) -> None:
    line = "/ip/firewall/filter/add action="
    rows = inspect(client, "completion", "ip,firewall,filter,add,action", input=line)
    assert rows[0] == {
        "completion": "accept",
        "offset": "31",
        "preference": "96",
        "show": "true",
        "style": "none",
        "text": "",
        "type": "completion",
    }
    begun = inspect(client, "completion", "ip,firewall,filter,add,action", input=line + "dr")
    assert [(row["completion"], row["offset"]) for row in begun] == [("drop", "31")]
    client.add("/interface/bridge", name="lan")
    named = {row["completion"] for row in inspect(client, "completion", "ip,address,add,interface")}
    assert {"lan", "ether1", "lo"} <= named
    assert inspect(client, "completion", "ip,address,add,comment") == []


def test_behaviour_59_of_each_version_as_its_own_tree(inspect_data: Path) -> None:
    """Menus that a client could ask for, against the trees of two real routers."""
    for version in ("7.18.2", "7.24"):
        tree = json.loads(gzip.decompress((inspect_data / "inspect" / f"{version}.json.gz").read_bytes()))
        router = SimulatedRouter("lab", version=version, model="CHR", users={"admin": "secret"})
        with run_in_thread([router]):
            client = Client(router)
            for path in ("ip,address", "ip,firewall,nat", "interface,bridge,port", "ip,dns", "system,ntp,client"):
                real = _at(tree, path)
                for command in ("add", "set", "get", "remove", "move", "unset", "find"):
                    told = inspect(client, "child", f"{path},{command}")
                    expected = [name for name in real.get(command, {}) if not name.startswith("_")]
                    assert [row["name"] for row in told[1:]] == sorted(expected), (version, path, command)


def _at(tree: dict[str, Any], path: str) -> dict[str, Any]:
    for word in path.split(","):
        tree = tree[word]
    return tree
