"""Proposals: branches ``proposals/<slug>`` with a change of desired state, waiting for review."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dulwich.objects import Commit

from desired_state import commits
from desired_state.objects import Objects
from schemas.errors import InputError
from schemas.location import Location, Problem

PREFIX = "proposals/"
_FOLDERS = ("devices/", "groups/")
_AGENT = re.compile(r"^Proposed-by: (.+)$", re.MULTILINE)
_LONGEST_SLUG = 50


@dataclass(frozen=True, slots=True)
class Proposal:
    """``title`` is the first line of the tip's message; ``agent`` the AI client behind it, or ''.

    ``documents`` are the files in which the branch differs from where it left the protected one.
    """

    branch: str
    commit: str
    title: str
    author: str
    agent: str
    created: datetime.datetime
    documents: tuple[str, ...]


def create(
    repository: Objects,
    title: str,
    changes: Mapping[str, bytes],
    *,
    base: str,
    message: str,
    author: str,
    trailers: Sequence[tuple[str, str]] = (),
) -> tuple[str, str]:
    """Commit changes of devices and groups to a new branch; returns (branch, commit).

    Raises InputError for other files: what may change inside them is for the caller to judge.
    """
    wrong = [path for path in changes if not path.startswith(_FOLDERS) or not path.endswith(".yaml")]
    if wrong:
        raise InputError(Problem("A proposal changes devices and groups only.", Location(path)) for path in wrong)
    branch = _free(repository, title)
    made = commits.commit(
        repository, branch, changes, base=base, message=message, author=author, trailers=trailers, new=True
    )
    return branch, made


def listed(repository: Objects) -> tuple[Proposal, ...]:
    """All proposals, newest first. Those merged into the protected branch no longer wait and are left out."""
    found = []
    protected = repository.protected_commit()[1]
    done = {protected, *_ancestors(repository, protected)} if _any(repository) else set()
    for branch, tip in repository.branches().items():
        if branch.startswith(PREFIX) and tip not in done:
            found.append(_proposal(repository, branch, tip, done))
    return tuple(sorted(found, key=lambda proposal: (proposal.created, proposal.branch), reverse=True))


def _any(repository: Objects) -> bool:
    return any(branch.startswith(PREFIX) for branch in repository.branches())


def _ancestors(repository: Objects, commit: str) -> set[str]:
    walker = repository.git.get_walker(include=[commits.object_id(commit)])
    return {entry.commit.id.decode() for entry in walker}


def _proposal(repository: Objects, branch: str, tip: str, done: set[str]) -> Proposal:
    held = repository.git[commits.object_id(tip)]
    assert isinstance(held, Commit)
    message = held.message.decode("utf-8", "replace")
    agent = _AGENT.search(message)
    zone = datetime.timezone(datetime.timedelta(seconds=held.commit_timezone))
    return Proposal(
        branch=branch,
        commit=tip,
        title=message.partition("\n")[0],
        author=held.author.decode("utf-8", "replace"),
        agent=agent.group(1).strip() if agent else "",
        created=datetime.datetime.fromtimestamp(held.commit_time, zone),
        documents=_changed(repository, held, done),
    )


def _changed(repository: Objects, tip: Commit, done: set[str]) -> tuple[str, ...]:
    start = tip
    while start.parents and start.id.decode() not in done:
        parent = repository.git[start.parents[0]]
        assert isinstance(parent, Commit)
        start = parent
    before = {path: sha for path, _, sha in repository.entries(start.id.decode())}
    after = {path: sha for path, _, sha in repository.entries(tip.id.decode())}
    return tuple(sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path)))


def _free(repository: Objects, title: str) -> str:
    """A branch name nobody has: the title's words, then a number."""
    slug = re.sub(r"[^a-z0-9]+", "-", title.lower()).strip("-")[:_LONGEST_SLUG].strip("-") or "change"
    taken = repository.branches()
    name, number = PREFIX + slug, 1
    while name in taken:
        number += 1
        name = f"{PREFIX}{slug}-{number}"
    return name
