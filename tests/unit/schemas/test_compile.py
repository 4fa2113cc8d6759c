"""From inspect trees to facts."""

from pathlib import Path

import pytest

from schemas.catalogue.compile import Tree, compile_facts, compile_tree
from schemas.catalogue.compile_types import Evidence, Probe, derive
from schemas.catalogue.facts import FOLDER, FieldFacts, MenuFacts, parse_span, read, render, render_span
from schemas.path import MenuPath
from schemas.values import parse_type

VERSIONS = ("7.1", "7.2", "7.3", "7.4")


def test_committed_facts_are_what_the_data_says(inspect_data: Path) -> None:
    committed = {file.name: file.read_text("utf-8") for file in FOLDER.iterdir() if file.suffix in (".facts", ".txt")}
    assert compile_facts(inspect_data) == committed


def test_committed_facts_survive_reading_and_writing() -> None:
    versions, menus = read()
    committed = {file.name: file.read_text("utf-8") for file in FOLDER.iterdir() if file.suffix in (".facts", ".txt")}
    assert render(menus.values(), versions) == committed


def test_every_fact_has_a_type_and_every_path_is_one() -> None:
    _, menus = read()
    assert len(menus) > 500
    for path, menu in menus.items():
        assert MenuPath.parse(path) == path
        for item in menu.fields.values():
            for expression in item.types.values():
                parse_type(expression)


@pytest.mark.parametrize(
    ("mask", "text"),
    [
        (0b1111, "*"),
        (0b1100, "7.3.."),
        (0b0011, "..7.2"),
        (0b0110, "7.2..7.3"),
        (0b1101, "..7.1,7.3.."),
        (0b0100, "7.3..7.3"),
    ],
)
def test_spans_of_versions(mask: int, text: str) -> None:
    assert render_span(mask, 0b1111, VERSIONS) == text
    assert parse_span(text, 0b1111, VERSIONS) == mask


def test_a_line_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    (tmp_path / "versions.txt").write_text("7.1\n")
    (tmp_path / "ip.facts").write_text("/ip/dns = singleton *\n/ip/dns servers s\n")
    with pytest.raises(ValueError, match=r"ip\.facts:2"):
        read(tmp_path)


def test_fields_of_a_menu_are_sorted_lines() -> None:
    menu = MenuFacts("/ip/dns", {"singleton": 3}, {"set": 3, "reset": 2}, {})
    menu.fields["servers"] = FieldFacts("servers", {"s": 3}, {"s": "list(ip)"})
    menu.fields["vrf"] = FieldFacts("vrf", {"s": 2}, {"s": "text"})
    assert render([menu], ("7.1", "7.2"))["ip.facts"].splitlines() == [
        "/ip/dns = singleton *",
        "/ip/dns > reset@7.2.. set",
        "/ip/dns servers s * list(ip)",
        "/ip/dns vrf s 7.2.. text",
    ]


def arg(desc: str = "", *words: str) -> Tree:
    node: dict[str, Tree | str] = {"_type": "arg"}
    if desc:
        node["desc"] = desc
    if words:
        node["_completion"] = {word: {"style": "none"} for word in words}
    return node


def command(**arguments: Tree) -> Tree:
    return {"_type": "cmd", **{name.replace("_", "-"): node for name, node in arguments.items()}}


def test_a_routers_own_tree_is_compiled_alone() -> None:
    tree: Tree = {
        "thing": {
            "_type": "dir",
            "add": command(name=arg("string value"), copy_from=arg(), place_before=arg(), wait=arg("time interval")),
            "set": command(numbers=arg(), name=arg("string value"), on=arg("", "yes", "no")),
            "get": command(number=arg(), value_name=arg("", "name", "on", "running")),
            "export": command(),
            "limits": {"_type": "dir", "get": command(), "set": command(max=arg("0..9    (integer number)"))},
            "rows": {"_type": "dir", "find": command(), "set": command(numbers=arg(), on=arg())},
            "state": {"_type": "dir", "print": command()},
        }
    }
    assert compile_tree(tree, "7.30")["thing.facts"].splitlines() == [
        "/thing = list *",
        "/thing > add get place-before set",
        "/thing name as * text",
        "/thing on s * bool",
        "/thing running r * text",
        "/thing wait a * loose(duration)",
        "/thing/limits = singleton *",
        "/thing/limits > get set",
        "/thing/limits max s * loose(int(0..9))",
        "/thing/rows = fixed *",
        "/thing/rows > find set",
        "/thing/rows on s * text",
        "/thing/state = readonly *",
        "/thing/state > print",
    ]


