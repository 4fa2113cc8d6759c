"""What is written against what RouterOS reads back, by type."""

import json
from pathlib import Path

import pytest

from schemas.catalogue.load import open_catalogue
from schemas.path import MenuPath
from schemas.values import canonical_or_exact, parse_type

READ_BACK = [
    ("text", " a,b ", " a,b "),
    ("bool", "yes", "true"),
    ("bool", "false", "false"),
    ("flag", "", "true"),
    ("flag", "no", "false"),
    ("enum(a|b|c)", "b", "b"),
    ("enum(auto|no|yes)", "true", "yes"),
    ("int", "010", "10"),
    ("int(0..255)", " 7 ", "7"),
    ("hex(0..FFFF)", "32768", "0x8000"),
    ("hex(0..FF)", "128", "0x80"),
    ("hex(0..FFFF)", "0xa000", "0xA000"),
    ("hex", "010", "0xA"),
    ("range", "80", "80"),
    ("range(0..65535)", "1000-2000", "1000-2000"),
    ("range", "5-5", "5"),
    ("duration", "3600", "1h"),
    ("duration", "60m", "1h"),
    ("duration", "1:00:00", "1h"),
    ("duration", "01:00:00", "1h"),
    ("duration", "86400", "1d"),
    ("duration", "168h", "1w"),
    ("duration", "7d", "1w"),
    ("duration", "90", "1m30s"),
    ("duration", "0", "0s"),
    ("duration", "00:00:00", "0s"),
    ("duration", "1d 00:00:00", "1d"),
    ("duration", "1d00:00:00", "1d"),
    ("duration", "52m34s530ms", "52m34s530ms"),
    ("duration", "1.5s", "1s500ms"),
    ("duration(ms)", "100", "100ms"),
    ("duration(ns)", "1000", "1us"),
    ("size", "64M", "67108864"),
    ("size", "64MiB", "67108864"),
    ("size", "2048KiB", "2097152"),
    ("size(KiB)", "4883KiB", "4883"),
    ("size(KiB)", "2048", "2048"),
    ("size(KiB)", "2M", "2048"),
    ("rate", "25M", "25000000"),
    ("rate", "10k", "10000"),
    ("rate", "1.5M", "1500000"),
    ("rate", "20000000B", "20000000"),
    ("pair(rate)", "30M/30M", "30000000/30000000"),
    ("pair(rate)", "10M", "10000000/10000000"),
    ("both(duration, int)", "10,10", "10s,10"),
    ("set(span(duration))", "21:00:00-22:00:00,08:00:00-20:00:00", "21h-22h,8h-20h"),
    ("span(duration)", "200s-600s", "3m20s-10m"),
    ("span(int)", "5", "5"),
    ("pair(duration)", "8/8", "8s/8s"),
    ("ipv4", "10.0.0.1", "10.0.0.1"),
    ("ipv6", "2001:0DB8::0:1", "2001:db8::1"),
    ("ip", "::", "::"),
    ("prefix", "192.168.1.5/24", "192.168.1.0/24"),
    ("prefix", "10.0.0.1", "10.0.0.1/32"),
    ("prefix", "2001:db8::1/64", "2001:db8::/64"),
    ("prefix", "0.0.0.0/0", "0.0.0.0/0"),
    ("interface-address", "10.0.0.1/255.255.255.0", "10.0.0.1/24"),
    ("interface-address", "10.0.0.1", "10.0.0.1/32"),
    ("interface-address", "10.0.0.1/24", "10.0.0.1/24"),
    ("interface-address", "FE80::1", "fe80::1/128"),
    ("address-or-prefix", "10.0.0.1/32", "10.0.0.1"),
    ("address-or-prefix", "192.168.1.5/24", "192.168.1.0/24"),
    ("address-or-prefix", "192.168.0.0-192.168.1.255", "192.168.0.0-192.168.1.255"),
    ("address-list-entry", "192.168.0.0-192.168.1.255", "192.168.0.0/23"),
    ("address-list-entry", "192.168.0.1-192.168.1.255", "192.168.0.1-192.168.1.255"),
    ("address-list-entry", "example.com", "example.com"),
    ("!address-or-prefix", "!192.168.1.2/32", "!192.168.1.2"),
    ("!address-or-prefix", "! 192.168.1.2", "!192.168.1.2"),
    ("mac", "aa-bb-cc-dd-ee-ff", "AA:BB:CC:DD:EE:FF"),
    ("mac", "aabbccddeeff", "AA:BB:CC:DD:EE:FF"),
    ("list(ip)", "1.1.1.1, 9.9.9.9", "1.1.1.1,9.9.9.9"),
    ("list(ip)", "9.9.9.9,1.1.1.1", "9.9.9.9,1.1.1.1"),
    ("set(enum(established|related|new))", "related,established", "established,related"),
    ("set(text)", "b,a", "a,b"),
    ("set(range)", "12,10,11,20-30,25-40", "10-12,20-40"),
    ("ref(/interface)", "ether1", "ether1"),
    ("or(auto|none, duration)", "auto", "auto"),
    ("or(auto|none, duration)", "90", "1m30s"),
    ("or(all, set(ref(/interface)))", "b,a", "a,b"),
    ("loose(duration)", "90", "1m30s"),
    ("loose(duration)", "disabled", "disabled"),
]


