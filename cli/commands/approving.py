"""approve: a person's signed yes to one plan."""

from __future__ import annotations

import datetime

from cli import asking
from cli.shell import Face, Shell
from reconciler.operations import approving
from reconciler.operations.context import Context
from schemas.errors import Exit, InputError


async def approve(
    shell: Shell, plan: str, person: str | None, life: datetime.timedelta | None, passphrase_fd: int | None
) -> Exit:
    """The token alone on standard output, so that it can be piped into apply."""
    async with shell.opened() as context:
        _ = context.controller  # before anybody types a passphrase for nothing
        name = person or _myself(context)
        passphrase = asking.passphrase(name, passphrase_fd)
        request = approving.ApproveRequest(plan, name, passphrase)
        if life is not None:
            request = approving.ApproveRequest(plan, name, passphrase, life)
        done = await approving.approve(context, request)
    shell.say(_sentence(done))
    approval = done.approval
    shell.show(
        Face(
            text=lambda _width, _style: approval.token,
            document=lambda: {
                "format": "plumbline.approval/v1",
                "token": approval.token,
                "digest": approval.digest,
                "person": approval.person,
                "expires": approval.expires.isoformat(),
                "have": done.have,
                "need": done.need,
            },
            markdown=lambda: approval.token,
        )
    )
    return Exit.OK


def _myself(context: Context) -> str:
    if context.actor.person is not None:
        return context.actor.person
    mail = context.actor.email
    whose = f"Your Git e-mail {mail} belongs to no person in the store" if mail else "Git knows no e-mail of yours here"
    raise InputError(f"{whose}; say whose key signs with --as NAME.")


def _sentence(done: approving.Approved) -> str:
    approval = done.approval
    until = f"good until {approval.expires:%H:%M:%S} UTC"
    yes = f"{approval.person} approved plan {approval.digest[:8]}, {until}."
    if done.have >= done.need:
        return yes
    missing = done.need - done.have
    return f"{yes} It has {done.have} of {done.need} approvals; {missing} more must approve before it can be applied."
