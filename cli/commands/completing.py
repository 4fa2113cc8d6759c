"""completion: the script that a shell reads once."""

from __future__ import annotations

from click.shell_completion import get_completion_class

from cli.shell import Face, Shell
from cli.usage import plumbline
from schemas.errors import Exit, InputError

_VARIABLE = "_PLUMBLINE_COMPLETE"


def completion(shell: Shell, shell_name: str) -> Exit:
    """To be read with ``eval`` or kept in a file."""
    kind = get_completion_class(shell_name)
    if kind is None:
        raise InputError(f"There is no completion for {shell_name}.")
    script = kind(plumbline, {}, "plumbline", _VARIABLE).source()
    shell.show(Face(text=lambda _width, _style: script, document=lambda: {"script": script}, markdown=lambda: script))
    return Exit.OK
