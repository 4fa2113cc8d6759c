"""``/file/read`` and ``/file/copy``, and ``/import`` of a file."""

from __future__ import annotations

from simulator import errors, files
from simulator.errors import Refusal
from simulator.script import strict
from simulator.state import Row
from simulator.tools.calling import Call, Done, Tool, Tools
from simulator.tools.running import number

_CHUNK = "32768"
"""The chunk size nobody asked for, which is the largest too (both unproven)."""


def _read(call: Call) -> Done:
    """Raises Refusal. How a missing file is refused is unproven."""
    given = call.arguments("file", "chunk-size", "offset", "as-value")
    content = files.encoded(_file(call, given.get("file"), "file").config.get("contents", ""))
    size = number(given, "chunk-size", _CHUNK, 1, int(_CHUNK))
    offset = number(given, "offset", "0", 0, 4_294_967_295)
    if offset > len(content):
        raise Refusal("failure: chunk out of file bounds")
    return Done([{"data": content[offset : offset + size].decode(errors="surrogateescape")}])


def _copy(call: Call) -> Done:
    """Raises Refusal. That a file in the way is refused is unproven."""
    given = call.arguments("number", ".id", "numbers", "name")
    source = _file(call, given.get("number") or given.get("numbers") or given.get(".id"), "number")
    name = given.get("name")
    if not name:
        raise errors.missing("name")
    if call.device.table(files.PATH).named(name) is not None:
        raise Refusal("failure: file already exists")
    row = files.write(call.device, name, source.config.get("contents", ""))
    row.facts |= {key: source.facts[key] for key in ("size", "type") if key in source.facts}
    row.table.refresh(row)
    return Done()


def _import(call: Call) -> Done:
    """Raises Refusal; what was imported before stays. What ``verbose`` told over REST is unproven: nothing here."""
    given = call.arguments("file-name", "from-line", "verbose", "dry-run")
    name = given.get("file-name")
    if not name:
        raise errors.missing("file-name")
    row = call.device.table(files.PATH).named(name)
    if row is None:
        raise Refusal("Cannot open import file, file does not exist")
    if "dry-run" in given:
        raise Refusal("failure: dry-run is not implemented", 501)
    first = number(given, "from-line", "1", 1, 4_294_967_295)
    strict.run(call.device, call.login, row.config.get("contents", ""), first)
    return Done()


def _file(call: Call, name: str | None, argument: str) -> Row:
    if not name:
        raise errors.missing(argument)
    table = call.device.table(files.PATH)
    row = table.ids.get(name) if name.startswith("*") else table.named(name)
    if row is None:
        raise Refusal("no such item")
    return row


TOOLS: Tools = {
    "/file/read": Tool(_read, frozenset({"ftp", "test"})),
    "/file/copy": Tool(_copy, frozenset({"ftp", "write"})),
    "/import": Tool(_import, frozenset({"write"})),
}
"""What copying and importing take is unproven."""
