"""Refusals as real routers worded them, against what a simulated router answers to the same request.

Most captures tell the request only in part. ``_SCENES`` tells what stood on the router, and the request in full where
the capture does not; nothing in it tells the answer.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator.fleet import SimulatedRouter, run_in_thread
from tests.unit.simulator.plain import Client

FLOOR = 0.88

Body = Mapping[str, object]
Request = tuple[str, str, "Body | None"]

_VERBS = {"add": "PUT", "print": "GET"}
_LINE = re.compile(r"(/rest)?(?P<path>/\S+)\s*(?P<body>\{.*\})?")
_PAIR = re.compile(r'"([^"]+)":\s*("[^"]*"|…)')
_MENUS_OF_ROWS = ("PATCH", "DELETE")
_FOUND, _BAD = 200, 400


_OVER_REST = {"no such item (4)": (404, None)}
"""What REST answers where the binary API words it so. A path that leads nowhere has two traps there; one is here."""


@dataclass(frozen=True)
class Scene:
    """``before`` is what is done first; ``then`` the request when the capture tells only a part of it."""

    before: Sequence[Request] = ()
    then: Request | None = None
    model: str = "RB5009UG+S+"
    login: bool = True
    version: str = "7.23.3"
    packages: Sequence[str] = ()


def _add(path: str, **fields: str) -> Request:
    return "PUT", path, {name.replace("_", "-"): text for name, text in fields.items()}


def _twice(path: str, **fields: str) -> Scene:
    return Scene([_add(path, **fields)], _add(path, **fields))


RULE = _add("/ip/firewall/filter", chain="input", action="accept")
WAY_OUT = [
    _add("/ip/address", address="192.0.2.1/24", interface="ether2"),
    _add("/ip/route", dst_address="0.0.0.0/0", gateway="192.0.2.254"),
]
_VIRTUAL = Scene(model="CHR")

_SCENES: dict[str, Scene] = {
    "DELETE /ip/address *9 a second time": Scene(then=("DELETE", "/ip/address/*9", None)),
    "GET /ip/address wrong or missing credentials": Scene(then=("GET", "/ip/address", None), login=False),
    "GET /ip/address no credentials": Scene(then=("GET", "/ip/address", None), login=False),
    "HEAD /ip/address": Scene(then=("HEAD", "/ip/address", None)),
    "POST /ip/address": Scene(then=("POST", "/ip/address", {"address": "10.0.0.1/24"})),
    "PATCH /user password": Scene([_add("/user", name="x", group="read")], ("PATCH", "/user/x", {"password": ""})),
    "PUT /ip/dhcp-server/lease the same": _twice(
        "/ip/dhcp-server/lease", address="10.0.0.9", mac_address="02:00:00:00:00:01"
    ),
    "PUT /ip/dns/static the same": _twice("/ip/dns/static", name="x", address="10.0.0.1"),
    "PUT /ip/dhcp-server the same": _twice("/ip/dhcp-server", name="x", interface="ether2"),
    "POST /ip/firewall/filter destination *C": Scene(
        [RULE], ("POST", "/ip/firewall/filter/move", {"numbers": "*1", "destination": "*1"})
    ),
    "POST /ip/firewall/filter destination *FFFF": Scene(
        [RULE], ("POST", "/ip/firewall/filter/move", {"numbers": "*1", "destination": "*FFFF"})
    ),
    "DELETE /user/group": Scene(
        [_add("/user/group", name="x", policy="read"), _add("/user", name="y", group="x")],
        ("DELETE", "/user/group/x", None),
    ),
    "POST /system/device-mode mode": Scene(then=("POST", "/system/device-mode/update", {"mode": "nonsense"})),
    "POST /system/device-mode nonexistent": Scene(then=("POST", "/system/device-mode/update", {"nonexistent": "yes"})),
    "POST /system/device-mode activation-timeout": Scene(
        then=("POST", "/system/device-mode/update", {"activation-timeout": "1s"})
    ),
    "add /ip/address none": Scene(then=_add("/ip/address", address="", interface="ether1")),
    "set /interface no such": Scene(then=("POST", "/interface/set", {"numbers": "nosuch", "comment": "x"})),
    "PUT /ip/firewall/address-list duplicate": _twice("/ip/firewall/address-list", list="x", address="10.0.0.1"),
    "PUT /interface/wifi name": Scene(
        [_add("/interface/wifi", name="wifi1")], _add("/interface/wifi", name="wifi1"), version="7.18.2"
    ),
    "GET /interface/list with a space": Scene(
        [_add("/interface/list", name="a b")], ("GET", "/interface/list/a%20", None)
    ),
    "POST /ip/ssh": Scene(
        then=("POST", "/ip/ssh/set", {"strong-crypto": "yes", "allow-none-crypto": "yes"}),
        version="7.16.2",
    ),
    "POST /ip/service /rest/ip/service/set": Scene(
        then=("POST", "/ip/service/set", {"numbers": "discover", "disabled": "yes"})
    ),
    "add /container none": Scene(
        [_add("/container", name="x", remote_image="x")],
        _add("/container", name="x", remote_image="x"),
        packages=["container"],
    ),
    "PUT /container/envs name": Scene(packages=["container"]),
    "add /interface/bridge name": Scene([_add("/interface/bridge", name="bridge")], version="7.18.2"),
    "nosuch /interface/bridge none": Scene(then=("POST", "/interface/bridge/nosuch", {})),
    "print /system/routerboard none": _VIRTUAL,
    "print /interface/wireless none": _VIRTUAL,
    "get /ip/ipsec value-name": Scene(
        then=("POST", "/ip/ipsec/settings/get", {"value-name": "x"}),
    ),
    "DELETE /interface/wireless": Scene(model="RB952Ui-5ac2nD"),
    "PUT /ip/dhcp-client interface": Scene(
        [_add("/ip/dhcp-client", interface="ether1")],
        _add("/ip/dhcp-client", interface="ether1"),
        version="7.18.2",
    ),
    "PUT /ip/address address": _twice("/ip/address", address="192.168.88.1/24", interface="ether2"),
    "POST /ip/dns/static add": Scene(
        [_add("/ip/dns/static", name="x", address="10.0.0.1")],
        ("POST", "/ip/dns/static/add", {"name": "x", "address": "10.0.0.1"}),
    ),
    "add /ppp/secret none": _twice("/ppp/secret", name="x"),
    "add /ip/hotspot/user none": _twice("/ip/hotspot/user", name="x"),
    "add /user-manager/user none": Scene(
        [_add("/user-manager/user", name="x")], _add("/user-manager/user", name="x"), packages=["user-manager"]
    ),
    "GET /interface/wireless /rest/interface/wireless/scan": Scene(model="RB952Ui-5ac2nD"),
    "PATCH /routing/bgp/connection add-path-out": Scene([_add("/routing/bgp/instance", name="i", **{"as": "1"})]),
    "add /ip/address address x": Scene(then=_add("/ip/address", address="x", interface="ether1")),
    "PUT /user name": Scene(then=_add("/user", name="admin", group="full")),
    "PUT /ip/ipsec/profile comment": Scene(then=_add("/ip/ipsec/profile", name="x", comment="x")),
    "add /ip/firewall/nat dst-port to-addresses": Scene(
        then=_add("/ip/firewall/nat", chain="dstnat", action="dst-nat", dst_port="53", to_addresses="172.16.0.1")
    ),
    "add /ip/firewall/nat dst-port": Scene(
        then=_add("/ip/firewall/nat", chain="dstnat", action="dst-nat", dst_port="80")
    ),
    "PATCH /ip/firewall/filter src-address": Scene([RULE], ("PATCH", "/ip/firewall/filter/*1", {"src-address": None})),
    "set /interface/bridge/vlan": Scene(
        [
            _add("/interface/bridge", name="x"),
            _add("/interface/bridge/vlan", bridge="x", vlan_ids="5"),
            _add("/interface/bridge/vlan", bridge="x", vlan_ids="6"),
        ],
        ("POST", "/interface/bridge/vlan/set", {"numbers": "1", "vlan-ids": "5"}),
    ),
    "POST /ip/firewall/filter dynamic": Scene(
        [_add("/ip/firewall/filter", chain="forward", action="fasttrack-connection"), RULE],
        ("POST", "/ip/firewall/filter/move", {"numbers": "2", "destination": "0"}),
    ),
    "disable /ip/firewall/filter a dynamic rule": Scene(
        [_add("/ip/firewall/filter", chain="forward", action="fasttrack-connection")],
        ("POST", "/ip/firewall/filter/disable", {"numbers": "0"}),
    ),
    "PUT /routing/ospf/area type": Scene(
        [_add("/routing/ospf/instance", name="o")],
        ("PUT", "/routing/ospf/area", {"name": "a", "instance": "o", "type": "default", "no-summaries": ""}),
    ),
    "POST /tool/fetch url": Scene(
        [("POST", "/ip/dns/set", {"servers": "192.0.2.254"}), *WAY_OUT],
        ("POST", "/tool/fetch", {"url": "https://example.com/", "check-certificate": "yes"}),
    ),
    "POST /certificate": Scene(
        [_add("/file", name="ca.pem", contents="x"), _add("/file", name="ca.key", contents="x")],
        ("POST", "/certificate/import", {"file-name": "ca"}),
    ),
    "POST /user/ssh-keys": Scene(
        [_add("/file", name="key.pub", contents="ecdsa-sha2-nistp256 AAAA")],
        ("POST", "/user/ssh-keys/import", {"public-key-file": "key.pub", "user": "admin"}),
    ),
    "POST /interface/wifi": Scene(
        [_add("/interface/wifi", name="x", radio_mac="02:00:00:00:00:09")],
        ("POST", "/interface/wifi/scan", {"number": "x", "duration": "1s"}),
    ),
    "GET /interface/wireless": Scene(model="RB952Ui-5ac2nD"),
    "PUT /routing/bgp/connection none": Scene(then=_add("/routing/bgp/connection", name="x")),
}


def test_captured_errors_are_answered_word_for_word(corpus: Path) -> None:
    captured = json.loads((corpus / "errors.json").read_text("utf-8"))
    told = [entry for entry in captured if entry["transport"] != "cli" and (entry["status"] or entry["detail"])]
    told = [entry for entry in told if not str(entry["version"]).startswith("6")]
    misses = []
    for entry in told:
        wanted, answer = _wanted(entry), _answer(entry)
        if not _alike(entry, answer):
            misses.append(f"{entry['method']} {entry['path']} {entry['request']}: {wanted!r}, here {answer!r}")
    share = 1 - len(misses) / len(told)
    print(f"\n{len(told)} replies, word for word: {share:.4f}")
    print("\n".join(miss[:230] for miss in misses))
    assert len(told) > 100
    assert share >= FLOOR


def _wanted(entry: Mapping[str, Any]) -> tuple[int | None, str | None]:
    return entry["status"], entry["detail"]


def _alike(entry: Mapping[str, Any], answer: tuple[int, str | None] | None) -> bool:
    """A capture without a status came from the binary API; one with an error but no detail does not tell it."""
    if answer is None:
        return False
    status, detail = _wanted(entry)
    if status is not None and answer[0] != status:
        return False
    if entry["transport"] == "api" and detail is not None:
        answer = answer[0], answer[1] and answer[1].replace(":\n    ", ": ").replace("\n    ", ", ")
        return answer == _OVER_REST.get(detail) or answer[1] in re.split(", (?=no such command)", detail)
    return detail is None or answer[1] == detail


def _answer(entry: Mapping[str, Any]) -> tuple[int, str | None] | None:
    scene = _scene(entry)
    request = scene.then or _request(entry)
    if request is None:
        return None
    version = str(entry["version"] or "")
    known = version if re.fullmatch(r"7\.\d+(\.\d+)?", version) else scene.version
    seed = {"packages": list(scene.packages)}
    router = SimulatedRouter("lab", seed, version=known, model=scene.model, users={"admin": "secret"})
    router.faults.limit = 1.0
    with run_in_thread([router]):
        client = Client(router)
        for method, path, body in scene.before:
            client(method, path, body)
        method, path, body = request
        wanted = re.fullmatch(r"(.*)/\*[0-9A-F]+", path)
        if wanted and entry["status"] == _BAD and client("GET", path).status != _FOUND:
            path = f"{wanted[1]}/{_any_row(client, wanted[1])}"
        if method in _MENUS_OF_ROWS and scene.then is None and not isinstance(entry["request"], str):
            path += f"/{_any_row(client, path)}"
        reply = client(method, path, body, login=scene.login)
    told = reply.body if isinstance(reply.body, dict) else {}
    detail = told.get("detail", told.get("ret"))
    return reply.status, detail if isinstance(detail, str) else None


def _any_row(client: Client, path: str) -> str:
    """A row of the menu that can be changed, made when there is none."""
    rows = client("GET", path).body or []
    if not rows:
        rows = [client("PUT", path, _MADE.get(path, {})).body or {}]
    return str(rows[-1].get(".id", "*1"))


_MADE: dict[str, Body] = {
    "/ip/firewall/filter": {"chain": "input", "action": "accept"},
    "/ip/address": {"address": "10.0.0.1/24", "interface": "ether1"},
    "/ip/upnp/interfaces": {"interface": "ether1", "type": "internal"},
    "/ip/dhcp-server": {"name": "x", "interface": "ether1"},
    "/routing/bgp/connection": {
        "name": "x",
        "instance": "i",
        "remote.address": "10.0.0.1",
        "local.role": "ebgp",
        "as": "1",
    },
}


def _scene(entry: Mapping[str, Any]) -> Scene:
    """The scene whose words are all in what the capture says; of several the one with most words."""
    request = entry["request"]
    said = request if isinstance(request, str) else " ".join([*request, *map(str, request.values())])
    said = f"{entry['method']} {entry['path']} {said or 'none'}"
    words = set(re.split(r"[\s\"{}:,/]+(?=\S)|[\s\"{}:,]+", said)) | set(said.split())
    found = [key for key in _SCENES if _fits(key, entry, words)]
    return _SCENES[max(found, key=len)] if found else Scene()


def _fits(key: str, entry: Mapping[str, Any], words: set[str]) -> bool:
    method, path, *more = key.split()
    return (method, path) == (entry["method"], entry["path"]) and set(more) <= words


def _request(entry: Mapping[str, Any]) -> Request | None:
    request, method, path = entry["request"], entry["method"], entry["path"]
    if isinstance(request, str):
        line = _LINE.match(request.replace("<menu>", path.strip("/")))
        if line is None:
            return None
        pairs = {name: text.strip('"').replace("…", "1") for name, text in _PAIR.findall(line["body"] or "")}
        return method, line["path"], pairs if method not in ("GET", "DELETE") else None
    filled = {name: "1" if text == "…" else text for name, text in request.items()}
    verb = _VERBS.get(method)
    if verb:
        return verb, path, filled if verb != "GET" else None
    return (method, path, filled) if method.isupper() else ("POST", f"{path}/{method}", filled)
