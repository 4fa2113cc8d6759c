"""``/export`` at the root and in every directory below which something can be configured."""

from __future__ import annotations

from simulator import files
from simulator.errors import NOT_PERMITTED, Refusal, unknown_word
from simulator.profiles import number_of
from simulator.script.document import Wanted, written
from simulator.script.find import Condition, conditions
from simulator.script.words import Form, Word
from simulator.state import Device
from simulator.tools.calling import Call, Done, Tool

_WORDS = ("compact", "file", "hide-sensitive", "show-sensitive", "terse", "verbose")
_LATER = (("where", (7, 16)), ("path", (7, 23)))
"""What came with which version; that ``where`` was not there a little before 7.16 is unproven."""
_SUFFIX = ".rsc"


def _export(call: Call) -> Done:
    """Without a file there is nothing to see over REST: that the answer is empty, and that ``path`` names a menu below
    this one, is unproven."""
    version = number_of(call.device.hardware.version)
    given = call.arguments(*_WORDS, *(name for name, since in _LATER if version >= since))
    sensitive = _on(given, "show-sensitive") and not _on(given, "hide-sensitive")
    if sensitive and "sensitive" not in call.login.policies:
        raise Refusal(NOT_PERMITTED, 500)
    under = call.path.rpartition("/")[0] + _path(given.get("path", ""))
    if under and not call.device.leads(under):
        raise unknown_word(under.rpartition("/")[2])
    wanted = Wanted(under, _on(given, "verbose"), _on(given, "terse"), sensitive, _where(given.get("where", "")))
    name = given.get("file")
    if name:
        files.write(call.device, name if name.endswith(_SUFFIX) else name + _SUFFIX, written(call.device, wanted))
    return Done()


def _on(given: dict[str, str], name: str) -> bool:
    return given.get(name, "no") not in ("no", "false")


def _path(text: str) -> str:
    words = text.replace("/", " ").replace(",", " ").split()
    return "".join(f"/{word}" for word in words)


def _where(text: str) -> tuple[Condition, ...]:
    if not text:
        return ()
    asked = conditions(Word(None, f"[find where {text}]", Form.EXPRESSION))
    if asked is None:
        raise Refusal("failure: where is not implemented", 501)
    return asked


def there(device: Device, menu: str) -> bool:
    """Whether a directory has it: a menu in which something can be set or added is there or below."""
    if menu and not device.leads(menu):
        return False
    below = (path for path in device.schema.paths if f"{path}/".startswith(f"{menu}/"))
    return any(known is not None and known.commands & {"add", "set"} for known in map(device.menu, below))


EXPORT = Tool(_export, frozenset({"ftp", "read"}))
