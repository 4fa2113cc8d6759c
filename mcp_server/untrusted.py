"""Text that others wrote (routers, their users, their neighbours), on its way to a language model.

It stands only in fields called ``device_data``, and every piece of it goes through ``clean_text``. JSON's own
quoting is the fence: nothing of it is ever part of a sentence of ours.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from reconciler.views.clean import HIDDEN, clean

LONGEST = 512
"""Characters of one value; longer ones end in ``…``."""

LONGEST_NAME = 64

# Letters and marks that count as printable and show nothing: text could be hidden in them.
_INVISIBLE = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0\ufe00-\ufe0f\U000e0100-\U000e01ef\U0001d159\U0001d173-\U0001d17a]"
)
_SECRET = re.compile(r"(?:^|-)(?:password|passphrase|secret|psk|private-key|pre-?shared-key|community|wpa2?-key)\d*$")


def clean_text(text: str, longest: int = LONGEST) -> str:
    """One line of visible characters, at most ``longest`` of them; what acts or hides is shown as ``\\u202e``."""
    shown = _INVISIBLE.sub(lambda found: _escaped(found[0]), clean(text[: longest + 1]))
    return shown if len(shown) <= longest and len(text) <= longest else shown[: longest - 1] + "…"


def clean_row(row: Mapping[str, str]) -> dict[str, str]:
    """A row's fields; one whose name says that it holds a secret is hidden, in case it comes so far."""
    return {
        clean_text(name, LONGEST_NAME): HIDDEN if _SECRET.search(name) else clean_text(text)
        for name, text in row.items()
    }


def _escaped(letter: str) -> str:
    code = ord(letter)
    return f"\\u{code:04x}" if code <= 0xFFFF else f"\\U{code:08x}"
