"""Simulated routers behind real sockets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pytest

from simulator.fleet import SimulatedRouter, run_in_thread
from tests.unit.simulator.plain import Client

USERS: Mapping[str, str | tuple[str, str]] = {
    "admin": "secret",
    "second": "secret",
    "reader": ("secret", "read"),
    "blind": ("secret", "blind"),
    "no-rest": ("secret", "no-rest"),
    "no-api": ("secret", "no-api"),
}
GROUPS = [
    {"name": "blind", "policy": "read,write,api,rest-api"},
    {"name": "no-rest", "policy": "read,write,api"},
    {"name": "no-api", "policy": "read,write,rest-api"},
]


@pytest.fixture
def router() -> Iterator[SimulatedRouter]:
    """A fresh router with a few users."""
    made = SimulatedRouter("lab", {"menus": {"/user/group": GROUPS}}, version="7.18.2", users=USERS)
    with run_in_thread([made]):
        yield made


@pytest.fixture
def client(router: SimulatedRouter) -> Client:
    return Client(router)
