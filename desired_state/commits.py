"""Writing to a fleet repository: new repositories, commits without a checkout, the working tree after them."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from pathlib import Path

from dulwich.file import FileLocked
from dulwich.index import build_index_from_tree, index_entry_from_stat
from dulwich.object_store import commit_tree_changes
from dulwich.objects import Blob, Commit, ObjectID, Tree
from dulwich.refs import check_ref_format
from dulwich.repo import Repo

from desired_state.objects import Objects
from desired_state.paths import path_fault
from schemas.errors import InputError, Locked
from schemas.location import Location, Problem

Changes = Mapping[str, bytes | None]
"""Path to new content; None removes the file."""

_TRIES = 40
_FILE_MODE = 0o100644


def create(path: Path, files: Mapping[str, bytes], *, author: str, message: str) -> Repo:
    """A new repository with the branch ``main``, one commit and its files in the working tree.

    Raises InputError when the folder already is a repository or already holds one of the files.
    """
    if (path / ".git").exists():
        raise InputError(f"{path} is a Git repository already.")
    if path.exists() and not path.is_dir():
        raise InputError(f"{path} is a file; a fleet repository needs a folder.")
    for name in files:
        if (path / name).exists():
            raise InputError(f"{path / name} exists already; choose an empty folder.")
    _check_paths(files)
    path.mkdir(parents=True, exist_ok=True)
    git = Repo.init(str(path), default_branch=b"main")
    tip = commit(Objects(git), "main", files, base=None, message=message, author=author)
    made = git[tip.encode()]
    assert isinstance(made, Commit)
    build_index_from_tree(git.path, git.index_path(), git.object_store, made.tree)
    return git


def commit(
    repository: Objects,
    branch: str,
    changes: Changes,
    *,
    base: str | None,
    message: str,
    author: str,
    trailers: Sequence[tuple[str, str]] = (),
    new: bool = False,
) -> str:
    """Commit changes to a branch without a checkout, and return the commit id.

    A new branch starts at ``base``. On an existing branch the commit goes on its tip, by
    compare-and-swap, tried again when somebody else was faster; a file that was changed since
    ``base`` is refused, and so is every existing branch when it must be ``new``. ``author`` is
    ``Name <e-mail>``. Raises InputError for refused paths, and
    Locked when the branch never held still.
    """
    _check_paths(changes)
    ref = b"refs/heads/" + branch.encode()
    if not check_ref_format(ref):  # type: ignore[arg-type]
        raise InputError(f"{branch!r} cannot name a branch.")
    _check_folder(repository, branch)
    start = repository.resolve(base) if base else None
    text = _message(message, trailers)
    for attempt in range(_TRIES):
        tip = repository.branches().get(branch)
        if tip and new:
            raise InputError(f"There is a branch {branch!r} already; try again.")
        if tip and start and tip != start:
            _check_unchanged(repository, branch, start, tip, changes)
        try:
            made = _object(repository, tip or start, changes, text, author)
            if swap(repository, ref, tip, made):
                return made
        except FileLocked:
            pass  # another process is storing the same object at this moment
        time.sleep(min(0.002 * (attempt + 1), 0.05))
    raise Locked(f"The branch {branch} was changed by others all the time; try again.")


def object_id(commit_id: str) -> ObjectID:
    """A commit id as dulwich wants it."""
    return ObjectID(commit_id.encode())


def swap(repository: Objects, ref: bytes, old: str | None, new: str) -> bool:
    """Compare-and-swap of a reference; ``old`` None means that it must not exist."""
    refs, target = repository.git.refs, ObjectID(new.encode())
    try:
        if old is None:
            return bool(refs.add_if_new(ref, target))  # type: ignore[arg-type]
        return bool(refs.set_if_equals(ref, ObjectID(old.encode()), target))  # type: ignore[arg-type]
    except FileLocked:
        return False


def write_commit(repository: Objects, tree: ObjectID, parents: Sequence[str], text: str, author: str) -> str:
    """Store a commit object and return its id; no reference moves."""
    made = Commit()
    made.tree = tree
    made.parents = [ObjectID(parent.encode()) for parent in parents]
    made.author = made.committer = author.encode()
    made.author_time = made.commit_time = int(time.time())
    made.author_timezone = made.commit_timezone = 0
    made.encoding = b"UTF-8"
    made.message = text.encode()
    repository.git.object_store.add_object(made)
    return made.id.decode()


def sync_worktree(repository: Objects, branch: str, old: str | None, new: str) -> tuple[str, ...]:
    """Bring the working tree along after a commit to the branch that is checked out.

    Only files that were as in ``old`` are touched; the paths left alone are returned.
    """
    if repository.bare or repository.head()[0] != branch:
        return ()
    before = _held(repository, old) if old else {}
    after = _held(repository, new)
    changed = sorted(path for path in before.keys() | after.keys() if before.get(path) != after.get(path))
    return tuple(path for path in changed if not _bring(repository, path, before.get(path), after.get(path)))


def _held(repository: Objects, commit_id: str) -> dict[str, ObjectID]:
    return {path: sha for path, _, sha in repository.entries(commit_id)}


def _bring(repository: Objects, path: str, old: ObjectID | None, new: ObjectID | None) -> bool:
    target = repository.folder / path
    here = Blob.from_string(target.read_bytes()).id if target.is_file() else None
    if here not in (old, new):
        return False
    index = repository.git.open_index()
    if new is None:
        target.unlink(missing_ok=True)
        if path.encode() in index:
            del index[path.encode()]
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(repository.blob(new))
        index[path.encode()] = index_entry_from_stat(target.stat(), new)
    index.write()
    return True


def _object(repository: Objects, parent: str | None, changes: Changes, text: str, author: str) -> str:
    store = repository.git.object_store
    edits: list[tuple[bytes, int | None, ObjectID | None]] = []
    for path, data in changes.items():
        if data is None:
            if parent and repository.blob_of(parent, path):
                edits.append((path.encode(), None, None))
            continue
        blob = Blob.from_string(data)
        store.add_object(blob)
        edits.append((path.encode(), _FILE_MODE, blob.id))
    tree = _tree_of(repository, parent)
    return write_commit(repository, commit_tree_changes(store, tree, edits), [parent] if parent else [], text, author)


def _tree_of(repository: Objects, parent: str | None) -> ObjectID | Tree:
    if parent is None:
        return Tree()
    held = repository.git[parent.encode()]
    assert isinstance(held, Commit)
    return ObjectID(held.tree)


def _check_paths(changes: Mapping[str, bytes] | Changes) -> None:
    faults = [(path, fault) for path in changes if (fault := path_fault(path))]
    if faults:
        raise InputError([Problem(f"The path is refused: {fault}.", Location(path)) for path, fault in faults])


def _check_unchanged(repository: Objects, branch: str, start: str, tip: str, changes: Changes) -> None:
    moved = [path for path in changes if repository.blob_of(start, path) != repository.blob_of(tip, path)]
    if moved:
        raise InputError(
            Problem(f"The file was changed on {branch} in the meantime.", Location(path), "Make the change again.")
            for path in moved
        )


def _check_folder(repository: Objects, branch: str) -> None:
    for name in repository.branches():
        if name.startswith(branch + "/") or branch.startswith(name + "/"):
            raise InputError(f"The branch {branch!r} cannot stand beside the branch {name!r}; take another name.")


def _message(message: str, trailers: Sequence[tuple[str, str]]) -> str:
    lines = [f"{name}: {' '.join(value.split())}" for name, value in trailers]
    return message.rstrip() + "\n" + ("\n" + "\n".join(lines) + "\n" if lines else "")
