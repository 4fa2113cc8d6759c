"""Free text is a verdict, never a way out: what RouterOS's own syntax says is a number or a list is none."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from schemas.catalogue.load import open_catalogue
from schemas.path import MenuPath

VERSION = "7.23.3"
SAYS_MORE = re.compile(
    r"integer number|decimal number|time interval|IP address|IP prefix|MAC address|Ipv6|\[,|^\d+\.\.\d+|yes \| no"
)
"""Texts of the syntax that name a number, a time, an address or a list."""
JUDGED = {
    ("/ip/ipsec/mode-config", "address"),
}


def test_no_field_that_the_syntax_knows_is_free_text(inspect_data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    schema = open_catalogue().schema(VERSION)
    syntax = dict(_syntax(inspect_data))
    free = wrong = total = 0
    told: list[str] = []
    for path in schema.paths:
        menu = schema.menu(path)
        for field in menu.fields.values() if menu is not None and menu.known else ():
            if not field.writable:
                continue
            total += 1
            if field.type not in ("text", "!text"):
                continue
            free += 1
            text = syntax.get((str(path), field.wire), "")
            if SAYS_MORE.search(text) and (str(path), field.name) not in JUDGED:
                wrong += 1
                told.append(f"{path} {field.name}: {text}")
    with capsys.disabled():
        print(f"\nfree text: {free} of {total} writable fields of described menus ({free / total:.1%})")
    assert not told, "\n".join(told)


def _syntax(folder: Path) -> Iterator[tuple[tuple[str, str], str]]:
    """What the newest tree says of each argument of add and set."""
    content = gzip.decompress((folder / "inspect" / f"{VERSION}.json.gz").read_bytes())
    yield from _walk("", json.loads(content))


def _walk(path: str, node: Mapping[str, Any]) -> Iterator[tuple[tuple[str, str], str]]:
    for name, inner in node.items():
        if not isinstance(inner, dict):
            continue
        if inner.get("_type") in ("dir", "path"):
            yield from _walk(f"{path}/{name}", inner)
        elif inner.get("_type") == "cmd" and name in ("add", "set"):
            for field, argument in inner.items():
                if isinstance(argument, dict) and argument.get("desc"):
                    yield (str(MenuPath(path)), field), str(argument["desc"])
