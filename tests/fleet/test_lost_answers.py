"""Writes whose answer never comes: the router is read again, and nothing is sent twice."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from reconciler.operations.applying import Applying, ApplyRequest, apply
from reconciler.operations.approving import ApproveRequest, approve
from reconciler.operations.context import Context
from reconciler.operations.initialising import Author, RouterSource, SetUpRequest, create, set_up
from reconciler.operations.planning import Planned, PlanRequest, plan
from reconciler.wiring import Settings, opened
from routeros.session import Timing
from schemas.login import Login
from schemas.plan import Plan
from schemas.rollout import Result
from simulator.fleet import SimulatedRouter, serve

ME = Author("Tess", "tess@example.net")
SEED: Mapping[str, object] = {
    "routeros": "7.18.2",
    "menus": {
        "/system/identity": {"name": "edge"},
        "/ip/dns/static": [{"name": "a.example", "address": "10.0.0.1"}, {"name": "b.example", "address": "10.0.0.2"}],
        "/ip/firewall/address-list": [{"list": "ok", "address": "10.0.0.1"}],
    },
}
MANAGED = "mode: manage\ncapabilities: [advanced-writes, firewall-writes]"
QUICK = Timing(connect=5.0, read=0.6, rest=0.1, backoff=(0.1,))


@asynccontextmanager
async def _fleet(folder: Path, router: SimulatedRouter) -> AsyncIterator[Context]:
    """A fleet of one router, managed, with three changes in Git."""
    repository = create(folder / "fleet", ME, environment="lab", lab=True, example=False)
    environ = {"XDG_DATA_HOME": str(folder), "GIT_AUTHOR_EMAIL": ME.email}
    settings = Settings(folder / "fleet", make_store=True, environ=environ, timing=QUICK)
    async with serve([router]), opened(settings) as context:
        login = Login("admin", "")
        await set_up(context, SetUpRequest(ME, ("one", "two"), (RouterSource(router.address, "edge"),), login))
        branch, base = repository.head()
        text = repository.files(base)["devices/edge.yaml"].decode()
        text = text.replace("mode: observe", MANAGED)
        text = text.replace("{name: a.example, type: A, address: 10.0.0.1}", "{name: a.example, address: 10.0.0.9}")
        row = "- {list: ok, address: 10.0.0.1}"
        text = text.replace(row, f"{row}\n    {row.replace('10.0.0.1', '10.0.0.2')}")
        text = text.replace("    - {name: b.example, type: A, address: 10.0.0.2}\n", "")
        files = {"devices/edge.yaml": text.encode()}
        repository.commit(branch, files, base=base, message="Three changes", author=str(ME))
        yield context


async def _approved(context: Context) -> tuple[Plan, str]:
    made: Planned = await plan(context, PlanRequest())
    assert sorted(change.action.value for change in made.plan.devices[0].changes) == ["add", "remove", "set"]
    yes = await approve(context, ApproveRequest(made.plan.digest, "reviewer", "two"))
    return made.plan, yes.approval.token


@pytest.mark.parametrize("lost", [1, 2, 3])
def test_what_was_done_without_an_answer_is_not_done_twice(tmp_path: Path, lost: int) -> None:
    router = SimulatedRouter("edge", SEED)

    async def story() -> Applying:
        async with _fleet(tmp_path, router) as context:
            made, token = await _approved(context)
            router.lose_answers(lost, 1.0)
            done = await apply(context, ApplyRequest(made.digest, token))
            again = await plan(context, PlanRequest())
            assert again.plan.changed == ()
            return done

    done = asyncio.run(story())
    assert [outcome.result for outcome in done.rollout.outcomes] == [Result.CONFIRMED]
    assert done.rollout.outcomes[0].done == 3
    assert router.writes == {"PUT": 1, "PATCH": 1, "DELETE": 1}


def test_a_router_that_goes_away_in_the_middle_is_told_with_how_far_it_came(tmp_path: Path) -> None:
    router = SimulatedRouter("edge", SEED)

    async def story() -> Applying:
        async with _fleet(tmp_path, router) as context:
            made, token = await _approved(context)
            store = context.controller

            async def watch_and_stop() -> None:
                while not router.writes:  # noqa: ASYNC110  # the router has no event for it
                    await asyncio.sleep(0.005)
                router.refuse = True
                router.stop()

            watcher = asyncio.create_task(watch_and_stop())
            router.latency = 0.1
            done = await apply(context, ApplyRequest(made.digest, token))
            await watcher
            operations = await store.journal.of_rollout(done.rollout.id)
            assert [operation.result for operation in operations][:1] == ["done"]
            return done

    done = asyncio.run(story())
    outcome = done.rollout.outcomes[0]
    assert outcome.result is Result.FAILED
    assert 1 <= outcome.done < 3
    assert int(done.exit) == 7
