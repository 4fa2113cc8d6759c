"""The lock files pin everything, with hashes, and agree with each other."""

import re

from tests.house.sources import ROOT, settings

_PIN = re.compile(r"^([a-z0-9][a-z0-9._-]*)==(\S+) \\$", re.MULTILINE)


def test_every_requirement_is_pinned_with_hashes() -> None:
    for name in ("run", "dev", "foreign"):
        for line in _lock(name).splitlines():
            assert re.match(r"#| +#|$|[a-z0-9][a-z0-9._-]*==\S+ \\$| +--hash=sha256:[0-9a-f]{64}( \\)?$", line), line


def test_what_runs_is_what_is_tested() -> None:
    run, dev = dict(_PIN.findall(_lock("run"))), dict(_PIN.findall(_lock("dev")))
    assert {name: dev.get(name) for name in run} == run


def test_the_project_asks_for_nothing_that_is_not_locked() -> None:
    project = settings()["project"]
    for lock, wanted in (("run", project["dependencies"]), ("dev", project["optional-dependencies"]["dev"])):
        pinned = set(dict(_PIN.findall(_lock(lock))))
        asked = {re.split(r"[^A-Za-z0-9._-]", requirement)[0].lower().replace("_", "-") for requirement in wanted}
        assert asked <= pinned


def test_clients_of_others_stay_out_of_what_ships_and_of_what_tests_run_in() -> None:
    """One of them is GPL; they have an environment of their own."""
    asked = re.findall(r"^([a-z-]+)==", (ROOT / "requirements/foreign.in").read_text(), re.MULTILINE)
    assert asked
    assert set(asked) <= set(dict(_PIN.findall(_lock("foreign"))))
    assert not set(asked) & {name for lock in ("run", "dev") for name in dict(_PIN.findall(_lock(lock)))}


def _lock(name: str) -> str:
    return (ROOT / "requirements" / f"{name}.txt").read_text()
