"""How the command line is called, and what it says when it is called wrongly."""

import json
from pathlib import Path

import click
import pytest

from cli.main import main
from cli.options import Command, Options, options_of
from cli.usage import plumbline

VERBS = (
    "init try import validate plan approve apply drift status device credential simulate demo mcp completion"
).split()  # fmt: skip


def leaves(group=plumbline, path=()):
    for name, command in group.commands.items():
        if isinstance(command, click.Group):
            yield from leaves(command, (*path, name))
        else:
            yield (*path, name), command


def test_commands_are_listed_in_the_order_they_are_met(run):
    shown = run("--help")
    assert shown.code == 0
    places = [shown.out.index(f"\n  {verb} ") for verb in VERBS]
    assert places == sorted(places)


@pytest.mark.parametrize("path", [path for path, _ in leaves()], ids=" ".join)
def test_every_command_explains_itself_and_takes_the_common_options(run, path):
    shown = run(*path, "--help")
    assert shown.code == 0
    for option in ("--repo", "--store", "--output", "--trace", "--verbose"):
        assert option in shown.out


@pytest.mark.parametrize(
    ("path", "command"), list(leaves()), ids=lambda each: each[-1] if isinstance(each, tuple) else ""
)
def test_work_is_named_within_the_door(path, command):
    assert isinstance(command, Command)
    assert command.work.startswith("cli.")


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["aply"], "Did you mean 'apply'?"),
        (["plan", "--savee", "x"], "'--save'"),
        (["plan", "--batches", "0"], "'0' is no batch size; write a count such as 5, a share such as 10%, or rest."),
        (["plan", "--batches", "1,200%"], "'200%' is no batch size"),
        (["plan", "--output", "junit"], "'junit' is not one of 'text', 'json', 'markdown'"),
        (["plan", "--store", "mysql://x"], "mysql cannot hold a store; give a file, or sqlite:///PATH."),
        (["approve"], "Missing argument 'PLAN'"),
        (["approve", "abc", "--life", "15"], "'15' is no duration; write it as 90s, 15m or 2h."),
        (["approve", "abc", "--life", "0m"], "is no duration"),
        (["device"], "enrol"),
        ([], "Usage: plumbline"),
    ],
    ids=lambda each: " ".join(each) if isinstance(each, list) else "",
)
def test_a_usage_error_is_exit_1_with_its_sentence(run, arguments, said):
    ran = run(*arguments)
    assert ran.code == 1
    assert said in ran.err
    assert ran.out == ""


@pytest.mark.parametrize("output", [["--output", "json"], ["--output=json"]], ids=" ".join)
def test_a_usage_error_is_a_document_for_programs(run, output):
    ran = run(*output, "aply")
    document = json.loads(ran.out)
    assert (document["format"], document["exit"]) == ("plumbline.error/v1", 1)
    assert "Did you mean 'apply'?" in document["message"]


def options(*arguments: str) -> Options:
    found: list[Options] = []

    class Probe(Command):
        def invoke(self, ctx: click.Context) -> int:
            found.append(options_of(ctx))
            return 0

    plumbline.add_command(Probe("probe", work="cli.probe"))
    try:
        with pytest.raises(SystemExit):
            main(arguments)
    finally:
        del plumbline.commands["probe"]
    return found[0]


def test_common_options_stand_before_or_after_the_command_and_the_last_one_counts():
    assert options("--repo", "a", "probe") == options("probe", "--repo", "a") == Options(repo=Path("a"))
    assert options("--repo", "a", "probe", "--repo", "b").repo == Path("b")
    assert options("--output", "json", "probe", "--trace") == Options(output="json", trace=True)
    assert options("--verbose", "probe").verbose


def test_a_store_is_a_file_by_path_or_address():
    assert options("--store", "/a/b.db", "probe") == options("probe", "--store", "sqlite:////a/b.db")


def test_the_environment_counts_only_where_nothing_is_said(monkeypatch):
    monkeypatch.setenv("PLUMBLINE_REPO", "env")
    monkeypatch.setenv("PLUMBLINE_STORE", "env.db")
    assert options("probe") == Options(repo=Path("env"), store=Path("env.db"))
    assert options("--repo", "said", "probe").repo == Path("said")
    assert options("probe", "--repo", "said").repo == Path("said")


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts_call_the_command(run, shell):
    ran = run("completion", shell)
    assert ran.code == 0
    assert "_PLUMBLINE_COMPLETE" in ran.out


def test_devices_are_completed_from_the_working_tree(run, fleet, monkeypatch):
    monkeypatch.setenv("_PLUMBLINE_COMPLETE", "bash_complete")
    monkeypatch.setenv("COMP_WORDS", f"plumbline --repo {fleet} plan ed")
    monkeypatch.setenv("COMP_CWORD", "4")
    assert "edge-1" in run().out
