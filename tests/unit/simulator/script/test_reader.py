"""Console text becomes commands: every way of writing one, and no text that takes more time than it is long."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from simulator.schema import schema_of
from simulator.script import reader
from simulator.script.reader import MOST_PROBLEMS, Command, header, read
from simulator.script.words import unescaped

MENUS = {"/ip", "/ip/address", "/ip/firewall", "/ip/firewall/filter", "/interface", "/interface/bridge", "/system"}


def commands(text: str | bytes) -> list[Command]:
    return read(text, lambda path: path in MENUS)


def only(text: str) -> Command:
    (command,) = commands(text)
    return command


@pytest.mark.parametrize(
    "text",
    [
        "/ip firewall filter add chain=input",
        "/ip/firewall/filter/add chain=input",
        "/ip/firewall/filter add chain=input",
        "/ip/firewall filter add chain=input",
        "/ ip firewall filter\nadd chain=input",
        "/ip firewall\nfilter add chain=input",
        "/ip address\n.. firewall filter add chain=input",
        "\ufeff/ip firewall filter\r\n\r\n# a comment\r\nadd chain=input\r\n",
        "/ip firewall filter; add chain=input;",
        "/ip firewall filter add \\\n    chain=input",
        "/ip firewall filter add chain=\\\r\n    input",
        "/ip firewall filter add cha\\\n    in=input",
        "/ip firewall filter add chain=input # said at the end",
    ],
)
def test_paths_and_verbs_in_every_style(text: str) -> None:
    command = only(text)
    assert (command.path, command.verb, command.arguments) == ("/ip/firewall/filter", "add", (("chain", "input"),))


def test_a_line_with_path_and_verb_leaves_the_current_menu() -> None:
    found = commands("/ip address\n/interface bridge add name=b\nadd address=10.0.0.1/24")
    assert [(command.line, command.path) for command in found] == [(2, "/interface/bridge"), (3, "/ip/address")]


@pytest.mark.parametrize(
    ("text", "path", "verb"),
    [
        ("/interface ethernet switch port set 0 x=1", "/interface/ethernet/switch/port", "set"),
        ("/interface ethernet switch port\nset 0 x=1", "/interface/ethernet/switch/port", "set"),
        ("/made up menu\nadd x=1", "/made/up/menu", "add"),
        ("/system reboot", "/system", "reboot"),
        ("/system frobnicate now=yes", "/system", "frobnicate"),
        ("/tool fetch url=x", "/tool", "fetch"),
        ("/ip address\nfrobnicate all", "/ip/address", "frobnicate"),
        ("/ip address frobnicate 0", "/ip/address", "frobnicate"),
    ],
)
def test_menus_and_verbs_that_nobody_knows(text: str, path: str, verb: str) -> None:
    command = only(text)
    assert (command.path, command.verb) == (path, verb)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        (r'"a\"b\\c"', 'a"b\\c'),
        (r'"\n\r\t\a\b\f\v\_\$\?"', "\n\r\t\a\b\f\v $?"),
        (r'"\0D\0AB\41C"', "\r\nBAC"),
        (r'"\D0\9F\E2\82\AC"', "П€"),
        (r'"\FF"', "ÿ"),
        (r'"\q\0d"', r"\q\0d"),
        ('"one\\\n    two\\_\\\r\n\tthree"', "onetwo three"),
        ('"back\\\\\\\n   slash"', "back\\slash"),
        ('"two\nlines"', "two\nlines"),
        ('""', ""),
        ("", ""),
        ("a=b,c:d/e", "a=b,c:d/e"),
        ('a"b c"d', "ab cd"),
        (r"a\_b\"c", 'a b"c'),
        ("[:len [ find ]]", "[:len [ find ]]"),
        ('{ :put "}" ; x }', '{ :put "}" ; x }'),
        ("(1 + (2))", "(1 + (2))"),
        ("a{b", "a{b"),
        ("!LAN", "!LAN"),
    ],
)
def test_values(written: str, meant: str) -> None:
    command = only(f"/ip address add comment={written} disabled=yes")
    assert command.arguments == (("comment", meant), ("disabled", "yes"))
    assert not command.complaint


def test_what_would_have_to_be_evaluated_is_told() -> None:
    command = only('/ip address add a=[x] b={y} c=(z) d=$v e="is $v" f="costs \\$5" g="\\\\$v" h="[x]"')
    assert command.expressions == {"a", "b", "c", "d", "e", "g"}


def test_dotted_names_go_on_from_the_last_prefix() -> None:
    command = only(
        "/interface wifi\nset [ find default-name=wifi1 ] channel.band=5ghz-ax .width=20/40mhz name=w "
        "security.authentication-types=wpa2-psk .ft=yes !.pmf .ft-over-ds=yes"
    )
    assert [name for name, _ in command.arguments] == [
        *("channel.band", "channel.width", "name", "security.authentication-types"),
        *("security.ft", "security.pmf", "security.ft-over-ds"),
    ]


def test_selectors_flags_and_bare_words() -> None:
    (first, second, third, fourth) = commands(
        '/ip address\nset [ find comment="a ]b" ] !disabled\nset "two words" x=1\nset *A,3 x=1\n'
        "add blackhole !check x=1"
    )
    assert [word.text for word in first.selector] == ['[ find comment="a ]b" ]']
    assert first.arguments == (("disabled", None),)
    assert [word.text for word in second.selector] == ["two words"]
    assert [word.text for word in third.selector] == ["*A,3"]
    assert fourth.arguments == (("blackhole", ""), ("check", None), ("x", "1"))


def test_scripts_are_one_command_that_nobody_carries_out() -> None:
    found = commands(
        ':local a "x;y"; :if ($a = "}") do={\n  # don\'t "care\n  /ip address add x=1\n} else={ }\n'
        "{ :put 1\n:put 2 }\n:foreach i in=[find] do={\n:put $i }\n/ip address add x=1"
    )
    assert [(command.line, command.verb) for command in found] == [(1, ""), (1, ""), (5, ""), (7, ""), (9, "add")]
    assert all(command.path == "/ip/address" or not command.verb for command in found)


@pytest.mark.parametrize("text", ['add x="never', "add x=[never\nadd y=1", ":if ( {\nadd x=1", '"', "{", 'add x={"}'])
def test_what_has_no_end_is_told(text: str) -> None:
    assert commands(f"/ip address\n{text}")[-1].complaint


EXPORT = """# 2026-01-31 15:57:16 by RouterOS 7.21.2
# software id = ABCD-EFGH
#
# model = C53UiG+5HPaxD2HPaxD
# serial number = HCB085XXXXX
/ip address
# model = other
"""


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (EXPORT, ("7.21.2", "C53UiG+5HPaxD2HPaxD", "HCB085XXXXX")),
        (b"# jan/02/1970 00:00:00 by RouterOS 7.5beta3\r\n# software id = \r\n", ("7.5beta3", "", "")),
        ("/ip address add x=1 # by RouterOS 7.1", ("", "", "")),
        ("", ("", "", "")),
    ],
)
def test_the_header(text: str | bytes, said: tuple[str, str, str]) -> None:
    found = header(text)
    assert (found.version, found.model, found.serial) == said
    assert found.given is bool(said[0])


@given(st.text())
def test_any_text_is_read_and_escapes_never_fail(text: str) -> None:
    commands(text)
    commands("/ip address add x=" + text)
    unescaped(text)


@given(st.binary())
def test_any_bytes_are_read(content: bytes) -> None:
    commands(content)


@pytest.mark.parametrize(
    "piece", ['"', "\\", '"\\', '\\"', "[", "{ ", "(", "}", "a", "/", "= ", "\\\n", "\n", "$", "!", 'a="', "a ", '[\n"']
)
def test_nonsense_takes_time_as_it_is_long(piece: str) -> None:
    started = time.process_time()
    commands(piece * (200_000 // len(piece)))
    assert time.process_time() - started < 5


def test_reading_stops_where_nobody_would_go_on(monkeypatch: pytest.MonkeyPatch) -> None:
    nonsense = commands("a b\n" * (MOST_PROBLEMS + 5))
    assert len(nonsense) == MOST_PROBLEMS + 1
    assert "not read" in nonsense[-1].complaint
    monkeypatch.setattr(reader, "MOST_STATEMENTS", 10)
    assert len(commands("/ip address add\n" * 15)) == 11
    monkeypatch.setattr(reader, "LIMIT", 40)
    assert "longer" in commands("/ip address add\n" * 15)[-1].complaint


def test_every_export_is_read_whole(corpus: Path) -> None:
    for path in sorted((corpus / "rsc").glob("*.rsc")):
        content = path.read_bytes()
        directories = schema_of(header(content).version).directories
        for command in read(content, directories.__contains__):
            assert command.known, (path.name, command)
            assert not command.complaint, (path.name, command)
            assert not command.expressions, (path.name, command)
