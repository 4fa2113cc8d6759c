"""Who changed what: the people behind commits, by e-mail."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from dulwich.objects import Commit, ObjectID, Tree

from desired_state.objects import Objects
from schemas.errors import InputError
from schemas.location import Problem

_Held = tuple[ObjectID | None, ...]
_EMAIL = re.compile(r"<([^<>]*)>")
_TOGETHER = re.compile(r"^co-authored-by:.*<([^<>]*)>\s*$", re.IGNORECASE | re.MULTILINE)


def people_between(repository: Objects, base: str, tip: str) -> tuple[str, ...]:
    """E-mails (lower case, sorted) of authors, co-authors and committers of commits in tip but not in base."""
    start, end = repository.resolve(base).encode(), repository.resolve(tip).encode()
    walker = repository.git.get_walker(include=[ObjectID(end)], exclude=[ObjectID(start)])
    return _sorted(email for entry in walker for email in _people(entry.commit))


def last_people(repository: Objects, commit: str, paths: Iterable[str]) -> tuple[str, ...]:
    """E-mails of those behind the commits that last changed these files, seen from a commit."""
    files = _Files(repository, paths)
    last = files.last(ObjectID(repository.resolve(commit).encode()))
    return _sorted(email for found in last for email in _people(found))


def people_behind(repository: Objects, base: str | None, tip: str, paths: Iterable[str]) -> tuple[str, ...]:
    """E-mails of those behind every commit after ``base`` that changed one of these files; without a base,
    of everybody who ever did; when nobody did since, of those behind the commits that last changed them."""
    files = _Files(repository, paths)
    include = [ObjectID(repository.resolve(tip).encode())]
    exclude = [ObjectID(repository.resolve(base).encode())] if base is not None else []
    walker = repository.git.get_walker(include=include, exclude=exclude)
    found = [email for entry in walker if files.touched(entry.commit) for email in _people(entry.commit)]
    return _sorted(found) or last_people(repository, tip, files.paths)


class _Files:
    """What some files were in each commit of a walk; each tree is looked at once."""

    def __init__(self, repository: Objects, paths: Iterable[str]) -> None:
        self.paths = tuple(sorted(set(paths)))
        self._store = repository.git.object_store
        self._held: dict[ObjectID, _Held] = {}
        self._names = {name for path in self.paths for name in path.encode().split(b"/")}
        self._below: dict[ObjectID, dict[bytes, ObjectID]] = {}

    def touched(self, commit: Commit) -> bool:
        """Whether a file differs from any parent: a merge that takes one side's file undoes the other side's."""
        here = self._in(commit.id)
        return any(here != self._in(parent) for parent in commit.parents or (None,))

    def last(self, tip: ObjectID) -> Iterator[Commit]:
        """The commits that last changed each file. Parents are followed, never dates, which anybody can set."""
        for number in range(len(self.paths)):
            waiting, seen = [tip], {tip}
            while waiting:
                commit = self._commit(waiting.pop())
                here = self._in(commit.id)[number]
                same = [parent for parent in commit.parents if self._in(parent)[number] == here]
                if len(same) < len(commit.parents) or (not commit.parents and here is not None):
                    yield commit
                waiting += (parent for parent in same if parent not in seen)
                seen.update(same)

    def _in(self, commit: ObjectID | None) -> _Held:
        if commit is None:
            return (None,) * len(self.paths)
        if commit not in self._held:
            tree = self._commit(commit).tree
            self._held[commit] = tuple(self._blob(tree, path.encode().split(b"/")) for path in self.paths)
        return self._held[commit]

    def _commit(self, commit: ObjectID) -> Commit:
        try:
            held = self._store[commit]
        except KeyError as error:
            message = "The history of this repository is cut off, so nobody can tell who changed what."
            raise InputError(Problem(message, hint="Fetch all of it: git fetch --unshallow.")) from error
        assert isinstance(held, Commit)
        return held

    def _blob(self, tree: ObjectID, parts: list[bytes]) -> ObjectID | None:
        node: ObjectID | None = tree
        for part in parts:
            if node is None:
                break
            if node not in self._below:
                held = self._store[node]
                below = held if isinstance(held, Tree) else Tree()
                self._below[node] = {name: below[name][1] for name in self._names.intersection(below)}
            node = self._below[node].get(part)
        return node


def _people(commit: Commit) -> Iterator[str]:
    for name in (commit.author, commit.committer):
        text = name.decode("utf-8", "replace")
        match = _EMAIL.search(text)
        yield match.group(1) if match else text
    yield from _TOGETHER.findall(commit.message.decode("utf-8", "replace"))


def _sorted(emails: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({email.strip().lower() for email in emails} - {""}))
