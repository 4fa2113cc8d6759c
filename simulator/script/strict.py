"""``/import`` as a router does it: by its own rules, line by line, up to the first that it refuses.

What lines before it did stays. Only the commands of menus are done; a script that would have to be evaluated is
refused, as is a find in a form that is not understood. The two forms of an error are captured from consoles; that
REST tells the same, and the column in it, are unproven.
"""

from __future__ import annotations

import re

from simulator import commands
from simulator.errors import NOT_PERMITTED, Refusal
from simulator.script.choosing import Chooser, reference
from simulator.script.notes import Notes, TooMany
from simulator.script.reader import Command, read
from simulator.sessions import Login
from simulator.state import Device, Table
from simulator.writing import Placeholders

_NO_EFFECT = frozenset({"print", "export", "get", "find", "put"})
_PLACES = ("place-before", "copy-from", "destination")
_CONSOLE = (
    (re.compile(r"missing =(.+)="), r"missing value(s) of argument(s) \1"),
    (re.compile(r"not found", re.IGNORECASE), "no such item"),
)
"""What the console calls the refusals of the API."""


def run(device: Device, login: Login, text: str | bytes, from_line: int = 1) -> None:
    """Raises Refusal for the first line that is refused."""
    notes = Notes()
    rows = Chooser(Placeholders(device, notes.trouble), notes)
    for command in read(text, device.leads):
        if command.line < from_line:
            continue
        try:
            _carry_out(device, login, rows, command)
        except TooMany as error:
            raise Refusal("failure: runtime limit exceeded") from error


def _carry_out(device: Device, login: Login, rows: Chooser, command: Command) -> None:
    at = f"line {command.line} column 1"
    if command.complaint or (not command.verb and not command.text.startswith((":", "{", "$", "("))):
        raise Refusal(f"Script Error: syntax error ({at})" if command.complaint else _unknown(command, at))
    if not command.verb or command.expressions - set(_PLACES) - {"numbers"}:
        raise Refusal(f"failure: scripts are not implemented ({at})", 501)
    if device.menu(command.path) is None:
        raise Refusal(_unknown(command, at))
    if command.verb in _NO_EFFECT:
        return
    if command.path.startswith("/user") and "policy" not in login.policies:
        raise Refusal(f"Script Error: {NOT_PERMITTED} ({command.path}/{command.verb}; line {command.line})")
    table = device.table(command.path)
    if command.verb not in table.menu.commands:
        raise Refusal(_unknown(command, at))
    try:
        _command(table, rows, command)
    except Refusal as refusal:
        told = refusal.detail or str(refusal)
        if refusal.status == 501:
            raise
        if told.startswith("unknown parameter"):
            raise Refusal(f"Script Error: expected end of command ({at})") from refusal
        for form, spelled in _CONSOLE:
            told = form.sub(spelled, told)
        raise Refusal(f"Script Error: {told} ({command.path}/{command.verb}; line {command.line})") from refusal


def _unknown(command: Command, at: str) -> str:
    """The first word that leads nowhere: of the path, or the verb."""
    word = command.path.rpartition("/")[2] or command.verb or command.text.split(" ")[0]
    return f"Script Error: bad command name {word} ({at})"


def _command(table: Table, rows: Chooser, command: Command) -> None:
    """The command by way of REST, with the ids of its rows."""
    body: dict[str, str | list[str]] = {}
    for name, text in command.arguments:
        if text is None:
            body[f"!{name}"] = ""
        elif name in _PLACES:
            body[name] = ",".join(row.id for row in rows.there(table, reference(text))[:1])
        else:
            body[name] = text
    words = list(command.selector)
    if table.menu.listed and command.verb != "add":
        numbers = body.pop("numbers", None)
        if not isinstance(numbers, str) and not words:
            raise Refusal("missing =numbers=")
        chosen = rows.there(table, reference(numbers) if isinstance(numbers, str) else words.pop(0))
        if not chosen:
            return
        body[".id"] = ",".join(row.id for row in chosen)
    if command.verb == "move" and words:
        body["destination"] = rows.there(table, words.pop(0))[0].id
    if words:
        raise Refusal(f"unknown parameter {words[0].text}")
    commands.run(table, command.verb, body, _unmasked)


def _unmasked(_table: Table, shown: dict[str, str]) -> dict[str, str]:
    return shown
