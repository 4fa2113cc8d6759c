"""Captured pairs, and another tool's comparisons, against the catalogue: what share holds, and what does not."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from reconciler.decide.normalise import is_compared, normaliser
from schemas.catalogue.load import open_catalogue
from schemas.catalogue.model import Field, Menu
from schemas.path import MenuPath
from schemas.values import parse_type

PAIRS_FLOOR = 0.95
COMPARISONS_FLOOR = {"compared by form": 0.95, "filled in": 0.9}
STATES_FLOOR = 0.97
ANY_TYPE = {"(any duration)": "duration", "(any bit rate)": "rate"}
ANY_MENU = "/ip/firewall/filter"
"""Stands for any menu, where a pair says that it holds in all of them."""
VERSION = re.compile(r"7\.\d+(\.\d+)?")

Place = tuple[Menu, Field]


def versions(said: str | None) -> list[str]:
    """The version a pair was seen in, then the newest and all others."""
    found = VERSION.search(said or "")
    known = [*reversed(open_catalogue().versions)]
    return [found[0], *known] if found else known


def place(path: str, name: str, said: str | None = None) -> Place | None:
    """A field, by its name in documents or on the wire, in the likeliest version that has it.

    Another tool leaves out what stands before a dot, and signs that its own language does not allow.
    """
    for spellings in (_exact, _other):
        for version in versions(said):
            menu = open_catalogue().schema(version).menu(MenuPath(path))
            for known in menu.fields.values() if menu else ():
                if menu is not None and name in spellings(known):
                    return menu, known
    return None


def _exact(field: Field) -> tuple[str, ...]:
    return field.name, field.wire


def _other(field: Field) -> tuple[str, ...]:
    return field.name.replace("/", ""), *field.name.split(".", 1)


def equal(found: Place, written: str, read: str | None) -> bool:
    """Whether a row that shows ``read``, or nothing, holds ``written``; what is never compared holds anything."""
    menu, field = found
    if not is_compared(field):
        return True
    return normaliser(menu).reads_as({field.name: written}, {} if read is None else {field.name: read}, whole=False)


def at_default(found: Place, read: str) -> bool:
    """Whether a row that shows ``read`` is left alone where nobody wrote the field."""
    menu, field = found
    if not is_compared(field):
        return True
    content = normaliser(menu).content({field.name: read})
    return field.name not in content.firm


def told(capsys: pytest.CaptureFixture[str], what: str, held: int, missed: list[str]) -> float:
    total = held + len(missed)
    with capsys.disabled():
        print(f"\n{what}: {held} of {total} hold", *(f"\n    {line}" for line in missed))
    return held / total if total else 0.0


def test_pairs_of_real_routers(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What was written, what real routers answered, what they renamed and refused."""
    missed, held = [], 0
    for pair in json.loads((corpus / "normalisation.json").read_text("utf-8")):
        if pair["illustrative"]:
            continue
        if pair_holds(pair):
            held += 1
        else:
            told_of = f"{pair['written']!r} reads {pair['read']!r} ({pair['kind']})"
            missed.append(f"{pair['path']} {pair['field']}: {told_of}")
    assert told(capsys, "pairs", held, missed) >= PAIRS_FLOOR


def pair_holds(pair: dict[str, Any]) -> bool:
    path, written, read = pair["path"], pair["written"], pair["read"]
    if path in ANY_TYPE:
        kind = parse_type(ANY_TYPE[path])
        return kind.canonical(written) == kind.canonical(read)
    if path == "(many)":
        return True  # no field is named
    path = ANY_MENU if path.startswith("(any") else path
    if pair["kind"] == "rename":
        return is_renamed(path, written, read)
    found = place(path, pair["field"], pair["version"])
    if found is None:
        return False
    if pair["kind"] == "refused":
        return not parse_type(found[1].type).canonical_or_exact(written)[1]
    if written is None:
        return read is None or at_default(found, read) or parse_type(found[1].type).canonical_or_exact(read)[1]
    if read is not None and read.startswith("*"):  # what was named is gone: that is a difference
        return not equal(found, written, read)
    return equal(found, written, read)


def is_renamed(path: str, old: str, new: str) -> bool:
    """Whether versions with the old name on the wire and versions with the new one are one field."""
    catalogue = open_catalogue()
    menus = filter(None, (catalogue.schema(version).menu(MenuPath(path)) for version in catalogue.versions))
    wires = {menu.fields[new].wire for menu in menus if new in menu.fields}
    return new in wires and (old in wires or not any(old in wire for wire in wires))


