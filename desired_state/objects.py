"""The reading half of a fleet repository: commits and their documents, without a checkout."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from stat import S_IFMT, S_ISDIR, S_ISLNK, S_ISREG
from typing import Self

from dulwich.errors import NotGitRepository, RefFormatError
from dulwich.objects import Blob, Commit, ObjectID, Tree
from dulwich.objectspec import parse_commit
from dulwich.repo import Repo

from desired_state.paths import FLEET, FOLDERS, MAX_BYTES, MAX_FILES, is_document, path_fault
from desired_state.yaml_reader import Map, read_documents
from schemas.errors import InputError
from schemas.location import Location, Problem

_SUBMODULE = 0o160000
_HEADS = b"refs/heads/"
_REMOTES = b"refs/remotes/origin/"
_STEPS = re.compile(r"(?P<name>[^~^]+)(?P<steps>(?:[~^]\d*)*)")


class Objects:
    """A Git repository with a fleet in its root. Cheap to open; not shared between threads."""

    def __init__(self, git: Repo) -> None:
        self.git = git
        self._blobs: dict[ObjectID, bytes] = {}

    @classmethod
    def open(cls, path: Path | str) -> Self:
        """The repository that holds ``path``. Raises InputError when there is none."""
        if not Path(path).exists():
            raise InputError(f"There is no folder {path}.")
        try:
            return cls(Repo.discover(str(path)))
        except NotGitRepository as error:
            raise InputError(f"{path} is not a Git repository; run: plumbline init {path}") from error

    @property
    def folder(self) -> Path:
        return Path(self.git.path)

    def close(self) -> None:
        """Let go of the pack files that were opened."""
        self.git.close()

    @property
    def bare(self) -> bool:
        return bool(self.git.bare)

    def resolve(self, ref: str) -> str:
        """The full commit id behind a branch, tag, ``origin/NAME``, ``NAME~2`` or (short) commit id.

        Raises InputError when it names no commit, or when the repository has none at all.
        """
        found = _STEPS.fullmatch(ref)
        try:
            if found is None or "//" in ref:
                raise KeyError(ref)
            commit = parse_commit(self.git, found["name"])
            for step in re.findall(r"([~^])(\d*)", found["steps"]):
                commit = self._parent(commit, step[0], int(step[1] or 1))
        except (KeyError, ValueError, IndexError, RefFormatError, AssertionError) as error:  # the last: a damaged ref
            if not self._has_commits():
                raise InputError(f"The repository {self.folder} has no commit yet; commit the fleet first.") from error
            raise InputError(f"{ref!r} is not a branch, tag or commit of this repository.") from error
        return commit.id.decode()

    def files(self, commit: str) -> Mapping[str, bytes]:
        """Path to content of all documents of a commit, sorted by path.

        Raises InputError for symbolic links, submodules, paths that escape, and files over 5 MB.
        """
        problems: list[Problem] = []
        found: dict[str, bytes] = {}
        for path, mode, blob in self.entries(commit):
            if fault := _fault(path, mode):
                problems.append(Problem(fault, Location(path)))
            elif len(found) >= MAX_FILES:
                raise InputError(f"The repository holds more than {MAX_FILES} documents.")
            elif len(data := self.blob(blob)) > MAX_BYTES:
                problems.append(Problem("The file is larger than 5 MB.", Location(path), "Split it."))
            else:
                found[path] = data
        if problems:
            raise InputError(problems)
        return dict(sorted(found.items()))

    def entries(self, commit: str) -> Iterator[tuple[str, int, ObjectID]]:
        """(path, mode, object id) of everything in a commit that stands where documents stand."""
        tree = self._tree(commit)
        for name, mode, sha in tree.iteritems():
            top = name.decode("utf-8", "replace")
            if top == FLEET:
                yield top, mode, sha
            elif top in FOLDERS and S_ISDIR(mode):
                yield from self._below(top, sha)
            elif top in FOLDERS:
                yield top, mode, sha

    def blob(self, sha: ObjectID) -> bytes:
        """The content of a blob; each is read once."""
        if (data := self._blobs.get(sha)) is None:
            data = self._blobs[sha] = self.git.object_store.get_raw(sha)[1]
        return data

    def blob_of(self, commit: str, path: str) -> ObjectID | None:
        """The object id of one path in a commit, None where it is absent."""
        node: ObjectID = self._tree(commit).id
        for part in path.encode().split(b"/"):
            held = self.git.object_store[node]
            if not isinstance(held, Tree) or part not in held:
                return None
            node = held[part][1]
        return node

    def head(self) -> tuple[str, str]:
        """(branch, commit) checked out; branch '' when HEAD is detached. InputError without commits."""
        names, sha = self.git.refs.follow(b"HEAD")  # type: ignore[arg-type]
        if sha is None:
            raise InputError(f"The repository {self.folder} has no commit yet; commit the fleet first.")
        last: bytes = names[-1]
        return (last[len(_HEADS) :].decode() if last.startswith(_HEADS) else "", sha.decode())

    def branches(self) -> Mapping[str, str]:
        """Local branch name to commit id."""
        found = self.git.refs.as_dict(_HEADS)  # type: ignore[arg-type]
        return {name.decode().lstrip("/"): sha.decode() for name, sha in sorted(found.items())}

    def protected_commit(self, against: str | None = None) -> tuple[str, str]:
        """(ref name, commit) that plans are judged against.

        ``against`` when given, else the branch that ``fleet.yaml`` of ``main`` (or ``origin/main``)
        calls protected. Raises InputError when there is none.
        """
        if against:
            return against, self.resolve(against)
        for prefix, shown in ((_HEADS, ""), (_REMOTES, "origin/")):
            main = self._ref(prefix + b"main")
            if main is None:
                continue
            name = self._protected_name(main)
            for inner, label in ((prefix, shown), (_REMOTES, "origin/")):
                if (commit := self._ref(inner + name.encode())) is not None:
                    return label + name, commit
            raise InputError(f"fleet.yaml of {shown}main protects the branch {name!r}, which does not exist here.")
        raise InputError("There is no branch main to judge against; name one with --against.")

    def dirty(self) -> tuple[str, ...]:
        """Documents of the working tree that differ from the commit checked out; none when bare."""
        if self.bare:
            return ()
        _, commit = self.head()
        held = {path: sha for path, mode, sha in self.entries(commit) if S_ISREG(mode)}
        return tuple(sorted({path for path, sha in self._working() if held.pop(path, None) != sha} | set(held)))

    def _working(self) -> Iterator[tuple[str, ObjectID]]:
        roots = [self.folder / FLEET, *(self.folder / name for name in FOLDERS)]
        for root in roots:
            candidates = [root] if root.is_file() else sorted(root.rglob("*")) if root.is_dir() else []
            for path in candidates:
                if path.is_file() and not path.is_symlink():
                    yield path.relative_to(self.folder).as_posix(), Blob.from_string(path.read_bytes()).id

    def _below(self, top: str, sha: ObjectID) -> Iterator[tuple[str, int, ObjectID]]:
        waiting = [(top, sha)]
        while waiting:
            folder, tree_id = waiting.pop()
            tree = self.git.object_store[tree_id]
            assert isinstance(tree, Tree)
            for name, mode, child in tree.iteritems():
                path = f"{folder}/{name.decode('utf-8', 'replace')}"
                if S_ISDIR(mode) and not path_fault(path):
                    waiting.append((path, child))
                else:
                    yield path, mode, child

    def _tree(self, commit: str) -> Tree:
        held = self.git[self.resolve(commit).encode()]
        assert isinstance(held, Commit)
        tree = self.git.object_store[held.tree]
        assert isinstance(tree, Tree)
        return tree

    def _parent(self, commit: Commit, sign: str, count: int) -> Commit:
        for _ in range(count if sign == "~" else min(count, 1)):
            parent = self.git[commit.parents[0 if sign == "~" else count - 1]]
            assert isinstance(parent, Commit)
            commit = parent
        return commit

    def _has_commits(self) -> bool:
        return any(name.startswith((b"refs/heads/", b"refs/remotes/")) for name in self.git.refs.allkeys())

    def _ref(self, name: bytes) -> str | None:
        _, sha = self.git.refs.follow(name)  # type: ignore[arg-type]
        return sha.decode() if sha else None

    def _protected_name(self, commit: str) -> str:
        blob = self.blob_of(commit, FLEET)
        if blob is None:
            return "main"
        try:
            documents = read_documents(FLEET, self.blob(blob))
        except InputError:
            return "main"
        root = documents[0].root if documents else None
        branches = root.get("branches") if isinstance(root, Map) else None
        name = branches.get("protected") if isinstance(branches, Map) else None
        return name if isinstance(name, str) and name else "main"


def _fault(path: str, mode: int) -> str:
    if "\ufffd" in path:
        return "The name of the file is not UTF-8."
    if S_ISLNK(mode):
        return "Symbolic links are not read."
    if S_IFMT(mode) == _SUBMODULE:
        return "Submodules are not read."
    if fault := path_fault(path):
        return f"The path is refused: {fault}."
    return "" if (is_document(path) and "/" in path) or path == FLEET else "A folder must stand here, not a file."
