"""What stands in examples/ works as it stands there: steps and commands are taken from the files and run."""

from __future__ import annotations

import asyncio
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from mcp_server import client
from simulator.fleet import SimulatedRouter, run_in_thread
from tests.fleet.fleet_tools import REPOSITORY, Administrator, Done, FleetFolder, fleet_folder

EXAMPLES = REPOSITORY / "examples"
DEMO = REPOSITORY / "cli" / "demo_data"
USERS: Mapping[str, str | tuple[str, str]] = {"reader": ("r", "read"), "writer": ("w", "full"), "admin": ("a", "full")}
READER = {"PLUMBLINE_CREDENTIAL_ROUTERS_READ": "reader:r"}
FIRST = "branch-ams"


@pytest.fixture
def routers() -> Iterator[list[SimulatedRouter]]:
    """The demo's routers."""
    seeds = sorted((DEMO / "routers").glob("*.json"))
    made = [SimulatedRouter(path.stem, json.loads(path.read_text()), users=USERS) for path in seeds]
    with run_in_thread(made):
        yield made


@pytest.fixture
def fleet(tmp_path: Path, routers: list[SimulatedRouter]) -> FleetFolder:
    """The demo's fleet, which is as its routers are, with a branch ``change`` that alters a resolver."""
    made = fleet_folder(tmp_path)
    shutil.copytree(DEMO / "fleet", made.path)
    for router in routers:
        place = made.path / "devices" / f"{router.name}.yaml"
        text = re.sub(r"(?m)^address: .*$", f"address: {router.address}", place.read_text())
        place.write_text(re.sub(r"(?m)^tls: .*$", f'tls: {{pin: "{router.fingerprint}"}}', text))
    made.git("init", "--quiet", "--initial-branch=main")
    made.commit({}, "Four branch offices")
    made.git("switch", "--quiet", "--create", "change")
    made.replace("groups/branch.yaml", "servers: [1.1.1.1, 1.0.0.1]", "servers: [9.9.9.9]")
    made.git("switch", "--quiet", "main")
    return made


@pytest.fixture
def clone(tmp_path: Path, fleet: FleetFolder) -> Path:
    """The branch, checked out as CI does: without a branch of its own, main known as origin/main alone."""
    place = tmp_path / "clone"
    subprocess.run(["git", "clone", "--quiet", str(fleet.path), str(place)], check=True)
    for words in (["checkout", "--quiet", "--detach", "origin/change"], ["branch", "--quiet", "--delete", "main"]):
        subprocess.run(["git", "-C", str(place), *words], check=True)
    return place


@pytest.fixture
def path(tmp_path: Path) -> str:
    """A PATH on which ``plumbline`` is this source tree's."""
    place = tmp_path / "bin" / "plumbline"
    place.parent.mkdir()
    place.write_text(f'#!/bin/sh\nexec {shlex.quote(sys.executable)} -m cli.main "$@"\n')
    place.chmod(0o755)
    return f"{place.parent}:{os.environ['PATH']}"


def test_the_small_fleet_is_valid(fleet: FleetFolder, tmp_path: Path) -> None:
    small = FleetFolder(tmp_path / "small", fleet.home)
    shutil.copytree(EXAMPLES / "fleet-small", small.path)
    small.git("init", "--quiet", "--initial-branch=main")
    small.commit({}, "The example")
    done = small.plumbline("validate", "--output", "json")
    assert (done.code, done.document["devices"]) == (0, ["branch-ams", "branch-ber"]), done


def test_the_small_fleet_uses_every_menu_that_is_known() -> None:
    documents = [yaml.safe_load(place.read_text()) for place in sorted((EXAMPLES / "fleet-small").rglob("*.yaml"))]
    used = {path for document in documents for path in document.get("menus", {})}
    assert len(used) == 16


def test_the_demo_fleet_needs_nothing_but_addresses(tmp_path: Path) -> None:
    made = fleet_folder(tmp_path)
    shutil.copytree(DEMO / "fleet", made.path)
    made.git("init", "--quiet", "--initial-branch=main")
    made.commit({}, "As it is shipped")
    assert made.plumbline("validate").code == 0


def test_the_github_job_previews_a_branch(clone: Path, path: str, tmp_path: Path) -> None:
    job = yaml.safe_load((EXAMPLES / "ci" / "github-actions.yaml").read_text())["jobs"]["preview"]
    summary = tmp_path / "summary.md"
    for step in job["steps"]:
        if "run" in step and step["name"] != "Install":
            secret = {name: READER[name] for name in step.get("env", {})}
            done = _shell(step["run"], clone, path, {**secret, "GITHUB_STEP_SUMMARY": str(summary)})
            assert done.code == 0, done
    assert "4 to set" in summary.read_text()
    assert "9.9.9.9" in summary.read_text()


