"""Who may ask for what: by the door and the tier of a verb, denied by default."""

from __future__ import annotations

from enum import StrEnum

from schemas.errors import Refused
from schemas.rollout import Actor, Door


class Tier(StrEnum):
    """What a verb can do at most."""

    READ = "read"
    PROPOSE = "propose"
    REQUEST = "request"
    APPROVE = "approve"
    WRITE = "write"
    ADMIN = "admin"


_DOORS = {
    Door.CLI: frozenset(Tier),
    Door.MCP: frozenset({Tier.READ, Tier.PROPOSE, Tier.REQUEST}),
}


def require(actor: Actor, verb: str, tier: Tier) -> None:
    """Raises Refused when this door may not use the verb; an AI client can never approve or apply."""
    if tier not in _DOORS.get(actor.door, frozenset()):
        raise Refused(f"{verb} is not open to {actor.door.value} clients; a person runs it on the command line.")
