"""Runs the work of a command, and turns whatever comes out of it into words and an exit code."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import io
import os
import signal
import sys
import traceback
from collections.abc import Callable, Coroutine, Mapping
from typing import Any

import uvloop

from cli.lazy import load
from cli.options import Options
from cli.shell import Shell
from reconciler.views.documents import document_text, error_document
from schemas.errors import Exit, InputError, PlumblineError

PIPE_CLOSED = 141

_SIGNAL = 128
"""What a shell adds to the number of the signal that ended a command."""


class _Stopped(BaseException):
    """The work was asked to stop, and has."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


def run(work: str, options: Options, asked: Mapping[str, Any]) -> int:
    """The exit code of a command's work. Nothing is raised: every error is told here."""
    _show_anything()
    shell = Shell(options)
    try:
        code = _result_of(load(work), shell, asked)
        sys.stdout.flush()
    except BrokenPipeError:
        _forget_stdout()
        return PIPE_CLOSED
    except PlumblineError as error:
        return _failed(shell, error)
    except OSError as error:
        code = _failed(shell, InputError(_sentence(error)))
        _forget_stdout()  # it may be what failed, and would fail again at exit
        return code
    except _Stopped as stop:
        shell.say("Stopped. What was written until now stays; plumbline status tells where every device stands.")
        return _SIGNAL + stop.number
    except KeyboardInterrupt:
        shell.say("Interrupted.")
        return _SIGNAL + signal.SIGINT
    except Exception as error:  # noqa: BLE001  # the outermost place: nobody gets a traceback they did not ask for
        return _bug(shell, error)
    return code


def usage_document(message: str) -> str:
    """How a command line that cannot be understood is told to a program."""
    return document_text(error_document(InputError(message)))


def _result_of(work: Callable[..., Any], shell: Shell, asked: Mapping[str, Any]) -> int:
    if inspect.iscoroutinefunction(work):
        return int(uvloop.run(_until_stopped(work(shell, **asked), shell)) or Exit.OK)
    return int(work(shell, **asked) or Exit.OK)


async def _until_stopped(work: Coroutine[Any, Any, Exit | None], shell: Shell) -> Exit | None:
    """The first signal ends the work in good order: what was sent to a router is waited for. The second ends it."""
    loop, task = asyncio.get_running_loop(), asyncio.current_task()
    assert task is not None, "a coroutine that runs is in a task"
    stopped: list[int] = []

    def stop(number: int) -> None:
        stopped.append(number)
        task.cancel()
        loop.remove_signal_handler(number)
        shell.say("Stopping; waiting for what was sent. Once more to stop at once.")

    for number in (signal.SIGINT, signal.SIGTERM):
        loop.add_signal_handler(number, stop, number)
    try:
        return await work
    except asyncio.CancelledError:
        if not stopped:
            raise
        raise _Stopped(stopped[0]) from None


def _failed(shell: Shell, error: PlumblineError) -> int:
    with contextlib.suppress(OSError):
        shell.fail(error)
        sys.stdout.flush()
        return int(error.exit)
    _forget_stdout()
    return int(error.exit)


def _bug(shell: Shell, error: Exception) -> int:
    text = "".join(traceback.format_exception(error)) if shell.options.verbose else ""
    about = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    hint = "" if text else " Run it again with --verbose to see where, and tell us."
    shell.say(f"{text}This is a bug in Plumbline ({about}).{hint}")
    if shell.options.output == "json":
        with contextlib.suppress(OSError):
            print(document_text(error_document(PlumblineError(f"This is a bug in Plumbline ({about})."))))
    return int(Exit.ERROR)


def _sentence(error: OSError) -> str:
    reason = error.strerror or str(error) or type(error).__name__
    return f"{error.filename}: {reason}." if error.filename is not None else f"{reason}."


def _show_anything() -> None:
    """A character that the terminal's encoding lacks is shown by its number, it never ends a command."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _forget_stdout() -> None:
    """Nobody reads any more: what is still in the buffer goes nowhere, without a word at exit."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    with contextlib.suppress(OSError, io.UnsupportedOperation):
        os.dup2(nowhere, sys.stdout.fileno())
    os.close(nowhere)
