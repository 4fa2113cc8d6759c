"""``/console/inspect``: the tree of commands as a client can ask for it, from the facts of the router's own version.

Shapes of ``self`` and ``child`` rows are the manual's. What a menu's or a command's ``syntax`` rows say, the style of
completions, and whatever ``highlight`` and ``error`` would answer, is unproven.
"""

from __future__ import annotations

import functools
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from schemas.catalogue import facts
from schemas.catalogue.load import open_catalogue
from schemas.catalogue.model import Kind
from schemas.path import MenuPath
from simulator import errors, query
from simulator.profiles import does
from simulator.requests import names_of
from simulator.state import Device
from simulator.tools.calling import Call, Done, Rows, Tool, Tools

_WORDS = frozenset({".proplist", ".query", "input", "path", "request"})
_SHOWN = ("as-value", "input", "path", "proplist", "request", "without-paging")
_UPPER = frozenset({"interface", "ip", "ipv6", "system", "tool", "user"})
"""Directories that the tree calls ``path``, at its root; all others are ``dir``."""

_FREE = "text"
_NUMBERS = {"numbers": _FREE}
_OF_EVERY_PRINT = ("as-value", "comments", "file", "interval", "without-paging")
_OF_LISTS = (
    *("append", "count-only", "detail", "follow", "follow-only", "from", "group-by", "on-event", "proplist"),
    *("show-ids", "terse", "timestamp", "value-list", "where"),
)
_ARGUMENTS: Mapping[str, Mapping[str, str]] = {
    "comment": {"comment": _FREE, **_NUMBERS},
    "disable": _NUMBERS,
    "edit": {"number": _FREE, "value-name": _FREE},
    "enable": _NUMBERS,
    "export": dict.fromkeys(
        ("compact", "file", "hide-sensitive", "show-sensitive", "terse", "verbose", "where"), _FREE
    ),
    "find": {"where": _FREE},
    "move": {"destination": _FREE, **_NUMBERS},
    "remove": _NUMBERS,
    "reset-counters": _NUMBERS,
    "unset": {"value-name": _FREE, **_NUMBERS},
}
_TEXTS = {
    "text": "string value",
    "duration": "time interval",
    "ipv4": "A.B.C.D    (IP address)",
    "interface-address": "A.B.C.D    (IP address)",
    "prefix": "A.B.C.D/M    (IP prefix)",
    "address-or-prefix": "A.B.C.D[-A.B.C.D |0..32 |/A.B.C.D ]    (IP address range)",
    "mac": "AB[:|-|.]CD[:|-|.]EF[:|-|.]GH[:|-|.]IJ[:|-|.]KL    (MAC address)",
}
_WRAPPED = re.compile(r"^(?:list|set|pair|span|loose)\((.*)\)$")


@dataclass(slots=True)
class Node:
    """One word of the tree. ``type`` is the expression of an argument's values."""

    name: str
    kind: str
    children: dict[str, Node] = field(default_factory=dict)
    type: str = ""


def tools(others: Tools) -> Tools:
    """Every command that does something: the others, and the one that tells of all of them."""
    every = dict(others)
    every["/console/inspect"] = Tool(functools.partial(_inspect, every), frozenset({"read"}), words=_SHOWN)
    return every


def _inspect(tools: Tools, call: Call) -> Done:
    device, body = call.device, call.body
    for name in body:
        if name not in _WORDS:
            raise errors.unknown_parameter(name)
    asked = names_of(body.get("request"))
    if not asked:
        raise errors.missing("request")
    if any(word not in _REQUESTS for word in asked):
        raise errors.Refusal("input does not match any value of request")
    path, text = _joined(body.get("path", "")), _joined(body.get("input", ""))
    node = _found(device, tools, [word for word in path.split(",") if word])
    rows = [row for word in asked for row in (_REQUESTS[word](device, node, text) if node else [])]
    words = names_of(body.get(".query"))
    rows = query.selected(rows, words) if words else rows
    names = names_of(body.get(".proplist"))
    return Done([query.only(dict(sorted(row.items())), names, with_id=False) for row in rows])


def _joined(value: str | list[str]) -> str:
    return value if isinstance(value, str) else ",".join(value)


def _found(device: Device, tools: Tools, words: Sequence[str]) -> Node | None:
    """The node at a path: a directory, a command below it or an argument below that."""
    node, path = _node(device, tools, ""), ""
    for word in words:
        if word not in node.children:
            return None
        path = f"{path}/{word}"
        below = node.children[word]
        node = _node(device, tools, path) if below.kind in ("dir", "path") else below
    return node


def _node(device: Device, tools: Tools, path: str) -> Node:
    """A directory with its directories, commands and their arguments; the facts tell the commands of a menu."""
    name = path.rpartition("/")[2]
    node = Node(name, "path" if path == f"/{name}" and name in _UPPER else "dir")
    for word in _below(device, path):
        node.children[word] = Node(word, "path" if not path and word in _UPPER else "dir")
    menu, doing = device.menu(path), _doing(device, tools, path)
    commands = doing.keys() if menu is None else (menu.commands | {"export"}) - {"place-before"}
    for command in commands:
        arguments = {} if menu is None else _arguments(device, path, command)
        if not arguments and command in doing:
            arguments = dict.fromkeys(doing[command].words, _FREE)
        children = {name: Node(name, "arg", type=arguments[name]) for name in sorted(arguments)}
        node.children[command] = Node(command, "cmd", children)
    node.children = dict(sorted(node.children.items()))
    return node


