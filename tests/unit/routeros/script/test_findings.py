"""What is told of a script besides its statements."""

import pytest

from routeros.script import Find, Header, read_script

BEFORE, AFTER = "/x\nadd a=1\n", "\nadd a=2"

WHOLE = {
    ":global a 1": "scripting",
    ':if ($a = 1) do={\n  /x add a=3\n  :put "}"\n} else={\n  add a=4 # it\'s}\n}': "scripting",
    "{\n add a=3\n}": "scripting",
    ":foreach i in=[ /x find ] do={\n add a=3 }": "scripting",
    'log info "add; [ a"': "scripting",
    '/log info "add; [ a"': "scripting",
    "/delay 1": "scripting",
    ":put [ /x get [ find a=1 ] a ]; :put 1": "scripting",
    "[admin@router] > /x print": "scripting",
    ':put "a$[ :put "]\n" ]\nb"': "scripting",
    "$run a=b": "scripting",
    "}": "is no command",
    "Hello World": "is no command",
    "a=b": "is no command",
    '"add"': "is no command",
    "/import file": "stands in no menu",
    "/x set/y a=b": "followed by a path",
    "/..": "no menu above the top",
    "/y {\n  add a=3\n}": "is no command",
    "add ] a=3": "is not understood here",
    'add a="b"c': "runs into the word before",
    'add a=b"c"': "runs into the word before",
    "add a=(1 + ])": "closes nothing",
    "add a=b \\ ": "is not understood here",
    "add !a=b": "both a ! and a value",
}


@pytest.mark.parametrize("text", WHOLE, ids=repr)
def test_what_is_no_statement_is_told_once_and_as_a_whole(text):
    script = read_script(BEFORE + text + AFTER)
    assert [statement.values for statement in script.statements] == [(("a", "1"),), (("a", "2"),)]
    messages = {finding.message for finding in script.findings}
    assert len(messages) == 1
    assert WHOLE[text] in messages.pop()
    assert script.findings[0].line == 3
    assert text.startswith(script.findings[0].text)


PARTLY = {
    "add a=[ /y find ]": ("[ /y find ]", "is an expression"),
    "add a=(1 + 2)": ("(1 + 2)", "is an expression"),
    "add a={1;2}": ("{1;2}", "is an expression"),
    "add a=x$b.y": ("x$b.y", "takes the value of a variable"),
    'add a="x $b"': ("x $b", "takes the value of a variable"),
    'add a="x $[ :put "y" ]" ': ('x $[ :put "y" ]', "takes the value of a variable"),
    'add a="x\\qy"': ("x\\qy", "an escape that RouterOS does not know"),
    "add a=x\\qy": ("x\\qy", "an escape that RouterOS does not know"),
}


@pytest.mark.parametrize("text", PARTLY, ids=repr)
def test_what_only_a_router_can_evaluate_stays_as_it_is(text):
    script = read_script(f"{BEFORE}{text}\n")
    value, message = PARTLY[text]
    assert script.statements[1].values == (("a", value),)
    assert [(finding.line, message in finding.message) for finding in script.findings] == [(3, True)]


def test_a_row_that_a_variable_names_is_told():
    script = read_script('/x set "$a" b=c')
    assert script.statements[0].find == Find(word="$a")
    assert "takes the value of a variable" in script.findings[0].message


def test_a_command_that_ran_into_the_next_is_told():
    script = read_script("/x\nadd chain=a action=b \\\nadd chain=c\nadd chain=d\n")
    assert [(finding.line, finding.message[:22]) for finding in script.findings] == [(2, "A value is given twice")]


def test_a_quote_that_swallows_the_rest_is_told_where_it_begins():
    script = read_script(BEFORE + 'a=( ] {\n b="\nadd a=2\n')
    assert [(finding.line, "never ends" in finding.message) for finding in script.findings] == [(3, True)]
    assert len(script.statements) == 1


CUT_OFF = [
    'add a="b',
    "add a=b \\\n",
    "add a=b \\",
    "set [ find a=b",
    'add a="b\\',
    ":if (1) do={\n add",
    "add a=$[ x",
    "add a={",
]


@pytest.mark.parametrize("text", CUT_OFF)
def test_a_command_that_the_end_of_the_file_cuts_off_is_left_out(text):
    script = read_script(BEFORE + text)
    assert len(script.statements) == 1
    assert [finding.line for finding in script.findings] == [3]
    assert any(words in script.findings[0].message for words in ("is cut off", "ends in the middle"))


