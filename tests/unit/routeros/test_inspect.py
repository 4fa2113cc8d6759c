"""Learning a command tree: what is asked, what is never asked, what is believed, and how a run is continued."""

import asyncio
from dataclasses import replace

import pytest

from routeros.identify import packages_of
from routeros.inspect import NEVER, Bounds, Memory, Walked, walk
from routeros.session import Session
from schemas.catalogue.compile import Tree, compile_tree
from schemas.errors import DeviceError, DeviceRefused, LoginRefused, Unreachable
from tests.unit.routeros.wire import QUICK, RESET, Seen, answer, client, error, wire

VERSION = "7.18.2"


def arg(text: str = "", *words: str) -> Tree:
    node: dict[str, Tree | str] = {"_type": "arg"}
    if text:
        node["desc"] = text
    if words:
        node["_completion"] = {word: {"style": "none"} for word in words}
    return node


def cmd(**arguments: Tree) -> Tree:
    return {"_type": "cmd", **{name.replace("_", "-"): node for name, node in arguments.items()}}


ON = arg("", "yes", "no")
NAME = arg("string value, max length 31")
TREE: Tree = {
    "beep": cmd(length=arg("time interval")),
    "ip": {
        "_type": "path",
        "thing": {
            "_type": "dir",
            "add": cmd(name=NAME, on=ON, place_before=arg(), command=arg(), wait=arg("time interval")),
            "set": cmd(numbers=arg(), name=NAME, on=ON, on_error=arg()),
            "get": cmd(number=arg(), value_name=arg("", "name", "on", "running")),
            "print": cmd(where=arg(), detail=arg()),
            "rule": {"_type": "dir", "get": cmd(), "set": cmd(max=arg("0..9    (integer number)"), do=arg())},
        },
    },
}  # fmt: skip


def node_at(words):
    node = TREE
    for word in words:
        found = node.get(word)
        if not isinstance(found, dict):
            return None
        node = found
    return node


def rows_of(seen):
    """Answers as RouterOS does."""
    asked = seen.json
    words = [word for word in asked["path"].split(",") if word]
    node = node_at(words)
    if node is None:
        return []
    if asked["request"] == "child":
        below = [(name, child["_type"]) for name, child in node.items() if not isinstance(child, str)]
        own = [{"name": words[-1] if words else "", "node-type": node.get("_type", "dir"), "type": "self"}]
        return own + [{"name": name, "node-type": kind, "type": "child"} for name, kind in below]
    if asked["request"] == "syntax":
        text = node.get("desc", "")
        return [{"symbol": words[-1], "nested": "0", "text": text, "type": "syntax"}] if text else []
    return [{"completion": word, "style": "none", "type": "completion"} for word in node.get("_completion", {})]


def ask(handler=lambda seen: answer(rows_of(seen)), memory=None, bounds=None, timing=QUICK):
    """The walk, and every question the router saw."""
    told: list[tuple[str, int, int]] = []

    async def story():
        async with wire(handler) as router, Session(timing) as session:
            try:
                walked = await walk(client(session, router), memory or Memory(), lambda *how: told.append(how), bounds)
            except DeviceError as failure:
                return failure, router.seen
            return walked, router.seen

    outcome, seen = asyncio.run(story())
    return outcome, seen, told


def question(seen: Seen):
    asked = seen.json
    assert isinstance(asked, dict)
    return asked["request"], asked["path"]


def lying(path, rows, request="child"):
    """Answers as RouterOS does, but for one question."""
    return lambda seen: answer(rows if question(seen) == (request, path) else rows_of(seen))


def children(*named):
    return [{"name": name, "node-type": kind, "type": "child"} for name, kind in named]


