"""A real SQLite file, and a clock that tests can turn."""

from __future__ import annotations

import asyncio
import datetime
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from store import open_store

if TYPE_CHECKING:
    from store import Store

NOON = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)


@dataclass
class Clock:
    now: datetime.datetime = NOON

    def __call__(self) -> datetime.datetime:
        return self.now

    def forward(self, seconds: float) -> None:
        self.now += datetime.timedelta(seconds=seconds)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "store.db"


@pytest.fixture
def run(path: Path, clock: Clock) -> Callable[[Callable[[Store], Awaitable[Any]]], Any]:
    """Open the store, run a coroutine function on it, close it; each call opens it anew."""

    async def opened(use: Callable[[Store], Awaitable[Any]]) -> Any:
        async with open_store(path, clock=clock) as store:
            return await use(store)

    return lambda use: asyncio.run(opened(use))