def test_what_the_router_left_out_is_told():
    text = '/ip ssh\n#error exporting "/ip/ssh" (timeout)\n/x\nadd\n#interrupted\n'
    assert [(finding.line, finding.message) for finding in read_script(text).findings] == [
        (2, "The router could not export /ip/ssh (timeout): what it holds there is missing."),
        (5, "The export was interrupted: what would follow is missing."),
    ]


FULL = "# 2026-08-05 02:18:59 by RouterOS 7.19.4\n# software id = AB12-CD34\n#\n# model = RB5009\n# serial number = HC1"
HEADERS = {
    FULL: Header("7.19.4", "RB5009", "HC1", "AB12-CD34", "2026-08-05 02:18:59"),
    "# jan/02/2024 10:00:00 by RouterOS 7.8\r\n# system id = aB/c\r\n#\r\n": Header(
        "7.8", software_id="aB/c", date="jan/02/2024 10:00:00"
    ),
    "# ____-__-__ __:__:__ by RouterOS 7.1beta4\n# software id = \n# serial number = MASKED\n": Header("7.1beta4"),
    "# by RouterOS 7.2\n# software id = ****-****\n# serial number = XXXXXXXXXX\n# model = <model>\n": Header("7.2"),
    "# serial number = HC70XXXXXXX\n# model = hAP ax^2": Header(model="hAP ax^2"),
    "# Serial number of mine\n": Header(),
}


@pytest.mark.parametrize("text", HEADERS, ids=repr)
def test_the_header_is_read(text):
    script = read_script(text + "\n/x\n# model = other\nadd")
    assert script.header == HEADERS[text]
    assert not script.findings


def test_the_header_is_no_comment_of_the_first_statement():
    text = "# by RouterOS 7.1\n# model = a\n#\n# Mine\n/x\n# software id = 1\nadd"
    assert read_script(text).statements[0].comment == "software id = 1"
    assert read_script(text.replace("# software id = 1\n", "")).statements[0].comment == "Mine"


def test_another_routeros_is_told_and_read():
    script = read_script("# jan/02/2020 10:00:00 by RouterOS 6.49.10\n/x add")
    assert [finding.message for finding in script.findings] == [
        "This is an export of RouterOS 6.49.10; only RouterOS 7 is supported."
    ]
    assert len(script.statements) == 1


FILES = {
    "/x add a=ö\n".encode(): ("ö", None),
    b"\xef\xbb\xbf/x add a=b\n": ("b", None),
    "\ufeff/x add a=b\n": ("b", None),
    "/x add a=ö\n".encode("utf-16"): ("ö", None),
    "/x add a=ö€\n".encode("cp1252"): ("ö€", "not UTF-8"),
    b"/x add a=\x81\n": ("\x81", "not UTF-8"),
    "/x add a=\ud800\n": ("í\xa0€", "not UTF-8"),
    b"/x add a=b\0": (None, "is not text"),
    "/x add a=b\0": (None, "is not text"),
    b"\x01\x02\x03" * 30: (None, "is not text"),
}


@pytest.mark.parametrize("content", FILES, ids=range(len(FILES)))
def test_a_file_is_decoded(content):
    value, message = FILES[content]
    script = read_script(content)
    assert [dict(statement.values)["a"] for statement in script.statements] == ([value] if value else [])
    assert [finding.line for finding in script.findings] == ([1] if message else [])
    assert all(str(message) in finding.message for finding in script.findings)


NONSENSE = {
    "]\n": "more than 10000 things are not understood",
    "[": "nested too deep",
    "[({": "nested too deep",
    'add a="$[': "nested too deep",
    "a ": "so many or so long words",
    "/x add " + "a=b " * 6_000: "more than 5000 values",
    '"': "is no command",
    "[}": "nothing behind them was read",
    "a": "so many or so long words",
}


@pytest.mark.parametrize("piece", NONSENSE, ids=lambda piece: repr(piece[:10]))
def test_nonsense_ends(piece):
    script = read_script(piece * (1 + 40_001 // len(piece)))
    assert not script.statements
    assert len(script.findings) <= 10_001
    assert NONSENSE[piece] in script.findings[-1].message
