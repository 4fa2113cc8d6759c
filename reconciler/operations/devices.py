"""The verbs device enrol, credential set and device read."""

from __future__ import annotations

import datetime
from collections.abc import Mapping
from dataclasses import dataclass
from difflib import get_close_matches

from desired_state.load import Source
from reconciler.decide.permit import Tier
from reconciler.operations.context import Context
from reconciler.operations.front_desk import verb
from reconciler.operations.known import SECRET, load_known, proof
from reconciler.operations.planning import load_sources, protected
from reconciler.operations.reading import connect, schema_for
from reconciler.vault import credentials
from routeros.identify import identify
from routeros.observe import MenuRead, observe
from routeros.tls import fetch_fingerprint
from schemas.device import Device
from schemas.errors import CertificateMismatch, InputError
from schemas.login import Login
from schemas.observed import DeviceFacts, Row
from schemas.path import MenuPath
from store.nouns import Enrolment

_MOST_ROWS = 500


@dataclass(frozen=True, slots=True)
class EnrolRequest:
    device: str

    @property
    def subject(self) -> str:
        return self.device


@dataclass(frozen=True, slots=True)
class Enrolled:
    enrolment: Enrolment
    facts: DeviceFacts


@verb("device enrol", tier=Tier.ADMIN)
async def enrol(context: Context, request: EnrolRequest) -> Enrolled:
    """Bind a device's login to its address, certificate and serial number.

    Raises CertificateMismatch before any login is sent when its certificate is not the pinned one.
    """
    device, source = protected_device(context, request.device)
    store = context.controller
    sealed = await store.credentials.get(device.read_credential)
    login = credentials.resolve(device.read_credential, sealed, context.ring, context.environ)
    if device.tls.pin is not None:
        found = await fetch_fingerprint(device.addresses[0])
        if found != device.tls.pin:
            text = f"Its certificate is {found}, tls.pin in Git is {device.tls.pin}. No login was sent. "
            text += "If the first is the router's own, write it as tls.pin, commit, and enrol again."
            raise CertificateMismatch(text, device=device.name)
    facts = await identify(context.client(device, login, source))
    return Enrolled(await remember(context, device, device.addresses[0], facts), facts)


async def remember(context: Context, device: Device, address: str, facts: DeviceFacts) -> Enrolment:
    """Keep which router a device's login may be sent to."""
    serial = facts.serial
    if device.expect.serial is not None and serial != device.expect.serial:
        text = f"expect.serial is {device.expect.serial}, the device says {serial or 'none'}; correct one of them."
        raise InputError(f"{device.name}: {text}")
    enrolment = Enrolment(device.name, serial, address, proof(device.tls), context.now())
    await context.controller.enrolments.put(enrolment)
    return enrolment


def protected_device(context: Context, name: str) -> tuple[Device, Source]:
    """A device as the protected branch has it, and that branch."""
    ref, commit = protected(context)
    source = load_sources(context, commit).protected
    devices = source.devices
    if name not in devices:
        near = get_close_matches(name, devices, 1)
        hint = f" Did you mean {near[0]}?" if near else ""
        raise InputError(f"There is no device {name!r} on {ref}.{hint}")
    return devices[name], source


@dataclass(frozen=True, slots=True)
class CredentialRequest:
    """A router login under a name, or with ``secret`` a secret's value for documents."""

    name: str
    login: Login | None = None
    secret: str | None = None

    @property
    def subject(self) -> str:
        return self.name

    def __repr__(self) -> str:
        return f"CredentialRequest({self.name!r})"


@verb("credential set", tier=Tier.ADMIN)
async def set_credential(context: Context, request: CredentialRequest) -> str:
    """Seal a login or secret into the store under its name."""
    store = context.controller
    if context.ring is None:
        raise InputError("There is no vault key here.")
    if request.login is not None:
        await store.credentials.put(request.name, credentials.seal(request.name, request.login, context.ring))
    elif request.secret is not None:
        name = SECRET + request.name
        await store.credentials.put(name, context.ring.seal(name, request.secret.encode()))
    return request.name


@dataclass(frozen=True, slots=True)
class DeviceReadRequest:
    """Any menu of a device; ``fields`` limits what is told, ``where`` are exact matches."""

    device: str
    path: str
    fields: tuple[str, ...] = ()
    where: Mapping[str, str] | None = None
    offset: int = 0
    limit: int = 100

    @property
    def subject(self) -> str:
        return f"{self.device} {self.path}"


@dataclass(frozen=True, slots=True)
class DeviceRows:
    """``total`` rows matched; ``rows`` are those from ``offset``. Secret fields are left out."""

    device: str
    path: MenuPath
    rows: tuple[Row, ...]
    total: int
    at: datetime.datetime
    version: str


@verb("device read", tier=Tier.READ)
async def device_read(context: Context, request: DeviceReadRequest) -> DeviceRows:
    """Read one menu of one device. Raises InputError for unknown devices and menus, DeviceError."""
    device, source = protected_device(context, request.device)
    try:
        path = MenuPath.parse(request.path)
    except ValueError as error:
        raise InputError(str(error)) from error
    known = await load_known(context)
    client, facts = await connect(context, known, device, device.read_credential, source)
    schema = await schema_for(context, client, facts)
    menu = schema.menu(path)
    if menu is None:
        near = schema.suggest_menu(request.path)
        raise InputError(f"RouterOS {facts.version} has no menu {path}." + (f" Did you mean {near}?" if near else ""))
    observed = await observe(client, facts, [MenuRead(menu)])
    secret = {name for name, field in menu.fields.items() if field.secret or field.write_only}
    where = request.where or {}
    hidden = sorted(secret & where.keys())
    if hidden:
        raise InputError(f"{path} {hidden[0]} is a secret; rows cannot be asked for by it.")
    rows = [
        {name: text for name, text in row.items() if name not in secret and _asked(name, request.fields)}
        for row in observed.menus[path].rows
        if all(row.get(name) == text for name, text in where.items())
    ]
    start, count = max(request.offset, 0), min(max(request.limit, 1), _MOST_ROWS)
    return DeviceRows(device.name, path, tuple(rows[start : start + count]), len(rows), observed.at, facts.version)


def _asked(name: str, fields: tuple[str, ...]) -> bool:
    return not fields or name in fields
