"""Time passes at once where somebody says so, and is only set where the clock jumps."""

import asyncio
import datetime
import time

import pytest

from simulator.clock import Clock

START = datetime.datetime(2026, 1, 1, tzinfo=datetime.UTC)


def test_time_is_advanced_at_once_and_watchers_are_told() -> None:
    clock, told = Clock(START), []
    clock.watch(lambda: told.append(round(clock.monotonic())))
    clock.advance(60)
    clock.advance(3600)
    assert told == [60, 3660]
    assert clock.now() - START >= datetime.timedelta(seconds=3660)


def test_a_jump_sets_the_clock_and_lets_no_time_pass() -> None:
    clock, told = Clock(START), []
    clock.watch(lambda: told.append("told"))
    clock.jump(-86400)
    assert clock.now() < START
    assert clock.monotonic() < 60
    assert told == []


def test_time_does_not_run_backwards() -> None:
    with pytest.raises(ValueError, match="backwards"):
        Clock(START).advance(-1)


def test_whoever_sleeps_wakes_when_time_was_advanced() -> None:
    async def story() -> tuple[float, bool]:
        clock, begun = Clock(START), time.monotonic()
        sleeping = asyncio.create_task(clock.sleep(600))
        await asyncio.sleep(0)
        clock.advance(599)
        await asyncio.sleep(0.01)
        early = sleeping.done()
        await asyncio.to_thread(clock.advance, 1)
        await sleeping
        return time.monotonic() - begun, early

    took, early = asyncio.run(story())
    assert took < 5
    assert not early


def test_time_passes_by_itself_too() -> None:
    begun = time.monotonic()
    asyncio.run(Clock(START).sleep(0.05))
    assert time.monotonic() - begun >= 0.05
