"""Everything a verb works with, made by ``reconciler.wiring``."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from desired_state.repository import Repository
from reconciler.vault import credentials
from reconciler.vault.seal import KeyRing
from routeros.client import Client
from routeros.session import Session
from schemas.catalogue.load import Catalogue
from schemas.device import Device, Tls
from schemas.errors import Refused
from schemas.login import Login
from schemas.rollout import Actor
from store.nouns import Enrolment
from store.opening import Store


@dataclass(frozen=True, slots=True)
class Context:
    """``store`` is None where the command is no controller: it can preview, never approve or apply.

    ``data_home`` is where keys lie; ``environ`` the process's environment; ``now`` gives aware UTC.
    """

    actor: Actor
    repository: Repository
    catalogue: Catalogue
    session: Session
    store: Store | None
    ring: KeyRing | None
    data_home: Path
    environ: Mapping[str, str]
    now: Callable[[], datetime.datetime]

    @property
    def controller(self) -> Store:
        """The store. Raises Refused where there is none."""
        if self.store is None:
            raise Refused("This needs the fleet's store; run plumbline init, or say where it is with --store.")
        return self.store

    def client(self, device: Device, login: Login) -> Client:
        return Client(self.session, device.name, device.addresses, device.tls, login)

    def has_login(self, credential: str) -> bool:
        """Whether a login could be found at all: without a store only the environment holds any."""
        return self.store is not None or credentials.variable_of(credential) in self.environ

    async def login(self, device: Device, credential: str) -> Login:
        """The router user of a credential name. What the store keeps is sent only where the device was enrolled.

        Raises InputError when there is none, Refused when the device is not enrolled as it stands in Git.
        """
        if credentials.variable_of(credential) in self.environ or self.store is None:
            return credentials.resolve(credential, None, None, self.environ)
        sealed = await self.store.credentials.get(credential)
        login = credentials.resolve(credential, sealed, self.ring, self.environ)
        _must_be_enrolled(device, await self.store.enrolments.get(device.name))
        return login


def _must_be_enrolled(device: Device, enrolment: Enrolment | None) -> None:
    again = f"run: plumbline device enrol {device.name}"
    if enrolment is None:
        raise Refused(f"The device is not enrolled, so no login is sent to it; {again}", device=device.name)
    if enrolment.address not in device.addresses:
        text = f"It was enrolled at {enrolment.address}, which is not its address in Git; {again}"
        raise Refused(text, device=device.name)
    if enrolment.pin_or_ca != proof(device.tls):
        raise Refused(f"It was enrolled with another proof of identity than its tls says; {again}", device=device.name)


def proof(tls: Tls) -> str:
    """How a device proves itself, as an enrolment keeps it."""
    return tls.pin or (f"ca:{tls.ca}" if tls.ca else "insecure")
