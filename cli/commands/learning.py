"""schema learn: a router's own command tree."""

from __future__ import annotations

from pathlib import Path

from cli.shell import Face, Shell
from reconciler.operations.learning import LearnRequest
from reconciler.operations.learning import learn as learn_of
from reconciler.views.learning import learnt_document, learnt_markdown, learnt_text
from schemas.errors import Exit

_BAR = 24


async def learn(shell: Shell, device: str, facts: Path | None) -> Exit:
    """Exit 8 when the router does not answer, or answers what RouterOS does not."""
    async with shell.opened() as context:
        with shell.busy(f"Learning from {device}"):
            request = LearnRequest(device, facts, told=lambda *progress: shell.progress(_bar(*progress)))
            done = await learn_of(context, request)
    shell.show(
        Face(
            text=lambda width, style: learnt_text(done, width=width, style=style),
            document=lambda: learnt_document(done),
            markdown=lambda: learnt_markdown(done),
        )
    )
    return Exit.OK


def _bar(what: str, done: int, total: int) -> str:
    if not total:
        return f"{done:,} {what}"
    full = _BAR * done // total
    return f"{'━' * full}{'╌' * (_BAR - full)} {100 * done // total} % of {total:,} {what}"
