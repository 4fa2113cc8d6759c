"""Who may approve what: nobody approves their own, and some plans cannot be approved at all."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from schemas.change import Risk
from schemas.device import Device, Environment, Mode
from schemas.errors import ApprovalError, InputError, Refused
from schemas.plan import Basis, Plan
from schemas.rollout import Person


def must_be_approvable(plan: Plan, devices: Mapping[str, Device]) -> None:
    """Raises Refused (a guard says no, a preview, a device in another mode) or InputError (nothing to do)."""
    if plan.refusals:
        told = "\n".join(f"  {item.rule}: {item.message}" for item in plan.refusals[:5])
        raise Refused(f"Plan {plan.digest[:8]} is refused and cannot be approved:\n{told}")
    if not plan.changed:
        raise InputError(f"Plan {plan.digest[:8]} has no changes; there is nothing to approve.")
    for part in plan.changed:
        if part.basis is not Basis.LIVE:
            raise Refused(
                f"Plan {plan.digest[:8]} is a preview ({part.basis.value}); only a live plan can be approved."
            )
        device = devices.get(part.device)
        if device is None:
            raise Refused(f"{part.device} is not on the protected branch.")
        if device.mode is not Mode.MANAGE:
            text = f"{part.device} is in mode {device.mode.value}; set mode: manage on the protected branch first."
            raise Refused(text)


def required_approvals(environments: Iterable[Environment], plan: Plan) -> int:
    """How many persons must say yes."""
    risks = {change.risk for part in plan.changed for change in part.changes} | {Risk.NORMAL}
    return max((each.approvals_for(risk.value) for each in environments for risk in risks), default=1)


def must_be_independent(
    person: Person,
    people: frozenset[str],
    persons: Sequence[Person],
    environments: Sequence[Environment],
) -> None:
    """Nobody approves what they wrote or asked for; raises ApprovalError.

    ``people`` are e-mails of authors, committers and those who asked for the plan. An e-mail that belongs to
    no known person counts as everybody, since it might be this one. Environments that say so (labs only) are
    exempt.
    """
    if environments and all(each.lab and each.self_approval for each in environments):
        return
    known = {email.lower(): owner for owner in persons for email in owner.emails}
    for email in sorted(people - {""}):
        owner = known.get(email.lower())
        if owner is None:
            text = f"{email} had a hand in this change and is no known person, so nobody is surely independent."
            raise ApprovalError("foreign", text)
        if owner.name == person.name:
            text = f"{person.name} wrote or asked for this change; another person must approve it."
            raise ApprovalError("foreign", text)
