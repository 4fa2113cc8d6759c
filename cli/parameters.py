"""How values are written on the command line."""

from __future__ import annotations

import datetime
import re
from pathlib import Path

import click
from click.shell_completion import CompletionItem

from cli.lazy import load
from cli.options import options_of

_UNITS = {"s": "seconds", "m": "minutes", "h": "hours"}
_DURATION = re.compile(r"(\d{1,6})([smh])")
_SIZE = re.compile(r"rest|[1-9]\d{0,6}|(?:[1-9]\d?|100)%")


class Duration(click.ParamType[datetime.timedelta]):
    """``90s``, ``15m``, ``2h``."""

    name = "duration"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> datetime.timedelta:
        found = _DURATION.fullmatch(str(value).strip())
        if found is None or not int(found[1]):
            self.fail(f"{value!r} is no duration; write it as 90s, 15m or 2h.", param, ctx)
        return datetime.timedelta(**{_UNITS[found[2]]: int(found[1])})


class Batches(click.ParamType[tuple[str, ...]]):
    """``1,10%,rest``: counts, shares and the rest, one after the other."""

    name = "sizes"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> tuple[str, ...]:
        if isinstance(value, tuple):
            return value
        sizes = tuple(size.strip() for size in str(value).split(","))
        for size in sizes:
            if not _SIZE.fullmatch(size):
                text = f"{size!r} is no batch size; write a count such as 5, a share such as 10%, or rest."
                self.fail(text, param, ctx)
        return sizes


class DeviceName(click.ParamType[str]):
    """A device, completed from the documents in the working tree."""

    name = "device"

    def shell_complete(
        self,
        ctx: click.Context,
        param: click.Parameter,  # noqa: ARG002  # as click calls it
        incomplete: str,
    ) -> list[CompletionItem]:
        folder = (options_of(ctx).repo or Path()) / "devices"
        names = sorted(path.stem for path in folder.glob("*.yaml"))
        return [CompletionItem(name) for name in names if name.startswith(incomplete)]


class Menu(click.ParamType[str]):
    """A menu's path, completed from the catalogue word by word."""

    name = "path"

    def shell_complete(
        self,
        ctx: click.Context,  # noqa: ARG002  # as click calls it
        param: click.Parameter,  # noqa: ARG002
        incomplete: str,
    ) -> list[CompletionItem]:
        return [CompletionItem(path) for path in load("cli.commands.schema:paths")() if path.startswith(incomplete)]
