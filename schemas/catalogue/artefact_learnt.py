"""Builds the artefact in which one version is exactly what a router told of itself, and all others are as committed."""

from __future__ import annotations

from schemas.catalogue.artefact import as_known, encoded
from schemas.catalogue.artefact_knowledge import read_knowledge
from schemas.catalogue.facts import read
from schemas.catalogue.learnt import placed, read_learnt, replaced
from schemas.catalogue.load import HERE, source_sizes
from schemas.catalogue.load_records import FORMAT, Artefact
from schemas.errors import InputError


def build_learnt(text: str, version: str, digest: str) -> Artefact:
    """``digest`` names the outcome. Raises ValueError when the text is no text of facts.

    Knowledge is judged by the committed facts alone: what it adds to them, a router may well tell of itself.
    """
    told = read_learnt(text, version)
    room, committed = placed(*read(), version)
    known = read_knowledge(HERE / "knowledge", room.versions, committed)
    if known.problems:
        raise InputError(known.problems)
    whole = {path: as_known(menu, known, room.versions) for path, menu in (committed | known.added).items()}
    menus = replaced(room, whole, told)
    index = {path: (menu.mask, encoded(menu, known, room.versions)) for path, menu in menus.items()}
    return Artefact(FORMAT, digest, room.versions, source_sizes(), index)
