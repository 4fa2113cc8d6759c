"""One device's turn: lease, plan again and compare, write, read again.

Every change is in the journal before it is sent. A write whose answer never came is settled by reading
the device again, never by sending it twice.
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass

from reconciler.decide.compare_plans import differences
from reconciler.decide.digest import device_digest
from reconciler.decide.guard import refused
from reconciler.decide.plan import DeviceResult
from routeros.client import Client
from routeros.write import write
from schemas.catalogue.load import Schema
from schemas.catalogue.model import Menu
from schemas.change import Change
from schemas.desired import SecretRef
from schemas.errors import DeviceError, Locked, OutcomeUnknown, PlumblineError
from schemas.observed import Observed
from schemas.path import MenuPath
from schemas.plan import DevicePlan
from schemas.rollout import Outcome, Result
from store.opening import Store

LEASE_SECONDS = 300.0
_RENEW_AFTER = 60.0


@dataclass(frozen=True, slots=True)
class Reading:
    """A device as just read and planned: the plan, what it was read from, its menus, and what it was rendered for
    (None where nothing was)."""

    result: DeviceResult
    observed: Observed
    menu_of: Callable[[MenuPath], Menu | None]
    schema: Schema | None = None


@dataclass(frozen=True, slots=True)
class Hands:
    """What carrying out needs from outside. ``read`` plans a device again over new reads; ``writer`` opens
    a client with the write login; ``secret`` gives a secret's value; ``fingerprint`` its fingerprint;
    ``confirm`` records Applied."""

    read: Callable[[str], Awaitable[Reading]]
    writer: Callable[[str], AbstractAsyncContextManager[Client]]
    secret: Callable[[str], Awaitable[str]]
    fingerprint: Callable[[str], Awaitable[str]]
    confirm: Callable[[str, Reading], Awaitable[None]]


async def carry_out(device: DevicePlan, rollout: str, store: Store, hands: Hands) -> Outcome:
    """Do what the plan says on one device and tell what became of it. Never raises for the device."""
    turn = _Turn(device, rollout, store, hands)
    try:
        turn.epoch = await store.leases.acquire(device.device, rollout, LEASE_SECONDS)
    except Locked as error:
        return turn.outcome(Result.LOCKED, error.message)
    try:
        return await turn.run()
    except Locked as error:
        return turn.outcome(Result.FAILED if turn.done else Result.LOCKED, error.message)
    except DeviceError as error:
        return turn.outcome(Result.FAILED if turn.sent else Result.UNKNOWN, error.message)
    except PlumblineError as error:
        return turn.outcome(Result.FAILED, error.message)
    finally:
        await store.leases.release(device.device, turn.epoch)


class _Turn:
    def __init__(self, plan: DevicePlan, rollout: str, store: Store, hands: Hands) -> None:
        self.plan = plan
        self.rollout = rollout
        self.store = store
        self.hands = hands
        self.epoch = 0
        self.sent = False
        self.repeated = False
        self.done = 0
        self.made: dict[int, str] = {}
        self.renewed = time.monotonic()

    def outcome(self, result: Result, message: str = "") -> Outcome:
        return Outcome(self.plan.device, result, len(self.plan.changes), self.done, message)

    async def run(self) -> Outcome:
        name = self.plan.device
        before = await self.hands.read(name)
        now = before.result.plan
        if device_digest(now) != device_digest(self.plan):
            return self.outcome(Result.STALE, " ".join(differences(self.plan, now)))
        if refused(before.result.findings) or before.result.problems:
            return self.outcome(Result.FAILED, "A guard refuses the plan now; plan again to see which.")
        if not now.changes:
            return self.outcome(Result.UNCHANGED)
        await self._write(now.changes, before)
        after = await self.hands.read(name)
        left = after.result.plan.changes
        if left or after.result.problems:
            told = ", ".join(f"{change.action.value} {change.path} {change.identity}" for change in left[:3])
            return self.outcome(Result.FAILED, f"After writing, the router still differs: {told}.")
        await self.hands.confirm(name, after)
        return self.outcome(Result.CONFIRMED)

    async def _write(self, changes: Sequence[Change], reading: Reading) -> None:
        queue = list(changes)
        async with self.hands.writer(self.plan.device) as client:
            while queue:
                change = queue[0]
                try:
                    await self._one(client, change, reading)
                except OutcomeUnknown as error:
                    queue, reading = await self._settle(queue, error)
                    continue
                queue.pop(0)

    async def _one(self, client: Client, change: Change, reading: Reading) -> None:
        menu = reading.menu_of(change.path)
        if menu is None:
            raise PlumblineError(f"{change.path}: the catalogue has no such menu any more.")
        await self._keep_lease()
        operation = await self.store.journal.begin(
            self.rollout,
            self.plan.device,
            self.epoch,
            change.number,
            change.action.value,
            change.path,
            change.identity,
            _detail(change),
        )
        values = {name: await self._value(value) for name, value in change.after.items()}
        self.sent = True
        try:
            handle = await write(client, menu, change, values, self._anchor(change))
        except PlumblineError as error:
            result = "unknown" if isinstance(error, OutcomeUnknown) else "refused"
            await self.store.journal.end(operation, result, error.message)
            raise
        await self.store.journal.end(operation, "done")
        if handle is not None:
            self.made[change.number] = handle
        await self._remember_secrets(change)
        self.done += 1

    async def _settle(self, queue: Sequence[Change], error: OutcomeUnknown) -> tuple[list[Change], Reading]:
        """Read again after a write without an answer: what is left must be the rest of the plan."""
        reading = await self.hands.read(self.plan.device)
        left = list(reading.result.plan.changes)
        expected = [change.essence() for change in queue]
        found = [change.essence() for change in left]
        if found == expected[1:]:
            self.done += 1
            await self._remember_secrets(queue[0])
        elif found != expected:
            raise PlumblineError(f"{error.message} Afterwards the router is neither as before nor as planned.")
        elif self.repeated:
            raise error
        else:
            self.repeated = True
        return left, reading

    async def _value(self, value: str | SecretRef | None) -> str | None:
        return await self.hands.secret(value.name) if isinstance(value, SecretRef) else value

    async def _remember_secrets(self, change: Change) -> None:
        for field, value in change.after.items():
            if isinstance(value, SecretRef):
                known = await self.hands.fingerprint(value.name)
                place = (self.plan.device, change.path, change.identity, field)
                await self.store.fingerprints.put(*place, known)

    def _anchor(self, change: Change) -> str | None:
        if change.anchor is None:
            return None
        return change.anchor.handle if change.anchor.change is None else self.made[change.anchor.change]

    async def _keep_lease(self) -> None:
        if time.monotonic() - self.renewed > _RENEW_AFTER:
            await self.store.leases.renew(self.plan.device, self.epoch)
            self.renewed = time.monotonic()


def _detail(change: Change) -> Mapping[str, str | None]:
    return {name: str(value) if isinstance(value, SecretRef) else value for name, value in change.after.items()}
