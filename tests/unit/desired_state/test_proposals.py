"""Proposals are branches that wait for review."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from desired_state import proposals
from desired_state.repository import Repository
from schemas.errors import InputError

ANN = "Ann <ann@example.net>"
FLEET = b"apiVersion: plumbline/v1\nkind: Fleet\nbranches: {protected: main}\n"


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    files = {"fleet.yaml": FLEET, "devices/r1.yaml": b"a: 1\n"}
    return Repository.create(tmp_path / "fleet", files, author=ANN, message="First")


def test_a_proposal_waits_until_it_is_merged(repository: Repository) -> None:
    base = repository.resolve("main")
    assert proposals.listed(repository) == ()
    branch, commit = proposals.create(
        repository,
        "Block Telnet, everywhere!",
        {"devices/r1.yaml": b"a: 2\n"},
        base=base,
        message="Block Telnet, everywhere!\n\nReason: x",
        author=ANN,
        trailers=[("Proposed-by", "assistant 1.0")],
    )
    assert branch == "proposals/block-telnet-everywhere"
    repository.commit("main", {"fleet.yaml": FLEET + b"# more\n"}, base=base, message="Elsewhere", author=ANN)
    (found,) = proposals.listed(repository)
    assert (found.branch, found.commit, found.author) == (branch, commit, ANN)
    assert (found.title, found.agent) == ("Block Telnet, everywhere!", "assistant 1.0")
    assert found.documents == ("devices/r1.yaml",)
    assert found.created.tzinfo is not None
    again, _ = proposals.create(
        repository, "block telnet everywhere", {"devices/r1.yaml": b"a: 3\n"}, base=base, message="x", author=ANN
    )
    assert again == "proposals/block-telnet-everywhere-2"
    merge = ["git", "update-ref", "refs/heads/main", commit]
    subprocess.run(merge, cwd=repository.folder, check=True)
    assert [proposal.branch for proposal in proposals.listed(repository)] == [again]


def test_only_devices_and_groups_can_be_proposed(repository: Repository) -> None:
    for path in ("fleet.yaml", "policies/x.yaml", "README.md", "devices/../fleet.yaml"):
        with pytest.raises(InputError):
            proposals.create(repository, "x", {path: b""}, base="main", message="x", author=ANN)
    assert proposals.listed(repository) == ()
