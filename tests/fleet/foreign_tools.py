"""A router for other people's clients, and what scripts of these begin with.

Each has the client as its first page makes it, and ``tell`` and ``failure`` to tell what came of its calls.
"""

from __future__ import annotations

import json
import os
import subprocess
import textwrap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from simulator.fleet import SimulatedRouter
from tests.unit.simulator.plain import Client

PYTHON = Path(__file__).resolve().parents[2] / ".venv-foreign/bin/python"


@dataclass(frozen=True)
class Lab:
    """A router served over HTTPS and plain HTTP, and the clients' environment, which trusts its certificate."""

    router: SimulatedRouter
    here: Path

    @property
    def reads(self) -> Client:
        return Client(self.router)

    def tells(self, preamble: str, script: str) -> Any:
        """What a script gives to ``tell``, once it has ended well."""
        authority = self.here / "router.pem"
        authority.write_text(self.router.certificate_pem)
        told = self.here / "told.json"
        surroundings = {
            **os.environ,
            "SSL_CERT_FILE": str(authority),
            "REQUESTS_CA_BUNDLE": str(authority),
            "ROUTER": self.router.address,
            "PLAIN": self.router.plain_address,
            "LINEAGE": str(self.here),
            "TOLD": str(told),
        }
        done = subprocess.run(
            [PYTHON, "-c", preamble + textwrap.dedent(script)],
            env=surroundings,
            cwd=self.here,
            capture_output=True,
            text=True,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr
        return json.loads(told.read_text())


_TELLING = '''
import json
import os
from urllib.parse import urlsplit


def tell(**told):
    """Write down what there is to compare."""
    with open(os.environ["TOLD"], "w") as file:
        json.dump(told, file)


def failure(call):
    """The kind and the text of the error that a call ends in."""
    try:
        return ["no error", str(call())]
    except Exception as error:
        return [type(error).__name__, str(error)]

'''

ROUTEROS_CLIENT = (
    _TELLING
    + """
import routeros_client

ROUTER, PLAIN = urlsplit(os.environ["ROUTER"]), urlsplit(os.environ["PLAIN"])


def client(password, **settings):
    return routeros_client.RestApi(ROUTER.hostname, "admin", password, port=ROUTER.port, **settings)


rest = client("secret")
"""
)

ROSRESTPY = (
    _TELLING
    + """
from ros import Ros

ROUTER, PLAIN = os.environ["ROUTER"], os.environ["PLAIN"]


def client(server, password):
    return Ros(server, "admin", password, secure=True)


ros = client(ROUTER, "secret")
"""
)

CERTBOT = (
    _TELLING
    + """
from datetime import datetime, timedelta, timezone
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from mikrotik_certbot import routeros
from mikrotik_certbot.config import load_settings

lineage = Path(os.environ["LINEAGE"])
key = ec.generate_private_key(ec.SECP256R1())
name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "lab.example.net")])
now = datetime.now(timezone.utc)
builder = x509.CertificateBuilder(name, name, key.public_key(), 1, now, now + timedelta(days=90))
pem = serialization.Encoding.PEM
(lineage / "fullchain.pem").write_bytes(builder.sign(key, hashes.SHA256()).public_bytes(pem))
(lineage / "privkey.pem").write_bytes(
    key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
)
client = routeros.RouterOSClient(
    load_settings(
        {
            "RENEWED_LINEAGE": str(lineage),
            "MIKROTIK_DOMAIN": "lab.example.net",
            "ROUTER_HOST": urlsplit(os.environ["ROUTER"]).netloc,
            "ROUTER_USER": "admin",
            "ROUTER_PASS": "secret",
            "VERIFY_SSL": "yes",
        }
    )
)
"""
)
