"""What people are asked for, and where it is read when nobody sits at a terminal."""

from __future__ import annotations

import getpass
import os
import signal
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from schemas.errors import ApprovalError, InputError
from schemas.login import Login

APPROVAL = "PLUMBLINE_APPROVAL"

_LONGEST = 1 << 20
_TOKEN_START = "eyJ"  # noqa: S105  # how every JWS begins, no secret


def somebody_is_there() -> bool:
    """Whether there is a terminal to ask on."""
    if not (sys.stdin.isatty() or sys.stderr.isatty()):
        return False
    try:
        os.close(os.open("/dev/tty", os.O_RDWR | os.O_NOCTTY))
    except OSError:
        return False
    return True


def passphrase(whose: str, descriptor: int | None, *, new: bool = False) -> str:
    """A person's passphrase: a line of the descriptor, else asked for (twice for a new one).

    Raises InputError where there is nobody to ask.
    """
    if descriptor is not None:
        return _line_of(descriptor)
    if not somebody_is_there():
        raise InputError(f"The passphrase of {whose} is needed and there is no terminal; pass --passphrase-fd N.")
    given = _asked(f"Passphrase of {whose}: ")
    if new and _asked("The same again: ") != given:
        raise InputError("The two passphrases differ.")
    return given


def login(name: str) -> Login:
    """A router login, asked for or read from standard input as ``user:password``."""
    if not sys.stdin.isatty():
        return parsed_login(stdin_text(), f"the credential {name} on standard input")
    _must_be_there("user:password")
    with _interruptible():
        user = input(f"Router user of {name}: ").strip()
    if not user:
        raise InputError("A login needs a user.")
    return Login(user, _asked(f"Password of {user}: "))


def secret(name: str) -> str:
    """A secret's value, asked for or read from standard input; one newline at its end is not part of it."""
    if sys.stdin.isatty():
        _must_be_there("the value")
        value = _asked(f"Value of {name}: ")
    else:
        value = stdin_text()
    if not value:
        raise InputError(f"The secret {name} would be empty.")
    return value


def password(user: str, *, from_stdin: bool) -> str:
    """A router user's password."""
    if from_stdin:
        return stdin_text()
    if not somebody_is_there():
        raise InputError(f"The password of the router user {user} is needed; pass --password-stdin.")
    return _asked(f"Password of the router user {user}: ")


def approval_token(source: str | None, environ: Mapping[str, str]) -> str:
    """The token, from a file, standard input or the environment; never from the command line itself.

    Raises ApprovalError where there is none.
    """
    if source is not None and source.startswith(_TOKEN_START):
        raise InputError(
            "A token on the command line can be seen by everybody on this machine; "
            f"pass it with --approval - (standard input), --approval FILE or the environment variable {APPROVAL}."
        )
    text = _text_of(source) if source is not None else environ.get(APPROVAL, "")
    if not text.strip():
        told = {None: f"pass --approval -, --approval FILE or set {APPROVAL}", "-": "standard input was empty"}
        raise ApprovalError("missing", f"There is no approval: {told.get(source, f'{source} is empty')}.")
    return text.strip()


def parsed_login(text: str, place: str) -> Login:
    """``user:password``; the password may hold colons."""
    user, colon, word = text.partition(":")
    if not colon or not user.strip():
        raise InputError(f"What is in {place} is not a login; write it as user:password.")
    return Login(user.strip(), word)


def stdin_text() -> str:
    """All of standard input, without the newline at its end."""
    with _interruptible():
        return _decoded(sys.stdin.buffer.read(_LONGEST), "standard input")


def _text_of(source: str) -> str:
    if source == "-":
        if sys.stdin.isatty():
            raise InputError("--approval - reads standard input; pipe the token into it.")
        return stdin_text()
    try:
        return _decoded(Path(source).read_bytes()[:_LONGEST], source)
    except OSError as error:
        text = f"--approval names a file, and {source} cannot be read: {error.strerror}."
        raise InputError(text) from error


def _decoded(data: bytes, place: str) -> str:
    try:
        return data.decode().removesuffix("\n").removesuffix("\r")
    except UnicodeDecodeError as error:
        raise InputError(f"What is in {place} is not text.") from error


def _line_of(descriptor: int) -> str:
    """One line, byte by byte, so that the next one is still there for the next passphrase."""
    found = bytearray()
    try:
        while (byte := os.read(descriptor, 1)) not in (b"", b"\n"):
            found += byte
    except OSError as error:
        raise InputError(f"The file descriptor {descriptor} cannot be read: {error.strerror}.") from error
    return _decoded(bytes(found), f"the file descriptor {descriptor}")


def _must_be_there(what: str) -> None:
    if not somebody_is_there():
        raise InputError(f"There is no terminal to ask on; pass {what} on standard input.")


def _asked(question: str) -> str:
    try:
        with _interruptible():
            return getpass.getpass(question)
    except EOFError as error:
        raise InputError("Nothing was entered.") from error


@contextmanager
def _interruptible() -> Iterator[None]:
    """While somebody types no loop runs that could hear an interrupt, so it ends the question itself."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
