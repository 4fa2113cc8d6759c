"""The command ``plumbline``: finds the command, and says what is wrong with how it was called."""

from __future__ import annotations

import itertools
import sys
from collections.abc import Sequence

import click

from cli.lazy import load
from cli.usage import plumbline

_INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    sys.exit(_code(given))


def _code(given: list[str]) -> int:
    try:
        return int(plumbline.main(given, prog_name="plumbline", standalone_mode=False) or 0)
    except click.exceptions.NoArgsIsHelpError as error:
        click.echo(error.format_message(), err=True)
        return 1
    except click.ClickException as error:
        error.show()
        if _wants_json(given):
            click.echo(load("cli.running:usage_document")(error.format_message()))
        return 1  # not click's 2, which here means that there are changes
    except click.Abort:
        click.echo("Interrupted.", err=True)
        return _INTERRUPTED


def _wants_json(given: Sequence[str]) -> bool:
    return "--output=json" in given or ("--output", "json") in itertools.pairwise(given)


if __name__ == "__main__":
    main()
