"""The facts: what RouterOS's inspect trees say, as text files, one field a line.

    /ip/address = list *
    /ip/address > add comment disable reset@7.24.. set
    /ip/address address as * interface-address
    /ip/service available-from s 7.24.. text

``=`` gives a menu's kind and versions (several lines when the kind changed), ``>`` its commands,
every other line a field: path, name, access, versions, type expression. Access is letters of ``a``
(argument of add) and ``s`` (of set), or ``r`` (read only). A span of versions is ``7.13.5..``
(since), ``..7.16.2`` (until), ``7.13.5..7.16.2`` (both ends included), several joined by commas;
``*`` is every version (on ``=`` lines) or every version that has the menu (elsewhere). A command
without ``@`` is ``*``. ``place-before`` among the commands says that add takes it.
Lines that begin with ``#`` are comments. ``versions.txt`` lists the versions, oldest first.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

FOLDER = Path(__file__).parent / "facts"

Mask = int
"""A set of versions: bit i is the i-th version of ``versions.txt``."""


@dataclass(slots=True)
class FieldFacts:
    """``access`` maps ``as``, ``a``, ``s`` or ``r`` to the versions in which it is so."""

    name: str
    access: dict[str, Mask] = field(default_factory=dict)
    types: dict[str, str] = field(default_factory=dict)


@dataclass(slots=True)
class MenuFacts:
    """``kinds`` and ``commands`` map a word to the versions that have it."""

    path: str
    kinds: dict[str, Mask] = field(default_factory=dict)
    commands: dict[str, Mask] = field(default_factory=dict)
    fields: dict[str, FieldFacts] = field(default_factory=dict)

    @property
    def mask(self) -> Mask:
        total = 0
        for mask in self.kinds.values():
            total |= mask
        return total


def render(menus: Iterable[MenuFacts], versions: Sequence[str]) -> dict[str, str]:
    """File name to text, with ``versions.txt`` among them."""
    files: dict[str, list[str]] = {}
    for menu in sorted(menus, key=lambda item: item.path.split("/")):
        name = menu.path.split("/")[1]
        files.setdefault(f"{name}.facts", []).extend(_menu_lines(menu, versions))
    texts = {name: "\n".join(lines) + "\n" for name, lines in files.items()}
    return texts | {"versions.txt": "\n".join(versions) + "\n"}


def read(folder: Path = FOLDER) -> tuple[tuple[str, ...], dict[str, MenuFacts]]:
    """The versions, and the menus by path. Raises ValueError naming file and line."""
    versions = tuple((folder / "versions.txt").read_text("utf-8").split())
    menus: dict[str, MenuFacts] = {}
    for file in sorted(folder.glob("*.facts")):
        read_lines(file.read_text("utf-8"), versions, file.name, menus)
    return versions, menus


def read_lines(
    text: str, versions: Sequence[str], name: str, menus: dict[str, MenuFacts] | None = None
) -> dict[str, MenuFacts]:
    """The menus of one text, put to those that are there. Raises ValueError naming it and the line."""
    found = {} if menus is None else menus
    for number, line in enumerate(text.splitlines(), 1):
        if not line or line.startswith("#"):
            continue
        try:
            _read_line(line, versions, found)
        except (ValueError, KeyError) as problem:
            raise ValueError(f"{name}:{number}: {line!r} cannot be read ({problem}).") from problem
    return found


def render_span(mask: Mask, whole: Mask, versions: Sequence[str]) -> str:
    """``7.13.5..7.16.2,7.20.8..``; ``*`` when the mask is the whole."""
    if mask == whole:
        return "*"
    spans: list[str] = []
    last = len(versions) - 1
    start: int | None = None
    for index in range(len(versions) + 1):
        inside = index <= last and bool(mask >> index & 1)
        if inside and start is None:
            start = index
        elif not inside and start is not None:
            end = index - 1
            spans.append(f"{versions[start] if start else ''}..{versions[end] if end < last else ''}")
            start = None
    return ",".join(spans)


def parse_span(text: str, whole: Mask, versions: Sequence[str]) -> Mask:
    if text == "*":
        return whole
    mask = 0
    for span in text.split(","):
        first, dots, last = span.partition("..")
        if not dots:
            raise ValueError(f"{span!r} is not a span of versions")
        start = versions.index(first) if first else 0
        end = versions.index(last) if last else len(versions) - 1
        mask |= (1 << end + 1) - (1 << start)
    return mask


def _menu_lines(menu: MenuFacts, versions: Sequence[str]) -> Iterable[str]:
    everything = (1 << len(versions)) - 1
    for kind, mask in sorted(menu.kinds.items()):
        yield f"{menu.path} = {kind} {render_span(mask, everything, versions)}"
    words = [_command(name, mask, menu.mask, versions) for name, mask in sorted(menu.commands.items())]
    yield " ".join([menu.path, ">", *words])
    for _, item in sorted(menu.fields.items()):
        for access, mask in sorted(item.access.items()):
            span = render_span(mask, menu.mask, versions)
            yield f"{menu.path} {item.name} {access} {span} {item.types[access]}"


def _command(name: str, mask: Mask, whole: Mask, versions: Sequence[str]) -> str:
    return name if mask == whole else f"{name}@{render_span(mask, whole, versions)}"


def _read_line(line: str, versions: Sequence[str], menus: dict[str, MenuFacts]) -> None:
    path, word, *rest = line.split(" ")
    menu = menus.setdefault(path, MenuFacts(path))
    if word == "=":
        kind, span = rest
        menu.kinds[kind] = parse_span(span, (1 << len(versions)) - 1, versions)
    elif word == ">":
        for item in rest:
            name, _, span = item.partition("@")
            menu.commands[name] = parse_span(span or "*", menu.mask, versions)
    else:
        access, span, *words = rest
        expression = " ".join(words)
        found = menu.fields.setdefault(word, FieldFacts(word))
        found.access[access] = parse_span(span, menu.mask, versions)
        found.types[access] = expression
