"""What routers told, on disk: whole or not at all, found by its name, built again when it does not fit."""

from __future__ import annotations

import contextlib
import os
from pathlib import Path

import pytest

from reconciler.operations.answers import memory
from reconciler.operations.shelf import Shelf
from routeros.inspect import Answer
from schemas.catalogue.load_records import Artefact
from schemas.errors import DeviceRefused, InputError
from schemas.release import Release

FACTS = "# a test\n/ip/dns = singleton *\n/ip/dns > get set\n/ip/dns servers s * text\n"
RELEASE = Release("7.25.1", "arm64", frozenset({"container"}))


def broken_off(shelf: Shelf, *answers: tuple[str, Answer]) -> list[str]:
    """A run that does not come to its end; gives what it began with."""
    with contextlib.suppress(RuntimeError), memory(shelf, RELEASE, "edge", "HE1") as kept:
        began = list(kept.answers)
        for answer in answers:
            kept.keep(*answer)
        raise RuntimeError
    return began


@pytest.fixture
def shelf(tmp_path: Path) -> Shelf:
    return Shelf(tmp_path / "data")


def test_a_shelf_that_is_not_there_is_empty(shelf: Shelf) -> None:
    assert shelf.learnt() == {}
    assert not shelf.folder.exists()


def test_what_was_put_is_found_and_opened(shelf: Shelf) -> None:
    file = shelf.put(RELEASE, FACTS)
    assert file == shelf.folder / "7.25.1+arm64+container.facts"
    assert file.read_text() == FACTS
    found = shelf.learnt()
    assert list(found) == [RELEASE]
    artefact = found[RELEASE]()
    assert isinstance(artefact, Artefact)
    assert artefact.versions[-1] == "7.25.1"
    bit = 1 << len(artefact.versions) - 1
    assert [path for path, (mask, _) in artefact.menus.items() if mask & bit] == ["/ip/dns"]


def test_it_is_built_once_and_again_when_its_facts_are_others(shelf: Shelf) -> None:
    shelf.put(RELEASE, FACTS)
    first = shelf.open(RELEASE)
    [built] = shelf.folder.glob("*.bin")
    os.utime(built, ns=(1, 1))
    assert shelf.open(RELEASE).digest == first.digest
    assert built.stat().st_mtime_ns == 1, "it fits"
    shelf.put(RELEASE, FACTS + "/ip/dns vrf s * text\n")
    assert shelf.open(RELEASE).digest != first.digest
    assert built.stat().st_mtime_ns > 1
    built.write_bytes(b"no artefact")
    assert shelf.open(RELEASE).digest != first.digest
    assert sorted(file.suffix for file in shelf.folder.iterdir()) == [".bin", ".facts"]


def test_foreign_files_are_left_alone(shelf: Shelf) -> None:
    shelf.folder.mkdir(parents=True)
    for name in ("notes.facts", "7.25+ARM.facts", "7.25+arm64+b+a.facts", "7.25+arm64.txt", "7.25+arm64@r1.partial"):
        (shelf.folder / name).write_text("x")
    assert shelf.learnt() == {}


def test_facts_that_cannot_be_read_are_told_with_what_to_do(shelf: Shelf) -> None:
    shelf.put(RELEASE, "/ip/dns = what\n")
    with pytest.raises(InputError, match=r"holds no facts .*:1.*run plumbline schema learn again"):
        shelf.open(RELEASE)
    shelf.file(RELEASE).write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="run plumbline schema learn again"):
        shelf.open(RELEASE)


def test_a_run_that_breaks_off_leaves_its_answers_and_one_that_ends_leaves_nothing(shelf: Shelf) -> None:
    broken_off(shelf, ("child ip", [("dns", "dir")]), ("syntax ip,dns,set,vrf", []))
    with memory(shelf, RELEASE, "edge", "HE1") as kept:
        assert kept.answers == {"child ip": [("dns", "dir")], "syntax ip,dns,set,vrf": []}
    with memory(shelf, RELEASE, "edge", "HE1") as kept:
        assert kept.answers == {}
    assert list(shelf.folder.iterdir()) == []


def test_answers_that_are_not_believed_are_not_kept(shelf: Shelf) -> None:
    broken_off(shelf, ("child ip", [("dns", "dir")]))
    with pytest.raises(DeviceRefused), memory(shelf, RELEASE, "edge", "HE1"):
        raise DeviceRefused("The router nests too deep.", status=200)
    assert list(shelf.folder.iterdir()) == []


def test_a_line_that_was_cut_off_does_not_count(shelf: Shelf) -> None:
    broken_off(shelf, ("child ip", [("dns", "dir")]))
    [file] = shelf.folder.iterdir()
    file.write_bytes(file.read_bytes() + b'["child ipv6",[["nd"')
    assert broken_off(shelf, ("child queue", [])) == ["child ip"]
    with memory(shelf, RELEASE, "edge", "HE1") as kept:
        assert list(kept.answers) == ["child ip", "child queue"]


def test_another_board_and_another_device_begin_anew(shelf: Shelf) -> None:
    broken_off(shelf, ("child ip", [("dns", "dir")]))
    with memory(shelf, RELEASE, "core", "HE1") as kept:
        assert kept.answers == {}
    with memory(shelf, RELEASE, "edge", "HE2") as kept:
        assert kept.answers == {}


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "data").write_text("a file")
    shelf = Shelf(tmp_path / "data")
    assert shelf.learnt() == {}
    with pytest.raises(InputError, match="cannot be written"):
        shelf.put(RELEASE, FACTS)
    with pytest.raises(InputError, match="cannot be written"), memory(shelf, RELEASE, "edge", "HE1"):
        pass
