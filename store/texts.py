"""Texts on their way into the database."""

from __future__ import annotations


def storable(text: str) -> str:
    """A router's bytes that are no UTF-8 arrive as lone surrogates, which no database takes: they become escapes."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")
