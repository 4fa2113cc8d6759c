"""What happens to every request: permission, a correlation id, one audit row."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Coroutine
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar

from reconciler.decide.permit import Tier, require
from reconciler.operations.context import Context
from schemas.errors import Exit, PlumblineError

_P = ParamSpec("_P")
_R = TypeVar("_R")
_Verb = Callable[Concatenate[Context, _P], Coroutine[Any, Any, _R]]


def verb(name: str, *, tier: Tier, audited: bool = True) -> Callable[[_Verb[_P, _R]], _Verb[_P, _R]]:
    """Declare a verb: its name for people, the most it can do, and whether its use is recorded."""

    def declare(function: _Verb[_P, _R]) -> _Verb[_P, _R]:
        @wraps(function)
        async def called(context: Context, /, *args: _P.args, **kwargs: _P.kwargs) -> _R:
            correlation = uuid.uuid4().hex[:12]
            subject = _subject(args)
            try:
                require(context.actor, name, tier)
                result = await function(context, *args, **kwargs)
            except PlumblineError as error:
                await _record(context, name, subject, error.exit.name.lower(), correlation, error.message, audited)
                raise
            await _record(context, name, subject, Exit.OK.name.lower(), correlation, "", audited)
            return result

        return called

    return declare


def _subject(args: tuple[object, ...]) -> str:
    """What the request is about, as the request itself says it."""
    return str(getattr(args[0], "subject", "")) if args else ""


async def _record(
    context: Context, name: str, subject: str, result: str, correlation: str, message: str, audited: bool
) -> None:
    if audited and context.store is not None:
        detail = {"message": message[:500]} if message else {}
        await context.store.audit.record(context.actor, name, subject, result, correlation, detail)
