"""Secrets come from a terminal, a descriptor or standard input, never from the command line."""

import io
import os

import pytest

from cli import asking
from schemas.errors import ApprovalError, InputError

TOKEN = "eyJhbGciOiJFZDI1NTE5In0.e30.c2ln"


def descriptor(content: bytes) -> int:
    reading, writing = os.pipe()
    os.write(writing, content)
    os.close(writing)
    return reading


@pytest.fixture
def piped(monkeypatch):
    def pipe(data: bytes) -> None:
        monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(data)))

    return pipe


def test_two_passphrases_are_two_lines_of_one_descriptor():
    both = descriptor("größer\nsecond".encode())
    assert asking.passphrase("anna", both, new=True) == "größer"
    assert asking.passphrase("bert", both, new=True) == "second"
    os.close(both)


def test_a_descriptor_that_is_not_open_is_told():
    closed = descriptor(b"")
    os.close(closed)
    with pytest.raises(InputError, match=f"The file descriptor {closed} cannot be read: Bad file descriptor"):
        asking.passphrase("anna", closed)


def test_nobody_is_asked_without_a_terminal(piped):
    piped(b"not a passphrase\n")
    with pytest.raises(InputError, match=r"passphrase of anna .* pass --passphrase-fd N"):
        asking.passphrase("anna", None)
    with pytest.raises(InputError, match="--password-stdin"):
        asking.password("admin", from_stdin=False)


@pytest.mark.parametrize(
    ("data", "user", "password"),
    [(b"reader:s3cret\n", "reader", "s3cret"), (b"reader:a:b ", "reader", "a:b "), (b"reader:\r\n", "reader", "")],
)
def test_a_login_is_user_and_password(piped, data, user, password):
    piped(data)
    login = asking.login("ams-ro")
    assert (login.user, login.password) == (user, password)
    assert not password or password not in repr(login)


@pytest.mark.parametrize("data", [b"", b"reader", b":secret", b"\xff\xfe:x"])
def test_what_is_no_login_is_told_without_showing_it(piped, data):
    piped(data)
    with pytest.raises(InputError) as error:
        asking.login("ams-ro")
    assert "secret" not in str(error.value)


def test_a_secret_keeps_its_lines(piped):
    piped(b"-----BEGIN-----\nabc\n-----END-----\n")
    assert asking.secret("key") == "-----BEGIN-----\nabc\n-----END-----"
    piped(b"\n")
    with pytest.raises(InputError, match="would be empty"):
        asking.secret("key")


def test_a_token_comes_from_a_file_standard_input_or_the_environment(tmp_path, piped):
    path = tmp_path / "token"
    path.write_text(f"{TOKEN}\n")
    piped(f"{TOKEN}\n".encode())
    assert asking.approval_token(str(path), {}) == TOKEN
    assert asking.approval_token("-", {}) == TOKEN
    assert asking.approval_token(None, {"PLUMBLINE_APPROVAL": TOKEN}) == TOKEN


def test_a_token_on_the_command_line_is_refused_and_not_repeated():
    with pytest.raises(InputError, match="can be seen by everybody") as error:
        asking.approval_token(TOKEN, {})
    assert TOKEN not in str(error.value)


@pytest.mark.parametrize("source", [None, "-"])
def test_no_token_is_a_missing_approval(piped, source):
    piped(b"\n")
    with pytest.raises(ApprovalError) as error:
        asking.approval_token(source, {"PLUMBLINE_APPROVAL": " "})
    assert error.value.why == "missing"


def test_a_file_that_is_not_there_is_told():
    with pytest.raises(InputError, match=r"nowhere cannot be read: No such file or directory\."):
        asking.approval_token("nowhere", {})