FORMS: dict[str, tuple[str, ...]] = {
    "Time": ("3600", "60m", "1h", "01:00:00"),
    "Time of other units": ("1h", "60m", "01:00:00"),
    "Bits": ("10M", "10000k", "10000000"),
    "Bytes": ("64M", "64MiB", "67108864"),
    "Hex": ("66", "0x42"),
    "Mac": ("aa:bb:cc:dd:ee:ff", "AA:BB:CC:DD:EE:FF", "aa-bb-cc-dd-ee-ff"),
    "CIDR4": ("10.0.0.1", "10.0.0.1/32"),
    "CIDR6": ("2001:db8::1", "2001:db8::1/128"),
    "range": ("192.168.0.0/23", "192.168.0.0-192.168.1.255"),
    "flags": ("read", "read,!write"),
    "nowhere": ("::", ""),
    "none": ("none", ""),
}
"""Texts that are one value, by the name of the comparison."""
NEEDS: dict[str, Callable[[str], bool]] = {
    "Time": lambda name: ("TimeEqual" in name and "TimeEqualU" not in name) or "ParseDuration" in name,
    "Time of other units": lambda name: "TimeEqualU" in name,
    "Bits": lambda name: "BitsEqual" in name,
    "Bytes": lambda name: "BytesEqual" in name,
    "Hex": lambda name: "HexEqual" in name,
    "Mac": lambda name: "MacAddressEqual" in name,
    "CIDR4": lambda name: "SingleHostCIDR4" in name,
    "CIDR6": lambda name: "SingleHostCIDR6" in name or "/128" in name,
    "range": lambda name: "reIPv4Range" in name,
    "flags": lambda name: '"!api"' in name,
    "nowhere": lambda name: 'new == "::"' in name,
    "none": lambda name: 'new == "none" && old == ""' in name,
}


def test_comparisons_of_another_tool(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Where another tool had to compare more than the text, the field's type does it; where the router fills fields
    in, ours has a default or leaves them alone."""
    shares: dict[str, tuple[int, list[str]]] = {}
    for item in json.loads((corpus / "field-comparisons.json").read_text("utf-8")):
        kinds = [kind for kind, needs in NEEDS.items() if needs(item["comparison"])] or ["filled in"]
        problem = next(filter(None, (unheld(item, kind) for kind in kinds)), "")
        group = "filled in" if kinds == ["filled in"] else "compared by form"
        held, missed = shares.setdefault(group, (0, []))
        shares[group] = (held, [*missed, problem]) if problem else (held + 1, missed)
    for group, (held, missed) in shares.items():
        assert told(capsys, f"comparisons, {group}", held, missed) >= COMPARISONS_FLOOR[group]


def unheld(item: dict[str, Any], kind: str) -> str:
    """Why a comparison does not hold, "" when it does."""
    where = f"{item['path']} {item['field']}"
    found = place(item["path"], item["field"])
    if found is None:
        return f"{where}: no version has it"
    if kind == "filled in":
        if found[1].writable and found[1].default == "" and not parse_type(found[1].type).holds_empty:
            return f"{where}: it is taken for absent until it is written"
        return ""
    texts = FORMS[kind]
    if kind in ("Time", "Bits") and "pair(" in found[1].type:
        texts = tuple(f"{text}/{text}" for text in texts)
    unequal = [text for text in texts[1:] if not equal(found, texts[0], text)]
    return f"{where}: {texts[0]} is not {', '.join(unequal)} as a value of {found[1].type}" if unequal else ""


def test_states_are_never_written(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """What another tool leaves out of what it reads is nothing that ours would hold a router to."""
    missed, held = [], 0
    for path, name in states(corpus):
        found = place(path, name)
        if found is not None and found[1].writable and not found[1].volatile and found[1].default is not None:
            missed.append(f"{path} {name}: it is held at {found[1].default!r}")
        else:
            held += 1
    assert told(capsys, "states", held, missed) >= STATES_FLOOR


def states(corpus: Path) -> Iterator[tuple[str, str]]:
    skips: dict[str, dict[str, list[str]]] = json.loads((corpus / "field-skips.json").read_text("utf-8"))
    return ((path, name) for path, item in skips.items() for name in item.get("SkipFields", ()))
