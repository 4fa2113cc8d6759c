"""Changes to YAML text that touch only the lines concerned: everything else stays byte for byte.

Positions are character indexes of PyYAML's nodes. The text must have been read by the strict reader
before, which bounds its depth. Callers read the result again and compare: a splice never has to be
believed.
"""

from __future__ import annotations

from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, SequenceNode

from desired_state.yaml_reader import Node as Value
from desired_state.yaml_writer import flow, key_text, rows


class _Loader(yaml.CSafeLoader):
    """Composes nodes without guessing their types."""


_Loader.yaml_implicit_resolvers = {}


def compose(text: str) -> MappingNode:
    """The root of a text that is one mapping."""
    loader: Any = _Loader(text)
    try:
        root = loader.get_single_node()
    finally:
        loader.dispose()
    assert isinstance(root, MappingNode)
    return root


def child(mapping: Node | None, key: str) -> Node | None:
    """The value under a key, None where there is none."""
    found = pair(mapping, key)
    return found[1] if found else None


def pair(mapping: Node | None, key: str) -> tuple[Node, Node] | None:
    if not isinstance(mapping, MappingNode):
        return None
    return next(((name, value) for name, value in mapping.value if name.value == key), None)


def replace_value(text: str, node: Node, value: str) -> str:
    """Put other text in place of a node."""
    start, end = _start(node), _end(node)
    lead = " " if text[:start].endswith(":") and not value.startswith("\n") else ""
    before = text[:start].rstrip(" ") if value.startswith("\n") else text[:start]
    tail = "\n" if text[start:end].endswith("\n") else ""
    return before + lead + value + tail + text[end:]


def insert_pair(text: str, mapping: Node, key: str, value: str, *, indent: int = 0) -> str:
    """Add a key at the end of a mapping; ``value`` is text, with lines of its own or not.

    ``indent`` is where keys stand in a mapping that is empty or not there.
    """
    if not isinstance(mapping, MappingNode) or not mapping.value:
        return replace_value(text, mapping, f"\n{' ' * indent}{key_text(key)}:{_spaced(value)}".rstrip("\n"))
    if mapping.flow_style:
        end = text.rindex("}", 0, _mark(mapping.end_mark))
        return text[:end].rstrip() + f", {key_text(key)}:{_spaced(value)}" + text[end:]
    column = mapping.value[0][0].start_mark.column
    return _insert_lines(text, _after(text, mapping), f"{' ' * column}{key_text(key)}:{_spaced(value)}")


def delete_pair(text: str, mapping: MappingNode, key: str) -> str:
    """Take a key out; the last one leaves ``{}``."""
    index = next(i for i, (name, _) in enumerate(mapping.value) if name.value == key)
    if len(mapping.value) == 1:
        return _emptied(text, mapping, "{}")
    name, value = mapping.value[index]
    if mapping.flow_style:
        return _cut_flow(text, [(_start(k), _end(v)) for k, v in mapping.value], index)
    start = _start(name)
    if text[_line_start(text, start) : start].strip():  # the first key of "- key: value"
        return text[:start] + text[_start(mapping.value[index + 1][0]) :]
    return _cut_lines(text, _line_start(text, start), _after(text, value))


def insert_item(text: str, sequence: SequenceNode, row: Value, before: int | None) -> str:
    """Add a row at the end of a list, or before one of its items."""
    if not sequence.value and _inside_flow(text, sequence):
        return replace_value(text, sequence, flow([row]))
    if not sequence.value:
        indent = _line_indent(text, _start(sequence)) + 2
        return replace_value(text, sequence, "\n" + rows([row], indent).rstrip("\n"))
    if sequence.flow_style:
        if before is not None:
            start = _start(sequence.value[before])
            return text[:start] + f"{flow(row)}, " + text[start:]
        end = text.rindex("]", 0, _mark(sequence.end_mark))
        return text[:end].rstrip() + f", {flow(row)}" + text[end:]
    dash = _dash(text, sequence.value[before or 0])
    made = rows([row], dash - _line_start(text, dash))
    if before is None:
        return _insert_lines(text, _after(text, sequence), made.rstrip("\n"))
    return _insert_lines(text, _with_comments(text, _line_start(text, dash)), made.rstrip("\n"))


def delete_item(text: str, sequence: SequenceNode, index: int) -> str:
    """Take a row out, with the comment lines right above it; the last one leaves ``[]``."""
    if len(sequence.value) == 1:
        return _emptied(text, sequence, "[]")
    if sequence.flow_style:
        return _cut_flow(text, [(_start(item), _end(item)) for item in sequence.value], index)
    item = sequence.value[index]
    return _cut_lines(text, _line_start(text, _dash(text, item)), _after(text, item))


def _inside_flow(text: str, node: Node) -> bool:
    """Whether a collection opens earlier on the node's line; one that opened above it shows when read again."""
    line = text[_line_start(text, _start(node)) : _start(node)]
    return "{" in line or "[" in line


def _emptied(text: str, node: MappingNode | SequenceNode, empty: str) -> str:
    if node.flow_style:
        return text[: _start(node)] + empty + text[_end(node) :]
    colon = text.rindex(":", 0, _start(node))
    return text[: colon + 1] + f" {empty}\n" + text[_after(text, node) :]


def _cut_flow(text: str, spans: list[tuple[int, int]], index: int) -> str:
    if index + 1 < len(spans):
        return text[: spans[index][0]] + text[spans[index + 1][0] :]
    return text[: spans[index - 1][1]] + text[spans[index][1] :]


def _cut_lines(text: str, start: int, end: int) -> str:
    return text[: _with_comments(text, start)] + text[end:]


def _insert_lines(text: str, at: int, lines: str) -> str:
    lead = "" if at == 0 or text[at - 1] == "\n" else "\n"
    return text[:at] + lead + lines + "\n" + text[at:]


def _spaced(value: str) -> str:
    return value if value.startswith("\n") else f" {value}"


def _mark(mark: Any) -> int:
    return int(mark.index)


def _start(node: Node) -> int:
    return _mark(node.start_mark)


def _end(node: Node) -> int:
    """Where a node's own text ends: a block collection's mark runs past comments, its last scalar's does not."""
    while isinstance(node, MappingNode | SequenceNode) and not node.flow_style and node.value:
        last = node.value[-1]
        node = last[1] if isinstance(last, tuple) else last
    return _mark(node.end_mark)


def _after(text: str, node: Node) -> int:
    """The start of the line after a node's last one."""
    end = _end(node)
    if end and text[end - 1] == "\n":
        return end
    found = text.find("\n", end)
    return len(text) if found < 0 else found + 1


def _line_start(text: str, index: int) -> int:
    return text.rfind("\n", 0, index) + 1


def _line_indent(text: str, index: int) -> int:
    line = text[_line_start(text, index) :]
    return len(line) - len(line.lstrip(" "))


def _dash(text: str, item: Node) -> int:
    return text.rindex("-", 0, _start(item))


def _with_comments(text: str, start: int) -> int:
    """The start of the comment lines right above a line, at its own column."""
    column = _line_indent(text, start)
    while start:
        above = _line_start(text, start - 1)
        line = text[above:start]
        if not line.lstrip().startswith("#") or _line_indent(text, above) != column:
            break
        start = above
    return start
