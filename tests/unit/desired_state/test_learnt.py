"""Documents with menus and fields that only a router itself has told of."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from desired_state.load import source_of
from schemas.catalogue.artefact_learnt import build_learnt
from schemas.catalogue.load import Schema, open_catalogue
from schemas.errors import InputError
from schemas.path import MenuPath
from schemas.release import Release
from tests.unit.desired_state.test_cases import FLEET, HEADS

FACTS = """\
/ip/brand-new = list *
/ip/brand-new > add get remove set
/ip/brand-new name as * text
/system/identity = singleton *
/system/identity > get set
/system/identity name s * text
/system/identity colour s * text
"""
RELEASE = Release("7.18.2", "arm64")
MENUS = "menus:\n  /ip/brand-new: [{name: a}]\n  /system/identity: {colour: red}\n"
FILES = {"fleet.yaml": FLEET.encode(), "devices/r1.yaml": (HEADS["devices"] + MENUS).encode()}


@pytest.fixture
def learnt() -> Iterator[Schema]:
    catalogue = open_catalogue()
    catalogue.learn({RELEASE: lambda: build_learnt(FACTS, RELEASE.version, "0123456789abcdef")})
    schema = catalogue.learnt(RELEASE)
    assert schema is not None
    yield schema
    catalogue.learn({})


def test_they_are_rendered_for_routers_that_were_learnt(learnt: Schema) -> None:
    source = source_of("c" * 40, FILES)
    assert source.validate() == ()
    desired = source.render("r1", "7.18.2", schema=learnt)
    assert [menu.entries[0].fields for menu in desired.menus.values()] == [{"name": "a"}, {"colour": "red"}]
    assert MenuPath("/ip/brand-new") in desired.menus


def test_they_are_no_menus_of_the_same_version_elsewhere(learnt: Schema) -> None:
    source = source_of("c" * 40, FILES)
    source.render("r1", "7.18.2", schema=learnt)
    with pytest.raises(InputError, match="has no menu /ip/brand-new"):
        source.render("r1", "7.18.2")
    source.render("r1", "7.18.2", schema=learnt)


def test_without_it_they_are_problems_of_the_document() -> None:
    with pytest.raises(InputError, match="RouterOS has no menu /ip/brand-new"):
        source_of("c" * 40, FILES)


def test_a_static_row_is_not_taken_over_from_the_other_schema(learnt: Schema) -> None:
    text = HEADS["devices"] + "menus:\n  /system/identity: {colour: red}\n"
    source = source_of("c" * 40, {**FILES, "devices/r1.yaml": text.encode()})
    with pytest.raises(InputError, match="no field 'colour'"):
        source.render("r1", "7.18.2")
    assert source.render("r1", "7.18.2", schema=learnt).menus


def test_what_the_router_says_it_lacks_is_told_as_that(learnt: Schema) -> None:
    menus = "menus:\n  /ip/service: [{$match: {name: www}, disabled: true}]\n"
    source = source_of("c" * 40, {**FILES, "devices/r1.yaml": (HEADS["devices"] + menus).encode()})
    with pytest.raises(InputError) as caught:
        source.render("r1", "7.18.2", schema=learnt)
    [problem] = caught.value.problems
    assert problem.message == "RouterOS 7.18.2 has no menu /ip/service."
    assert "The router said so itself" in problem.hint
