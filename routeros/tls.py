"""Who may receive a login: checked inside the TLS handshake, before any byte of HTTP leaves.

Tls.pin        the certificate with exactly this fingerprint, whoever signed it
Tls.ca         a certificate signed by the CA that names the address
Tls.insecure   anybody (lab only; the fleet's control data decides)
"""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import ssl
from functools import lru_cache
from urllib.parse import SplitResult, urlsplit

from routeros.failures import NotSent
from schemas.device import Tls
from schemas.errors import InputError

_PIN = re.compile(r"sha256:[0-9a-f]{64}")
_HTTPS_PORT = 443


class PinMismatch(ssl.SSLCertVerificationError):
    """The handshake was broken off: the device showed ``found`` where ``expected`` is pinned."""

    def __init__(self, expected: str, found: str) -> None:
        super().__init__(1, "the certificate is not the pinned one")
        self.expected = expected
        self.found = found


def ssl_context(tls: Tls, ca_pem: str | None = None) -> ssl.SSLContext:
    """The context for a device; one object per pin or CA, so that connections are kept alive.

    Raises InputError when ``tls`` says nothing usable.
    """
    if tls.pin is not None:
        return _pinned(normal_pin(tls.pin))
    if tls.ca is not None:
        if not ca_pem:
            raise InputError(f"The CA {tls.ca!r} has no certificate here. Add its PEM text, or pin the device.")
        return _signed(ca_pem)
    if tls.insecure:
        return _anybody()
    raise InputError('The device has no tls setting. Write tls: {pin: "sha256:…"} or tls: {ca: NAME}.')


def normal_pin(pin: str) -> str:
    """``sha256:`` and 64 lower-case hex digits; colons between bytes are accepted. InputError otherwise."""
    head, _, digits = pin.strip().lower().partition(":")
    text = f"{head}:{digits.replace(':', '')}"
    if not _PIN.fullmatch(text):
        raise InputError(f"{pin!r} is not a certificate pin. It is sha256: and 64 hex digits.")
    return text


def fingerprint(certificate: bytes | None) -> str:
    """The pin of a certificate given as DER."""
    return f"sha256:{hashlib.sha256(certificate or b'').hexdigest()}"


async def fetch_fingerprint(address: str, seconds: float = 10.0) -> str:
    """The pin of the certificate that a base URL shows now. Sends nothing after the handshake.

    Whether it is the right device's is for a person to say. Raises Unreachable.
    """
    parts = split_address(address)
    if parts.scheme != "https":
        raise InputError(f"{address} is not https, so it shows no certificate.")
    connect = asyncio.open_connection(parts.hostname, parts.port or _HTTPS_PORT, ssl=_anybody())
    try:
        _, writer = await asyncio.wait_for(connect, seconds)
    except TimeoutError as error:
        raise NotSent(f"{address} does not answer within {seconds:g} seconds.", timed_out=True) from error
    except OSError as error:
        raise NotSent(f"{address} shows no certificate: {error.strerror or error}.") from error
    try:
        return fingerprint(writer.get_extra_info("ssl_object").getpeercert(True))
    finally:
        writer.transport.abort()


def split_address(address: str) -> SplitResult:
    """A base URL: scheme, host and perhaps a port, nothing else. Raises InputError."""
    wanted = f"{address!r} is not an address. An address is like https://192.0.2.1 or https://192.0.2.1:8443."
    try:
        parts = urlsplit(address.strip().rstrip("/"))
        usable = parts.scheme in {"https", "http"} and bool(parts.hostname) and parts.port != 0
    except ValueError as error:
        raise InputError(wanted) from error
    if not usable or parts.username is not None or parts.path or parts.query or parts.fragment:
        raise InputError(wanted)
    return parts


class _PinnedObject(ssl.SSLObject):
    """Compares the certificate at the end of the handshake; the connection is never handed out otherwise."""

    def do_handshake(self) -> None:
        super().do_handshake()
        if isinstance(self.context, _PinnedContext):
            found = fingerprint(self.getpeercert(True))
            if not hmac.compare_digest(found, self.context.pin):
                raise PinMismatch(self.context.pin, found)


class _PinnedContext(ssl.SSLContext):
    pin = ""
    sslobject_class = _PinnedObject


# RouterOS speaks up to TLS 1.2. A renegotiation could change the certificate after it was checked.
def _hardened(context: ssl.SSLContext) -> ssl.SSLContext:
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.options |= ssl.OP_NO_RENEGOTIATION
    return context


@lru_cache(maxsize=16_384)
def _pinned(pin: str) -> ssl.SSLContext:
    context = _PinnedContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    context.pin = pin
    return _hardened(context)


@lru_cache(maxsize=256)
def _signed(ca_pem: str) -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    try:
        context.load_verify_locations(cadata=ca_pem)
    except (ssl.SSLError, ValueError) as error:
        raise InputError("The CA certificate is not PEM text. It begins with -----BEGIN CERTIFICATE-----.") from error
    return _hardened(context)


@lru_cache(maxsize=1)
def _anybody() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return _hardened(context)