def test_a_tree_is_learnt_and_compiled():
    walked, seen, told = ask()
    assert isinstance(walked, Walked)
    assert (walked.asked, walked.skipped, walked.unanswered) == (len(seen), 0, 0)
    assert compile_tree(walked.tree, VERSION)["ip.facts"].splitlines() == [
        "/ip/thing = list *",
        "/ip/thing > add get place-before print set",
        "/ip/thing command a * text",
        "/ip/thing name as * text",
        "/ip/thing on as * bool",
        "/ip/thing on-error s * text",
        "/ip/thing running r * text",
        "/ip/thing wait a * loose(duration)",
        "/ip/thing/rule = singleton *",
        "/ip/thing/rule > get set",
        "/ip/thing/rule do s * text",
        "/ip/thing/rule max s * loose(int(0..9))",
    ]
    assert told[-1] == ("arguments", 4, 5)
    assert all(item.method == "POST" and item.target == "/rest/console/inspect" for item in seen)


def test_children_come_first_and_no_question_comes_twice():
    _, seen, _ = ask()
    questions = [question(item) for item in seen]
    assert len(set(questions)) == len(questions)
    kinds = [request == "child" for request, _ in questions]
    assert kinds == sorted(kinds, reverse=True)
    assert ("child", "ip,thing,print") not in questions
    assert ("syntax", "ip,thing,set,name") in questions
    assert ("syntax", "ip,thing,add,name") not in questions, "one of the two is enough"
    assert ("completion", "ip,thing,set,name") not in questions, "a text was told"
    [line] = [item.json["input"] for item in seen if question(item) == ("completion", "ip,thing,set,on")]
    assert line == "/ip/thing/set on="


def test_what_hangs_older_versions_is_never_asked():
    _, seen, _ = ask()
    asked = [(request, path) for request, path in map(question, seen) if path.rpartition(",")[2] in NEVER]
    assert asked == [("child", "ip,thing,rule")]


def test_a_run_that_broke_off_is_continued():
    whole = len(ask()[1])
    kept: list[str] = []
    memory = Memory(keep=lambda asked, _: kept.append(asked))
    failure, seen, _ = ask(memory=memory, bounds=Bounds(requests=6))
    assert isinstance(failure, DeviceError)
    assert "run this again to go on" in failure.message
    assert len(seen) == 6 == len(kept)
    walked, more, _ = ask(memory=Memory(memory.answers))
    assert isinstance(walked, Walked)
    assert walked.asked == len(more) == whole - 6
    assert walked.tree == ask()[0].tree


def test_a_router_that_goes_away_is_unreachable_and_what_it_told_is_kept():
    memory = Memory()
    gone = lambda seen: RESET if question(seen)[1] == "ip,thing,get" else answer(rows_of(seen))  # noqa: E731
    failure, _, _ = ask(gone, memory)
    assert isinstance(failure, Unreachable)
    assert "child ip,thing" in memory.answers


@pytest.mark.parametrize(
    "name", ["a b", "a\nb", "_type", "../up", "", "x" * 65, "naïve", "a,b", "a=b", "a/b", "\x1b[2J", "{{ x }}"]
)
def test_what_is_no_word_is_left_out(name):
    rows = children((name, "dir"), (name, "cmd"), ("thing", "dir"))
    walked, seen, _ = ask(lying("ip", rows))
    assert walked.skipped == 1
    assert set(walked.tree["ip"]) == {"_type", "thing"}
    assert len(seen) == len(ask()[1])
    walked, _, _ = ask(lying("ip,thing,set", children((name, "arg"), ("on", "arg"))))
    assert set(walked.tree["ip"]["thing"]["set"]) == {"_type", "on"}


def test_other_kinds_of_nodes_are_left_out():
    walked, _, _ = ask(lying("ip", children(("a", "script"), ("b", ""), ("thing", "dir"))))
    assert set(walked.tree["ip"]) == {"_type", "thing"}


def endless(seen):
    asked = seen.json
    words = asked["path"].split(",")
    return answer(children((f"d{len(words)}", "dir"), ("set", "cmd")) if asked["request"] == "child" else [])


