"""What the store knows of devices, read once for a whole fleet operation."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from reconciler.decide.steps import SecretState
from reconciler.operations.context import Context
from reconciler.vault import credentials
from schemas.desired import SecretRef
from schemas.device import Device, Tls
from schemas.errors import InputError, Refused
from schemas.login import Login
from store.nouns import Enrolment

SECRET = "secret:"  # noqa: S105  # a prefix of names, which keeps secrets apart from logins
"""Secrets lie beside logins in the store, under names that begin so."""

_Written = Mapping[tuple[str, str, str], str]


@dataclass(frozen=True, slots=True)
class Known:
    """``sealed`` holds logins and secrets by name, still sealed; ``written`` maps a device to the fingerprints
    of the secrets last written to it. Empty where there is no store."""

    context: Context
    enrolments: Mapping[str, Enrolment] = field(default_factory=dict)
    sealed: Mapping[str, bytes] = field(default_factory=dict, repr=False)
    written: Mapping[str, _Written] = field(default_factory=dict)
    _logins: dict[str, Login] = field(default_factory=dict, repr=False)
    _fingerprints: dict[str, str | None] = field(default_factory=dict)

    def has_login(self, name: str) -> bool:
        """Whether a login is known, or a store should know it (then its absence is an error)."""
        return self.context.store is not None or credentials.variable_of(name) in self.context.environ

    def user_of(self, name: str) -> str | None:
        """The router user of a credential, None when there is none."""
        try:
            return self._login(name).user if name else None
        except InputError:
            return None

    def login(self, device: Device, name: str) -> Login:
        """The router user of a credential name. What the store keeps is sent only where the device was enrolled.

        Raises InputError when there is none, Refused when the device is not enrolled as it stands in Git.
        """
        login = self._login(name)
        if not self._from_environment(name):
            _must_be_enrolled(device, self.enrolments.get(device.name))
        return login

    def addresses(self, device: Device, name: str) -> tuple[str, ...]:
        """Where a login may be sent: what the store keeps goes where it was enrolled, or to whatever shows the pin."""
        if self._from_environment(name) or device.tls.pin is not None:
            return device.addresses
        enrolment = self.enrolments.get(device.name)
        return (enrolment.address,) if enrolment is not None else ()

    def _from_environment(self, name: str) -> bool:
        return credentials.variable_of(name) in self.context.environ

    def _login(self, name: str) -> Login:
        if name not in self._logins:
            context = self.context
            self._logins[name] = credentials.resolve(name, self.sealed.get(name), context.ring, context.environ)
        return self._logins[name]

    def secret(self, name: str) -> str:
        """A secret's value, for the moment it is written. Raises InputError when there is none."""
        variable = variable_of_secret(name)
        if variable in self.context.environ:
            return self.context.environ[variable]
        sealed = self.sealed.get(SECRET + name)
        if sealed is None or self.context.ring is None:
            hint = f"set {variable}, or run: plumbline credential set --secret {name}"
            raise InputError(f"There is no secret {name}; {hint}")
        return self.context.ring.open(SECRET + name, sealed).decode()

    def fingerprint(self, name: str) -> str:
        """Tells whether a secret changed, never what it is. Raises InputError when there is none."""
        if self.context.ring is None:
            raise InputError("Secrets need the fleet's vault key.")
        return self.context.ring.fingerprint(self.secret(name), SECRET + name)

    def secret_state(self, device: str) -> SecretState:
        """Compares secrets by the fingerprint of what was last written."""
        by_place = {(identity, field): text for (_, identity, field), text in self.written.get(device, {}).items()}

        def state(identity: str, field: str, secret: SecretRef) -> bool | None:
            was, now = by_place.get((identity, field)), self._present(secret.name)
            return None if was is None or now is None else was == now

        return state

    def _present(self, name: str) -> str | None:
        if name not in self._fingerprints:
            try:
                self._fingerprints[name] = self.fingerprint(name)
            except InputError:
                self._fingerprints[name] = None
        return self._fingerprints[name]

    def secrets_of(self, names: frozenset[str]) -> dict[str, str]:
        """Fingerprints of the secrets that are known."""
        return {name: text for name in names if (text := self._present(name)) is not None}


async def load_known(context: Context) -> Known:
    """Read the store once. Without a store only the environment's logins are known."""
    store = context.store
    if store is None:
        return Known(context)
    sealed = {name: text for name in await store.credentials.names() if (text := await store.credentials.get(name))}
    return Known(
        context,
        enrolments={each.device: each for each in await store.enrolments.all()},
        sealed=sealed,
        written=await store.fingerprints.all(),
    )


def variable_of_secret(name: str) -> str:
    """``PLUMBLINE_SECRET_AUDIT_PASSWORD`` for ``audit-password``."""
    return credentials.variable_of(name).replace("CREDENTIAL", "SECRET", 1)


def proof(tls: Tls) -> str:
    """How a device proves itself, as an enrolment keeps it."""
    return tls.pin or (f"ca:{tls.ca}" if tls.ca else "insecure")


def _must_be_enrolled(device: Device, enrolment: Enrolment | None) -> None:
    again = f"run: plumbline device enrol {device.name}"
    if enrolment is None:
        raise Refused(f"The device is not enrolled, so no login is sent to it; {again}", device=device.name)
    if enrolment.address not in device.addresses:
        text = f"It was enrolled at {enrolment.address}, which is not its address in Git; {again}"
        raise Refused(text, device=device.name)
    if enrolment.pin_or_ca != proof(device.tls):
        raise Refused(f"It was enrolled with another proof of identity than its tls says; {again}", device=device.name)
