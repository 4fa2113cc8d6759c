"""plan: what would change."""

from __future__ import annotations

from pathlib import Path

from cli.commands.watching import uncommitted
from cli.shell import Face, Shell
from reconciler.operations import planning
from reconciler.views.documents import document_text, plan_document
from reconciler.views.markdown import plan_markdown
from reconciler.views.rows import plan_view
from reconciler.views.text import plan_text
from schemas.errors import Exit, InputError
from schemas.plan import Plan


async def plan(
    shell: Shell, devices: tuple[str, ...], ref: str, against: str | None, batches: tuple[str, ...], save: Path | None
) -> Exit:
    """Exit 2 when there is something to change."""
    request = planning.PlanRequest(devices, ref, against, batches)
    async with shell.opened() as context:
        with shell.busy("Reading routers"):
            made = await planning.plan(context, request)
        left_out = context.repository.dirty() if ref == "HEAD" else ()
        stored = context.store is not None
    found = made.plan
    shell.show(
        Face(
            text=lambda width, style: plan_text(found, width=width, style=style),
            document=lambda: plan_document(found),
            markdown=lambda: plan_markdown(found),
        )
    )
    if left_out:
        shell.note(uncommitted(left_out))
    if save is not None:
        _save(found, save)
        shell.note(f"The plan is saved in {save}.")
    if stored and found.changed and not plan_view(found).why_not:
        short = found.digest[:8]
        shell.note(f"In one line: plumbline approve {short} | plumbline apply {short} --approval -")
    return made.exit


def _save(found: Plan, path: Path) -> None:
    try:
        path.write_text(document_text(plan_document(found)) + "\n", encoding="utf-8")
    except OSError as error:
        raise InputError(f"The plan cannot be saved in {path}: {error.strerror}.") from error
