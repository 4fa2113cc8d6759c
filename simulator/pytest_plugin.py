"""A fixture for the tests of anything that talks to routers: ``pytest_plugins = ["simulator.pytest_plugin"]``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from typing import Any, Protocol

import pytest

from simulator.fleet import SimulatedRouter, run_in_thread


class MakesRouters(Protocol):
    """What the fixture is: call it as often as routers are needed."""

    def __call__(
        self, seed: Mapping[str, object] | None = None, *, name: str = "router", **settings: Any
    ) -> SimulatedRouter:
        """A router of a seed, served until the test ends; ``settings`` are those of ``SimulatedRouter``."""


@pytest.fixture
def simulated_router() -> Iterator[MakesRouters]:
    """Makes simulated routers, each behind a real HTTPS socket of its own."""
    with ExitStack() as serving:

        def make(seed: Mapping[str, object] | None = None, *, name: str = "router", **settings: Any) -> SimulatedRouter:
            router = SimulatedRouter(name, seed, **settings)
            serving.enter_context(run_in_thread([router]))
            return router

        yield make
