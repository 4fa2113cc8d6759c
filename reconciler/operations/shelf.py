"""Where lies what routers told of their RouterOS: text files of facts in the data home, named by release.

    NAME.facts            the facts, for people and for git diff
    NAME.bin              the same, merged with the committed knowledge; built again whenever it does not fit
    NAME@DEVICE.partial   answers of a run that has not come to its end (see ``answers``)

A file appears with its whole content or not at all.
"""

from __future__ import annotations

import contextlib
import functools
import hashlib
import importlib
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Protocol, cast

import msgspec

from schemas.catalogue.load import open_catalogue, source_sizes
from schemas.catalogue.load_records import FORMAT, Artefact
from schemas.errors import InputError
from schemas.release import Release

FACTS, BUILT = ".facts", ".bin"

_AGAIN = "remove it, or run plumbline schema learn again."


class Shelf:
    """The folder ``schemas`` of a data home; it need not be there."""

    def __init__(self, home: Path) -> None:
        self.folder = home / "schemas"

    def learnt(self) -> Mapping[Release, Callable[[], Artefact]]:
        """Every release that was learnt, and how to open it. Reads nothing but names."""
        found: dict[Release, Callable[[], Artefact]] = {}
        with contextlib.suppress(FileNotFoundError, NotADirectoryError), os.scandir(self.folder) as entries:
            for name in sorted(entry.name for entry in entries if entry.name.endswith(FACTS)):
                with contextlib.suppress(ValueError):  # a file of somebody else's
                    release = Release.parse(name.removesuffix(FACTS))
                    found[release] = functools.partial(self.open, release)
        return found

    def open(self, release: Release) -> Artefact:
        """The artefact of a release, built anew where it does not fit its facts or the installation.

        Raises InputError when the facts cannot be read.
        """
        text, built = self._read(self.file(release)), self.folder / f"{release.name}{BUILT}"
        try:
            artefact = msgspec.msgpack.decode(built.read_bytes(), type=Artefact)
        except (OSError, msgspec.MsgspecError):
            artefact = None
        wanted = FORMAT, digest_of(text), source_sizes()
        if artefact is None or (artefact.format, artefact.digest, artefact.sources) != wanted:
            artefact = self._built(release, text)
            with contextlib.suppress(OSError):  # where nothing can be written it is built in memory
                write_whole(built, msgspec.msgpack.encode(artefact))
        return artefact

    def _built(self, release: Release, text: str) -> Artefact:
        try:
            return _builder().build_learnt(text, release.version, digest_of(text))
        except ValueError as error:
            raise InputError(f"{self.file(release)} holds no facts ({error}); {_AGAIN}") from error

    def put(self, release: Release, text: str) -> Path:
        """Keep the facts of a release in place of what was known of it. Raises InputError."""
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
            write_whole(self.file(release), text.encode())
        except OSError as error:
            raise InputError(f"{self.file(release)} cannot be written: {error.strerror}.") from error
        return self.file(release)

    def file(self, release: Release) -> Path:
        return self.folder / f"{release.name}{FACTS}"

    def _read(self, file: Path) -> str:
        try:
            return file.read_text("utf-8")
        except (OSError, UnicodeDecodeError) as error:
            raise InputError(f"{file} cannot be read ({error}); {_AGAIN}") from error


def digest_of(text: str) -> str:
    """Names facts together with everything they are merged with (16 hex digits)."""
    return hashlib.sha256(f"{open_catalogue().digest}\n{text}".encode()).hexdigest()[:16]


def write_text(file: Path, text: str) -> None:
    """Raises InputError."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        write_whole(file, text.encode())
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror}.") from error


def write_whole(file: Path, content: bytes) -> None:
    """The file appears with its whole content or not at all. Raises OSError."""
    draft = file.with_name(f".{file.name}.{os.getpid()}.{os.urandom(4).hex()}")
    try:
        with draft.open("wb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        draft.replace(file)
    finally:
        draft.unlink(missing_ok=True)


class _Builder(Protocol):
    def build_learnt(self, text: str, version: str, digest: str) -> Artefact: ...


def _builder() -> _Builder:
    # Imported by string: building needs the YAML reader, opening does not.
    return cast(_Builder, importlib.import_module("schemas.catalogue.artefact_learnt"))
