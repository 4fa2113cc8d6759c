"""What the comments of an export say."""

from __future__ import annotations

import re
from collections.abc import Iterable

from routeros.script.statement import Finding, Header

_ROUTEROS = re.compile(r"(?:(.*\S)[ \t]+)?by RouterOS[ \t]+(\S+)")
_FACT = re.compile(r"(software id|system id|model|serial number)[ \t]*=[ \t]*(.*)")
_NAMES = {"software id": "software_id", "system id": "software_id", "model": "model", "serial number": "serial"}
_MASKED = re.compile(
    r"(?i)(?:masked|removed|redacted|hidden|unknown|none|n/?a|<.*>|\[.*\]|[^a-z0-9]*|[x*_#?. -]+|.*(?:x{4}|\*{2}).*)"
)
_MISSING = re.compile(
    r"[ \t]*(?:(interrupted)[ \t\r]*$|error exporting\b[ \t]*(?:\"?(/[a-z0-9/ -]+)\"?)?(?:.*\((\w+)\))?)", re.MULTILINE
)
_MISSING_IN_BLOCK = re.compile(rf"^[ \t]*#{_MISSING.pattern}", re.MULTILINE)
_LONGEST = 200


class HeaderLines:
    """Collects the header from the first comments of a script."""

    def __init__(self) -> None:
        self._found: dict[str, str] = {}

    @property
    def header(self) -> Header:
        return Header(**self._found)

    def take(self, comments: Iterable[str]) -> list[str]:
        """The comments that are not the header's."""
        return [text for text in comments if not self._take(text)]

    def _take(self, text: str) -> bool:
        if len(text) > _LONGEST:
            return False
        if found := _ROUTEROS.fullmatch(text):
            self._keep("date", found[1] or "")
            self._keep("version", found[2])
        elif found := _FACT.fullmatch(text):
            self._keep(_NAMES[found[1]], found[2].strip())
        else:
            return text == ""
        return True

    def _keep(self, name: str, value: str) -> None:
        self._found.setdefault(name, "" if _MASKED.fullmatch(value) else value)


def is_missing_part(comment: str) -> bool:
    """Whether a comment is the router's own word that it left something out."""
    return _MISSING.match(comment) is not None


def missing_parts(block: str, line: int) -> Iterable[Finding]:
    """A finding for each place where the router says that it left something out; ``block`` begins in ``line``."""
    place = 0
    for found in _MISSING_IN_BLOCK.finditer(block):
        line += block.count("\n", place, found.start())
        place = found.start()
        text = found[0].strip()
        if found[1]:
            yield Finding(line, "The export was interrupted: what would follow is missing.", text, remark=True)
        else:
            menu = (found[2] or "a menu").strip()
            why = f" ({found[3]})" if found[3] else ""
            yield Finding(
                line, f"The router could not export {menu}{why}: what it holds there is missing.", text, remark=True
            )


def unsupported(header: Header) -> str:
    """Why an export of this RouterOS is not gone on with; '' for RouterOS 7 and where no version is told."""
    major = header.version.partition(".")[0]
    if major in ("", "7") or not major.isdigit():
        return ""
    return f"This is an export of RouterOS {header.version}; only RouterOS 7 is supported."
