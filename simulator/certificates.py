"""Throw-away certificates, as many as there are routers and fast: one key per process, one certificate each."""

from __future__ import annotations

import datetime
import functools
import ipaddress
import ssl
import tempfile
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID


@dataclass(frozen=True, slots=True)
class Certificate:
    """``pem`` is the certificate alone; ``fingerprint`` is ``sha256:`` and the hex digest of its DER."""

    pem: str
    fingerprint: str


def make_certificate(name: str, addresses: tuple[str, ...]) -> Certificate:
    """A fresh self-signed certificate for a router's name and addresses."""
    key = _key()
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name[:64])])
    now = datetime.datetime.now(datetime.UTC)
    alternatives: list[x509.GeneralName] = [x509.IPAddress(ipaddress.ip_address(item)) for item in addresses]
    certificate = (
        x509.CertificateBuilder()
        .subject_name(subject)
        .issuer_name(subject)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=3650))
        .add_extension(x509.SubjectAlternativeName([*alternatives, x509.DNSName("localhost")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    return Certificate(
        pem=certificate.public_bytes(serialization.Encoding.PEM).decode(),
        fingerprint="sha256:" + certificate.fingerprint(hashes.SHA256()).hex(),
    )


def server_context(certificate: Certificate) -> ssl.SSLContext:
    """TLS 1.2 at most, as RouterOS speaks it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    load(context, certificate)
    return context


@functools.cache
def anonymous_context() -> ssl.SSLContext:
    """A server without a certificate: only ciphers that nobody takes who did not ask for them.

    A handshake that fails over them ends without an alert, where a router sends one.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.maximum_version = ssl.TLSVersion.TLSv1_2
    context.set_ciphers("aNULL:@SECLEVEL=0")
    return context


def load(context: ssl.SSLContext, certificate: Certificate) -> None:
    """Present this certificate in every handshake from now on."""
    with tempfile.NamedTemporaryFile("w", suffix=".pem") as file:
        file.write(certificate.pem + _key_pem())
        file.flush()
        context.load_cert_chain(Path(file.name))


@functools.cache
def _key() -> ec.EllipticCurvePrivateKey:
    return ec.generate_private_key(ec.SECP256R1())


@functools.cache
def _key_pem() -> str:
    return (
        _key()
        .private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
        .decode()
    )
