"""A strict YAML reader: text stays what was written, and every key and item knows its line.

Only plain ``true``, ``false``, ``null`` and decimal integers become native values; ``7.20``, ``no``,
``0x80`` and MAC addresses stay text. It works on events, so depth costs no stack, and shares what
aliases name, so an alias bomb costs no memory; both are limited all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from desired_state.yaml_traps import explain_error, short, template_hint
from schemas.errors import InputError
from schemas.location import Location, Problem

MAX_DEPTH = 40
MAX_PROBLEMS = 50
"""How many problems of a file are told one by one."""
MAX_ALIASED = 20_000
"""How many nodes all aliases of a file may stand for together."""

Node = Any
"""A native value: str, int, bool, None, ``Map`` or ``Seq``."""


class Map(dict[str, Node]):
    """A mapping as written: ``line`` where it starts, ``lines`` of its keys."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: dict[str, int] = {}


class Seq(list[Node]):
    """A sequence as written: ``line`` where it starts, ``lines`` of its items."""

    __slots__ = ("line", "lines")

    def __init__(self, line: int) -> None:
        super().__init__()
        self.line = line
        self.lines: list[int] = []


@dataclass(frozen=True, slots=True)
class Document:
    """One YAML document: its root value and the line it starts on."""

    root: Node
    line: int


def read_documents(file: str, data: bytes) -> tuple[Document, ...]:
    """All documents of a file; empty documents are left out.

    Raises InputError with every problem that can be told apart: broken syntax ends the reading,
    duplicate keys and the like do not.
    """
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        raise InputError(Problem("The file is not UTF-8 text.", Location(file, line))) from error
    reader = _Reader(file, text)
    reader.run()
    if reader.problems:
        raise InputError(reader.problems)
    return tuple(document for document in reader.documents if document.root is not None)


_NO_KEY: Final = object()


class _Stop(Exception):
    """Reading cannot go on; the problem has been noted."""


@dataclass(slots=True)
class _Frame:
    """A collection being filled. ``key_index`` says where in the text its last key begins, ``before`` which key
    before that one has a value; ``weight`` counts its nodes, those behind aliases included."""

    node: Map | Seq
    flow: bool
    anchor: str | None = None
    key: Any = _NO_KEY
    key_index: int = 0
    before: str | None = None
    weight: int = 1


