"""Menu paths: ``/ip/firewall/filter``."""

from __future__ import annotations

import re
from typing import Self

_SEGMENT = r"[a-z0-9][a-z0-9-]*"
_PATH = re.compile(rf"(/{_SEGMENT})+")


class MenuPath(str):
    """A RouterOS menu, written with slashes: ``/ip/firewall/filter``.

    A string that is known to be well-formed; made only by ``parse``.
    """

    __slots__ = ()

    @classmethod
    def parse(cls, text: str) -> Self:
        """Accept ``/ip/address``, ``ip/address`` and the console's ``/ip address``.

        Raises ValueError when it is no menu path.
        """
        path = "/" + text.strip().lstrip("/").replace(" ", "/")
        if not _PATH.fullmatch(path):
            raise ValueError(f"{text!r} is not a menu path such as /ip/firewall/filter")
        return cls(path)

    @property
    def rest(self) -> str:
        """The path below ``/rest``, without a leading slash."""
        return self[1:]
