"""device enrol and credential set: which router may be sent which login."""

from __future__ import annotations

from cli import asking
from cli.shell import Face, Shell
from reconciler.operations import devices
from reconciler.views.clean import clean
from schemas.errors import Exit


async def enrol(shell: Shell, name: str) -> Exit:
    """Connects once, checks the certificate before any login is sent."""
    async with shell.opened() as context:
        with shell.busy(f"Asking {name}"):
            done = await devices.enrol(context, devices.EnrolRequest(name))
    kept, facts = done.enrolment, done.facts
    what = ", ".join(
        clean(text)
        for text in (facts.model, f"RouterOS {facts.version}", f"serial number {kept.serial or 'unknown'}")
        if text
    )
    shell.show(
        Face(
            text=lambda _width, style: style.title(f"{kept.device} is enrolled at {kept.address}: {what}."),
            document=lambda: {
                "format": "plumbline.enrolment/v1",
                "device": kept.device,
                "address": kept.address,
                "serial": kept.serial,
                "proof": kept.pin_or_ca,
                "model": facts.model,
                "version": facts.version,
                "enrolled": kept.enrolled.isoformat(),
            },
        )
    )
    return Exit.OK


async def set_credential(shell: Shell, name: str, secret: bool) -> Exit:
    """Asks for the value, seals it, and says nothing of it."""
    async with shell.opened() as context:
        _ = context.controller  # before anybody types a password for nothing
        if secret:
            request = devices.CredentialRequest(name, secret=asking.secret(name))
        else:
            request = devices.CredentialRequest(name, login=asking.login(name))
        kept = await devices.set_credential(context, request)
    kind = "secret" if secret else "credential"
    shell.show(
        Face(
            text=lambda _width, _style: f"The {kind} {kept} is sealed in the store.",
            document=lambda: {"format": "plumbline.credential/v1", "kind": kind, "name": kept},
        )
    )
    return Exit.OK
