"""Each form that a command of a script takes."""

import pytest

from routeros.script import Find, read_script

ETHER1 = Find(tests=(("default-name", "ether1"),))

COMMANDS = {
    # where a command stands
    "/ip address\nadd": [("/ip/address", "add", None, ())],
    "/ip/address\nadd": [("/ip/address", "add", None, ())],
    "/ip address add": [("/ip/address", "add", None, ())],
    "/ip/address/add": [("/ip/address", "add", None, ())],
    "/ ip address add": [("/ip/address", "add", None, ())],
    "/ip firewall\nfilter\nadd": [("/ip/firewall/filter", "add", None, ())],
    "/ip firewall\nfilter add": [("/ip/firewall/filter", "add", None, ())],
    "/ip firewall\nfilter add\nnat add": [
        ("/ip/firewall/filter", "add", None, ()),
        ("/ip/firewall/nat", "add", None, ()),
    ],
    "/ip firewall filter\n.. nat\nadd\n../../address/add": [
        ("/ip/firewall/nat", "add", None, ()),
        ("/ip/address", "add", None, ()),
    ],
    "/ip address\n/\nip dns\nset": [("/ip/dns", "set", None, ())],
    "/ip address\n/ip route add\nadd": [("/ip/route", "add", None, ()), ("/ip/address", "add", None, ())],
    "/ip address; add; remove 1": [
        ("/ip/address", "add", None, ()),
        ("/ip/address", "remove", Find(number=1), ()),
    ],
    "/ip dhcp-client option set 0": [("/ip/dhcp-client/option", "set", Find(number=0), ())],
    "/interface 6to4 add": [("/interface/6to4", "add", None, ())],
    "/system reboot": [("/system", "reboot", None, ())],
    "/tool ping-speed address=192.0.2.1": [("/tool", "ping-speed", None, (("address", "192.0.2.1"),))],
    # which row it is about
    "/x set [ find default-name=ether1 ] mtu=9000": [("/x", "set", ETHER1, (("mtu", "9000"),))],
    "/x set [find where default-name=ether1] mtu=9000": [("/x", "set", ETHER1, (("mtu", "9000"),))],
    '/x set [ find where name="a b" and comment=y ]': [
        ("/x", "set", Find(tests=(("name", "a b"), ("comment", "y"))), ())
    ],
    "/x set [ find name=a && disabled=no ]": [("/x", "set", Find(tests=(("name", "a"), ("disabled", "no"))), ())],
    "/x set [find android=a and and=b]": [("/x", "set", Find(tests=(("android", "a"), ("and", "b"))), ())],
    "/x set [find and a=b]": [("/x", "set", Find(expression="[find and a=b]"), ())],
    "/x set [ find name=\\\n    a b=c ]": [("/x", "set", Find(tests=(("name", "a"), ("b", "c"))), ())],
    "/x remove [find]": [("/x", "remove", Find(), ())],
    "/x remove [ find dynamic=no ]": [("/x", "remove", Find(tests=(("dynamic", "no"),)), ())],
    "/x remove [find .id=*1]": [("/x", "remove", Find(tests=((".id", "*1"),)), ())],
    '/x remove [find name~"^a]"]': [("/x", "remove", Find(expression='[find name~"^a]"]'), ())],
    "/x remove [find name=a or name=b]": [("/x", "remove", Find(expression="[find name=a or name=b]"), ())],
    "/x remove [find !dynamic]": [("/x", "remove", Find(expression="[find !dynamic]"), ())],
    "/x remove [/y find name=a]": [("/x", "remove", Find(expression="[/y find name=a]"), ())],
    "/x remove $row": [("/x", "remove", Find(expression="$row"), ())],
    "/x set 0 a=b": [("/x", "set", Find(number=0), (("a", "b"),))],
    "/x set 0,1 a=b": [("/x", "set", Find(word="0,1"), (("a", "b"),))],
    '/x set "0" a=b': [("/x", "set", Find(word="0"), (("a", "b"),))],
    "/x set public a=b": [("/x", "set", Find(word="public"), (("a", "b"),))],
    '/x set "my name" a=b': [("/x", "set", Find(word="my name"), (("a", "b"),))],
    "/x set *1F a=b": [("/x", "set", Find(word="*1F"), (("a", "b"),))],
    "/x set numbers=0 a=b": [("/x", "set", None, (("numbers", "0"), ("a", "b")))],
    "/x enable a,b": [("/x", "enable", Find(word="a,b"), ())],
    "/x move 3 1": [("/x", "move", Find(number=3), (("destination", "1"),))],
    "/x move *3 destination=*1": [("/x", "move", Find(word="*3"), (("destination", "*1"),))],
    "/x unset 0 protocol": [("/x", "unset", Find(number=0), (("value-name", "protocol"),))],
    '/x comment 0 "a b"': [("/x", "comment", Find(number=0), (("comment", "a b"),))],
    "/x comment 0 comment=a": [("/x", "comment", Find(number=0), (("comment", "a"),))],
    # values
    "/x add a=b c=\\\n    d": [("/x", "add", None, (("a", "b"), ("c", "d")))],
    "/x add a=b,\\\r\n    c \\\r\n    d=e\r\n": [("/x", "add", None, (("a", "b,c"), ("d", "e")))],
    '/x add a="" b= c=d': [("/x", "add", None, (("a", ""), ("b", ""), ("c", "d")))],
    '/x add a="b \\\n    c\\\n    \\_d" e=f': [("/x", "add", None, (("a", "b c d"), ("e", "f")))],
    '/x\nadd a="b;c # d" e=f;add': [("/x", "add", None, (("a", "b;c # d"), ("e", "f"))), ("/x", "add", None, ())],
    "/x add a=b=c d=e#f g=!1.2.3.4/8 h=*0": [
        ("/x", "add", None, (("a", "b=c"), ("d", "e#f"), ("g", "!1.2.3.4/8"), ("h", "*0")))
    ],
    "/x add !a b=c !d.e": [("/x", "add", None, (("a", None), ("b", "c"), ("d.e", None)))],
    "/x add a=b blackhole": [("/x", "add", None, (("a", "b"), ("blackhole", "")))],
    "/x add 10.0.0.1/24 a=b": [("/x", "add", None, (("", "10.0.0.1/24"), ("a", "b")))],
    "/x add s.a=1 .b=2 o.c=3 d=4 .e=5 !.f": [
        ("/x", "add", None, (("s.a", "1"), ("s.b", "2"), ("o.c", "3"), ("d", "4"), ("o.e", "5"), ("o.f", None)))
    ],
    "/x add a.b.c=1 .d=2 .e.f=3 .g=4": [
        ("/x", "add", None, (("a.b.c", "1"), ("a.d", "2"), ("a.e.f", "3"), ("a.g", "4")))
    ],
    "/x add place-before=0 copy-from=*1": [("/x", "add", None, (("place-before", "0"), ("copy-from", "*1")))],
}


