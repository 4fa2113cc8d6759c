"""Certificates and keys that come from files."""

from __future__ import annotations

import base64

import pytest

from simulator.certificates import make_certificate
from simulator.fleet import SimulatedRouter
from tests.unit.simulator.plain import Client

IMPORT, KEYS = "/certificate/import", "/user/ssh-keys"
ED25519 = "ssh-ed25519 " + base64.b64encode(b"\0\0\0\x0bssh-ed25519\0\0\0\x20" + bytes(32)).decode() + " me@host"


def test_a_certificate_is_imported(client: Client) -> None:
    made = make_certificate("site.example", ("192.0.2.1",))
    client.add("/file", name="site.pem", contents=made.pem)
    assert client("POST", IMPORT, {"file-name": "site.pem", "name": "site"}).body == [
        {
            "certificates-imported": "1",
            "decryption-failures": "0",
            "files-imported": "1",
            "keys-with-no-certificate": "0",
            "private-keys-imported": "0",
        }
    ]
    told = client.get("/certificate/site")
    assert f"sha256:{told['fingerprint']}" == made.fingerprint
    assert (told["common-name"], told["authority"], told["trusted"]) == ("site.example", "true", "true")
    assert told["subject-alt-name"] == "IP:192.0.2.1,DNS:localhost"
    assert told["expires-after"].startswith("521w")
    assert "private-key" not in told
    assert client("POST", "/ip/service/set", {"numbers": "api-ssl", "certificate": "site"}).status == 200
    again = client("POST", IMPORT, {"file-name": "site.pem"}).body[0]
    assert again["certificates-imported"] == "0"


def test_a_file_that_is_no_certificate_imports_nothing(client: Client) -> None:
    client.add("/file", name="note.txt", contents="-----BEGIN CERTIFICATE-----\nx\n-----END CERTIFICATE-----")
    assert client("POST", IMPORT, {"file-name": "note.txt"}).body[0]["certificates-imported"] == "0"
    assert client.get("/certificate") == []
    assert client.detail("POST", IMPORT, {"file-name": "nothing"}) == "input does not match any value of file-name"
    assert client.detail("POST", IMPORT, {}) == "missing =file-name="


@pytest.mark.parametrize(("key", "status"), [(ED25519, 200), ("ecdsa-sha2-nistp256 AAAA", 400), ("ssh-rsa !", 400)])
def test_a_public_key_is_imported(router: SimulatedRouter, client: Client, key: str, status: int) -> None:
    client.add("/file", name="key.pub", contents=key)
    reply = client("POST", f"{KEYS}/import", {"public-key-file": "key.pub", "user": "admin"})
    assert reply.status == status
    if status == 400:
        assert reply.body["detail"] == "failure: unable to load key file (wrong format or bad passphrase)!"
    assert [row["user"] for row in client.get(KEYS)] == (["admin"] if status == 200 else [])
    assert Client(router, "reader")("POST", f"{KEYS}/import", {}).status == 500
