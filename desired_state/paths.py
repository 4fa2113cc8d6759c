"""Which paths of a fleet repository are documents, and which path no repository may hold."""

from __future__ import annotations

import re

FLEET = "fleet.yaml"
FILES = "files/"
"""Where the texts lie that documents may name."""
LISTS = "lists/"
"""Where the tables lie that ``$for-each`` may name."""
FOLDERS = ("devices", "groups", "policies", "lists", "files", "secrets")
MAX_BYTES = 5_000_000
MAX_FILES = 20_000

_NAME = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_.-]{0,62})")
_FORBIDDEN = re.compile(r"[\x00-\x1f\x7f\\:]")


def is_document(path: str) -> bool:
    """Whether a path is ``fleet.yaml`` or lies in one of the folders of documents."""
    return path == FLEET or path.partition("/")[0] in FOLDERS


def path_fault(path: str) -> str:
    """Why a path may not be read or written ('' when it may): absolute, climbing, ``.git``, control characters."""
    if _FORBIDDEN.search(path):
        return "it holds a backslash, a colon or a control character"
    parts = path.split("/")
    if any(part in ("", ".", "..") for part in parts):
        return "it leaves the repository or has an empty part"
    if any(part.lower().rstrip(" .") in (".git", "git~1") for part in parts):
        return "it reaches into Git's own folder"
    return ""


def name_of(text: str) -> str:
    """A device's name made of any text; '' where nothing of it can be one."""
    return re.sub(r"[^a-z0-9]+", "-", text.lower()).strip("-")[:60]


def is_name(text: str) -> bool:
    """Whether a text can name a device or group: letters, digits, ``_ . -``, at most 63, no ``..``."""
    return bool(_NAME.fullmatch(text)) and ".." not in text and not text.endswith((".", ".lock"))
