"""How statements are written."""

import pytest

from routeros.script import Find, Statement, render_script
from schemas.path import MenuPath


def statement(verb, *values, find=None, path="/x"):
    return Statement(MenuPath.parse(path), verb, 0, find, tuple(values))


LINES = [
    (statement("add", ("a", "b"), ("c", None)), "add a=b !c"),
    (statement("add", ("a", ""), ("b", "c d")), 'add a="" b="c d"'),
    (statement("add", ("a", "10.0.0.0/8,!1::/64%e*@+-_")), "add a=10.0.0.0/8,!1::/64%e*@+-_"),
    (statement("add", ("a", '"\\$?\n\r\t')), r'add a="\"\\\$\?\n\r\t"'),
    (statement("add", ("a", "ö\x01\x7f\udce4")), r'add a="\C3\B6\01\7F\E4"'),
    (statement("add", ("a", "b;c=d#e{}[]")), 'add a="b;c=d#e{}[]"'),
    (statement("add", ("blackhole", ""), ("", "x")), 'add blackhole "x"'),
    (statement("set", find=Find(tests=(("default-name", "ether1"),))), "set [ find default-name=ether1 ]"),
    (statement("set", find=Find(tests=(("a", "!b"), ("c", "d e")))), 'set [ find a="!b" c="d e" ]'),
    (statement("remove", find=Find()), "remove [ find ]"),
    (statement("set", find=Find(number=3)), "set 3"),
    (statement("set", find=Find(word="3")), 'set "3"'),
    (statement("set", find=Find(word="a,b")), "set a,b"),
    (statement("set", find=Find(word="*F")), "set *F"),
    (statement("set", find=Find(word="!a")), 'set "!a"'),
    (statement("blink", find=Find(word="a")), 'blink "a"'),
    (statement("set", find=Find(expression='[find a~"ö"]')), 'set [find a~"\\C3\\B6"]'),
    (statement("set", find=Find(expression="$row")), "set $row"),
]


@pytest.mark.parametrize("given, line", LINES)
def test_a_statement_is_a_line(given, line):
    assert render_script([given]) == f"/x\n{line}\n"


def test_statements_of_a_menu_stand_together():
    given = [statement("add"), statement("add"), statement("set", path="/ip/dns"), statement("add")]
    assert render_script(given, header="One\n# two") == "# One\n# two\n/x\nadd\nadd\n/ip dns\nset\n/x\nadd\n"


def test_long_lines_are_wrapped_between_words():
    text = render_script([statement("add", ("a", "b" * 120), *[("name", "value" * 5)] * 9)])
    lines = text.splitlines()[1:]
    assert lines[0] == "add \\"
    assert lines[1] == f"    a={'b' * 120} \\"
    assert all(line.startswith("    name=value") and 60 < len(line) < 100 for line in lines[2:])
    assert [line.endswith(" \\") for line in lines] == [True] * (len(lines) - 1) + [False]


REFUSED = [
    statement("add", ("a b", "c")),
    statement("add", (".a", "b")),
    statement("add", ("a=b", None)),
    statement("add", ("a", "\ud800")),
    statement("add", find=Find(number=0)),
    statement("a b"),
    statement("blink"),
    statement("set", find=Find(tests=(("a b", "c"),))),
    statement("set", find=Find(expression="[find] /y remove [find]")),
    statement("set", find=Find(expression="[find")),
    statement("set", find=Find(expression="a")),
]


@pytest.mark.parametrize("given", REFUSED)
def test_what_would_be_read_as_something_else_is_refused(given):
    with pytest.raises(ValueError, match=r"is no|would be|takes no|holds half"):
        render_script([given])
