"""What holds of every value type."""

import re
from functools import cache

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from schemas.catalogue.load import open_catalogue
from schemas.values import canonical_or_exact, parse_type
from schemas.values.texts import FORMS

EXPRESSIONS = [
    "text",
    "bool",
    "flag",
    "enum(no|yes|auto)",
    "int",
    "int(-5..300)",
    "hex(0..FFFF)",
    "range",
    "duration",
    "duration(ms)",
    "size",
    "size(KiB)",
    "rate",
    "ipv4",
    "ipv6",
    "ip",
    "prefix",
    "interface-address",
    "address-or-prefix",
    "address-list-entry",
    "mac",
    "ref(/interface)",
    "list(ip)",
    "set(range)",
    "set(enum(a|b|c))",
    "pair(rate)",
    "or(auto|none, duration)",
    "!address-or-prefix",
    "!set(range(0..65535))",
    "!or(all|none, ref(/interface))",
    "loose(duration)",
    "!loose(enum(a|b))",
    "list(or(any, prefix))",
    "switch(no|inherit)",
    "enum(0x8100|0x88a8)",
    "ethertype",
    "decimal",
    "decimal(0.1..5)",
    "seconds(0..65535)",
    "or(0|disabled, seconds(0..65535))",
    "or(0|none|never, duration)",
    "or(-|0s, duration)",
    "or(-|none|self, ref(/interface/vrrp))",
    "!or(vlan|ip, loose(ethertype))",
    "both(duration, int)",
    "set(range(0..65535)) max 3",
    "flagset(a|b|c)",
    *(f"text({form})" for form in FORMS),
]

WORDS = st.sampled_from(
    ["auto", "none", "yes", "no", "true", "a", "b", "c", "all", "any", "", "!", "lan", "example.com"]
)
NUMBERS = st.integers(0, 70000).map(str)
ADDRESSES = st.ip_addresses().map(str)
TIMES = st.lists(st.tuples(st.integers(0, 99), st.sampled_from(["w", "d", "h", "m", "s", "ms", "us"])), min_size=1).map(
    lambda parts: "".join(f"{amount}{unit}" for amount, unit in parts)
)
ATOMS = st.one_of(
    WORDS,
    NUMBERS,
    ADDRESSES,
    TIMES,
    st.integers(0, 0xFFFF).map(hex),
    st.tuples(ADDRESSES, st.integers(0, 128)).map(lambda pair: f"{pair[0]}/{pair[1]}"),
    st.tuples(ADDRESSES, ADDRESSES).map("-".join),
    st.tuples(NUMBERS, NUMBERS).map("-".join),
    st.tuples(NUMBERS, st.sampled_from(["", "k", "M", "G", "KiB"])).map("".join),
    st.tuples(st.integers(0, 30), st.integers(0, 59), st.integers(0, 59)).map(
        lambda t: f"{t[0]:02}:{t[1]:02}:{t[2]:02}"
    ),
    st.binary(min_size=6, max_size=6).map(lambda octets: octets.hex("-")),
    st.text(max_size=8),
)
TEXTS = st.one_of(
    ATOMS,
    ATOMS.map("!{}".format),
    st.lists(ATOMS, max_size=4).map(",".join),
    st.tuples(ATOMS, ATOMS).map("/".join),
    st.text(alphabet="0123456789abcdef.:/-!, ms", max_size=24),
)


LIMITS = st.sampled_from(
    ["10,5", "10/1s,5:packet", "010/60,5:bit", "1,5,dst-address/100", "8h-17h,tue,mon", "08:00:00-17:00:00,sun"]
)
DATES = st.sampled_from(["aug/09/2020", "Aug/09/2020 10:00:00", "2020-08-09", "aug/9/2020"])
PATHS = st.sampled_from(
    ["usb1/x", "/usb1/x", "traefik/whoami", "a:5000/b", "a/b@sha256:0", "15-SIGTERM", "a\r\nb\r\r\n"]
)
WRITTEN = st.one_of(TEXTS, LIMITS, DATES, PATHS)


@st.composite
def catalogued(draw: st.DrawFn) -> tuple[str, str]:
    """A type that the catalogue uses, and a text that has to do with it."""
    expression = draw(st.sampled_from(_catalogued()))
    words = re.findall(r"[^\s|,()!]+", expression)
    word = st.one_of(st.sampled_from(words), ATOMS)
    texts = st.one_of(word, st.lists(word, max_size=4).map(",".join), st.tuples(word, word).map("/".join), WRITTEN)
    return expression, draw(st.one_of(texts, texts.map("!{}".format), st.text()))


@cache
def _catalogued() -> list[str]:
    schema = open_catalogue().schema(open_catalogue().newest)
    menus = filter(None, map(schema.menu, schema.paths))
    return sorted({field.type for menu in menus for field in menu.fields.values()})


@settings(max_examples=max(1000, settings().max_examples))
@given(pair=catalogued())
def test_types_of_the_catalogue_keep_the_laws(pair: tuple[str, str]) -> None:
    holds(*pair)


@pytest.mark.parametrize("expression", EXPRESSIONS)
@given(text=WRITTEN)
def test_canonical_is_final_and_parsing_undoes_rendering(expression: str, text: str) -> None:
    holds(expression, text)


def holds(expression: str, text: str) -> None:
    """Whatever the text, there is an answer; what is no value stays exactly as it is."""
    kind = parse_type(expression)
    canonical, parsed = canonical_or_exact(kind, text)
    if not parsed:
        assert canonical == text
        return
    value = kind.parse(text)
    assert kind.render(value) == canonical
    assert kind.parse(canonical) == value
    assert kind.canonical(canonical) == canonical
    assert hash(value) == hash(kind.parse(canonical))


@given(numbers=st.lists(st.integers(0, 60), max_size=12).flatmap(lambda n: st.tuples(st.just(n), st.permutations(n))))
def test_a_set_of_numbers_knows_no_order(numbers: tuple[list[int], list[int]]) -> None:
    written, shuffled = (",".join(map(str, each)) for each in numbers)
    assert parse_type("set(range)").canonical(written) == parse_type("set(range)").canonical(shuffled)


@given(nanoseconds=st.integers(0, 10**17))
def test_every_duration_survives(nanoseconds: int) -> None:
    kind = parse_type("duration")
    assert kind.parse(kind.render(nanoseconds)) == nanoseconds
