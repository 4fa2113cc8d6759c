"""What decides which menus and fields a router has: version, architecture and packages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from schemas.version import parse_version

_VERSION = re.compile(r"[0-9][0-9a-z.]{0,29}")
_WORD = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")
_LONGEST = 200
"""Characters of a name, which is the name of a file too."""


@dataclass(frozen=True, slots=True)
class Release:
    """One RouterOS as a router has it. ``packages`` are those beside the base package."""

    version: str
    architecture: str
    packages: frozenset[str] = frozenset()

    @property
    def name(self) -> str:
        """``7.19.4+arm64+container+wifi-qcom``. Raises ValueError when a part of it is no plain word."""
        words = (self.architecture, *sorted(self.packages))
        name = "+".join((self.version, *words))
        if not _VERSION.fullmatch(self.version) or not all(map(_WORD.fullmatch, words)) or len(name) > _LONGEST:
            raise ValueError(f"{name[:_LONGEST]!a} is no version, architecture and packages of RouterOS")
        parse_version(self.version)
        return name

    @classmethod
    def parse(cls, name: str) -> Self:
        """The release of a name. Raises ValueError when it is none."""
        version, _, rest = name.partition("+")
        architecture, *packages = rest.split("+")
        release = cls(version, architecture, frozenset(packages))
        if release.name != name:
            raise ValueError(f"{name!a} is no name of a release")
        return release

    def __str__(self) -> str:
        packages = f" with {', '.join(sorted(self.packages))}" if self.packages else ""
        return f"RouterOS {self.version} on {self.architecture}{packages}"
