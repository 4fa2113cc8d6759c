"""The one place where a module is imported late, by name: the libraries of a command cost up to a second, and
``--help`` needs none of them. The names are all of ``cli.*``.
"""

from __future__ import annotations

import importlib
from typing import Any


def load(name: str) -> Any:
    """What ``cli.MODULE:NAME`` names."""
    module, _, attribute = name.partition(":")
    assert module.startswith("cli."), name
    return getattr(importlib.import_module(module), attribute)
