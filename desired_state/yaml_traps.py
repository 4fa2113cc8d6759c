"""What people meant where YAML broke: libyaml's errors as sentences with what to write instead."""

from __future__ import annotations

import re

import yaml

from schemas.location import Location, Problem

_LONG = 2_000
"""How much of a line is looked at for a hint: some of the patterns take time that grows with its square."""
_SHORT = 60
_TEMPLATE = re.compile(r"""(?<!["'])\{\{.*?\}\}[^\s,\]}"']*""")
_TAG = re.compile(r"""(?:^|[\s\[{:,])(![^\s"',\]}]+)""")
_STAR = re.compile(r"""(?:^|[\s\[{:,])(\*[^\s"',\]}]*)""")
_RESERVED = re.compile(r"""[:\-,\[{]\s*([@%`][^\n]*?)\s*$""")
_PLAIN_PAIR = re.compile(r"""^\s*(?:-\s+)?([^\s:]+):\s+([^"'\[{].*:\s.*)$""")


def explain_error(file: str, text: str, error: yaml.YAMLError) -> Problem:
    """The problem behind a libyaml error, at the line that people should look at."""
    mark = getattr(error, "problem_mark", None)
    context = getattr(error, "context_mark", None)
    if mark is None:
        return _unreadable(file, text, error)
    wrong = str(getattr(error, "problem", "") or "")
    lines = text.splitlines()
    number = min(mark.line + 1, max(len(lines), 1))
    first = context.line + 1 if context is not None and wrong.startswith("found unexpected end") else number
    for candidate in dict.fromkeys((number, number - 1, first)):
        if hint := _hint(lines, candidate, wrong):
            return Problem(_sentence(wrong), Location(file, candidate), hint)
    return Problem(_sentence(wrong), Location(file, first))


def template_hint(text: str, line: int) -> str:
    """``Quote the template: "{{ v }}".`` when an unquoted template stands on the line, else ''."""
    lines = text.splitlines()
    found = _TEMPLATE.search(lines[line - 1][:_LONG]) if 0 < line <= len(lines) else None
    return f'Quote the template: "{found.group().strip()}".' if found else ""


def short(text: str, *, quoted: bool = True) -> str:
    """A text as people would recognise it, in quotation marks unless ``quoted`` is false."""
    cut = text if len(text) <= _SHORT else f"{text[:_SHORT]}…"
    return repr(cut) if quoted else cut


def _hint(lines: list[str], number: int, wrong: str) -> str:
    if not 0 < number <= len(lines):
        return ""
    line = lines[number - 1][:_LONG]
    if hint := template_hint(line, 1):
        return hint
    if "\t" in line[: len(line) - len(line.lstrip())]:
        return "A tab stands at the start of the line; indent with spaces."
    if (tag := _TAG.search(line)) and "tag" not in wrong and "whitespace" in wrong:
        return f'Quote it: "{tag.group(1)}".'
    if "alphabetic" in wrong and (star := _STAR.search(line)):
        return f'Quote it: "{star.group(1)}".'
    if "cannot start any token" in wrong and (reserved := _RESERVED.search(line)):
        return f'Quote it: "{reserved.group(1)}".'
    if "mapping values" in wrong and (pair := _PLAIN_PAIR.match(line)):
        return f'A value that contains ": " is quoted: {pair.group(1)}: "{pair.group(2).strip()}".'
    return ""


_SENTENCES = (
    ("found unexpected end of stream", "The quoted text that begins here never ends."),
    ("found character that cannot start any token", "A value cannot begin with this character."),
    ("mapping values are not allowed", "A second colon stands where YAML expects none."),
    ("did not find expected '-' indicator", "This line does not fit the list above it: check how far it is indented."),
    ("did not find expected key", "This line does not fit the mapping around it: check indentation and quotes."),
    ("did not find expected ',' or '}'", "The mapping in { } is not closed, or a comma is missing."),
    ("did not find expected ',' or ']'", "The list in [ ] is not closed, or a comma is missing."),
    ("did not find expected node content", "A list in [ ] or a mapping in { } is not closed, or a value is missing."),
    ("could not find expected ':'", "A key without a colon stands here."),
    ("did not find expected alphabetic or numeric character", "A * or & stands where a name must follow."),
    ("did not find expected whitespace", "A value that begins with ! is read as a YAML tag."),
)


def _sentence(wrong: str) -> str:
    for start, sentence in _SENTENCES:
        if wrong.startswith(start):
            return sentence
    return f"The YAML is broken: {wrong or 'it cannot be read'}."


def _unreadable(file: str, text: str, error: yaml.YAMLError) -> Problem:
    position = getattr(error, "position", None)
    found = next((i for i, sign in enumerate(text) if sign < " " and sign not in "\t\r\n"), None)
    index = found if found is not None else (position if isinstance(position, int) else 0)
    line = text.count("\n", 0, index) + 1
    return Problem("A control character stands in the text.", Location(file, line), "Remove it.")
