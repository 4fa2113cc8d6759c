"""Hostile text stays text."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from reconciler.views.clean import LONGEST, clean, pair_text, value_text
from reconciler.views.text import plan_text
from schemas.change import Action, Change
from schemas.desired import SecretRef
from schemas.path import MenuPath
from tests.unit.views.examples import device, plan

ANY_TEXT = st.text(st.characters())


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain text", "plain text"),
        ("Büro Zürich", "Büro Zürich"),
        ("\x1b[2J", "\\x1b[2J"),
        ("a\nb\r\tc", "a\\nb\\r\\tc"),
        ("\x00\x7f\x9b", "\\x00\\x7f\\x9b"),
        ("evil\u202etxt", "evil\\u202etxt"),
        ("zero\u200bwidth", "zero\\u200bwidth"),
        ("no\u00a0break", "no\\xa0break"),
        ("tag\U000e0041", "tag\\U000e0041"),
        (b"caf\xe9".decode("utf-8", "surrogateescape"), "caf\\xe9"),
        (r".*\.example\.net", r".*\.example\.net"),
        (r"literal \n", r"literal \\n"),
        ("\\\n", "\\\\\\n"),
    ],
)
def test_what_is_shown(text, shown):
    assert clean(text) == shown


@given(ANY_TEXT)
def test_cleaned_text_is_one_printable_line(text):
    assert clean(text).isprintable()


@given(ANY_TEXT, ANY_TEXT)
def test_different_texts_never_look_the_same(one, other):
    assert (clean(one) == clean(other)) == (one == other)


@given(st.text(st.sampled_from("\\nx1b\n\x1bé\u202e")), st.text(st.sampled_from("\\nx1b\n\x1bé\u202e")))
def test_escapes_cannot_be_imitated(one, other):
    assert (clean(one) == clean(other)) == (one == other)


@given(ANY_TEXT, st.integers(1, 50))
def test_cut_text_is_as_short_as_asked(text, longest):
    assert len(clean(text, longest)) <= longest


def test_megabytes_are_cut():
    assert clean("\x1b" * 10_000_000, 100) == "\\x1b" * 24 + "\\x1" + "…"


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        (None, "(unset)"),
        (SecretRef("wan"), "(secret wan)"),
        ("(unset)", '"(unset)"'),
        ("(secret wan)", '"(secret wan)"'),
        ("", '""'),
        (" x", '" x"'),
        ("a → b", '"a → b"'),
        ("it is", "it is"),
    ],
)
def test_values_cannot_pass_for_our_words(value, shown):
    assert value_text(value) == shown


def test_long_values_are_cut_in_what_they_share():
    before, after = pair_text("x" * 5000 + "old" + "y" * 5000, "x" * 5000 + "new" + "y" * 5000)
    assert before == f"…{'x' * 100}old{'y' * 100}…"
    assert after == f"…{'x' * 100}new{'y' * 100}…"


def test_a_value_that_only_grew_still_shows_how():
    before, after = pair_text("x" * 1000, "x" * 1000 + "end")
    assert before != after
    assert after.endswith("end")


@given(ANY_TEXT.map(lambda text: text * 50), ANY_TEXT)
def test_long_pairs_stay_short(before, after):
    for text in pair_text(before, after):
        assert len(text) <= max(LONGEST * 10, LONGEST + 4)


def test_no_text_of_a_router_reaches_the_terminal_raw():
    evil = "\x1b]0;owned\x07\r\n+ /user add name=eve\u202e"
    change = Change(1, MenuPath("/ip/address"), Action.REMOVE, evil, {"comment": evil, evil: "x"}, reason=evil)
    text = plan_text(plan(device(evil, change)))
    assert all(line.isprintable() for line in text.splitlines())
    assert "\n+ /user" not in text
