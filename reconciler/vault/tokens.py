"""Approval tokens: a person's signed yes to one plan digest, as a compact JWS (Ed25519)."""

from __future__ import annotations

import datetime
import secrets
from collections.abc import Iterable

import msgspec
from joserfc import jws
from joserfc.errors import JoseError
from joserfc.jwk import OKPKey

from reconciler.vault.keys import SigningKey
from schemas.errors import ApprovalError, InputError
from schemas.rollout import Approval, Person

LIFE = datetime.timedelta(minutes=15)
"""How long an approval may be used when nothing else is said."""

_FORMAT = "plumbline.approval/v1"
_ALGORITHMS = ("Ed25519",)
_TYPE = "plumbline-approval+jws"
_SKEW = datetime.timedelta(minutes=2)
_LONGEST = 16_384


class Claims(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """What a token says. ``iat`` and ``exp`` are seconds since 1970; ``jti`` is the token's own name.

    A claim nobody knows is an error: it might be a condition.
    """

    format: str
    fleet: str
    digest: str
    commit: str
    person: str
    jti: str
    iat: int
    exp: int

    @property
    def expires(self) -> datetime.datetime:
        return datetime.datetime.fromtimestamp(self.exp, datetime.UTC)


def sign(
    key: SigningKey,
    *,
    fleet_id: str,
    digest: str,
    commit: str,
    now: datetime.datetime,
    life: datetime.timedelta = LIFE,
) -> Approval:
    """Say yes to ``digest`` as the owner of ``key``. ``now`` is aware UTC."""
    signed = now.astimezone(datetime.UTC).replace(microsecond=0)
    expires = signed + life
    claims = Claims(
        _FORMAT, fleet_id, digest, commit, key.person, secrets.token_hex(16), _seconds(signed), _seconds(expires)
    )
    header = {"alg": "Ed25519", "kid": key.public.key_id, "typ": _TYPE}
    token = jws.serialize_compact(header, msgspec.json.encode(claims), key.private, algorithms=_ALGORITHMS)
    return Approval(digest, key.person, token, signed, expires)


def verify(token: str, persons: Iterable[Person], fleet_id: str, digest: str, now: datetime.datetime) -> Claims:
    """What a token says, when all of it holds: signed by a person known here, for this fleet and digest, in time.

    Raises ApprovalError with ``why``: missing, altered, foreign or expired. Whether it was used already only
    the store knows.
    """
    token = token.strip()
    if not token:
        raise ApprovalError("missing", "No approval was given; run: plumbline approve PLAN")
    signed = _parse(token)
    person = _signer(signed.headers().get("kid"), persons)
    claims = _claims(token, person)
    _must_concern(claims, person, fleet_id, digest)
    if now >= claims.expires:
        raise ApprovalError(
            "expired", f"This approval expired at {claims.expires:%Y-%m-%d %H:%M:%S} UTC; ask for a new one."
        )
    if now + _SKEW < datetime.datetime.fromtimestamp(claims.iat, datetime.UTC):
        raise ApprovalError("altered", "This approval was signed in the future; set the clocks of both machines right.")
    return claims


def _parse(token: str) -> jws.CompactSignature:
    if len(token) > _LONGEST:
        raise _altered()
    try:
        return jws.extract_compact(token.encode())
    except (JoseError, ValueError) as error:
        raise _altered() from error


def _signer(key_id: object, persons: Iterable[Person]) -> Person:
    for person in persons:
        if person.key_id == key_id:
            return person
    raise ApprovalError("foreign", "This approval was signed with a key that belongs to nobody known here.")


def _claims(token: str, person: Person) -> Claims:
    key = _public_key(person)
    try:
        payload = jws.deserialize_compact(token, key, algorithms=_ALGORITHMS).payload
        return msgspec.json.decode(payload, type=Claims)
    except (JoseError, msgspec.MsgspecError) as error:
        raise _altered() from error


def _public_key(person: Person) -> OKPKey:
    try:
        return OKPKey.import_key(msgspec.json.decode(person.public_key, type=dict[str, str | list[str]]))
    except (JoseError, ValueError) as error:
        raise InputError(f"The public key of {person.name} is no Ed25519 JWK; add the person again.") from error


def _must_concern(claims: Claims, person: Person, fleet_id: str, digest: str) -> None:
    if claims.format != _FORMAT:
        raise ApprovalError("foreign", f"This is no approval of the format {_FORMAT}.")
    if claims.person != person.name:
        raise ApprovalError("foreign", f"This approval names {claims.person}, but {person.name} signed it.")
    if claims.fleet != fleet_id:
        raise ApprovalError("foreign", "This approval is for another fleet.")
    if claims.digest != digest:
        raise ApprovalError("foreign", f"This approval is of plan {claims.digest[:8]}, not of {digest[:8]}.")


def _altered() -> ApprovalError:
    return ApprovalError("altered", "This approval was altered: its signature does not hold.")


def _seconds(moment: datetime.datetime) -> int:
    return int(moment.timestamp())
