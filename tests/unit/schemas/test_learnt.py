"""Facts that a router told of itself, beside and among the committed ones."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from schemas.catalogue.artefact_learnt import build_learnt
from schemas.catalogue.facts import MenuFacts, read, read_lines, render
from schemas.catalogue.learnt import joined, one_text, placed, read_learnt, replaced
from schemas.catalogue.load import Catalogue, Schema, open_catalogue
from schemas.catalogue.model import Kind
from schemas.catalogue.versions import What, changes_between
from schemas.path import MenuPath
from schemas.release import Release

VERSIONS = ("7.1", "7.3")
COMMITTED = """\
/thing = list *
/thing > add get set
/thing gone s ..7.1 text
/thing mode as * set(enum(a|b))
/thing name as * loose(int(0..9))
/thing running r * bool
/thing shape s 7.3.. enum(x|y)
"""
LEARNT = """\
/new = singleton *
/new > get set
/new speed s * loose(duration)
/thing = list *
/thing > add get remove set
/thing fresh s * int(5..1)
/thing mode as * set(enum(b|c))
/thing name s * text
/thing shape s * loose(enum(x|z))
"""


def committed(text: str = COMMITTED, versions: tuple[str, ...] = VERSIONS) -> dict[str, MenuFacts]:
    return read_lines(text, versions, "test")


def lines(menus: dict[str, MenuFacts], versions: tuple[str, ...]) -> list[str]:
    return [line for text in render(menus.values(), versions).values() for line in text.splitlines()][: -len(versions)]


@pytest.mark.parametrize(
    "name", ["7.19.4+arm64", "7.19.4+x86_64+container+wifi-qcom", "7.20rc1+mipsbe+wireless", "7.25beta2+tile"]
)
def test_releases_and_their_names(name: str) -> None:
    assert Release.parse(name).name == name


@pytest.mark.parametrize(
    "name",
    ["", "7.19.4", "7.19.4+", "seven+arm64", "7.19.4+../../x", "7.19.4+arm64+b+a", "7.19.4+arm64+", "7.19.4+ARM",
     "7.19.4+arm64+a/b", "7.19.4 (stable)+arm64", "7.1+arm\n", "7.1+" + "+".join(f"package-{i}" for i in range(30))],
)  # fmt: skip
def test_what_is_no_name_of_a_release(name: str) -> None:
    with pytest.raises(ValueError, match=r"is no|is not a"):
        Release.parse(name)


def test_a_release_for_people() -> None:
    assert str(Release("7.19.4", "arm64", frozenset({"iot", "container"}))) == (
        "RouterOS 7.19.4 on arm64 with container, iot"
    )


def test_a_version_finds_its_place_and_nothing_is_lost() -> None:
    for version, wider in {
        "7.0": ("7.0", "7.1", "7.3"), "7.2": ("7.1", "7.2", "7.3"), "7.4": ("7.1", "7.3", "7.4"), "7.3": VERSIONS,
    }.items():  # fmt: skip
        room, menus = placed(VERSIONS, committed(), version)
        assert room.versions == wider
        assert {path for path, menu in menus.items() if menu.mask} == {"/thing"}
        narrow = [room.versions.index(known) for known in VERSIONS]
        for name, item in committed()["/thing"].fields.items():
            for access, mask in item.access.items():
                moved = menus["/thing"].fields[name].access[access]
                assert [bool(moved >> at & 1) for at in narrow] == [bool(mask >> at & 1) for at in range(2)]


def test_joined_with_a_new_version_only_adds() -> None:
    room, menus = placed(VERSIONS, committed(), "7.2")
    assert lines(joined(room, menus, read_learnt(LEARNT, "7.2")), room.versions) == [
        "/new = singleton 7.2..7.2",
        "/new > get set",
        "/new speed s * loose(duration)",
        "/thing = list *",
        "/thing > add get remove@7.2..7.2 set",
        "/thing fresh s 7.2..7.2 text",
        "/thing gone s ..7.1 text",
        "/thing mode as * set(enum(a|b|c))",
        "/thing name as ..7.1,7.3.. loose(int(0..9))",
        "/thing name s 7.2..7.2 loose(int(0..9))",
        "/thing running r * bool",
        "/thing shape s 7.2.. enum(x|y)",
    ]


def test_joined_with_a_known_version_takes_nothing_away() -> None:
    room, menus = placed(VERSIONS, committed(), "7.3")
    found = lines(joined(room, menus, read_learnt(LEARNT, "7.3")), room.versions)
    assert "/thing name as * loose(int(0..9))" in found
    assert "/thing gone s ..7.1 text" in found
    assert lines(menus, room.versions) == COMMITTED.splitlines(), "what was given stays as it was"


def test_replaced_is_what_the_router_has_and_no_more() -> None:
    room, menus = placed(VERSIONS, committed("/other = list *\n/other > get\n" + COMMITTED), "7.3")
    found = lines(replaced(room, menus, read_learnt(LEARNT, "7.3")), room.versions)
    assert "/other = list ..7.1" in found
    assert "/thing name as ..7.1 loose(int(0..9))" in found
    assert "/thing name s 7.3.. loose(int(0..9))" in found
    assert "/thing running r * bool" in found, "what can only be read is not told of by every tree"


def test_a_text_that_cannot_be_read_is_named_with_its_line() -> None:
    with pytest.raises(ValueError, match=r"7\.2:2"):
        read_learnt("# a title\n/thing = list\n", "7.2")


def test_one_text_holds_every_file() -> None:
    versions, menus = read()
    text = one_text(render(menus.values(), versions), "a title")
    assert text.startswith("# a title\n")
    assert len(text.splitlines()) == 1 + sum(
        len(t.splitlines()) for t in render(menus.values(), versions).values()
    ) - len(versions)


OWN = """\
/ip/brand-new = list *
/ip/brand-new > add get remove set
/ip/brand-new name as * text
/ip/service = fixed *
/ip/service > get print set
/ip/service available-from s * text
/ip/service name s * text
/ip/service port s * text
/system/routerboard/settings = singleton *
/system/routerboard/settings > get set
/system/routerboard/settings novel s * text
"""


@pytest.fixture
def catalogue() -> Iterator[Catalogue]:
    """The installation's catalogue, with one release learnt."""
    found = open_catalogue()
    found.learn({Release("7.25", "arm64"): lambda: build_learnt(OWN, "7.25", "0123456789abcdef")})
    yield found
    found.learn({})


