"""The faces of the command line over a whole life of a change: what a person reads, pipes and is told next."""

import json
import signal
import subprocess
import sys

import pytest

from simulator.fleet import run_in_thread
from tests.fleet.fleet_tools import PASSWORD, REPOSITORY, USER, Administrator, managed, router

SEED = {"routeros": "7.18.2", "menus": {"/system/identity": {"name": "edge-1"}, "/ip/dns": {"servers": "1.1.1.1"}}}


@pytest.fixture
def edge():
    with run_in_thread([router("edge-1", SEED)]) as served:
        yield served["edge-1"]


@pytest.fixture
def changed(fleet, edge):
    """A fleet with one change waiting."""
    assert fleet.init([edge]).code == 0
    managed(fleet, "edge-1")
    fleet.replace("devices/edge-1.yaml", "servers: 1.1.1.1", "servers: [1.1.1.1, 9.9.9.9]")
    return fleet


def test_init_says_what_it_made_and_what_now(fleet, edge):
    done = fleet.init([edge])
    assert done.code == 0, done
    assert f"edge-1 {edge.address} (RB5009UG+S+ RouterOS 7.18.2): plans to nothing." in done.out
    assert edge.fingerprint in done.out
    assert "plumbline plan" in done.err.split("What now:")[1]


def test_a_change_from_plan_to_apply_as_text(changed, edge):
    plan = changed.plumbline("plan")
    assert plan.code == 2, plan
    assert "servers: 1.1.1.1 → 1.1.1.1,9.9.9.9" in plan.out
    digest = plan.err.rpartition("plumbline approve ")[2][:8]
    token = changed.approve(digest)
    assert token.code == 0, token
    assert token.out.count("\n") == 1, "only the token, so that it can be piped"
    assert f"reviewer approved plan {digest}, good until " in token.err
    done = changed.plumbline("apply", digest, "--approval", "-", stdin=token.out)
    assert done.code == 0, done
    assert done.err == "✔ edge-1 confirmed 1 change\n"
    assert edge.rows("/ip/dns")[0]["servers"] == "1.1.1.1,9.9.9.9"
    assert changed.plumbline("plan").code == 0
    assert changed.plumbline("drift").code == 0
    status = changed.plumbline("status")
    assert "1 in sync" in status.out


def test_a_saved_plan_and_a_token_in_a_file_or_the_environment(changed, tmp_path):
    saved, token = tmp_path / "plan.json", tmp_path / "token"
    assert changed.plumbline("plan", "--save", str(saved)).code == 2
    token.write_text(changed.approve(str(saved)).out)
    altered = json.loads(saved.read_text())
    altered["commit"] = "0" * 40
    (tmp_path / "altered.json").write_text(json.dumps(altered))
    assert changed.plumbline("apply", str(tmp_path / "altered.json"), "--approval", str(token)).code == 4
    done = changed.plumbline("apply", str(saved), environ={"PLUMBLINE_APPROVAL": token.read_text()})
    assert done.code == 0, done


def test_who_approves_is_known_by_the_git_address(changed):
    plan = changed.plan().document
    done = changed.plumbline("approve", plan["digest"], passphrases=("one",))
    assert done.code == 0, done
    assert done.err.startswith("tess approved plan ")
    unknown = {"GIT_AUTHOR_EMAIL": "who@example.net"}
    done = changed.plumbline("approve", plan["digest"], passphrases=("one",), environ=unknown)
    assert done.code == 1
    assert "who@example.net belongs to no person in the store; say whose key signs with --as NAME." in done.err


def test_trace_lists_every_request_and_no_secret(changed):
    done = changed.plumbline("plan", "--trace", "--output", "json")
    assert "edge-1 GET /rest/ip/dns 200 " in done.err
    assert PASSWORD not in done.err
    assert done.document["format"] == "plumbline.plan/v1"


def test_markdown_for_a_pull_request(changed):
    done = changed.plumbline("plan", "--output", "markdown")
    assert done.code == 2
    assert done.out.startswith("### Plan: ")
    assert done.err == ""


def test_credentials_are_read_from_standard_input_and_shown_nowhere(changed):
    for words, value in ((("ams-ro",), "reader:hush-hush"), (("backup", "--secret"), "hush-hush")):
        done = changed.plumbline("credential", "set", *words, stdin=value)
        assert done.code == 0, done
        assert "hush" not in done.out + done.err
    assert changed.plumbline("credential", "set", "ams-ro", stdin="nonsense").code == 1


def test_enrolling_tells_which_router_it_is(changed, edge):
    done = changed.plumbline("device", "enrol", "edge-1", "--output", "json")
    assert done.code == 0, done
    assert done.document["serial"] == edge.serial
    edge.replace_certificate()
    accepted = edge.connections
    refused = changed.plumbline("device", "enrol", "edge-1")
    assert refused.code == 3
    assert edge.connections > accepted
    assert "No login was sent" in refused.err


def test_simulated_routers_are_served_until_an_interrupt(tmp_path):
    seeds = [tmp_path / f"{name}.json" for name in ("edge-1", "edge-2")]
    for seed in seeds:
        seed.write_text(json.dumps(SEED))
    command = [sys.executable, "-m", "cli.main", "simulate", *map(str, seeds), "--user", f"{USER}:{PASSWORD}"]
    with subprocess.Popen(
        command, cwd=REPOSITORY, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        addresses = dict(process.stdout.readline().split()[:2] for _ in seeds)
        servers = []
        try:
            for address in addresses.values():
                with Administrator(address) as administrator:
                    servers.append(administrator.rows("/ip/dns")[0]["servers"])
        finally:
            process.send_signal(signal.SIGINT)
        _, err = process.communicate(timeout=60)
    assert (list(addresses), servers) == (["edge-1", "edge-2"], ["1.1.1.1", "1.1.1.1"])
    assert (process.returncode, err) == (0, "Serving; Ctrl-C ends it.\n")