@pytest.mark.parametrize("text", COMMANDS, ids=repr)
def test_a_command_is_read(text):
    script = read_script(text)
    found = [(item.path, item.verb, item.find, item.values) for item in script.statements]
    assert (found, script.findings) == (COMMANDS[text], ())


ESCAPES = {
    r"\"\\\$\?\_": '"\\$? ',
    r"\n\r\t\a\b\f\v": "\n\r\t\a\b\f\v",
    r"\41\00\7F": "A\0\x7f",
    r"\C3\B6": "ö",
    "é\\C3\\B6": "éö",
    r"\F0\9F\98\80": "😀",
    r"\E4\F6": "\udce4\udcf6",
    "a\nb": "a\nb",
}


@pytest.mark.parametrize("raw", ESCAPES, ids=repr)
def test_an_escape_is_what_it_means(raw):
    script = read_script(f'/x add a="{raw}" b=c')
    assert script.statements[0].values == (("a", ESCAPES[raw]), ("b", "c"))
    assert not script.findings


def test_lines_are_those_where_commands_begin():
    script = read_script('# by RouterOS 7.1\r\n/x\r\nadd a=\\\r\n    b\r\nadd c="\r\n"\r\n\r\nadd')
    assert [statement.line for statement in script.statements] == [3, 5, 8]


COMMENTS = {
    "# one\n#two\nadd": "one\ntwo",
    "# one\n\n# two\nadd": "two",
    "# one\n\nadd": "",
    "add # one": "one",
    "# one\nadd a=b # two\n": "one\ntwo",
    "# one\n/y\nadd": "one",
    "# one\n:put 1\nadd": "",
    "# one\n#interrupted\nadd": "one",
    "# interrupted by rain\nadd": "interrupted by rain",
}


@pytest.mark.parametrize("text", COMMENTS, ids=repr)
def test_a_comment_belongs_to_what_stands_below(text):
    assert [statement.comment for statement in read_script(f"/x\n{text}\nadd").statements] == [COMMENTS[text], ""]
