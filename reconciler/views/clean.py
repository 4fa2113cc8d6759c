"""Text from routers and repositories made safe to show, on every face.

It may hold control characters, escape sequences, marks that turn the direction of writing, broken bytes
or megabytes. Cleaned text is one line, has nothing that acts on a terminal, and two different texts never
look the same unless they were cut.
"""

from __future__ import annotations

import re

from schemas.desired import SecretRef, Value

LONGEST = 400
"""Values longer than this many characters are cut where they do not differ."""

UNSET = "(unset)"
HIDDEN = "(hidden)"

_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t"}
_AMBIGUOUS = frozenset("nrtxuU\\")
_QUOTED = re.compile(r'\A\s|\s\Z|\A[("]|→|\A\Z')
_SECRET_NAME = re.compile(r"(?:^|[-.])(?:password|passphrase|secret|private-key|pre-?shared-key)$")


def clean(text: str, longest: int | None = None) -> str:
    """One line of visible characters; everything else becomes ``\\n``, ``\\x1b`` or ``\\u202e``.

    A backslash is doubled only where it could be read as the start of such an escape. With ``longest``
    the result has at most so many characters, the last being ``…`` where it was cut.
    """
    if longest is not None:
        text = text[: longest + 1]
    if not text.isprintable() or "\\" in text:
        text = "".join(_shown(letter, text[place : place + 1]) for place, letter in enumerate(text, start=1))
    return text if longest is None or len(text) <= longest else text[: longest - 1] + "…"


def value_text(value: Value, *, field: str = "", longest: int = LONGEST) -> str:
    """A field's value for people: ``(unset)``, ``(secret NAME)``, else its text, quoted where it would mislead.

    Text in a field whose name says password is never shown, in case it comes so far.
    """
    if value is None:
        return UNSET
    if isinstance(value, SecretRef):
        return clean(str(value), longest)
    if _SECRET_NAME.search(field):
        return HIDDEN
    return _quoted(clean(value, longest))


def pair_text(before: str, after: str, longest: int = LONGEST) -> tuple[str, str]:
    """Two values beside each other; long ones are cut in what they share, so that the difference stays in sight."""
    if len(before) <= longest and len(after) <= longest:
        return _quoted(clean(before)), _quoted(clean(after))
    start, end = _shared(before, after)
    keep = longest // 4
    left, right = max(0, start - keep), max(0, end - keep)
    texts = [text[left : len(text) - right] for text in (before, after)]
    shown = [("…" if left else "") + clean(text, longest) + ("…" if right else "") for text in texts]
    return _quoted(shown[0]), _quoted(shown[1])


def _shared(before: str, after: str) -> tuple[int, int]:
    """How many characters the two texts share at their start and, beyond that, at their end."""
    shortest = min(len(before), len(after))
    start = next((place for place in range(shortest) if before[place] != after[place]), shortest)
    rest = shortest - start
    end = next((place for place in range(rest) if before[-1 - place] != after[-1 - place]), rest)
    return start, end


def _quoted(text: str) -> str:
    """In quotes where empty, where blanks stand at an edge, and where it looks like words of ours."""
    return f'"{text}"' if _QUOTED.search(text) else text


def _shown(letter: str, follower: str) -> str:
    if letter == "\\":
        return "\\\\" if follower in _AMBIGUOUS or not follower.isprintable() else "\\"
    if letter.isprintable():
        return letter
    code = ord(letter)
    if letter in _NAMED:
        return _NAMED[letter]
    if 0xDC80 <= code <= 0xDCFF:  # a byte that was no UTF-8, kept by the client
        return f"\\x{code - 0xDC00:02x}"
    if code <= 0xFF:
        return f"\\x{code:02x}"
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