@pytest.mark.parametrize(("expression", "written", "read"), READ_BACK)
def test_read_back(expression: str, written: str, read: str) -> None:
    assert parse_type(expression).canonical(written) == read
    assert canonical_or_exact(parse_type(expression), written) == (read, True)


@pytest.mark.parametrize("expression", sorted({case[0] for case in READ_BACK} - {"flag"}))
def test_empty_stays_empty(expression: str) -> None:
    assert parse_type(expression).canonical("") == ""


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        ("bool", "maybe"),
        ("enum(a|b)", "c"),
        ("int(0..255)", "256"),
        ("int", "1.5"),
        ("int", "٣"),
        ("range", "9-1"),
        ("duration", "1 fortnight"),
        ("duration", "10:30"),
        ("size", "12 apples"),
        ("size", "0.1"),
        ("size(KiB)", "512B"),
        ("rate", "1MiB"),
        ("rate", "1MB"),
        ("ipv4", "::1"),
        ("ipv4", "10.0.0.256"),
        ("prefix", "10.0.0.0/33"),
        ("prefix", "10.0.0.0/0.0.0.255"),
        ("prefix", "fe80::1%ether1/64"),
        ("interface-address", "10.0.0.1/"),
        ("address-or-prefix", "example.com"),
        ("address-or-prefix", "10.0.0.9-10.0.0.1"),
        ("address-list-entry", "-"),
        ("mac", "aa:bb:cc:dd:ee"),
        ("list(ip)", "1.1.1.1,,9.9.9.9"),
        ("!int", "!"),
        ("or(auto, int)", "sometimes"),
    ],
)
def test_what_is_no_value_is_refused_and_kept_exactly(expression: str, written: str) -> None:
    kind = parse_type(expression)
    with pytest.raises(ValueError, match=r"[.]$"):
        kind.canonical(written)
    assert kind.canonical_or_exact(written) == (written, False)


@pytest.mark.parametrize(
    ("expression", "native", "text"),
    [
        ("text", "LAN", "LAN"),
        ("list(text)", ["a", "b"], "a,b"),
        ("set(ref(/interface))", ["b", "a"], "b,a"),
        ("loose(set(text))", ["a", "b"], "a,b"),
        ("text", 1.5, "1.5"),
        ("bool", True, "true"),
        ("bool", "no", "no"),
        ("enum(no|yes|auto)", True, "yes"),
        ("enum(no|yes|auto)", "false", "no"),
        ("enum(1|2)", 2, "2"),
        ("or(no|yes, int)", False, "no"),
        ("or(auto, int)", 3, "3"),
        ("int(0..255)", 7, "7"),
        ("duration", 90, "90"),
        ("list(ip)", ["1.1.1.1", "9.9.9.9"], "1.1.1.1,9.9.9.9"),
        ("list(ip)", [], ""),
        ("set(range)", [80, "1000-2000"], "80,1000-2000"),
        ("!set(enum(new|invalid))", ["new", "invalid"], "new,invalid"),
        ("!ref(/interface/list)", "!LAN", "!LAN"),
    ],
)
def test_text_of_what_yaml_gives(expression: str, native: object, text: str) -> None:
    assert parse_type(expression).text(native) == text