@pytest.mark.parametrize(
    ("handler", "bounds", "says"),
    [
        (endless, Bounds(), "nests more than 12 directories"),
        (lying("ip", children(*((f"d{i}", "dir") for i in range(2_001)))), Bounds(), "2,001 words below one"),
        (lambda seen: answer(rows_of(seen)), Bounds(entries=10), "more than 10 names and words"),
        (lambda seen: answer([]), Bounds(), "tells of no menu"),
        (lambda seen: answer({"detail": "x"}), Bounds(), "tells of no menu"),
        (lambda seen: answer(b"<html>"), Bounds(), "does not answer"),
        (lambda seen: answer([{"name": ["ip"]}]), Bounds(), "does not answer"),
        (lambda seen: error("no such command"), Bounds(), "no such command"),
    ],
)
def test_what_is_no_tree_of_routeros_is_refused(handler, bounds, says):
    failure, seen, _ = ask(handler, bounds=bounds)
    assert isinstance(failure, DeviceRefused)
    assert says in failure.message
    assert len(seen) < 40


def test_time_has_a_bound():
    failure, seen, _ = ask(bounds=Bounds(seconds=-1.0))
    assert isinstance(failure, DeviceError)
    assert seen == []


@pytest.mark.parametrize("text", ["x" * 501, "a\x00b", "a\nb", "naïve", ""])
def test_a_text_that_is_none_explains_nothing(text):
    rows = [{"symbol": "name", "nested": "0", "text": text, "type": "syntax"}]
    walked, _, _ = ask(lying("ip,thing,set,name", rows, "syntax"))
    assert "desc" not in walked.tree["ip"]["thing"]["set"]["name"]


def test_a_grammar_of_several_lines_is_no_text():
    rows = [{"symbol": "name", "nested": str(i), "text": "time interval", "type": "syntax"} for i in range(2)]
    walked, _, _ = ask(lying("ip,thing,set,name", rows, "syntax"))
    assert "desc" not in walked.tree["ip"]["thing"]["set"]["name"]


def test_words_are_checked_and_very_many_are_no_vocabulary():
    odd = [{"completion": word, "style": "none"} for word in ("yes", "no", "a b", "x" * 65, "\x1b[0m", "")]
    walked, _, _ = ask(lying("ip,thing,set,on", odd, "completion"))
    assert set(walked.tree["ip"]["thing"]["set"]["on"]["_completion"]) == {"yes", "no"}
    many = [{"completion": f"w{i}", "style": "none"} for i in range(2_001)]
    walked, _, _ = ask(lying("ip,thing,set,on", many, "completion"))
    assert "_completion" not in walked.tree["ip"]["thing"]["set"]["on"]


@pytest.mark.parametrize("detail", ["failure: x", "Session closed"])
def test_an_argument_that_is_refused_stays_unexplained(detail):
    refusing = lambda seen: error(detail) if question(seen)[1] == "ip,thing,set,on" else answer(rows_of(seen))  # noqa: E731
    memory = Memory()
    walked, _, _ = ask(refusing, memory)
    assert walked.unanswered == 2
    assert walked.tree["ip"]["thing"]["set"]["on"] == {"_type": "arg"}
    assert memory.answers["completion ip,thing,set,on"] == []
    failure, _, _ = ask(refusing, bounds=replace(Bounds(), refusals=1))
    assert isinstance(failure, DeviceError)


def test_a_login_that_may_not_ask_is_refused():
    failure, seen, _ = ask(lambda seen: error("not enough permissions (9)", 500))
    assert isinstance(failure, LoginRefused)
    assert len(seen) == 1


def test_packages_are_those_that_are_installed_and_on():
    rows = [
        {"name": "routeros", "disabled": "false"},
        {"name": "container", "disabled": "false", "available": "false"},
        {"name": "iot", "disabled": "true"},
        {"name": "gps", "disabled": "false", "available": "true"},
    ]

    async def story(reply):
        async with wire(lambda seen: reply) as router, Session(QUICK) as session:
            return await packages_of(client(session, router))

    assert asyncio.run(story(answer(rows))) == {"container"}
    with pytest.raises(DeviceRefused, match="gives a package that is not plain text"):
        asyncio.run(story(answer([{"name": "a\x00b"}])))
