"""Persons' keys and the approvals they sign."""

from __future__ import annotations

import datetime
import stat
from base64 import urlsafe_b64decode, urlsafe_b64encode
from pathlib import Path
from typing import Any

import msgspec
import pytest
from cryptography.hazmat.primitives.serialization import load_pem_private_key
from joserfc import jws
from joserfc.jwk import OctKey

from reconciler.vault import keys
from reconciler.vault.tokens import sign, verify
from schemas.errors import ApprovalError, InputError
from schemas.rollout import Person

NOW = datetime.datetime(2026, 11, 22, 12, tzinfo=datetime.UTC)
FLEET, DIGEST = "fleet-1", "d" * 64


@pytest.fixture(scope="module")
def folder(tmp_path_factory) -> Path:
    return tmp_path_factory.mktemp("home")


def made(name: str, folder: Path) -> tuple[keys.SigningKey, Person]:
    public = keys.create(name, "open sesame", folder)
    return keys.load(name, "open sesame", folder), Person(name, (), public.jwk, public.key_id)


@pytest.fixture(scope="module")
def anna(folder) -> tuple[keys.SigningKey, Person]:
    return made("anna", folder)


@pytest.fixture(scope="module")
def mallory(folder) -> tuple[keys.SigningKey, Person]:
    return made("mallory", folder)


def token(key: keys.SigningKey, **changed: Any) -> str:
    said: dict[str, Any] = {"fleet_id": FLEET, "digest": DIGEST, "commit": "c0ffee", "now": NOW} | changed
    return sign(key, **said).token


def why(text: str, *persons: Person, now: datetime.datetime = NOW) -> tuple[str, str]:
    with pytest.raises(ApprovalError) as caught:
        verify(text, persons, FLEET, DIGEST, now)
    return caught.value.why, str(caught.value)


def parts(text: str) -> list[bytes]:
    return [urlsafe_b64decode(part + "=" * (-len(part) % 4)) for part in text.split(".")]


def joined(*pieces: bytes) -> str:
    return ".".join(urlsafe_b64encode(piece).rstrip(b"=").decode() for piece in pieces)


def raw(key: keys.SigningKey, claims: dict[str, object]) -> str:
    header = {"alg": "Ed25519", "kid": key.public.key_id}
    return jws.serialize_compact(header, msgspec.json.encode(claims), key.private, algorithms=["Ed25519"])


def test_a_yes_holds_until_it_expires(anna):
    key, person = anna
    approval = sign(key, fleet_id=FLEET, digest=DIGEST, commit="c0ffee", now=NOW)
    assert (approval.person, approval.signed, approval.expires) == ("anna", NOW, NOW + datetime.timedelta(minutes=15))
    last = approval.expires - datetime.timedelta(seconds=1)
    claims = verify(f" {approval.token}\n", [person], FLEET, DIGEST, last)
    assert (claims.person, claims.digest, claims.commit, claims.expires) == (
        "anna",
        DIGEST,
        "c0ffee",
        approval.expires,
    )
    kind, sentence = why(approval.token, person, now=approval.expires)
    assert kind == "expired"
    assert "2026-11-22 12:15:00 UTC" in sentence


def test_two_yeses_are_two_tokens(anna):
    assert token(anna[0]) != token(anna[0])


def test_a_life_of_ones_own(anna):
    text = token(anna[0], life=datetime.timedelta(hours=8))
    assert verify(text, [anna[1]], FLEET, DIGEST, NOW + datetime.timedelta(hours=7)).person == "anna"


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [({"fleet_id": "fleet-2"}, "another fleet"), ({"digest": "e" * 64}, "of plan eeeeeeee, not of dddddddd")],
)
def test_a_yes_to_something_else_is_foreign(anna, changed, sentence):
    kind, text = why(token(anna[0], **changed), anna[1])
    assert kind == "foreign"
    assert sentence in text


def test_a_stranger_is_foreign(anna, mallory):
    assert why(token(mallory[0]), anna[1])[0] == "foreign"
    assert why(token(mallory[0]))[0] == "foreign"


def test_a_known_person_cannot_speak_for_another(anna, mallory):
    claims = msgspec.json.decode(parts(token(anna[0]))[1])
    kind, sentence = why(raw(mallory[0], claims), anna[1], mallory[1])
    assert kind == "foreign"
    assert "names anna, but mallory signed it" in sentence


def test_a_stranger_with_a_borrowed_key_id_is_altered(anna, mallory):
    header = {"alg": "Ed25519", "kid": anna[1].key_id}
    body = parts(token(anna[0]))[1]
    forged = jws.serialize_compact(header, body, mallory[0].private, algorithms=["Ed25519"])
    assert why(forged, anna[1])[0] == "altered"


def test_every_part_is_signed(anna):
    header, body, signature = parts(token(anna[0]))
    later = body.replace(b'"exp":1', b'"exp":2')
    assert later != body
    for altered in (
        joined(header, later, signature),
        joined(header, body, bytes([signature[0] ^ 1]) + signature[1:]),
        joined(header.replace(b"}", b',"x":1}'), body, signature),
        joined(header, body, b""),
        joined(header, body),
        joined(header, body, signature, b""),
    ):
        assert why(altered, anna[1])[0] == "altered"


