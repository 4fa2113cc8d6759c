"""Commands that need no router: what is wrong is said with its place, and in the form that was asked for."""

import json

import pytest

from tests.unit.cli.conftest import commit, git, write


def test_validate_counts_the_devices_of_a_commit(run, fleet):
    ran = run("validate", "--repo", str(fleet))
    assert ran.code == 0
    assert ran.out.endswith(": 1 device is valid.\n")
    assert ran.err == ""


def test_validate_says_what_is_not_committed(run, fleet):
    write(fleet, {"devices/edge-2.yaml": "nonsense"})
    ran = run("validate", "--repo", str(fleet))
    assert ran.code == 0
    assert ran.err == "Not looked at, because it is not committed: devices/edge-2.yaml.\n"


def test_validate_as_json_and_markdown(run, fleet):
    document = json.loads(run("validate", "--repo", str(fleet), "--output", "json").out)
    assert (document["format"], document["devices"]) == ("plumbline.validation/v1", ["edge-1"])
    assert run("validate", "--repo", str(fleet), "--output", "markdown").out.startswith("```\nCommit ")


def test_every_problem_is_told_with_file_and_line(run, fleet):
    write(
        fleet,
        {
            "devices/edge-1.yaml": (fleet / "devices/edge-1.yaml").read_text().replace("name: edge-1", "nane: edge-1"),
            "devices/edge-2.yaml": "apiVersion: plumbline/v1\nkind: Device\nkind: Device\n",
        },
    )
    commit(fleet)
    ran = run("validate", "--repo", str(fleet), "--output", "json")
    assert ran.code == 1
    places = {(problem["file"], problem["line"]) for problem in json.loads(ran.out)["problems"]}
    assert ("devices/edge-1.yaml", 9) in places
    assert any(file == "devices/edge-2.yaml" for file, _ in places)
    assert "devices/edge-1.yaml:9: " in ran.err


@pytest.mark.parametrize("verb", ["validate", "plan", "drift", "status"])
def test_a_folder_without_a_repository_is_told(run, tmp_path, verb):
    ran = run(verb, "--repo", str(tmp_path))
    assert (ran.code, ran.out) == (1, "")
    assert ran.err == f"{tmp_path} is not a Git repository; run: plumbline init {tmp_path}\n"


def test_a_repository_without_a_commit_is_told(run, tmp_path):
    git(tmp_path, "init", "-q")
    ran = run("validate", "--repo", str(tmp_path))
    assert ran.code == 1
    assert "has no commit yet" in ran.err


def test_an_unknown_device_is_told_with_the_nearest_name(run, fleet):
    ran = run("plan", "egde-1", "--repo", str(fleet))
    assert ran.code == 1
    assert "Did you mean edge-1?" in ran.err


def test_a_router_that_does_not_answer_is_unknown_and_the_plan_is_saved_all_the_same(run, fleet, monkeypatch, tmp_path):
    monkeypatch.setenv("PLUMBLINE_CREDENTIAL_EDGE_RO", "reader:x")
    saved = tmp_path / "plan.json"
    ran = run("plan", "--repo", str(fleet), "--save", str(saved))
    assert ran.code == 8
    assert "cannot be reached" in ran.out
    assert json.loads(saved.read_text())["format"] == "plumbline.plan/v1"


@pytest.mark.parametrize(
    "arguments", [["approve", "0123abcd"], ["device", "enrol", "edge-1"], ["credential", "set", "a"]]
)
def test_without_a_store_nothing_is_asked_for(run, fleet, arguments):
    ran = run(*arguments, "--repo", str(fleet))
    assert ran.code == 3
    assert ran.err == "This needs the fleet's store; run plumbline init, or say where it is with --store.\n"


def test_apply_without_an_approval_is_exit_4(run, fleet):
    ran = run("apply", "0123abcd", "--repo", str(fleet), "--output", "json")
    assert ran.code == 4
    assert json.loads(ran.out)["why"] == "missing"


def test_apply_takes_no_token_on_the_command_line(run, fleet):
    ran = run("apply", "0123abcd", "--repo", str(fleet), "--approval", "eyJhbGciOiJFZDI1NTE5In0.e30.c2ln")
    assert ran.code == 1
    assert "eyJ" not in ran.err


def test_init_makes_a_fleet_that_is_valid_and_asks_for_nothing_twice(run, tmp_path, monkeypatch):
    passphrases = tmp_path / "passphrases"
    passphrases.write_text("one\ntwo\n")
    fleet = tmp_path / "fleet"
    monkeypatch.chdir(tmp_path)
    with passphrases.open("rb", buffering=0) as file:
        ran = run("init", "fleet", "--passphrase-fd", str(file.fileno()))
    assert ran.code == 0
    assert "Persons: reviewer, tess." in ran.out
    assert "cd fleet && plumbline" in ran.err
    assert run("validate", "--repo", str(fleet)).code == 0
    again = run("init", "fleet", "--output", "json")
    assert again.code == 0
    assert [person["name"] for person in json.loads(again.out)["persons"]] == ["reviewer", "tess"]


def test_init_makes_nothing_when_it_cannot_ask(run, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    ran = run("init", "fleet")
    assert ran.code == 1
    assert "pass --passphrase-fd N" in ran.err
    assert not (tmp_path / "fleet").exists()


@pytest.mark.parametrize("text", ["Edge=", "a=b=c", "UPPER=10.0.0.1", ""])
def test_init_explains_how_a_router_is_written(run, tmp_path, text):
    ran = run("init", str(tmp_path / "fleet"), "--from", text)
    assert ran.code == 1
    assert "NAME=ADDRESS" in ran.err


def test_simulate_explains_what_a_seed_is(run, tmp_path):
    seed = tmp_path / "edge-1.json"
    seed.write_text("[]")
    ran = run("simulate", str(seed))
    assert ran.code == 1
    assert "edge-1.json is not a seed" in ran.err
    assert "Two files would make a router called edge-1" in run("simulate", str(seed), str(seed)).err
    assert "not enough ports" in run("simulate", "a.json", "b.json", "--port", "65535").err
