"""Two readers of scripts, which share nothing, must read the same: that is what makes ``try`` a proof."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from routeros.script import Find, Statement, read_script
from schemas.catalogue.load import open_catalogue
from simulator.schema import schema_of
from simulator.script import words
from simulator.script.reader import Command, read

VERBS = ("add", "set", "remove", "move", "enable", "disable", "unset", "comment")
Essence = tuple[int, str, str, str, tuple[tuple[str, str | None], ...]]


def test_both_read_the_same_statements(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    total = unread = 0
    different: list[str] = []
    for file in sorted((corpus / "rsc").glob("*.rsc")):
        ours, theirs, missed = _both(file.read_bytes())
        total += len(ours | theirs)
        unread += missed
        for name, more in (("routeros", ours - theirs), ("simulator", theirs - ours)):
            different += [f"{file.name}:{item[0]} only {name}: {item[1:]}" for item in sorted(more, key=str)]
    with capsys.disabled():
        print(f"\n{total} statements read by both; {len(different)} differ; {unread} unread by either")
        print("\n".join(text[:300] for text in different[:10]))
    assert not different
    assert unread <= 0.001 * total


def test_an_error_in_one_readers_escapes_shows(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = b'/system note\nset note="one\\ntwo"\n/system identity\nset name="a\\_b"\n'
    ours, theirs, _ = _both(content)
    assert ours == theirs
    monkeypatch.setitem(words._LETTERS, "n", "n")
    ours, theirs, _ = _both(content)
    assert ours != theirs
    file = next(iter(sorted((corpus / "rsc").glob("*hap_ax3*.rsc"))))
    ours, theirs, _ = _both(file.read_bytes())
    assert ours != theirs


def _both(content: bytes) -> tuple[Counter[Essence], Counter[Essence], int]:
    script = read_script(content)
    schema = schema_of(open_catalogue().nearest(script.header.version or "7.18"))
    commands = read(content, lambda path: path in schema.directories)
    ours = Counter(_of_statement(each) for each in script.statements if each.verb in VERBS)
    theirs = Counter(_of_command(each) for each in commands if each.verb in VERBS)
    missed = len([each for each in script.findings if "v6" not in each.message])
    return ours, theirs, max(missed, len([each for each in commands if each.complaint]))


def _of_statement(each: Statement) -> Essence:
    return each.line, str(each.path), each.verb, _selector(each.find), each.values


def _selector(find: Find | None) -> str:
    if find is None:
        return ""
    if find.number is not None:
        return str(find.number)
    if find.word is not None:
        return find.word
    return " ".join(f"{name}={text}" for name, text in find.tests) or find.expression


def _of_command(each: Command) -> Essence:
    return each.line, each.path, each.verb, ",".join(map(_word, each.selector)), each.arguments


def _word(word: words.Word) -> str:
    if not word.text.startswith("["):
        return word.text
    inside = words.words_of(word.text.strip("[] "))
    tests = [f"{item.name}={item.text}" for item in inside if item.name is not None]
    return " ".join(tests) or word.text
