"""Backups, resets and reboots: what is kept of a router's state, what vanishes, and what comes back."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping
from typing import NoReturn

from simulator import boots, errors
from simulator.codec import Referent
from simulator.errors import Refusal
from simulator.files import PATH as FILES
from simulator.files import dated
from simulator.script import importing
from simulator.script.factory import ETHERNET
from simulator.script.reader import read
from simulator.seed import plant
from simulator.state import Device, Row, Table
from simulator.times import local, stamp

_NOT_SAVED = frozenset({FILES, "/log", "/user/active"})
_FLASH = "flash"
_SUFFIX = ".backup"
_SIZE = 24_576


class Down(Exception):
    """The router goes down instead of answering; ``then`` is done to its state meanwhile."""

    def __init__(self, then: Callable[[], None] = lambda: None, *, for_good: bool = False) -> None:
        super().__init__()
        self.then = then
        self.for_good = for_good


@dataclasses.dataclass(frozen=True)
class Image:
    """A configuration at one moment, rows copied."""

    tables: Mapping[str, Table]
    rows: Mapping[str, list[Row]]
    ids: Mapping[str, int]
    password: str


def _saved(device: Device, password: str = "") -> Image:
    """What a backup holds: everything but files and what happens by itself."""
    tables = {path: table for path, table in device.tables().items() if path not in _NOT_SAVED}
    rows = _copied({path: table.rows for path, table in tables.items()})
    return Image(tables, rows, device.ids(), password)


def _restore(device: Device, image: Image) -> None:
    """Make a device what it was; an image can be restored more than once."""
    staying = {path: table for path, table in device.tables().items() if path in _NOT_SAVED}
    rows = {**_copied(image.rows), **{path: table.rows for path, table in staying.items()}}
    device.become({**image.tables, **staying}, rows, {**device.ids(), **image.ids})


def _copied(tables: Mapping[str, list[Row]]) -> dict[str, list[Row]]:
    """The same rows again, pointing at one another as the originals do."""
    twins = {row: _copy(row) for rows in tables.values() for row in rows}

    def twin(piece: str | Referent) -> str | Referent:
        return twins.get(piece, piece) if isinstance(piece, Row) else piece

    for row, copy in twins.items():
        copy.links = {name: tuple(map(twin, pieces)) for name, pieces in row.links.items()}
        copy.referrers = {(twins[other], name): None for other, name in row.referrers if other in twins}
    return {path: [twins[row] for row in rows] for path, rows in tables.items()}


def _copy(row: Row) -> Row:
    return dataclasses.replace(
        row,
        config=dict(row.config),
        links={},
        facts=dict(row.facts),
        hidden=dict(row.hidden),
        memory=dict(row.memory),
        shown=dict(row.shown),
        summary=dict(row.summary),
        referrers={},
    )


class Power:
    """What switches one router off and on, and the backups it can come back from."""

    def __init__(self, device: Device) -> None:
        self._device = device
        self._images: dict[str, Image] = {}

    def started(self) -> None:
        """What a boot does: files in memory and the log vanish (that of the log is unproven), runs are counted anew."""
        device = self._device
        device.booted = device.clock.monotonic()
        device.history.forget()
        for row in _in_memory(device):
            row.table.drop(row)
            self._images.pop(row.config.get("name", ""), None)
        for path in ("/system/scheduler", "/system/script"):
            for row in _rows(device, path):
                if "run-count" in row.facts:
                    row.facts["run-count"] = "0"
                    row.table.refresh(row)
        boots.carry_out(device)

    def save(self, given: Mapping[str, str]) -> None:
        """Keep a backup under its file."""
        name = given.get("name") or _dated(self._device)
        name = name if name.endswith(_SUFFIX) else name + _SUFFIX
        files = self._device.table(FILES)
        row = files.named(name) or files.create()
        row.put("name", name)
        row.facts |= {dated(files): stamp(self._device)}
        row.facts |= {"size": str(_SIZE), "type": "backup"}
        files.refresh(row)
        self._images[name] = _saved(self._device, "" if "dont-encrypt" in given else given.get("password", ""))

    def load(self, given: Mapping[str, str]) -> NoReturn:
        """Go down and come back as a backup has it. Raises Refusal; how a missing file or a wrong password is refused
        is unproven."""
        if not given.get("name"):
            raise errors.missing("name")
        name = given["name"] if given["name"].endswith(_SUFFIX) else given["name"] + _SUFFIX
        image = self._images.get(name)
        if image is None or self._device.table(FILES).named(name) is None:
            raise Refusal("input does not match any value of name")
        if image.password and image.password != given.get("password", ""):
            raise Refusal("failure: incorrect password")
        raise Down(lambda: _restore(self._device, image))

    def reset(self, given: Mapping[str, str]) -> NoReturn:
        """Go down and come back unconfigured: the default configuration of a model is unknown here. Raises Refusal; how
        a missing ``run-after-reset`` is refused is unproven."""
        script = None
        if file := given.get("run-after-reset"):
            row = self._device.table(FILES).named(file)
            if row is None:
                raise Refusal("input does not match any value of run-after-reset")
            script = row.config.get("contents", "")
        raise Down(lambda: _reset(self._device, script, keep_users=given.get("keep-users") in _YES))


_YES = ("true", "yes", "")


def _reset(device: Device, script: str | None, *, keep_users: bool) -> None:
    users: dict[str, str | tuple[str, str]] = {"admin": ""}
    if keep_users:
        users = {
            row.label: (row.hidden.get("password", ""), row.config.get("group", "full"))
            for row in device.table("/user").rows
        }
    staying = {path: table for path, table in device.tables().items() if path in _NOT_SAVED}
    ports = [{"default-name": row.facts["default-name"]} for row in _rows(device, ETHERNET)]
    device.become(staying, {path: table.rows for path, table in staying.items()}, _counted(device, staying))
    plant(device, {ETHERNET: ports}, users, device.hardware.model)
    if script is not None:
        device.seeding(True)
        importing.carry_out(device, read(script, device.leads))
        device.seeding(False)


def _counted(device: Device, tables: Mapping[str, Table]) -> dict[str, int]:
    return {path: number for path, number in device.ids().items() if path in tables}


def _dated(device: Device) -> str:
    """The name of a backup that was given none (its form is unproven)."""
    identity = device.table("/system/identity").rows[0].shown.get("name", "MikroTik")
    return f"{identity}-{local(device):%Y%m%d-%H%M}"


def _rows(device: Device, path: str) -> list[Row]:
    table = device.tables().get(path)
    return list(table.rows) if table else []


def _in_memory(device: Device) -> list[Row]:
    """The log, and where there is a folder ``flash`` every file outside it."""
    files = _rows(device, FILES)
    has_flash = any(_folder(row) == _FLASH for row in files)
    return _rows(device, "/log") + [row for row in files if has_flash and _folder(row) != _FLASH]


def _folder(row: Row) -> str:
    return row.label.split("/")[0]