@pytest.mark.parametrize(
    ("expression", "native", "message"),
    [
        ("list(ip)", {"a": 1}, "A list is wanted here, not a mapping."),
        ("int(0..5)", True, "A whole number from 0 to 5 is wanted here, not True."),
        ("int(0..5)", [1], "A whole number from 0 to 5 is wanted here, not a list."),
        ("text", ["a", "b"], "A single value is wanted here, not a list."),
        ("text", [], "A single value is wanted here, not a list."),
        ("!text", ["a"], "A single value is wanted here, not a list."),
        ("ref(/interface)", ["ether1"], "A single value is wanted here, not a list."),
        ("loose(duration)", ["1s"], "A time such as 1h30m is wanted here, not a list."),
        ("list(text)", [["a", "b"]], "A single value is wanted here, not a list."),
        ("ipv4", None, "An address is wanted here, not null."),
        ("enum(a|b)", "c", "'c' is not one of a, b."),
        ("or(auto, int(1..3))", "9", "'9' is not a whole number from 1 to 3, nor one of auto."),
    ],
)
def test_wrong_shapes_are_told(expression: str, native: object, message: str) -> None:
    with pytest.raises(ValueError, match="is") as caught:
        parse_type(expression).text(native)
    assert str(caught.value) == message


BAD = ["", "number", "enum()", "enum(a||b)", "int(5..1)", "int(a..b)", "int()", "list()", "list(x)", "or(a)"]
BAD += ["ref(!)", "duration(y)", "size(MiB)", "text(a)", "Text", "!"]


@pytest.mark.parametrize("expression", BAD)
def test_bad_expressions_are_refused(expression: str) -> None:
    with pytest.raises(ValueError, match=r"\.$|menu path"):
        parse_type(expression)


def test_equal_expressions_share_one_object_and_its_memory() -> None:
    assert parse_type("list(ip)") is parse_type("list(ip)")
    assert parse_type("list(ip)").expression == "list(ip)"


NO_TYPE_SAYS_SO = {
    "/ip/dhcp-server/config store-leases-disk",  # 0 reads back as a word
    "/tool/netwatch thr-loss-percent",  # the sign goes away
    "/ppp/profile use-encryption",  # an abbreviation is completed
    "/container root-dir",  # a slash is put in front
}
"""Pairs that are known to differ under the types there are."""


def test_pairs_read_back_by_real_routers(corpus: Path) -> None:
    """What was written and what real routers answered is equal under the field's type."""
    schema = open_catalogue().schema("7.22.3")
    equal, unequal = 0, set()
    for pair in json.loads((corpus / "normalisation.json").read_text("utf-8")):
        menu = schema.menu(MenuPath(pair["path"]))
        field = menu.fields.get(pair["field"]) if menu and menu.known else None
        if field is None or not isinstance(pair["written"], str) or not isinstance(pair["read"], str):
            continue
        if pair["kind"] != "write-read" or pair["read"].startswith("*"):  # what was referred to is gone
            continue
        kind = parse_type(field.type)
        if kind.canonical_or_exact(pair["written"]) == kind.canonical_or_exact(pair["read"]):
            equal += 1
        else:
            unequal.add(f"{pair['path']} {pair['field']}")
    assert equal >= 5
    assert unequal <= NO_TYPE_SAYS_SO


def test_objects_of_real_routers_are_values(corpus: Path) -> None:
    """Every field of every captured REST object reads as a value of its type."""
    schema = open_catalogue().schema("7.22.3")
    strange = []
    for item in json.loads((corpus / "rest-json" / "_index.json").read_text("utf-8")):
        menu = schema.menu(MenuPath(item["path"]))
        rows = json.loads((corpus / "rest-json" / item["file"]).read_text("utf-8"))
        for row in rows if isinstance(rows, list) else [rows]:
            for name, text in row.items() if menu else ():
                field = menu.fields.get(name) if menu else None
                if field and isinstance(text, str) and not parse_type(field.type).canonical_or_exact(text)[1]:
                    strange.append((item["path"], name, text))
    assert {place for place in strange if place[2] != "REMOVED"} == set()
