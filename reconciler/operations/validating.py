"""The verb validate: every problem of a commit, without any router."""

from __future__ import annotations

from dataclasses import dataclass

from desired_state.load import load
from reconciler.decide.permit import Tier
from reconciler.operations.context import Context
from reconciler.operations.front_desk import verb
from schemas.errors import InputError


@dataclass(frozen=True, slots=True)
class ValidateRequest:
    ref: str = "HEAD"


@dataclass(frozen=True, slots=True)
class Valid:
    """``uncommitted`` are documents in the working tree that the commit does not hold."""

    commit: str
    devices: tuple[str, ...]
    uncommitted: tuple[str, ...]


@verb("validate", tier=Tier.READ, audited=False)
async def validate(context: Context, request: ValidateRequest) -> Valid:
    """Load and render every device. Raises InputError with all problems at once, each with file:line."""
    commit = context.repository.resolve(request.ref)
    source = load(context.repository, commit)
    problems = source.validate()
    if problems:
        raise InputError(problems)
    return Valid(commit, tuple(sorted(source.devices)), context.repository.dirty())
