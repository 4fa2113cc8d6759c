"""Rows the firewall makes by itself: counters, and the rules that show what fasttrack took away."""

from __future__ import annotations

from simulator.state import Device

TABLES = ("filter", "nat", "mangle", "raw")
FACTS = {"bytes": "0", "dynamic": "false", "invalid": "false", "packets": "0"}

_COMMENT = "special dummy rule to show fasttrack counters"
FAST_TRACKED = {
    "/ip/firewall/filter": ("forward",),
    "/ip/firewall/mangle": ("prerouting", "forward", "postrouting"),
    "/ip/firewall/raw": ("prerouting",),
}
"""The chains that get a dummy rule at the top (filter is captured, the others follow the console's lore: unproven)."""


def settle(device: Device) -> None:
    """Dummy rules are there as long as an enabled rule says ``fasttrack-connection``."""
    wanted = False
    for row in device.table("/ip/firewall/filter").rows:
        if row.config.get("action") == "fasttrack-connection" and row.enabled:
            wanted = True
            break
    for path, chains in FAST_TRACKED.items():
        table = device.table(path)
        dummies = [row for row in table.rows if row.facts.get("dynamic") == "true"]
        if wanted and not dummies:
            for place, chain in enumerate(chains):
                row = table.create(at=place)
                row.config = {"action": "passthrough", "chain": chain, "comment": _COMMENT}
                row.facts = {**FACTS, "dynamic": "true"}
                table.refresh(row)
        elif dummies and not wanted:
            for row in dummies:
                table.drop(row)