def test_the_github_job_fails_where_a_guard_refuses(clone: Path, path: str, tmp_path: Path) -> None:
    place = clone / "fleet.yaml"
    place.write_text(place.read_text().replace("removes: 10", "removes: 9"))
    subprocess.run(["git", "commit", "--quiet", "--all", "--message", "Fewer"], cwd=clone, check=True)
    job = yaml.safe_load((EXAMPLES / "ci" / "github-actions.yaml").read_text())["jobs"]["preview"]
    done = _shell(job["steps"][-1]["run"], clone, path, {**READER, "GITHUB_STEP_SUMMARY": str(tmp_path / "summary.md")})
    assert done.code == 3, done
    assert "protected branch" in (tmp_path / "summary.md").read_text()


def test_the_gitlab_job_previews_a_branch(clone: Path, path: str) -> None:
    job = yaml.safe_load((EXAMPLES / "ci" / "gitlab-ci.yaml").read_text())["plumbline"]
    done = _shell("\n".join(job["script"]), clone, path, READER)
    assert done.code == 0, done
    assert "4 to set" in done.out
    wrong = _shell("\n".join(job["script"]), clone, path, {"PLUMBLINE_CREDENTIAL_ROUTERS_READ": "reader:wrong"})
    assert wrong.code == 8, wrong


def test_cron_is_silent_until_somebody_edits_a_router(
    fleet: FleetFolder, routers: list[SimulatedRouter], path: str
) -> None:
    command = _cron_command().replace("/srv/fleet", shlex.quote(str(fleet.path)))
    environ = {"XDG_DATA_HOME": str(fleet.home / "data")}
    _confirmed(fleet, routers)
    quiet = _shell(command, fleet.home, path, environ, shell="/bin/sh")
    assert (quiet.code, quiet.out, quiet.err) == (0, "", "")
    with Administrator(routers[0].address, "admin", "a") as hand:
        assert hand.ask("POST", "/ip/dns/set", {"servers": "8.8.8.8"})[0] == 200
    found = _shell(command, fleet.home, path, environ, shell="/bin/sh")
    assert found.code == 2, found
    assert "8.8.8.8" in found.out
    routers[1].refuse = True
    assert _shell(command, fleet.home, path, environ, shell="/bin/sh").code == 8


def test_an_ai_client_is_configured(fleet: FleetFolder, routers: list[SimulatedRouter], path: str) -> None:
    server = json.loads((EXAMPLES / "mcp" / "claude-desktop.json").read_text())["mcpServers"]["plumbline"]
    words = [server["command"], *(word.replace("/srv/fleet", str(fleet.path)) for word in server["args"])]
    environ = {**os.environ, **READER, "PATH": path, "PYTHONPATH": str(REPOSITORY)}

    async def told() -> Mapping[str, Any]:
        async with client.started(words, fleet.home, environ, "test") as caller:
            return await caller.call("fleet_status", {})

    assert [each["device"] for each in asyncio.run(told())["devices"]] == [router.name for router in routers]


def _confirmed(fleet: FleetFolder, routers: list[SimulatedRouter]) -> None:
    """Bring the branch to the routers, as two persons do, so that there is something to drift from."""
    assert fleet.init().code == 0
    for name, login in (("routers-read", "reader:r"), ("routers-write", "writer:w")):
        assert fleet.plumbline("credential", "set", name, stdin=login).code == 0
    for router in routers:
        assert fleet.plumbline("device", "enrol", router.name).code == 0
    fleet.git("merge", "--quiet", "--ff-only", "change")
    plan = fleet.plan().document
    applied = fleet.apply(plan, fleet.approve(plan).out)
    assert applied.code == 0, applied


def _cron_command() -> str:
    """The sixth field and what follows: the user, then the command."""
    (line,) = re.findall(r"(?m)^\d+ .*$", (EXAMPLES / "cron" / "plumbline-drift").read_text())
    *_, user, command = line.split(None, 6)
    assert user == "plumbline"
    return str(command)


def _shell(text: str, folder: Path, path: str, environ: Mapping[str, str], shell: str = "bash") -> Done:
    """A step as CI runs it, or a command as cron does."""
    options = ["-e", "-c"] if shell == "bash" else ["-c"]
    done = subprocess.run(
        [shell, *options, text],
        cwd=folder,
        env={**os.environ, "PYTHONPATH": str(REPOSITORY), **environ, "PATH": path},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
    )
    return Done(done.returncode, done.stdout, done.stderr)
