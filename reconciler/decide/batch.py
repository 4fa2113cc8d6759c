"""Which devices are done together: a canary first, then waves."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence


def batches(
    devices: Sequence[str], sizes: Sequence[str], redundancy: Mapping[str, str | None] | None = None
) -> tuple[tuple[str, ...], ...]:
    """Split ``devices`` by ``sizes`` (``1``, ``10%``, ``rest``); two of one redundancy name never share a batch.

    Raises ValueError on a size that is none of these. The last size repeats until nobody is left.
    """
    groups = redundancy or {}
    left = list(devices)
    result = []
    for turn in range(len(left) + len(sizes)):
        if not left:
            break
        size = _size(sizes[min(turn, len(sizes) - 1)], len(devices), len(left))
        chosen: list[str] = []
        busy: set[str] = set()
        for device in left:
            group = groups.get(device)
            if len(chosen) < size and (group is None or group not in busy):
                chosen.append(device)
                busy |= {group} if group else set()
        left = [device for device in left if device not in chosen]
        result.append(tuple(chosen))
    return tuple(result)


def _size(text: str, total: int, left: int) -> int:
    if text == "rest":
        return left
    number = text.removesuffix("%")
    if not number.isdecimal() or int(number) < 1:
        raise ValueError(f"{text!r} is no batch size; write a count such as 5, a share such as 10%, or rest")
    return max(1, math.ceil(total * int(number) / 100)) if text.endswith("%") else int(number)
