"""What a router answered until its learning broke off, line by line, so that the next run goes on from there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from reconciler.operations.shelf import Shelf, write_whole
from routeros.inspect import Answer, Memory
from schemas.errors import DeviceRefused, InputError
from schemas.release import Release

PARTIAL = ".partial"

_LINE = msgspec.json.Decoder(tuple[str, Answer])


@contextmanager
def memory(shelf: Shelf, release: Release, device: str, serial: str) -> Iterator[Memory]:
    """What was answered by a device until a run was broken off, and a place for what comes; gone when the work
    ends well, or when the answers are not believed. Raises InputError."""
    file = shelf.folder / f"{release.name}@{device}{PARTIAL}"
    first = msgspec.json.encode(("", [("serial", serial)])) + b"\n"
    try:
        shelf.folder.mkdir(parents=True, exist_ok=True)
        answers = _answers(file, first)
        if not answers:
            write_whole(file, first)
        stream = file.open("ab")
    except OSError as error:
        raise InputError(f"{file} cannot be written: {error.strerror}.") from error

    def keep(question: str, answer: Answer) -> None:
        stream.write(msgspec.json.encode((question, answer)) + b"\n")
        stream.flush()

    try:
        with stream:
            yield Memory(answers, keep)
    except DeviceRefused:
        file.unlink(missing_ok=True)  # what is not believed is asked anew
        raise
    file.unlink(missing_ok=True)


def _answers(file: Path, first: bytes) -> dict[str, Answer]:
    """What the file holds of the same board; a line that was cut off, and all after it, does not count."""
    try:
        lines = file.read_bytes().splitlines(keepends=True)
    except FileNotFoundError:
        return {}
    if not lines or lines[0] != first:
        return {}
    found: dict[str, Answer] = {}
    whole = len(first)
    for line in lines[1:]:
        try:
            question, answer = _LINE.decode(line)
        except msgspec.MsgspecError:
            break
        if not line.endswith(b"\n"):
            break
        found[question] = answer
        whole += len(line)
    os.truncate(file, whole)
    return found
