"""Counters and the log: they grow with the router's clock, and can be set to zero."""

from __future__ import annotations

from simulator.fleet import SimulatedRouter, run_in_thread
from tests.unit.simulator.plain import Client

FILTER = "/ip/firewall/filter"


def _bytes(client: Client, name: str) -> int:
    return int(client.get(f"/interface/{name}")["rx-byte"])


def test_interfaces_count_while_they_run(client: Client) -> None:
    clock = client.router.device.clock
    before = _bytes(client, "ether1")
    assert before > 0
    clock.advance(3600)
    after = _bytes(client, "ether1")
    assert after > before + 3600 * 100
    row = client.get("/interface/ethernet/ether1")
    assert int(row["rx-bytes"]) >= after
    assert int(row["rx-packet"]) == int(row["rx-bytes"]) // 640
    client("PATCH", f"/interface/ethernet/{row['.id']}", {"disabled": "yes"})
    stopped = _bytes(client, "ether1")
    clock.advance(3600)
    assert _bytes(client, "ether1") == stopped


def test_counters_are_the_same_for_the_same_router_and_time() -> None:
    told = []
    for _ in range(2):
        router = SimulatedRouter("lab", {"menus": {FILTER: [{"chain": "input"}] * 5}}, serial="HE0000000001")
        router.device.clock.advance(1000)
        told.append([int(row["bytes"]) for row in router.rows(FILTER)])
    assert all(abs(one - other) < 50_000 for one, other in zip(*told, strict=True))
    assert any(told[0])


def test_rules_count_from_when_they_were_added_and_only_while_enabled(client: Client) -> None:
    clock = client.router.device.clock
    rules = [client.add(FILTER, chain="input", action="accept", comment=f"{number}") for number in range(6)]
    assert {(row["bytes"], row["packets"]) for row in rules} == {("0", "0")}
    clock.advance(86400)
    shown = client.get(FILTER)
    assert any(int(row["bytes"]) > int(row["packets"]) > 0 for row in shown)
    clock.advance(86400)
    client("POST", f"{FILTER}/disable", {"numbers": ",".join(row[".id"] for row in rules)})
    stopped = [row["bytes"] for row in client.get(FILTER)]
    assert sum(map(int, stopped)) > sum(int(row["bytes"]) for row in shown)
    clock.advance(86400)
    assert [row["bytes"] for row in client.get(FILTER)] == stopped


def test_counters_can_be_reset_one_or_all(client: Client) -> None:
    clock = client.router.device.clock
    rules = [client.add(FILTER, chain="input", action="accept", comment=f"{number}") for number in range(6)]
    clock.advance(86400)
    counting = [row for row in client.get(FILTER) if row["bytes"] != "0"]
    assert len(counting) > 1
    assert client("POST", f"{FILTER}/reset-counters", {"numbers": counting[0][".id"]}).raw == "[]"
    shown = {row[".id"]: row for row in client.get(FILTER)}
    assert int(shown[counting[0][".id"]]["bytes"]) < int(counting[0]["bytes"]) // 100
    assert int(shown[counting[1][".id"]]["bytes"]) >= int(counting[1]["bytes"])
    assert client("POST", f"{FILTER}/reset-counters-all", {}).raw == "[]"
    assert sum(int(row["bytes"]) for row in client.get(FILTER)) < 6 * 50_000
    assert client.detail("POST", f"{FILTER}/reset-counters", {}) == "missing =.id="
    assert client("POST", f"{FILTER}/reset-counters", {"numbers": "*FFF"}).status == 404
    assert len(rules) == 6
    assert client("POST", "/interface/reset-counters", {"numbers": "ether1"}).raw == "[]"
    assert _bytes(client, "ether1") < 1_000_000


def test_a_boot_counts_anew() -> None:
    router = SimulatedRouter("lab", users={"admin": "secret"})
    with run_in_thread([router]):
        client = Client(router)
        before = _bytes(client, "ether1")
        router.device.booted = router.device.clock.monotonic()
        router.device.clock.advance(10)
        assert 0 < _bytes(client, "ether1") < min(before, 1_000_000)


def test_load_and_memory_move_and_stay_plausible(client: Client) -> None:
    told = []
    for _ in range(8):
        client.router.device.clock.advance(60)
        told.append(client.get("/system/resource"))
    assert len({row["free-memory"] for row in told}) > 4
    assert all(0 < int(row["free-memory"]) < int(row["total-memory"]) for row in told)
    assert all(0 <= int(row["cpu-load"]) <= 100 for row in told)


def test_every_core_has_a_load(client: Client) -> None:
    rows = client.get("/system/resource/cpu")
    assert [(row[".id"], row["cpu"]) for row in rows] == [(f"*{core}", f"cpu{core}") for core in range(len(rows))]
    assert str(len(rows)) == client.get("/system/resource")["cpu-count"]
    assert all(0 <= int(row["load"]) <= 100 for row in rows)


def test_the_log_tells_who_changed_what(client: Client) -> None:
    rule = client.add(FILTER, chain="input", action="accept")
    client("PATCH", f"{FILTER}/{rule['.id']}", {"comment": "x"})
    client("POST", f"{FILTER}/move", {"numbers": rule[".id"]})
    client("DELETE", f"{FILTER}/{rule['.id']}")
    client("POST", "/system/identity/set", {"name": "other"})
    told = [(row["topics"], row["message"]) for row in client.get("/log")]
    how = [f"filter rule {word} by admin via rest-api" for word in ("added", "changed", "moved", "removed")]
    assert told[-5:] == [("system,info", text) for text in (*how, "system identity changed by admin via rest-api")]