def test_a_schema_is_exactly_what_was_learnt_with_all_that_is_known(catalogue: Catalogue) -> None:
    schema = catalogue.learnt(Release("7.25", "arm64"))
    assert schema is not None
    assert schema is catalogue.learnt(Release("7.25", "arm64"))
    assert (schema.version, schema.learnt, schema.name) == ("7.25", "0123456789abcdef", "7.25 0123456789abcdef")
    assert set(schema.paths) == {"/ip/brand-new", "/ip/service", "/system/routerboard/settings"}
    service = schema.menu(MenuPath("/ip/service"))
    assert service is not None
    assert (service.key, service.known) == (("name",), True)
    assert service.fields["available-from"].type == open_type(catalogue, "available-from")
    assert "max-sessions" not in service.fields
    assert not service.fields["dynamic"].writable
    new = schema.menu(MenuPath("/ip/brand-new"))
    assert new is not None
    assert (new.kind, new.known) == (Kind.LIST, False)
    board = schema.menu(MenuPath("/system/routerboard/settings"))
    assert board is not None
    assert "novel" in board.fields, "a menu that knowledge adds to the facts may be told of"
    assert schema.known_elsewhere(MenuPath("/ip/address"))[-1] == catalogue.newest


def open_type(catalogue: Catalogue, name: str) -> str:
    menu = catalogue.schema(catalogue.newest).menu(MenuPath("/ip/service"))
    assert menu is not None
    return menu.fields[name].type


def test_other_releases_are_not_meant(catalogue: Catalogue) -> None:
    assert catalogue.learnt(Release("7.25", "arm64", frozenset({"container"}))) is None
    assert catalogue.learnt(Release("7.25", "x86_64")) is None
    assert catalogue.schema("7.25").version == catalogue.newest
    assert not catalogue.schema("7.25").learnt
    assert [schema.name for schema in catalogue.newest_first()][-1] == "7.25 0123456789abcdef"
    catalogue.learn({})
    assert catalogue.learnt(Release("7.25", "arm64")) is None


def test_what_is_learnt_is_opened_only_when_it_is_asked_for() -> None:
    def never() -> object:
        raise AssertionError("opened")

    catalogue = open_catalogue()
    catalogue.learn({Release("7.25", "arm64"): never})  # type: ignore[dict-item]
    try:
        assert catalogue.learnt(Release("7.25", "mipsbe")) is None
        assert next(catalogue.newest_first()).version == catalogue.newest
    finally:
        catalogue.learn({})


def test_the_difference_from_the_nearest_version(catalogue: Catalogue) -> None:
    learnt = catalogue.learnt(Release("7.25", "arm64"))
    assert isinstance(learnt, Schema)
    changes = {(change.path, change.what, change.field) for change in changes_between(catalogue.schema("7.25"), learnt)}
    assert ("/ip/brand-new", What.MENU_ADDED, "") in changes
    assert ("/ip/address", What.MENU_REMOVED, "") in changes
    assert ("/ip/service", What.FIELD_REMOVED, "max-sessions") in changes
    assert ("/ip/service", What.TYPE, "port") not in changes
