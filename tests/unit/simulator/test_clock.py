"""Time passes at once where somebody says so, and is only set where the clock jumps."""

import datetime

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
