"""What every command takes, before or after its name, and commands that load their work when they run."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import click
from click.core import ParameterSource

from cli.lazy import load

OUTPUTS = ("text", "json", "markdown")

_KEY = "plumbline.options"


@dataclass(frozen=True, slots=True)
class Options:
    """``repo`` and ``store`` None mean their default places."""

    repo: Path | None = None
    store: Path | None = None
    output: str = "text"
    trace: bool = False
    verbose: bool = False


def options_of(context: click.Context) -> Options:
    """The options as given so far, wherever they stood."""
    found = context.meta.get(_KEY, Options())
    assert isinstance(found, Options)
    return found


class _Everywhere(click.Command):
    """Takes the common options too, and shows them last in its help."""

    def get_params(self, ctx: click.Context) -> list[click.Parameter]:
        return [*super().get_params(ctx), *_COMMON]

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        own = [each for each in super().get_params(ctx) if isinstance(each, click.Option)]
        _write_options("Options", own, ctx, formatter)
        if isinstance(self, click.Group):
            self.format_commands(ctx, formatter)
        _write_options("Options of every command", _COMMON, ctx, formatter)


def _write_options(
    title: str, options: Sequence[click.Option], ctx: click.Context, formatter: click.HelpFormatter
) -> None:
    records = [record for record in (each.get_help_record(ctx) for each in options) if record]
    if records:
        with formatter.section(title):
            formatter.write_dl(records)


class Command(_Everywhere):
    """``work`` names the function that does it, as ``cli.MODULE:FUNCTION``; it is loaded when the command runs."""

    def __init__(self, *args: Any, work: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.work = work

    def invoke(self, ctx: click.Context) -> int:
        return int(load("cli.running:run")(self.work, options_of(ctx), ctx.params))


class Group(_Everywhere, click.Group):
    """Commands under one word, listed in the order they are met."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002  # as click calls it
        return list(self.commands)


def _keep(context: click.Context, parameter: click.Parameter, value: Any) -> None:
    """What stands on the command line counts, the last one first; the environment only where nothing was said."""
    name = str(parameter.name)
    said = context.get_parameter_source(name) is ParameterSource.COMMANDLINE
    if said or (value is not None and value is not False and context.parent is None):
        context.meta[_KEY] = replace(options_of(context), **{name: value})


def _common(*names: str, **attributes: Any) -> click.Option:
    return click.Option(names, callback=_keep, expose_value=False, **attributes)


class _StorePlace(click.ParamType[Path]):
    """A file, as a path or as ``sqlite:///PATH``."""

    name = "path"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        place = str(value).removeprefix("sqlite:///")
        if "://" in place:
            self.fail(f"{place.partition('://')[0]} cannot hold a store; give a file, or sqlite:///PATH.", param, ctx)
        return Path(place)


_PATH = click.Path(path_type=Path)
_COMMON: Sequence[click.Option] = (
    _common(
        "--repo",
        type=_PATH,
        envvar="PLUMBLINE_REPO",
        show_envvar=True,
        help="The fleet repository; by default the Git repository around the current folder.",
    ),
    _common(
        "--store",
        type=_StorePlace(),
        envvar="PLUMBLINE_STORE",
        show_envvar=True,
        help="The fleet's store; by default a file inside the repository's Git folder.",
    ),
    _common("--output", type=click.Choice(OUTPUTS), help="How results look on standard output; text by default."),
    _common("--trace", is_flag=True, default=None, help="List every request to a router on standard error."),
    _common("--verbose", is_flag=True, default=None, help="Show where a bug in Plumbline itself happened."),
)
