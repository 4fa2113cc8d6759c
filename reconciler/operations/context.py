"""Everything a verb works with, made by ``reconciler.wiring``."""

from __future__ import annotations

import datetime
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from desired_state.load import Source
from desired_state.repository import Repository
from reconciler.vault.seal import KeyRing
from routeros.client import Client
from routeros.session import Session
from schemas.catalogue.load import Catalogue
from schemas.device import Device
from schemas.errors import InputError, Refused
from schemas.login import Login
from schemas.rollout import Actor
from store.opening import Store


@dataclass(frozen=True, slots=True)
class Context:
    """``store`` is None where the command is no controller: it can preview, never approve or apply.

    ``data_home`` is where keys lie; ``environ`` the process's environment; ``now`` gives aware UTC;
    ``protected`` is the branch a controller judges by, which no commit can change.
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
    protected: str | None = None

    @property
    def controller(self) -> Store:
        """The store. Raises Refused where there is none."""
        if self.store is None:
            raise Refused("This needs the fleet's store; run plumbline init, or say where it is with --store.")
        return self.store

    def client(self, device: Device, login: Login, source: Source | None = None) -> Client:
        """A client of a device; its CA certificate, where it has one, comes from ``source``."""
        ca = _ca_certificate(device, source)
        return Client(self.session, device.name, device.addresses, device.tls, login, ca_pem=ca)


def _ca_certificate(device: Device, source: Source | None) -> str | None:
    if device.tls.ca is None:
        return None
    path = f"files/ca/{device.tls.ca}.pem"
    content = source.files.get(path) if source is not None else None
    if content is None:
        raise InputError(f"{device.name}: tls.ca is {device.tls.ca}, and the protected branch holds no {path}.")
    return content.decode("ascii", "replace")
