"""The router's time as its menus tell it: uptime, clock, durations and dates in the form of the version."""

from __future__ import annotations

import datetime
import functools
import zoneinfo

from simulator.forms import duration
from simulator.profiles import Does, does
from simulator.state import Device, Row

_TOLD = ("date", "time")


def span(seconds: float) -> str:
    """Whole seconds as RouterOS writes them: ``1h2m3s``."""
    return duration(str(max(0, int(seconds))))


def uptime(device: Device) -> float:
    """Seconds since the router booted."""
    return device.clock.monotonic() - device.booted


def zone(device: Device) -> datetime.tzinfo:
    """The time zone that is configured; UTC for one that nobody knows."""
    return _zone(_zone_name(device))


def local(device: Device) -> datetime.datetime:
    """What the router's clock shows."""
    return device.clock.now().astimezone(zone(device))


def date(device: Device, moment: datetime.datetime) -> str:
    """``2023-05-02``, before 7.10 ``may/02/2023``."""
    return _date(moment, iso=does(device.hardware.version, Does.ISO_DATES))


def stamp(device: Device, moment: datetime.datetime | None = None) -> str:
    """Now or another moment, as fields such as ``creation-time`` tell it."""
    second = (device.clock.now() if moment is None else moment).replace(microsecond=0)
    return _stamped(second, _zone_name(device), iso=does(device.hardware.version, Does.ISO_DATES))


@functools.lru_cache(maxsize=256)
def _stamped(second: datetime.datetime, name: str, *, iso: bool) -> str:
    """Many lines are written in one second."""
    there = second.astimezone(_zone(name))
    return f"{_date(there, iso=iso)} {there:%H:%M:%S}"


def _date(moment: datetime.datetime, *, iso: bool) -> str:
    return moment.strftime("%Y-%m-%d" if iso else "%b/%d/%Y").lower()


def _zone_name(device: Device) -> str:
    return device.table("/system/clock").rows[0].shown.get("time-zone-name", "")


def _zone(name: str) -> datetime.tzinfo:
    try:
        return zoneinfo.ZoneInfo(name)
    except (OSError, ValueError, zoneinfo.ZoneInfoNotFoundError):
        return datetime.UTC


def tell_uptime(row: Row) -> None:
    row.facts["uptime"] = span(uptime(row.table.device))


def tell_clock(row: Row) -> None:
    now = local(row.table.device)
    offset = now.strftime("%z")
    row.facts |= {
        "date": date(row.table.device, now),
        "dst-active": "true" if now.dst() else "false",
        "gmt-offset": f"{offset[:3]}:{offset[3:5]}",
        "time": f"{now:%H:%M:%S}",
    }


def set_clock(device: Device) -> None:
    """Jump to a date or time that somebody wrote, which then runs on and is no configuration."""
    row = device.table("/system/clock").rows[0]
    if not any(name in row.config for name in _TOLD):
        return
    now = local(device)
    try:
        day = datetime.date.fromisoformat(row.config["date"]) if "date" in row.config else now.date()
        wanted = datetime.datetime.combine(day, datetime.time(), now.tzinfo) + _since_midnight(row, now)
    except ValueError:  # only a seed can hold what is no time
        wanted = now
    for name in _TOLD:
        row.put(name, None)
    device.clock.jump((wanted - now).total_seconds())
    tell_clock(row)
    row.table.refresh(row)


def _since_midnight(row: Row, now: datetime.datetime) -> datetime.timedelta:
    """The time of the day, of which 24 o'clock is one."""
    if "time" not in row.config:
        return now.replace(tzinfo=None) - datetime.datetime.combine(now.date(), datetime.time())
    hours, minutes, seconds = map(int, row.config["time"].split(":"))
    return datetime.timedelta(hours=hours, minutes=minutes, seconds=seconds)
