"""``Applied`` in Git: ``refs/plumbline/applied/<device>``, each version a commit with one file."""

from __future__ import annotations

import time

import msgspec
from dulwich.file import FileLocked
from dulwich.objects import Blob, ObjectID, Tree

from desired_state.commits import swap, write_commit
from desired_state.objects import Objects
from desired_state.paths import is_name
from schemas.errors import InputError, Locked
from schemas.observed import Applied, AppliedEntry
from schemas.path import MenuPath

_FORMAT = "plumbline.applied/v1"
_FILE = b"applied.json"
_AUTHOR = "Plumbline <plumbline@localhost>"
_TRIES = 20


_REFS = b"refs/plumbline/applied/"


class _Row(msgspec.Struct, frozen=True, omit_defaults=True):
    fields: dict[str, str]
    label: str | None = None
    omit: list[str] = []
    match: dict[str, str] = {}


class _Document(msgspec.Struct, frozen=True):
    format: str
    device: str
    commit: str
    serial: str
    version: str
    menus: dict[str, list[_Row]]


def read_applied(repository: Objects, device: str) -> Applied | None:
    """What was last confirmed on a device; None when nothing ever was.

    Raises InputError when the record cannot be read, so that nobody takes it for an empty one.
    """
    tip = _tip(repository, device)
    if tip is None:
        return None
    wrong = f"The Applied record of {device} ({_ref(device).decode()}) cannot be read"
    try:
        blob = repository.blob_of(tip, _FILE.decode())
        document = msgspec.json.decode(repository.blob(blob) if blob else b"", type=_Document)
        if document.format != _FORMAT or document.device != device:
            raise InputError(f"{wrong}: it is a {document.format} of {document.device}.")
        menus = {
            MenuPath.parse(path): tuple(
                AppliedEntry(row.fields, row.label, frozenset(row.omit), row.match) for row in rows
            )
            for path, rows in document.menus.items()
        }
    except (msgspec.DecodeError, ValueError, KeyError) as error:
        raise InputError(f"{wrong}: {error}.") from error
    return Applied(document.device, document.commit, document.serial, document.version, menus)


def write_applied(repository: Objects, applied: Applied) -> None:
    """Advance the record of a device by compare-and-swap. An equal record is not written again."""
    document = _Document(
        format=_FORMAT,
        device=applied.device,
        commit=applied.commit,
        serial=applied.serial,
        version=applied.version,
        menus={
            path: [_Row(dict(entry.fields), entry.label, sorted(entry.omit), dict(entry.match)) for entry in entries]
            for path, entries in applied.menus.items()
        },
    )
    data = msgspec.json.format(msgspec.json.encode(document, order="sorted"), indent=1)
    blob = Blob.from_string(data + b"\n")
    tree = Tree()
    tree.add(_FILE, 0o100644, blob.id)
    for attempt in range(_TRIES):
        try:
            if _advance(repository, applied, blob, tree):
                return
        except FileLocked:
            pass  # another process is storing the same object at this moment
        time.sleep(0.002 * (attempt + 1))
    raise Locked(f"The Applied record of {applied.device} is being written by others; try again.")


def _advance(repository: Objects, applied: Applied, blob: Blob, tree: Tree) -> bool:
    tip = _tip(repository, applied.device)
    if tip and repository.blob_of(tip, _FILE.decode()) == blob.id:
        return True
    repository.git.object_store.add_object(blob)
    repository.git.object_store.add_object(tree)
    text = f"{applied.device} at {applied.commit}\n"
    made = write_commit(repository, ObjectID(tree.id), [tip] if tip else [], text, _AUTHOR)
    return swap(repository, _ref(applied.device), tip, made)


def devices_with_applied(repository: Objects) -> tuple[str, ...]:
    """Every device that something was ever confirmed on, also those that left Git."""
    names = repository.git.refs.as_dict(_REFS)  # type: ignore[arg-type]
    return tuple(sorted(name.decode("utf-8", "replace").lstrip("/") for name in names))


def _ref(device: str) -> bytes:
    if not is_name(device):
        raise InputError(f"{device!r} cannot name a device.")
    return _REFS + device.encode()


def _tip(repository: Objects, device: str) -> str | None:
    sha = repository.git.refs.follow(_ref(device))[1]  # type: ignore[arg-type]
    return sha.decode() if sha else None
