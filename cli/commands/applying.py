"""apply: carrying out what was approved."""

from __future__ import annotations

import os

from cli import asking
from cli.shell import Face, Shell
from reconciler.operations import applying
from reconciler.views.clean import clean
from reconciler.views.documents import rollout_document
from reconciler.views.listing import outcomes_text
from schemas.errors import Exit
from schemas.rollout import Outcome, Result

_SIGNS = {Result.CONFIRMED: "✔", Result.UNCHANGED: "✔", Result.SKIPPED: "·"}


async def apply(shell: Shell, plan: str, approval: str | None, batches: tuple[str, ...]) -> Exit:
    """One line a device as it is done, the whole table at the end."""
    token = asking.approval_token(approval, os.environ)
    request = applying.ApplyRequest(plan, token, batches)
    async with shell.opened() as context:
        with shell.busy("Applying"):
            done = await applying.apply(context, request, lambda outcome: shell.say(_line(outcome)))
    rollout = done.rollout
    shell.show(
        Face(
            text=lambda width, style: outcomes_text(rollout, width=width, style=style),
            document=lambda: rollout_document(rollout),
        )
    )
    return done.exit


def _line(outcome: Outcome) -> str:
    """``✔ edge-1 confirmed 4 changes``."""
    sign = _SIGNS.get(outcome.result, "✘")
    planned = f"{outcome.planned:,} change{'s' * (outcome.planned != 1)}"
    count = planned if outcome.done == outcome.planned else f"{outcome.done:,} of {planned}"
    why = f": {clean(outcome.message, 300)}" if outcome.message else ""
    return f"{sign} {clean(outcome.device)} {outcome.result.value} {count}{why}"