def _doing(device: Device, tools: Tools, path: str) -> dict[str, Tool]:
    """The commands of a directory that do something and are told of."""
    found = {}
    for place, tool in tools.items():
        menu, _, word = place.rpartition("/")
        told = tool.told is None or does(device.hardware.version, tool.told)
        if menu == path and told and tool.there(device, menu, word):
            found[word] = tool
    return found


def _below(device: Device, path: str) -> set[str]:
    start = path + "/"
    return {
        further[len(start) :].partition("/")[0]
        for further in device.schema.directories
        if further.startswith(start) and device.leads(start + further[len(start) :].partition("/")[0])
    }


def _arguments(device: Device, path: str, command: str) -> Mapping[str, str]:
    """The names a command takes, each with the type of its values."""
    menu = device.menu(path)
    assert menu is not None
    if command == "get":
        own = {"as-string": _FREE, "as-string-value": _FREE, "value-name": f"enum({'|'.join(sorted(menu.fields))})"}
        return own | ({"number": _FREE} if menu.listed else {})
    if command == "print":
        return dict.fromkeys((*_OF_EVERY_PRINT, *(_OF_LISTS if menu.listed else ())), "flag")
    if command not in ("add", "set", "reset"):
        return _ARGUMENTS.get(command, {})
    taken = dict(_written(device, path, "a" if command == "add" else "s"))
    if command == "add":
        return taken | {"copy-from": _FREE} | ({"place-before": _FREE} if "place-before" in menu.commands else {})
    return taken | (_NUMBERS if menu.kind in (Kind.LIST, Kind.FIXED) else {})


def _written(device: Device, path: str, access: str) -> dict[str, str]:
    """The fields that add (``a``) or set (``s``) takes, with the types of the catalogue where it knows better."""
    menu = open_catalogue().schema(device.schema.version).menu(MenuPath(path))
    types = {item.wire: item.type for item in menu.fields.values() if item.writable} if menu else {}
    versions, menus = _facts()
    told = menus.get(path)
    if told is None:
        return types
    bit = 1 << versions.index(device.schema.version)
    taken = {
        name
        for name, item in told.fields.items()
        if any(access in letters and mask & bit for letters, mask in item.access.items())
    }
    added = {name for name in types if name not in told.fields}
    return {name: types.get(name, _FREE) for name in taken | added}


@functools.cache
def _facts() -> tuple[tuple[str, ...], dict[str, facts.MenuFacts]]:
    return facts.read()


def _self(_device: Device, node: Node, _text: str) -> Rows:
    return [{"name": node.name, "node-type": node.kind, "type": "self"}]


def _child(device: Device, node: Node, text: str) -> Rows:
    below = [{"name": item.name, "node-type": item.kind, "type": "child"} for item in node.children.values()]
    return _self(device, node, text) + below


def _syntax(_device: Device, node: Node, _text: str) -> Rows:
    if node.kind == "arg":
        text = _text_of(node.type)
        return [_explained(node.name, "definition", text)] if text else []
    below = [_explained(name, "explanation", "", nested="1") for name in node.children]
    return [_explained("", "collection", ""), *below]


def _explained(symbol: str, kind: str, text: str, nested: str = "0") -> dict[str, str]:
    told = {"nested": nested, "nonorm": "false", "symbol": symbol, "symbol-type": kind}
    return {**told, "text": text, "type": "syntax"}


def _text_of(expression: str) -> str:
    """What the console says of a free type; nothing of one whose words complete."""
    expression = expression.removeprefix("!")
    if wrapped := _WRAPPED.match(expression):
        return _text_of(wrapped[1])
    head, _, rest = expression.partition("(")
    if head == "int" and ".." in rest:
        return f"{rest.removesuffix(')')}    (integer number)"
    return _TEXTS.get(head, "")


def _completion(device: Device, node: Node, text: str) -> Rows:
    """What may follow the input: the values of an argument, else the words below the node."""
    if node.kind == "arg":
        offset = max(text.rfind(mark) for mark in "=, ") + 1
        offered: Iterable[tuple[str, str]] = _values(device, node.type)
    else:
        offset = max(text.rfind(mark) for mark in "/ ") + 1
        offered = [(name, item.kind) for name, item in node.children.items()]
    told = {"offset": str(offset), "preference": "96", "show": "true", "text": "", "type": "completion"}
    return [{**told, "completion": word, "style": style} for word, style in offered if word.startswith(text[offset:])]


def _values(device: Device, expression: str) -> list[tuple[str, str]]:
    """The words of a type and the rows it may name, each with its style."""
    if expression.startswith("!"):
        return [("!", "syntax-meta"), *_values(device, expression[1:])]
    if wrapped := _WRAPPED.match(expression):
        return _values(device, wrapped[1])
    head, _, rest = expression.partition("(")
    inner = rest.removesuffix(")")
    if head == "bool":
        return [("no", "arg"), ("yes", "arg")]
    if head == "enum":
        return [(word, "none") for word in inner.split("|")]
    if head == "or":
        words, _, other = inner.partition(",")
        return [*((word, "none") for word in words.split("|")), *_values(device, other)]
    if head == "ref" and device.menu(inner) is not None:
        return [(row.label, "none") for row in device.table(inner).rows if "name" in row.config]
    return []


def _nothing(_device: Device, _node: Node, _text: str) -> Rows:
    return []


_REQUESTS: Mapping[str, Callable[[Device, Node, str], Rows]] = {
    "self": _self,
    "child": _child,
    "completion": _completion,
    "error": _nothing,
    "highlight": _nothing,
    "syntax": _syntax,
}