class _Reader:
    """One pass over the events of a file."""

    def __init__(self, file: str, text: str) -> None:
        self.file = file
        self.text = text
        self.problems: list[Problem] = []
        self.documents: list[Document] = []
        self._stack: list[_Frame] = []
        self._anchors: dict[str, tuple[Node, int]] = {}
        self._aliased = 0
        self._untold = 0
        self._first_untold = 0
        self._document_line = 1

    def run(self) -> None:
        loader: Any = yaml.CSafeLoader(self.text)
        try:
            while self._event(loader.get_event()):
                pass
        except yaml.YAMLError as error:
            self.problems.append(explain_error(self.file, self.text, error))
        except _Stop:
            pass
        finally:
            loader.dispose()
        if self._untold:
            message = f"The file has {self._untold} more problems from this line on."
            self.problems.append(Problem(message, Location(self.file, self._first_untold), "Mend those told first."))

    def _event(self, event: Any) -> bool:
        match event:
            case ScalarEvent():
                self._scalar(event)
            case MappingStartEvent() | SequenceStartEvent():
                self._open(event)
            case MappingEndEvent() | SequenceEndEvent():
                self._close()
            case AliasEvent():
                self._alias(event)
            case DocumentStartEvent():
                self._anchors.clear()
                self._document_line = _line(event)
            case StreamEndEvent():
                return False
        return True

    def _scalar(self, event: Any) -> None:
        line = _line(event)
        frame = self._stack[-1] if self._stack else None
        if event.tag is not None and not (event.tag == "!" and event.style):
            tag, text = short(event.tag, quoted=False), short(f"{event.tag}{event.value}", quoted=False)
            self._problem(line, f"{tag} is read as a YAML tag.", f'Quote it: "{text}".')
        if frame is not None and isinstance(frame.node, Map) and frame.key is _NO_KEY:
            self._key(frame, event, line)
            return
        empty = event.value == "" and not event.style
        lacking = frame is not None and frame.flow and empty and self._lacks_colon(frame, event, line)
        value = _native(event)
        if event.anchor:
            self._anchors[event.anchor] = (value, 1)
        self._put(value, line, 1, lacking=lacking)

    def _key(self, frame: _Frame, event: Any, line: int) -> None:
        assert isinstance(frame.node, Map)
        key = event.value
        if key in frame.node:
            first = frame.node.lines[key]
            message = f"{short(key)} is given twice; it stands on line {first} already."
            self._problem(line, message, "Keep one of them.")
        elif key == "<<" and not event.style:
            self._problem(line, "Merge keys (<<) are not read.", "Put what is shared into a group.")
        frame.node.lines.setdefault(key, line)
        frame.key = key
        frame.key_index = event.start_mark.index

    def _lacks_colon(self, frame: _Frame, event: Any, line: int) -> bool:
        """``{dst-port: 80,443}`` reads as two keys, the second without a value. Only the text of the key is
        looked at: a line may be as long as the file."""
        if not isinstance(frame.node, Map):
            return False
        written = self.text[frame.key_index : event.start_mark.index]
        if ":" in written[max(map(written.rfind, ",{\n")) + 1 :]:
            return False
        value = frame.node[frame.before] if frame.before is not None else None
        if frame.before is None or value is None or isinstance(value, Map | Seq):
            self._problem(line, f"{short(frame.key)} has no value.", f"Write {short(frame.key, quoted=False)}: VALUE.")
            return True
        first = str(value).lower() if isinstance(value, bool) else str(value)
        name = short(frame.before, quoted=False)
        hint = f"Quote the whole value of {name}."
        if len(first) + len(frame.key) < _LONG:
            both = frame.node[frame.before] = f"{first},{frame.key}"
            hint = f'Write {name}: "{both}" or {name}: [{both.replace(",", ", ")}].'
        self._problem(line, f"{short(frame.key)} has no value: a comma inside {{ }} begins the next field.", hint)
        return True

    def _open(self, event: Any) -> None:
        line = _line(event)
        if len(self._stack) >= MAX_DEPTH:
            self._stop(line, f"Nested deeper than {MAX_DEPTH} levels.")
        if event.tag is not None:
            self._stop(line, f"{event.tag} is read as a YAML tag.", "Tags are not read; leave it out or quote it.")
        frame = self._stack[-1] if self._stack else None
        if frame is not None and isinstance(frame.node, Map) and frame.key is _NO_KEY:
            hint = template_hint(self.text, line) or "A key is a plain word."
            self._stop(line, "A key may not be a mapping or a list.", hint)
        node: Map | Seq = Map(line) if isinstance(event, MappingStartEvent) else Seq(line)
        self._stack.append(_Frame(node, bool(event.flow_style), event.anchor))

    def _close(self) -> None:
        frame = self._stack.pop()
        if frame.anchor:
            self._anchors[frame.anchor] = (frame.node, frame.weight)
        self._put(frame.node, frame.node.line, frame.weight)

    def _alias(self, event: Any) -> None:
        line = _line(event)
        found = self._anchors.get(event.anchor)
        if found is None:
            self._stop(line, f"*{event.anchor} names no anchor.", f'If it is text, quote it: "*{event.anchor}".')
            return
        self._aliased += found[1]
        if self._aliased > MAX_ALIASED:
            self._stop(line, f"The aliases of this file stand for more than {MAX_ALIASED} values.")
        frame = self._stack[-1] if self._stack else None
        if frame is not None and isinstance(frame.node, Map) and frame.key is _NO_KEY:
            self._stop(line, "A key may not be an alias.")
        self._put(found[0], line, found[1])

    def _put(self, value: Node, line: int, weight: int, *, lacking: bool = False) -> None:
        if not self._stack:
            self.documents.append(Document(value, self._document_line))
            return
        frame = self._stack[-1]
        frame.weight += weight
        if isinstance(frame.node, Seq):
            frame.node.append(value)
            frame.node.lines.append(line)
            return
        frame.node.setdefault(frame.key, value)
        frame.before = frame.before if lacking else frame.key
        frame.key = _NO_KEY

    def _problem(self, line: int, message: str, hint: str = "") -> None:
        if len(self.problems) < MAX_PROBLEMS:
            self.problems.append(Problem(message, Location(self.file, line), hint))
        else:
            self._first_untold = self._first_untold or line
            self._untold += 1

    def _stop(self, line: int, message: str, hint: str = "") -> None:
        self.problems.append(Problem(message, Location(self.file, line), hint))
        raise _Stop


_WORDS: Final = {"true": True, "false": False, "null": None, "~": None, "": None}
_MAX_DIGITS = 19
_LONG = 200


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1


def _native(event: Any) -> str | int | bool | None:
    text: str = event.value
    if event.style:
        return text
    if text in _WORDS:
        return _WORDS[text]
    digits = text[1:] if text[0] == "-" else text
    if not (digits.isascii() and digits.isdigit()) or len(digits) > _MAX_DIGITS:
        return text
    if text == "0" or (digits[0] != "0"):
        return int(text)
    return text
