"""What holds of every script: nothing makes the reader raise, and what is rendered reads as what it was."""

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from routeros.script import Find, Script, Statement, read_script, render_script
from schemas.path import MenuPath

CHARACTERS = st.characters(exclude_categories=["Cs"])
RAW = st.binary(max_size=12).map(lambda data: data.decode("utf-8", "surrogateescape"))
TEXTS = st.one_of(
    st.text(CHARACTERS, max_size=30), RAW, st.sampled_from(["", "*0", "!x", "0", "a b", "$(", 'x"', "\\"])
)
NAMES = st.from_regex(r"[a-z][a-z0-9-]{0,8}(\.[a-z][a-z0-9-]{0,8}){0,2}", fullmatch=True)
EXPRESSIONS = st.sampled_from(['[find where name~"^a"]', "[find dynamic or !disabled]", "[:pick $a 0 (1+2)]", "$row"])
FINDS = st.one_of(
    st.lists(st.tuples(st.one_of(NAMES, st.just(".id")), TEXTS), max_size=3).map(
        lambda tests: Find(tests=tuple(tests))
    ),
    st.integers(0, 999_999_999).map(lambda number: Find(number=number)),
    TEXTS.map(lambda word: Find(word=word)),
    EXPRESSIONS.map(lambda text: Find(expression=text)),
)
VALUES = st.lists(st.tuples(NAMES, st.none() | TEXTS), max_size=6).map(tuple)
PATHS = st.sampled_from(["/ip/address", "/interface/wifi", "/ip/firewall/filter", "/system/note"]).map(MenuPath.parse)
STATEMENTS = st.one_of(
    st.builds(Statement, PATHS, st.just("add"), st.just(0), st.none(), VALUES),
    st.builds(Statement, PATHS, st.sampled_from(["set", "remove", "enable", "move"]), st.just(0), FINDS, VALUES),
    st.builds(Statement, PATHS, st.just("set"), st.just(0), st.none(), VALUES),
    st.builds(Statement, PATHS, st.just("blink"), st.just(0), FINDS, VALUES),
)
WORDS = """add set print move unset /ip/address/ .. a=b .x=y a.b=c !a = where ; " \\" \\C3\\B6 \\_ \\q \\ $ $a $[ $( [ ]
    ( ) { } [find :if do={ log # é \0 \x85 *0 0 1,2"""
LINES = [
    "# c\n", '#error exporting "/x" (timeout)\n', "#interrupted\n", "# by RouterOS 7.1\n", "# model = ",
    "\r\n", "\\\n   ", "[ find ]", "[find a=b]", "/ip address", '"x y"', " ", "  ", "\n",
]  # fmt: skip
PIECES = st.sampled_from([*WORDS.split(), *LINES])


def bare(script: Script) -> list[Statement]:
    return [replace(statement, line=0, comment="") for statement in script.statements]


@given(st.lists(STATEMENTS, max_size=4))
def test_what_is_rendered_reads_as_what_it_was(statements):
    text = render_script(statements, header="Made up\nfor a law")
    assert text.isascii()
    script = read_script(text)
    assert bare(script) == statements
    assert read_script(text.replace("\n", "\r\n").encode()).statements == script.statements


@given(st.one_of(st.binary(), st.text(), st.lists(PIECES, max_size=30).map("".join)))
def test_nothing_makes_the_reader_raise(content):
    script = read_script(content)
    lines = content.count(b"\n" if isinstance(content, bytes) else "\n") + 1
    places = [*(found.line for found in script.findings), *(statement.line for statement in script.statements)]
    assert all(1 <= line <= lines for line in places)


@given(st.lists(PIECES, max_size=30).map("".join))
def test_what_was_read_can_be_rendered(content):
    rendered = render_script(read_script(content).statements)
    assert render_script(read_script(rendered).statements) == rendered
