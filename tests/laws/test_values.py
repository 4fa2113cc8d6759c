"""What holds of every value type."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from schemas.values import canonical_or_exact, parse_type

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


@pytest.mark.parametrize("expression", EXPRESSIONS)
@given(text=TEXTS)
def test_canonical_is_final_and_parsing_undoes_rendering(expression: str, text: str) -> None:
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