IPV4 = "A.B.C.D    (IP address)"
MAC = "AB[:|-|.]CD[:|-|.]EF[:|-|.]GH[:|-|.]IJ[:|-|.]KL    (MAC address)"
NUMBER = (1, "Num", "0..63    (integer number)")


@pytest.mark.parametrize(
    ("kind", "words", "syntax", "expression"),
    [
        ("enum", {"yes", "no"}, [], "bool"),
        ("enum", {"auto", "yes", "no"}, [], "enum(auto|no|yes)"),
        ("enum", {"drop", "accept"}, [], "loose(enum(accept|drop))"),
        ("enum", {"!", "drop", "accept"}, [], "!loose(enum(accept|drop))"),
        ("enum", {"auto"}, [], "text"),
        ("enum", {"ether1", "none"}, [], "text"),
        ("scalar", set(), [(0, "A", "Num"), NUMBER], "int(0..63)"),
        ("open-enum", {"!"}, [(0, "A", "[!]Dscp"), (1, "Dscp", "Num"), (2, *NUMBER[1:])], "!int(0..63)"),
        ("scalar", set(), [(0, "A", "Num"), (1, "Num", "0..FFFF    (integer number)")], "hex(0..FFFF)"),
        ("scalar", set(), [(0, "A", "4s..30s    (time interval)")], "duration"),
        ("scalar", set(), [(0, "A", IPV4)], "ipv4"),
        ("scalar", set(), [(0, "A", "string value, max length 31")], "text"),
        (
            "open-enum",
            {"auto"},
            [(0, "A", "A | A"), (1, "A", ""), (2, "", "auto"), (1, "A", "time interval")],
            "or(auto,duration)",
        ),
        ("scalar", set(), [(0, "A", "Pool | Ip"), (1, "Pool", ""), (2, "", ""), (1, "Ip", IPV4)], "text"),
        (
            "open-enum",
            {"!"},
            [(0, "A", "[!]P"), (1, "P", "R[,P]    (max 5)"), (2, "R", "S[-E]"), (3, "S", "0..9"), (3, "E", "0..9")],
            "!list(range(0..9))",
        ),
        ("scalar", set(), [(0, "A", "F[-T]"), (1, "F", "Num"), (2, *NUMBER[1:]), (1, "T", "Num"), (2, *NUMBER[1:])],
         "loose(range(0..63))"),
        ("scalar", set(), [(0, "A", "Every[,Packet]"), (1, "Every", "Num"), (2, *NUMBER[1:])], "text"),
        (
            "scalar",
            set(),
            [(0, "A", "T[,A]    (max 5 times)"), (1, "T", "S-E"), (2, "S", "time interval"), (2, "E", "time interval")],
            "loose(list(text) max 5)",
        ),
        ("open-enum", {"all", "one"}, [(0, "A", "T[,A]"), (1, "T", "string value")], "text"),
        ("open-enum", {"!"}, [(0, "A", "[!]Address/Netmask"), (1, "Address", IPV4), (1, "Netmask", "A | N")],
         "!loose(address-or-prefix)"),
        ("open-enum", {"!"}, [(0, "A", "[!]Address/Mask"), (1, "Address", MAC), (1, "Mask", MAC)], "!loose(mac(mask))"),
        ("scalar", set(), [(0, "A", "Address/Mask"), (1, "Address", "string value"), (1, "Mask", MAC)], "text"),
        ("scalar", set(), [(0, "A", "R[,A]"), (1, "R", "S[-E]"), (2, "S", "0..4294967295"), (2, "E", "0..4294967295")],
         "list(range(0..4294967295))"),
        ("scalar", set(), [(0, "A", "Num"), (1, "Num", "0..18446744073709551615    (integer number)")],
         "loose(int(0..18446744073709551615))"),
    ],
)  # fmt: skip
def test_types_from_what_a_router_was_asked(
    kind: str, words: set[str], syntax: list[tuple[int, str, str]], expression: str
) -> None:
    evidence = Evidence(probe=Probe(kind, frozenset(words), tuple(syntax)))
    assert derive(evidence) == expression
    parse_type(expression)


def test_word_lists_are_sets_of_the_words_of_all_versions() -> None:
    assert derive(Evidence(syntax=["a|b[,X*]", "c|a[,X*]"])) == "set(enum(c|a|b))"


def test_what_can_only_be_read_is_loose() -> None:
    probe = Probe("scalar", frozenset(), ((0, "A", "Num"), NUMBER))
    assert derive(Evidence(read_probe=probe), readonly=True) == "loose(int(0..63))"
