"""Text to statements."""

from __future__ import annotations

import re

from routeros.script.arguments import Arguments
from routeros.script.decoding import text_of
from routeros.script.headers import HeaderLines, is_missing_part, missing_parts, unsupported
from routeros.script.paths import Command, command_at
from routeros.script.scanning import Broken, skip_command
from routeros.script.statement import Finding, Script, Statement
from schemas.path import MenuPath

_BETWEEN = re.compile(r"[ \t\r\n;]*+")
_COMMENTS = re.compile(r"(?:[ \t\r]*+#[^\n]*+(?:\n|\Z))++")
_SCRIPTING = re.compile(
    r"[:{(\[$]|/?(?:if|for|foreach|while|do|local|global|put|log|delay|error|return|onerror|retry|execute|beep|parse)"
    r"(?![A-Za-z0-9.=-])"
)

_MOST_FINDINGS = 10_000
_MOST_WORK = 2_000_000
_MOST_COMMENTS = 50
_MOST_TRIES = 100
_EXCERPT = 500


def read_script(content: bytes | str) -> Script:
    """The statements of an export or a hand-written script. Never raises for what it holds.

    Takes time in proportion to the size. What is more than any router holds is not read on:
    the last finding says so.
    """
    text, findings = text_of(content)
    reader = _Reader(text, findings)
    reader.read()
    header = reader.headers.header
    findings = reader.findings
    if why := unsupported(header):
        findings = [Finding(1, why, remark=True), *findings]
    return Script(header, tuple(reader.statements), tuple(findings))


class _Reader:
    def __init__(self, text: str, findings: list[Finding]) -> None:
        self.text = text
        self.headers = HeaderLines()
        self.statements: list[Statement] = []
        self.findings = findings
        self.menu: tuple[str, ...] | None = None
        self._paths: dict[tuple[str, ...], MenuPath] = {}
        self._comment = ""
        self._work = 0
        self._line = 1
        self._counted = 0

    def read(self) -> None:
        place = 0
        while (place := self._between(place)) < len(self.text):
            if len(self.findings) >= _MOST_FINDINGS:
                return self._stop(place, f"more than {_MOST_FINDINGS} things are not understood")
            if self._work >= _MOST_WORK:
                return self._stop(place, "it holds more than a router does")
            place = self._command(place)
        return None

    def _between(self, place: int) -> int:
        """Past blank lines and comments. The comments directly above what follows are kept for it."""
        while self._work < _MOST_WORK:
            end = _end_of(_BETWEEN, self.text, place)
            if self._comment and self.text.count("\n", place, end):
                self._comment = ""
            place = _end_of(_COMMENTS, self.text, end)
            if place == end:
                return place
            self._work += 1
            self._take_comments(self.text[end:place], self._line_of(end))
        return place

    def _take_comments(self, block: str, line: int) -> None:
        for finding in missing_parts(block, line):
            if len(self.findings) < _MOST_FINDINGS:
                self.findings.append(finding)
        first = not self.statements and self.menu is None
        lines = block.split("\n", _MOST_COMMENTS) if first else block.rsplit("\n", _MOST_COMMENTS)[-_MOST_COMMENTS:]
        comments = [text.strip().removeprefix("#").strip() for text in lines[:_MOST_COMMENTS] if text.strip()]
        comments = [text for text in comments if not is_missing_part(text)]
        self._comment = "\n".join(self.headers.take(comments) if first else comments)

    def _command(self, place: int) -> int:
        """Read the command at a place and give its end."""
        line = self._line_of(place)
        self._work += 1
        try:
            if _SCRIPTING.match(self.text, place):
                end = skip_command(self.text, place)
                self._find(line, "This is scripting, which is not evaluated.", place, end)
                return end
            command = command_at(self.text, place, self.menu or ())
            if command.verb:
                return self._statement(command, line)
            self._check_end(place, command.end)
        except Broken as broken:
            return self._skip(place, broken)
        self.menu = command.path
        return command.end + self.text.startswith("\n", command.end)

    def _statement(self, command: Command, line: int) -> int:
        arguments = Arguments(self.text, command.verb, self._tell)
        end = arguments.read(command.end)
        self._check_end(command.end, end)
        comment = "\n".join(filter(None, (self._comment, arguments.comment)))
        self._comment = ""
        path = self._path(command.path)
        values = tuple(arguments.values)
        if len(dict(values)) < len(set(values)):
            self._find(line, "A value is given twice; a command may have run into the one before it.", command.end, end)
        self.statements.append(Statement(path, command.verb, line, arguments.find, values, comment))
        self._work += len(values)
        return end

    def _path(self, parts: tuple[str, ...]) -> MenuPath:
        if parts not in self._paths:
            self._paths[parts] = MenuPath.parse("/".join(parts))
        return self._paths[parts]

    def _check_end(self, place: int, end: int) -> None:
        """Whether a command that reaches the end of the file is whole."""
        if end == len(self.text) and _is_cut_off(self.text):
            raise Broken("The file ends in the middle of this command.", place, end)

    def _skip(self, place: int, broken: Broken) -> int:
        """Past a command that is not understood, and all that belongs to it."""
        end = broken.resume
        for _ in range(_MOST_TRIES):
            try:
                end = skip_command(self.text, end)
                break
            except Broken as again:
                end, broken = again.resume, broken if again.resume < len(self.text) else again
        else:
            end, broken = len(self.text), Broken("Brackets do not fit here; nothing behind them was read.", place, end)
        self._comment = ""
        self._find(self._line_of(broken.at), broken.message, place, end)
        return end

    def _tell(self, place: int, message: str) -> None:
        self._find(self._line_of(place), message, place, place + _EXCERPT)

    def _find(self, line: int, message: str, start: int, end: int) -> None:
        self.findings.append(Finding(line, message, self.text[start : min(end, start + _EXCERPT)].rstrip()))

    def _stop(self, place: int, why: str) -> None:
        self._find(self._line_of(place), f"Reading stopped here: {why}. Nothing from here on was read.", place, place)

    def _line_of(self, place: int) -> int:
        """The number of a line, counted on from the last one asked for."""
        if place < self._counted:
            return self._line - self.text.count("\n", place, self._counted)
        self._line += self.text.count("\n", self._counted, place)
        self._counted = place
        return self._line


def _end_of(pattern: re.Pattern[str], text: str, place: int) -> int:
    found = pattern.match(text, place)
    return place if found is None else found.end()


def _is_cut_off(text: str) -> bool:
    rest = text.rstrip(" \t\r\n")
    return (len(rest) - len(rest.rstrip("\\"))) % 2 == 1
