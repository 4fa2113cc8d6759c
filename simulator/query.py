"""Choosing rows and properties: URL filters, ``.proplist`` and the ``.query`` stack machine."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from simulator.forms import is_number

Reply = dict[str, str]

_LONGEST_INDEX = 9

_SWITCH = {"yes": "true", "no": "false"}


def matches(row: Reply, filters: Iterable[tuple[str, str]]) -> bool:
    """Exact match of every filter; ``yes`` means ``true``; a property the row lacks matches nothing."""
    return all(_equal(row.get(name), text) for name, text in filters)


def _equal(there: str | None, text: str) -> bool:
    return there is not None and (there == text or (there in ("true", "false") and there == _SWITCH.get(text)))


def only(row: Reply, names: Sequence[str] | None, *, with_id: bool) -> Reply:
    """The asked properties of a reply, all of them for None; unknown names are ignored."""
    if names is None:
        return row
    wanted = {*names, ".id"} if with_id else set(names)
    return {name: text for name, text in row.items() if name in wanted}


def selected(rows: Iterable[Reply], words: Sequence[str]) -> list[Reply]:
    """The rows for which every value left on the stack is true."""
    return [row for row in rows if all(_stack(row, words))]


def _stack(row: Reply, words: Sequence[str]) -> list[bool]:
    stack: list[bool] = []
    for word in words:
        if word.startswith("#"):
            stack = _operate(stack, word[1:])
        else:
            stack.append(_test(row, word))
    return stack


def _test(row: Reply, word: str) -> bool:
    sign = word[0] if word[:1] in ("-", "<", ">", "=") else ""
    name, equals, text = word[len(sign) :].partition("=")
    if sign == "-":
        return name not in row
    if not equals:
        return name in row
    if sign in ("<", ">"):
        return _compare(row.get(name), text, sign)
    return _equal(row.get(name), text)


def _compare(there: str | None, text: str, sign: str) -> bool:
    if there is None:
        return False
    if not (is_number(there) and is_number(text)):
        return there < text if sign == "<" else there > text
    left, right = int(there), int(text)
    return left < right if sign == "<" else left > right


def _operate(stack: list[bool], operators: str) -> list[bool]:
    """``!``, ``&``, ``|``; a number copies that entry (0 is the top), at the end of the word it replaces the stack."""
    position = 0
    while position < len(operators):
        sign = operators[position]
        if is_number(sign):
            end = position
            while end < len(operators) and is_number(operators[end]):
                end += 1
            entry = _entry(stack, int(operators[position:end][-_LONGEST_INDEX:]))
            if end == len(operators):
                return [entry]
            stack = [*stack, entry]
            position = end + (operators[end] == ".")
            continue
        stack = _apply(stack, sign)
        position += 1
    return stack


def _apply(stack: list[bool], sign: str) -> list[bool]:
    if sign == "!":
        return [*stack[:-1], not _entry(stack, 0)]
    if sign in "&|":
        top, below = _entry(stack, 0), _entry(stack, 1)
        return [*stack[:-2], (top and below) if sign == "&" else (top or below)]
    return [*stack, _entry(stack, 0)] if sign == "." else stack


def _entry(stack: list[bool], index: int) -> bool:
    """The stack stands on endless true."""
    return stack[-1 - index] if index < len(stack) else True
