"""drift, status and validate: where the fleet stands."""

from __future__ import annotations

from cli.shell import Face, Shell
from reconciler.operations import validating, watching
from reconciler.views.documents import drift_document, status_document
from reconciler.views.listing import error_text, status_text
from reconciler.views.markdown import drift_markdown
from reconciler.views.text import drift_text
from schemas.errors import Exit, InputError
from schemas.plan import Plan


async def drift(shell: Shell, devices: tuple[str, ...]) -> Exit:
    """Exit 2 when something was changed on a router."""
    async with shell.opened() as context:
        with shell.busy("Reading routers"):
            report = await watching.drift(context, watching.DriftRequest(devices))
    plan = _as_plan(report)
    shell.show(
        Face(
            text=lambda width, style: drift_text(plan, width=width, style=style),
            document=lambda: drift_document(plan),
            markdown=lambda: drift_markdown(plan),
        )
    )
    if report.problems:
        shell.say(error_text(InputError(report.problems)))
    return report.exit


async def status(shell: Shell, devices: tuple[str, ...], offline: bool) -> Exit:
    """Exit 8 when a router could not be read."""
    async with shell.opened() as context:
        with shell.busy("Reading routers"):
            request = watching.StatusRequest(devices, live=not offline)
            found = await watching.status(context, request)
    shell.show(
        Face(
            text=lambda width, style: status_text(found.devices, width=width, style=style),
            document=lambda: status_document(found.devices),
        )
    )
    return found.exit


async def validate(shell: Shell, ref: str) -> Exit:
    """Exit 1 with every problem when the documents cannot be used."""
    async with shell.opened() as context:
        valid = await validating.validate(context, validating.ValidateRequest(ref))
    count = len(valid.devices)
    devices = f"{count:,} device{'s are' if count != 1 else ' is'}"
    shell.show(
        Face(
            text=lambda _width, style: style.title(f"Commit {valid.commit[:8]}: {devices} valid."),
            document=lambda: {
                "format": "plumbline.validation/v1",
                "commit": valid.commit,
                "devices": list(valid.devices),
                "uncommitted": list(valid.uncommitted),
            },
        )
    )
    if ref == "HEAD" and valid.uncommitted:
        shell.note(uncommitted(valid.uncommitted))
    return Exit.OK


def uncommitted(documents: tuple[str, ...]) -> str:
    """Said because a plan is of a commit, and people look at files."""
    shown = ", ".join(documents[:5]) + (f" and {len(documents) - 5} more" if len(documents) > 5 else "")
    return f"Not looked at, because it is not committed: {shown}."


def _as_plan(report: watching.DriftReport) -> Plan:
    """The views draw drift from a plan; nothing of it is a plan to carry out."""
    return Plan(
        commit=report.commit,
        devices=report.devices,
        findings=report.findings,
        batches=(),
        digest="",
        effect="",
        created=report.at,
        engine="",
        catalogue="",
    )
