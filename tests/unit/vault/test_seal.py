"""Sealing, opening, fingerprinting."""

from __future__ import annotations

import asyncio
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from reconciler.vault import credentials
from reconciler.vault.places import create_private, data_home
from reconciler.vault.seal import KeyRing
from schemas.errors import InputError
from schemas.login import Login
from store import open_store


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return KeyRing(tmp_path / "home")


def test_what_was_sealed_opens_with_the_same_file(ring):
    sealed = ring.seal("ro", b"secret")
    assert b"secret" not in sealed
    assert sealed != ring.seal("ro", b"secret")
    assert KeyRing(ring.path.parent).open("ro", sealed) == b"secret"
    assert stat.S_IMODE(ring.path.stat().st_mode) == 0o600
    assert stat.S_IMODE(ring.path.parent.stat().st_mode) == 0o700


def test_a_value_moved_to_another_name_is_refused(ring):
    with pytest.raises(InputError, match="rw was altered or belongs to another name"):
        ring.open("rw", ring.seal("ro", b"secret"))


@pytest.mark.parametrize("place", [0, 1, 8, 9, 20, 21, -1])
def test_every_byte_counts(ring, place):
    sealed = bytearray(ring.seal("ro", b"secret"))
    sealed[place] ^= 1
    with pytest.raises(InputError):
        ring.open("ro", bytes(sealed))


@pytest.mark.parametrize("sealed", [b"", b"\x01", b"\x01" * 20, b"\x01" * 21])
def test_a_stump_is_refused(ring, sealed):
    with pytest.raises(InputError):
        ring.open("ro", sealed)


def test_another_key_is_said_to_be_another(ring, tmp_path):
    sealed = ring.seal("ro", b"secret")
    with pytest.raises(InputError, match="sealed with another key"):
        KeyRing(tmp_path / "nothing here").open("ro", sealed)
    assert not (tmp_path / "nothing here").exists()
    other = KeyRing(tmp_path / "other")
    other.seal("ro", b"")
    with pytest.raises(InputError, match="sealed with another key"):
        other.open("ro", sealed)


def test_an_added_key_seals_and_changes_nothing_else(ring):
    sealed, fingerprint = ring.seal("ro", b"secret"), ring.fingerprint("secret", "edge-1")
    with ring.path.open("a") as file:
        file.write("ab" * 32 + "\n")
    longer = KeyRing(ring.path.parent)
    assert longer.open("ro", sealed) == b"secret"
    assert longer.fingerprint("secret", "edge-1") == fingerprint
    newer = longer.seal("ro", b"secret")
    assert newer[1:9] != sealed[1:9]
    assert longer.open("ro", newer) == b"secret"


def test_fingerprints_tell_values_and_contexts_apart(ring, tmp_path):
    one = ring.fingerprint("secret", "edge-1")
    assert one == KeyRing(ring.path.parent).fingerprint("secret", "edge-1")
    others = {
        ring.fingerprint("Secret", "edge-1"),
        ring.fingerprint("secret", "edge-2"),
        ring.fingerprint("1secret", "edge-"),
        KeyRing(tmp_path / "other").fingerprint("secret", "edge-1"),
    }
    assert len(others) == 4
    assert one not in others
    assert "secret" not in one


def test_a_key_file_that_others_can_read_is_refused(ring):
    ring.seal("ro", b"")
    ring.path.chmod(0o640)
    with pytest.raises(InputError, match="chmod 600"):
        KeyRing(ring.path.parent).seal("ro", b"")


@pytest.mark.parametrize(
    "content", ["", "plumbline-vault-key/v1\n", "plumbline-vault-key/v1\nabcd\n", "x\n" + "ab" * 32]
)
def test_a_broken_key_file_is_said_to_be_broken(ring, content):
    ring.path.parent.mkdir()
    ring.path.touch(0o600)
    ring.path.write_text(content)
    with pytest.raises(InputError, match="is not a key ring"):
        ring.seal("ro", b"")


def test_processes_that_make_the_key_together_share_it(tmp_path):
    code = """
import sys
from pathlib import Path
from reconciler.vault.seal import KeyRing
print(KeyRing(Path(sys.argv[1])).fingerprint("x", "y"))
"""
    processes = [
        subprocess.Popen([sys.executable, "-c", code, str(tmp_path / "home")], stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    answers = {process.communicate(timeout=60)[0] for process in processes}
    assert len(answers) == 1
    assert answers.pop().startswith("fp1:")
    assert [path.name for path in (tmp_path / "home").iterdir()] == ["vault.key"]


def test_a_private_file_is_never_replaced(tmp_path):
    assert create_private(tmp_path / "key", b"one")
    assert not create_private(tmp_path / "key", b"two")
    assert (tmp_path / "key").read_bytes() == b"one"
    with pytest.raises(InputError, match="cannot be made"):
        create_private(tmp_path / "key" / "below", b"")


def test_where_keys_lie():
    assert data_home({"XDG_DATA_HOME": "/data"}) == Path("/data/plumbline")
    assert data_home({"XDG_DATA_HOME": "relative"}) == data_home({}) == Path.home() / ".local/share/plumbline"


def test_the_environment_comes_first(ring):
    sealed = credentials.seal("ams-rw", Login("stored", "one"), ring)
    environ = {"PLUMBLINE_CREDENTIAL_AMS_RW": "given:two:three\n"}
    assert credentials.resolve("ams-rw", sealed, ring, environ) == Login("given", "two:three")
    assert credentials.resolve("ams-rw", sealed, ring, {}) == Login("stored", "one")
    assert credentials.resolve("ams-rw", None, None, environ).user == "given"


def test_a_login_shows_no_password():
    assert "hunter2" not in repr(Login("admin", "hunter2"))
    assert "hunter2" not in f"{Login('admin', 'hunter2')}"


@pytest.mark.parametrize(
    ("environ", "sentence"),
    [
        ({}, "set PLUMBLINE_CREDENTIAL_AMS_RO to user:password, or run: plumbline credential set ams-ro"),
        ({"PLUMBLINE_CREDENTIAL_AMS_RO": "hunter2"}, "PLUMBLINE_CREDENTIAL_AMS_RO is not a login"),
        ({"PLUMBLINE_CREDENTIAL_AMS_RO": ":hunter2"}, "PLUMBLINE_CREDENTIAL_AMS_RO is not a login"),
    ],
)
def test_what_is_no_credential(ring, environ, sentence):
    with pytest.raises(InputError, match=sentence) as caught:
        credentials.resolve("ams-ro", None, ring, environ)
    assert "hunter2" not in str(caught.value)


def test_a_login_cannot_be_moved_to_another_name(ring):
    sealed = credentials.seal("ams-ro", Login("audit", "x"), ring)
    with pytest.raises(InputError, match="belongs to another name"):
        credentials.resolve("ams-rw", sealed, ring, {})


def test_no_secret_lies_in_the_store_in_the_clear(ring, tmp_path):
    async def main() -> None:
        async with open_store(tmp_path / "store.db") as store:
            await store.credentials.put("ro", credentials.seal("ro", Login("audit", "correct horse battery"), ring))
            kept = await store.credentials.get("ro")
            assert credentials.resolve("ro", kept, ring, {}) == Login("audit", "correct horse battery")
            for path in tmp_path.glob("store.db*"):
                assert b"horse" not in path.read_bytes()

    asyncio.run(main())
    assert b"horse" not in (tmp_path / "store.db").read_bytes()
    assert b"credential" in (tmp_path / "store.db").read_bytes()
