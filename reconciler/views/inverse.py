"""Console lines that undo a device's changes by hand, the last change first.

Rows are found by what they say after the plan, never by ``.id``. What a plan does not know (a secret's former
value, where a row stood) is told in a comment. Whether ``find`` compares every type of field as text is
unproven, so the lines ask to be read first.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from reconciler.views.clean import clean
from schemas.catalogue.model import Menu, Order, Unset
from schemas.change import Action, Change
from schemas.desired import SecretRef, Value
from schemas.path import MenuPath
from schemas.plan import DevicePlan

_BARE = frozenset("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.:/_-")
_ESCAPED = {'"': '\\"', "\\": "\\\\", "$": "\\$", "?": "\\?", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
_LONGEST_COMMENT = 200
_NOT_IN_NAMES = re.compile(r"[^A-Za-z0-9.-]")

MenuOf = Callable[[MenuPath], Menu | None]
"""What the catalogue knows of a menu in the device's version; None when it knows nothing."""


def inverse_lines(device: DevicePlan, menu_of: MenuOf) -> tuple[str, ...]:
    """RouterOS console lines, comments included; none when there is nothing to undo."""
    if not device.changes:
        return ()
    lines = [
        f"# Undoes the plan for {clean(device.device, _LONGEST_COMMENT)}, last change first.",
        "# Read before pasting: print what each find selects; it must be exactly one row.",
    ]
    for change in reversed(device.changes):
        lines += _undo(change, menu_of(change.path))
    return tuple(lines)


def quoted(text: str) -> str:
    """A value as the console reads it: bare where it is one plain word, else in quotes.

    Bytes outside ASCII are written as the export writes them, ``\\C3\\A9``.
    """
    if text and _BARE.issuperset(text):
        return text
    return '"' + "".join(_ESCAPED.get(letter) or _letter(letter) for letter in text) + '"'


def _letter(letter: str) -> str:
    if " " <= letter <= "~":
        return letter
    return "".join(f"\\{byte:02X}" for byte in letter.encode("utf-8", "surrogateescape"))


def _undo(change: Change, menu: Menu | None) -> Iterator[str]:
    name = clean(change.identity, _LONGEST_COMMENT)
    path = change.path.replace("/", " ").strip()
    ordered = menu is not None and menu.order is Order.EVALUATED
    match change.action:
        case Action.ADD:
            yield from _on_row(change, menu, path, "remove", "")
        case Action.SET:
            yield from _unset_secrets(change, menu, path, name)
            words = _assignments({n: t for n, t in change.before.items() if not _is_secret(change, menu, n)}, menu)
            if words and change.singleton:
                yield f"/{path} set {' '.join(words)}"
            elif words:
                yield from _on_row(change, menu, path, "set", f" {' '.join(words)}")
        case Action.REMOVE:
            if ordered:
                yield f"# /{path}: where {name} stood is not in the plan; it comes back last, move it to its place."
            if menu is not None and any(field.secret for field in menu.fields.values()):
                yield f"# /{path}: secrets of {name} are not in the plan; set them by hand."
            yield f"/{path} add {' '.join(_assignments(_writable(change.before, menu), menu))}"
        case Action.MOVE:
            yield f"# /{path}: where {name} stood is not in the plan; move it back by hand."


def _unset_secrets(change: Change, menu: Menu | None, path: str, name: str) -> Iterator[str]:
    for field in change.after:
        if _is_secret(change, menu, field):
            yield f"# /{path}: the former {clean(field)} of {name} is not in the plan; set it by hand."


def _is_secret(change: Change, menu: Menu | None, name: str) -> bool:
    known = menu.fields.get(name) if menu else None
    return isinstance(change.after.get(name), SecretRef) or (known is not None and known.secret)


def _on_row(change: Change, menu: Menu | None, path: str, verb: str, rest: str) -> Iterator[str]:
    """A command on the row as it is after the change, found by its key or by everything that is known of it."""
    known: Mapping[str, Value] = change.context or (change.after if change.action is Action.ADD else {})
    now = {**known, **change.after} if known else {}
    texts = {
        name: value for name, value in now.items() if isinstance(value, str) and not _is_secret(change, menu, name)
    }
    if menu is not None and menu.key and all(name in texts for name in menu.key):
        texts = {name: texts[name] for name in menu.key}
    tests = [f"{_wire(name, menu)}={_text(name, text, menu)}" for name, text in texts.items() if text]
    if tests:
        yield f"/{path} {verb} [find {' '.join(tests)}]{rest}"
    else:
        name = clean(change.identity, _LONGEST_COMMENT)
        yield f"# /{path}: what {name} says is not in the plan; find it by hand and {verb}{rest or ' it'}"


def _writable(row: Mapping[str, str | None], menu: Menu | None) -> dict[str, str | None]:
    known = menu.fields if menu else {}
    return {
        name: text
        for name, text in row.items()
        if text and not (name in known and (known[name].secret or not known[name].writable))
    }


def _assignments(row: Mapping[str, str | None], menu: Menu | None) -> list[str]:
    return [
        _unset(name, menu) if text is None else f"{_wire(name, menu)}={_text(name, text, menu)}"
        for name, text in row.items()
    ]


def _unset(name: str, menu: Menu | None) -> str:
    known = menu.fields.get(name) if menu else None
    if known is not None and known.unset is Unset.DEFAULT and known.default is not None:
        return f"{_wire(name, menu)}={_text(name, known.default, menu)}"
    if known is not None and known.unset is Unset.EMPTY:
        return f'{_wire(name, menu)}=""'
    return f"!{_wire(name, menu)}"


def _wire(name: str, menu: Menu | None) -> str:
    known = menu.fields.get(name) if menu else None
    return _NOT_IN_NAMES.sub("", known.wire if known else name)


def _text(name: str, text: str, menu: Menu | None) -> str:
    known = menu.fields.get(name) if menu else None
    if known is not None and known.type == "bool" and text in ("true", "false"):
        return "yes" if text == "true" else "no"
    return quoted(text)
