"""One row as written becomes rows with RouterOS text: loops, templates, ``$`` words, types, secrets."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import lru_cache

from desired_state.evaluation import evaluated, with_lines
from desired_state.menus import RawEntry
from desired_state.paths import FILES, LISTS
from desired_state.report import Report, nearest, shown
from desired_state.selectors import read_selector, unknown_field_hint
from desired_state.yaml_reader import Document, Map, Node, read_documents
from schemas.catalogue.load import Schema
from schemas.catalogue.model import Field, Menu
from schemas.desired import SecretRef, Value
from schemas.errors import InputError
from schemas.location import Location, Problem
from schemas.selector import Selector
from schemas.values import canonical_or_exact, parse_type

MAX_ITEMS = 20_000
MAX_TEXT = 20_000_000
"""Characters that all ``$for-each`` of a device may yield together."""
MAX_SECONDS = 60.0
"""Time that all ``$for-each`` of a device may take together."""
TOLD_ITSELF = (
    "The router said so itself (plumbline schema learn). Leave it out for this device, or exclude it with $when."
)
"""What to do where another router of the same version may well have it."""
_SINGLE_WORDS = ("$when", "$initial", "$omit", "$until")


@dataclass(frozen=True, slots=True)
class Row:
    """A rendered row of one layer. ``sources`` says in which row as written each field stands; ``appends``
    are texts to put behind what earlier layers say (``field+``)."""

    origin: Location
    fields: Mapping[str, Value] = field(default_factory=dict)
    sources: Mapping[str, RawEntry] = field(default_factory=dict)
    appends: Mapping[str, str] = field(default_factory=dict)
    label: str | None = None
    match: Selector | None = None
    absent: bool = False
    drop: bool = False
    initial: frozenset[str] = frozenset()
    omit: frozenset[str] = frozenset()
    renamed_from: Mapping[str, str] = field(default_factory=dict)

    def place(self, name: str) -> Location:
        """Where a field was written; the row's own place where it was not."""
        source = self.sources.get(name)
        if source is None:
            return self.origin
        return source.at(name if name in source.node else f"{name}+")


Rendered = tuple[tuple[Row, ...], tuple[Problem, ...]]


class Renderer:
    """Renders rows for one device. ``cache`` keeps the static rows of a version between devices."""

    def __init__(
        self,
        schema: Schema,
        values: Mapping[str, Node],
        files: Mapping[str, bytes],
        cache: dict[tuple[RawEntry, str], Rendered],
        problems: list[Problem],
    ) -> None:
        self.schema = schema
        self.values = values
        self.files = files
        self.problems = problems
        self._cache = cache
        self._text_left = MAX_TEXT
        self._seconds_left = MAX_SECONDS

    def rows(self, menu: Menu, entry: RawEntry) -> tuple[Row, ...]:
        """The rows of an entry: one, or one for each item. Problems are noted."""
        key = (entry, self.schema.name)
        found = self._cache.get(key) if entry.static else None
        if found is None:
            problems: list[Problem] = []
            found = (tuple(self._expand(menu, entry, Report(entry.file, problems))), tuple(problems))
            if entry.static:
                self._cache[key] = found
        self.problems.extend(found[1])
        return found[0]

    def _expand(self, menu: Menu, entry: RawEntry, report: Report) -> list[Row]:
        loop = entry.node.get("$for-each")
        if loop is None or menu.singleton:
            return [_Entry(self, menu, entry, self.values, report).row()]
        line = entry.node.lines["$for-each"]
        items = loop
        if isinstance(loop, Map) and set(loop) == {"list"}:
            items = self._listed(loop["list"], line, report)
        elif isinstance(loop, str):
            text = loop if "{{" in loop else f"{{{{ {loop} }}}}"
            items = evaluated(report, text, self.values, line)
        if not isinstance(items, list):
            if items is not None:
                report.add(line, f"$for-each needs a list, not {shown(items)}.", "Name a variable that is a list.")
            return []
        if len(items) > MAX_ITEMS:
            report.add(line, f"$for-each has more than {MAX_ITEMS} items.")
            return []
        return list(self._loop(menu, entry, items, report))

    def _listed(self, name: Node, line: int, report: Report) -> list[Node] | None:
        """The items of a file below lists/. Parsed once, however many devices and versions use it."""
        if not isinstance(name, str) or not name.startswith(LISTS) or name not in self.files:
            held = [path for path in self.files if path.startswith(LISTS)]
            report.add(line, f"There is no list {shown(name)} below {LISTS}.", nearest(str(name), held))
            return None
        try:
            documents = _parsed_list(name, self.files[name])
        except InputError as error:
            report.problems.extend(error.problems)
            return None
        root = documents[0].root if len(documents) == 1 else None
        if not isinstance(root, list):
            report.add(line, f"{name} holds no list.", "Write one item a line, each after a dash.")
            return None
        return root

    def _loop(self, menu: Menu, entry: RawEntry, items: list[Node], report: Report) -> Iterator[Row]:
        """A row for each item, as long as the device's share of text and time lasts."""
        start = time.monotonic()
        for item in items:
            row = _Entry(self, menu, entry, {**self.values, "item": item}, report).row()
            self._text_left -= sum(len(text) for text in row.fields.values() if isinstance(text, str))
            if self._text_left < 0:
                what = f"yield more than {MAX_TEXT // 10**6} MB of text"
            elif self._seconds_left < time.monotonic() - start:
                what = f"take longer than {MAX_SECONDS:.0f} seconds"
            else:
                yield row
                continue
            message = f"All $for-each of a device together {what}."
            report.add(entry.node.lines["$for-each"], message, "Give it fewer items, or smaller rows.")
            break
        self._seconds_left -= time.monotonic() - start


