"""Who changed what: the people behind commits, by e-mail."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from dulwich.objects import Commit, ObjectID

from desired_state.objects import Objects

_EMAIL = re.compile(r"<([^<>]*)>")
_TOGETHER = re.compile(r"^co-authored-by:.*<([^<>]*)>\s*$", re.IGNORECASE | re.MULTILINE)


def people_between(repository: Objects, base: str, tip: str) -> tuple[str, ...]:
    """E-mails (lower case, sorted) of authors, co-authors and committers of commits in tip but not in base."""
    start, end = repository.resolve(base).encode(), repository.resolve(tip).encode()
    walker = repository.git.get_walker(include=[ObjectID(end)], exclude=[ObjectID(start)])
    return _sorted(email for entry in walker for email in _people(entry.commit))


def last_people(repository: Objects, commit: str, paths: Iterable[str]) -> tuple[str, ...]:
    """E-mails of those behind the commits that last changed these files, seen from a commit."""
    pending = set(paths)
    found: list[str] = []
    walker = repository.git.get_walker(include=[ObjectID(repository.resolve(commit).encode())])
    for entry in walker:
        if not pending:
            break
        changed = {path for path in pending if _changes(repository, entry.commit, path)}
        if changed:
            pending -= changed
            found.extend(_people(entry.commit))
    return _sorted(found)


def people_behind(repository: Objects, base: str | None, tip: str, paths: Iterable[str]) -> tuple[str, ...]:
    """E-mails of those behind every commit after ``base`` that changed one of these files; without a base,
    or when none did, of those behind the commits that last changed them."""
    wanted = tuple(paths)
    found: list[str] = []
    if base is not None:
        include, exclude = repository.resolve(tip).encode(), repository.resolve(base).encode()
        for entry in repository.git.get_walker(include=[ObjectID(include)], exclude=[ObjectID(exclude)]):
            if any(_changes(repository, entry.commit, path) for path in wanted):
                found.extend(_people(entry.commit))
    return _sorted(found) or last_people(repository, tip, wanted)


def _changes(repository: Objects, commit: Commit, path: str) -> bool:
    here = repository.blob_of(commit.id.decode(), path)
    parents = [repository.blob_of(parent.decode(), path) for parent in commit.parents]
    return here is not None if not parents else all(here != there for there in parents)


def _people(commit: Commit) -> Iterator[str]:
    for name in (commit.author, commit.committer):
        text = name.decode("utf-8", "replace")
        match = _EMAIL.search(text)
        yield match.group(1) if match else text
    yield from _TOGETHER.findall(commit.message.decode("utf-8", "replace"))


def _sorted(emails: Iterable[str]) -> tuple[str, ...]:
    return tuple(sorted({email.strip().lower() for email in emails} - {""}))
