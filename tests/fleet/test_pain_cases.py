"""Pain cases that need a router: names on the wire, and a router that is read into documents and planned again."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from simulator.fleet import run_in_thread
from tests.fleet.fleet_tools import fleet_folder, router

RENAMED: list[Any] = [
    pytest.param("7.16.2", "/interface/wireguard/peers", "is-responder", "responder", id="G1"),
    pytest.param("7.18.2", "/ip/service", "address", "available-from", id="G13"),
    pytest.param("7.18.2", "/routing/bgp/connection", "address-families", "afi", id="G7"),
    pytest.param("7.19.4", "/container/envs", "name", "list", id="G5"),
]
ROWS: dict[str, Any] = {
    "/interface/wireguard/peers": [{"interface": "wg1", "public-key": "a=", "is-responder": "true"}],
    "/ip/service": [{"name": "www-ssl", "port": "443", "address": "10.0.0.0/8"}],
    "/routing/bgp/connection": [{"name": "up", "as": "65000", "address-families": "ip,ipv6"}],
    "/container/envs": [{"name": "web", "key": "TZ", "value": "UTC"}],
}


@pytest.mark.parametrize(("version", "menu", "wire", "name"), RENAMED)
def test_a_field_that_was_renamed_reads_as_its_newest_name(
    tmp_path: Path, version: str, menu: str, wire: str, name: str
) -> None:
    menus = {menu: ROWS[menu], "/interface/wireguard": [{"name": "wg1"}]}
    seed = {"routeros": version, "menus": menus}
    fleet = fleet_folder(tmp_path)
    with run_in_thread([router("edge", seed)]) as served:
        done = fleet.init(served.routers, "--insecure")
        assert done.code == 0, done
        [row] = [row for row in fleet.document("edge")["menus"][menu] if name in row]
        assert wire not in row
        planned = fleet.plan()
        assert planned.code == 0, planned