class _Entry:
    """The rendering of one row."""

    def __init__(
        self, renderer: Renderer, menu: Menu, entry: RawEntry, values: Mapping[str, Node], report: Report
    ) -> None:
        self.renderer = renderer
        self.menu = menu
        self.entry = entry
        self.node = entry.node
        self.values = values
        self.report = report
        self.fields: dict[str, Value] = {}
        self.appends: dict[str, str] = {}

    def row(self) -> Row:
        if self.menu.singleton:
            self._refuse_words()
        for key, value in self.node.items():
            if not key.startswith("$"):
                self._field(key, value)
        match = self._match()
        sources = dict.fromkeys((*self.fields, *self.appends), self.entry)
        if not any(key.startswith("$") for key in self.node):
            return Row(self.entry.at(), self.fields, sources, self.appends, match=match)
        return Row(
            origin=self.entry.at(),
            fields=self.fields,
            sources=sources,
            appends=self.appends,
            label=self._label(),
            match=match,
            absent=self.report.flag(self.node, "$absent"),
            drop=self.report.flag(self.node, "$drop"),
            initial=self._names("$initial"),
            omit=self._names("$omit"),
            renamed_from=self._renamed_from(),
        )

    def _field(self, key: str, value: Node) -> None:
        name = key.removesuffix("+")
        line = self.node.lines[key]
        known = self._known(name, line)
        if known is None:
            return
        count = len(self.report.problems)
        native = value if self.entry.static else evaluated(self.report, value, self.values, line)
        if len(self.report.problems) > count:
            return
        if key == name:
            self._typed(known, native, line)
        else:
            self._append(known, native, line)

    def _known(self, name: str, line: int) -> Field | None:
        known = self.menu.fields.get(name)
        if known is None:
            self._unknown(name, line)
        elif not known.writable and not (name in self.menu.key and not self.menu.addable):
            self.report.add(line, f"{self.menu.path} {name} is read-only.", "Leave it out.")
        else:
            return known
        return None

    def _unknown(self, name: str, line: int) -> None:
        schema = self.renderer.schema
        versions = schema.known_elsewhere(self.menu.path, name)
        if versions:
            message = f"{self.menu.path} has no field {name!r} in RouterOS {schema.version}."
            hint = f'RouterOS {versions[0]} to {versions[-1]} have it: write $when: {{routeros: ">={versions[0]}"}}.'
            self.report.add(line, message, TOLD_ITSELF if schema.learnt else hint)
            return
        near = schema.suggest_field(self.menu, name)
        hint = f'Did you mean "{near}"?' if near else unknown_field_hint(self.menu, name)
        self.report.add(line, f"{self.menu.path} has no field {name!r}.", hint)

    def _typed(self, known: Field, native: Node, line: int) -> None:
        try:
            self.fields[known.name] = self._value(known, native)
        except ValueError as error:
            several = isinstance(native, list) and native and all(isinstance(item, str | int) for item in native)
            hint = f"Where the router takes several, write {shown(','.join(map(str, native)))}." if several else ""
            self.report.add(line, f"{self.menu.path} {known.name}: {error}", hint)

    def _append(self, known: Field, native: Node, line: int) -> None:
        if "list(" not in known.type and "set(" not in known.type:
            hint = f"Write {known.name}: VALUE."
            self.report.add(line, f"{self.menu.path} {known.name} is no list; nothing can be appended.", hint)
            return
        try:
            self.appends[known.name] = parse_type(known.type).text(native)
        except ValueError as error:
            self.report.add(line, f"{self.menu.path} {known.name}: {error}")

    def _value(self, known: Field, native: Node) -> Value:
        if native is None:
            return None
        if isinstance(native, Mapping):
            return self._reference(known, native)
        if known.secret and native != "":
            raise ValueError("A secret never stands in Git in the clear. Write {secret: NAME}.")
        return parse_type(known.type).text(native)

    def _reference(self, known: Field, native: Mapping[str, Node]) -> Value:
        if set(native) == {"secret"}:
            if not known.secret:
                raise ValueError("This is no secret field. Write its value.")
            name = native["secret"]
            if not isinstance(name, str) or not name:
                raise ValueError("The name of a secret is a text. Write {secret: NAME}.")
            return SecretRef(name)
        if set(native) == {"text"} and isinstance(native["text"], str) and not known.secret:
            return native["text"]  # what a router holds although the catalogue cannot read it; compared exactly
        if set(native) == {"file"} and not known.secret:
            if not isinstance(self.node[known.name], Map):  # else nobody could tell whose files a device reads
                raise ValueError('A file is named where it is used. Write {file: "files/{{ NAME }}"}.')
            return parse_type(known.type).text(self._file(native["file"]))
        if "file" in native and "secrets" in native:
            raise ValueError("Secrets inside a file are not supported yet.")
        return parse_type(known.type).text(dict(native))

    def _file(self, name: Node) -> str:
        files = self.renderer.files
        if not isinstance(name, str) or not name.startswith(FILES) or name not in files:
            held = [path for path in files if path.startswith(FILES)]
            raise ValueError(f"There is no file {shown(name)} below {FILES}. {nearest(str(name), held)}".rstrip())
        try:
            return _decoded(files[name])
        except UnicodeDecodeError:
            raise ValueError(f"The file {name} is not UTF-8 text.") from None

    def _match(self) -> Selector | None:
        if "$match" in self.node:
            line = self.node.lines["$match"]
            written = self.node["$match"]
            if isinstance(written, Map) and not self.entry.static:
                written = with_lines(written, evaluated(self.report, written, self.values, line))
            count = len(self.report.problems)
            match = read_selector(self.report, written, line, self.menu)
            if match == Selector() and len(self.report.problems) == count:
                self.report.add(line, "$match must say which row.", f"Write $match: {{{self._example()}: VALUE}}.")
            return match
        if self.menu.addable or self.menu.singleton:
            return None
        return self._match_by_key()

    def _match_by_key(self) -> Selector | None:
        """In a menu whose rows the router makes, the key fields select."""
        tests: list[tuple[str, tuple[str, ...]]] = []
        for name in self.menu.key:
            value = self.fields.pop(name, None)
            if isinstance(value, str):
                tests.append((name, (canonical_or_exact(parse_type(self.menu.fields[name].type), value)[0],)))
        if len(tests) == len(self.menu.key) and tests:
            return Selector(tuple(tests))
        message = f"The router makes the rows of {self.menu.path}; none can be added."
        self.report.add(self.node.line, message, f"Select one: $match: {{{self._example()}: VALUE}}.")
        return None

    def _example(self) -> str:
        return self.menu.key[0] if self.menu.key else "name"

    def _label(self) -> str | None:
        if "$id" not in self.node:
            return None
        line = self.node.lines["$id"]
        return self.report.plain(evaluated(self.report, self.node["$id"], self.values, line), line, "$id")

    def _names(self, word: str) -> frozenset[str]:
        names = self.report.texts(self.node, word)
        for name in names:
            if name not in self.menu.fields:
                self._unknown(name, self.node.lines[word])
        return frozenset(names)

    def _renamed_from(self) -> Mapping[str, str]:
        if "$renamed-from" not in self.node:
            return {}
        line = self.node.lines["$renamed-from"]
        former = evaluated(self.report, self.node["$renamed-from"], self.values, line)
        if not self.menu.key:
            self.report.add(line, f"Rows of {self.menu.path} have no key to be renamed.", "Give the row an $id.")
            return {}
        if not isinstance(former, Mapping):
            former = {self.menu.key[0]: former}
        found = {}
        for name, value in former.items():
            if name not in self.menu.key:
                hint = f"The key is {', '.join(self.menu.key)}."
                self.report.add(line, f"$renamed-from names {name!r}, which is not in the key.", hint)
                continue
            try:
                found[name] = parse_type(self.menu.fields[name].type).text(value)
            except ValueError as error:
                self.report.add(line, f"$renamed-from {name}: {error}")
        return found

    def _refuse_words(self) -> None:
        for key in self.node:
            if key.startswith("$") and key not in _SINGLE_WORDS:
                self.report.add(self.node.lines[key], f"{key} has no meaning here: {self.menu.path} has no rows.")


@lru_cache(maxsize=16)
def _parsed_list(name: str, data: bytes) -> tuple[Document, ...]:
    return read_documents(name, data)


@lru_cache(maxsize=16)
def _decoded(data: bytes) -> str:
    """One text for all rows that name a file, however large it is."""
    return data.decode("utf-8")