def test_one_signature_has_one_spelling(anna):
    """Otherwise a token that was used could come back as a new one: the store knows it by its text."""
    text = token(anna[0])
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    # 64 bytes leave four bits of the last letter unused: its neighbour decodes to the same signature.
    twin = text[:-1] + letters[letters.index(text[-1]) ^ 1]
    assert parts(twin) == parts(text)
    assert why(twin, anna[1])[0] == "altered"
    assert why(text + "=", anna[1])[0] == "altered"


@pytest.mark.parametrize("algorithm", ["none", "HS256"])
def test_weaker_algorithms_are_refused(anna, algorithm):
    header, body, _ = parts(token(anna[0]))
    fields = msgspec.json.decode(header) | {"alg": algorithm}
    unsigned = joined(msgspec.json.encode(fields), body, b"")
    assert why(unsigned, anna[1])[0] == "altered"
    secret = OctKey.import_key(anna[1].public_key.encode())
    if algorithm == "HS256":
        signed = jws.serialize_compact(fields, body, secret, algorithms=["HS256"])
        assert why(signed, anna[1])[0] == "altered"


def test_claims_are_exact(anna):
    claims = msgspec.json.decode(parts(token(anna[0]))[1])
    assert why(raw(anna[0], claims | {"only-for": "edge-1"}), anna[1])[0] == "altered"
    assert why(raw(anna[0], claims | {"exp": str(claims["exp"])}), anna[1])[0] == "altered"
    assert why(raw(anna[0], {k: v for k, v in claims.items() if k != "exp"}), anna[1])[0] == "altered"
    assert why(raw(anna[0], claims | {"format": "plumbline.greeting/v1"}), anna[1])[0] == "foreign"


def test_a_yes_from_the_future_says_so(anna):
    kind, sentence = why(token(anna[0], now=NOW + datetime.timedelta(hours=1)), anna[1])
    assert kind == "altered"
    assert "clocks" in sentence
    soon = token(anna[0], now=NOW + datetime.timedelta(seconds=60))
    assert verify(soon, [anna[1]], FLEET, DIGEST, NOW).person == "anna"


@pytest.mark.parametrize("text", ["", "  \n"])
def test_nothing_is_missing(anna, text):
    assert why(text, anna[1])[0] == "missing"


@pytest.mark.parametrize(
    "text", ["x", "a.b.c", "..", "é.é.é", "bnVsbA.bnVsbA.", "e30.e30.e30", "W10.e30.AA", "x" * 100_000]
)
def test_rubbish_is_no_approval(anna, text):
    assert why(text, anna[1])[0] in {"altered", "foreign"}


def test_a_person_with_a_broken_key_is_named(anna):
    broken = Person("anna", (), "{", anna[1].key_id)
    with pytest.raises(InputError, match="public key of anna"):
        verify(token(anna[0]), [broken], FLEET, DIGEST, NOW)


def test_a_key_is_its_owners_alone_and_never_in_the_clear(folder, anna):
    path = folder / "keys" / "anna"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    content = path.read_bytes()
    assert b"BEGIN ENCRYPTED PRIVATE KEY" in content
    secret = anna[0].private.as_dict(private=True)["d"]
    assert isinstance(secret, str)
    assert secret not in repr(anna[0])
    assert '"d"' not in anna[1].public_key
    with pytest.raises(ValueError, match=r"[Pp]assword|decrypt"):
        load_pem_private_key(content, b"open sesame")


@pytest.mark.parametrize(
    ("name", "passphrase", "sentence"),
    [("anna", "guess", "The passphrase of the key of anna is wrong"), ("nobody", "x", "no signing key of nobody")],
)
def test_a_key_that_does_not_open(folder, anna, name, passphrase, sentence):
    with pytest.raises(ApprovalError, match=sentence):
        keys.load(name, passphrase, folder)


@pytest.mark.parametrize(
    ("name", "passphrase", "sentence"),
    [
        ("anna", "again", "There is a key of anna already"),
        ("bert", "", "needs a passphrase"),
        ("../bert", "x", "cannot name a key"),
        ("", "x", "cannot name a key"),
    ],
)
def test_a_key_that_cannot_be_made(folder, anna, name, passphrase, sentence):
    with pytest.raises(InputError, match=sentence):
        keys.create(name, passphrase, folder)


def test_a_file_that_is_no_key(tmp_path):
    (tmp_path / "keys").mkdir()
    (tmp_path / "keys" / "anna").touch(0o600)
    with pytest.raises(InputError, match="is not a signing key"):
        keys.load("anna", "x", tmp_path)


def test_whose_keys_lie_here(folder, anna, mallory, tmp_path):
    assert keys.names(folder) == ("anna", "mallory")
    assert keys.names(tmp_path) == ()
