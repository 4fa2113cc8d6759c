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
    ("size", "32 017 047 040", "32017047040"),
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
    ("flagset(read|write|api)", "api,read", "read,api,!write"),
    ("flagset(read|write|api)", "!dude,!read", "!read,!write,!api"),
    ("set(range)", "12,10,11,20-30,25-40", "10-12,20-40"),
    ("ref(/interface)", "ether1", "ether1"),
    ("or(auto|none, duration)", "auto", "auto"),
    ("or(auto|none, duration)", "90", "1m30s"),
    ("or(all, set(ref(/interface)))", "b,a", "a,b"),
    ("loose(duration)", "90", "1m30s"),
    ("loose(duration)", "disabled", "disabled"),
    ("text(script)", "a\r\nb", "a\nb"),
    ("text(hex)", "0xABCD", "abcd"),
    ("text(hex)", "laptop", "laptop"),
    ("text(octets)", "1:AA:0B", "1:aa:b"),
    ("text(date)", "Oct/02/2026", "2026-10-02"),
    ("text(date)", "oct/02/2026 10:00:00", "2026-10-02 10:00:00"),
    ("text(clock)", "1:05:00", "01:05:00"),
    ("text(clock)", "startup", "startup"),
    ("text(times)", "0..60", "0s..1m"),
    ("text(hours)", "08:00:00-17:00:00,tue,mon", "8h-17h,mon,tue"),
    ("text(hours)", "8h-17h,someday", "8h-17h,someday"),
    ("!text(limit)", "!10/1s,5", "!10,5:packet"),
    ("text(limit)", "10/60,5:bit", "10/1m,5:bit"),
    ("text(frame-limit)", "1/1s,5", "1,5"),
    ("text(dst-limit)", "1,5,dst-address/100", "1,5,dst-address/1m40s"),
    ("text(address)", "FE80::1/64", "fe80::1/64"),
    ("text(address)", "fe80::1", "fe80::1/64"),
    ("text(address)", "10.0.0.1/24", "10.0.0.1/24"),
    ("text(image)", "host:5000/a", "host:5000/a:latest"),
    ("text(image)", "a@sha256:0", "a@sha256:0"),
    ("text(path)", "usb1/x", "/usb1/x"),
    ("text(labelled)", "15-SIGTERM", "15"),
    ("switch(no|inherit)", "true", "inherit"),
    ("switch(no|inherit)", "no", "no"),
    ("enum(0x8100|0x88a8)", "33024", "0x8100"),
    ("enum(0x8100|0x88a8)", "0x88A8", "0x88a8"),
    ("ethertype", "0x0800", "ip"),
    ("ethertype", "vlan", "vlan"),
    ("ethertype", "4660", "0x1234"),
    ("decimal", "0.10", "0.1"),
    ("decimal(0..100)", "95%", "95"),
    ("decimal", "100", "100"),
    ("seconds(0..65535)", "1m30s", "90"),
    ("or(0|disabled, seconds)", "0s", "disabled"),
    ("or(0|unspecified, int(1..255))", "0", "unspecified"),
    ("or(-|0s, duration)", "00:00:00", ""),
    ("or(-|none|self, ref(/interface/vrrp))", "none", ""),
    ("both(duration, int)", "10", "10s"),
    ("mac(mask)", "aa:bb:cc:00:00:00/ff-ff-ff-00-00-00", "AA:BB:CC:00:00:00/FF:FF:FF:00:00:00"),
    ("set(range) max 2", "1,2,3,9", "1-3,9"),
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
        ("or(-|none|self, int)", "-"),
        ("switch(no|inherit)", "yes"),
        ("enum(0x8100|0x88a8)", "0x8101"),
        ("decimal(0.1..5)", "0.05"),
        ("decimal", "1,5"),
        ("seconds", "1.5"),
        ("seconds(0..60)", "1m1s"),
        ("both(duration, int)", "1,2,3"),
        ("mac", "aa:bb:cc:00:00:00/ff:ff:ff:00:00:00"),
        ("list(int) max 2", "1,2,3"),
        ("flagset(read|write)", "reed"),
        ("flagset(read|write)", "read,!read"),
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
        ("flagset(read|write)", ["read", "!write"], "read,!write"),
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
BAD += ["ref(!)", "duration(y)", "size(MiB)", "text(a)", "Text", "!", "switch(a)", "or(0,int)", "or(-, int)"]
BAD += ["decimal(5..1)", "mac(a)", "int max 2", "set(int) max 0"]


@pytest.mark.parametrize("expression", BAD)
def test_bad_expressions_are_refused(expression: str) -> None:
    with pytest.raises(ValueError, match=r"\.$|menu path"):
        parse_type(expression)


def test_equal_expressions_share_one_object_and_its_memory() -> None:
    assert parse_type("list(ip)") is parse_type("list(ip)")
    assert parse_type("list(ip)").expression == "list(ip)"


def test_objects_of_real_routers_are_values(corpus: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every field of every captured REST object is a value of its type, nearly all of them in canonical form."""
    schema = open_catalogue().schema("7.22.3")
    strange, rewritten, seen = [], [], 0
    for item in json.loads((corpus / "rest-json" / "_index.json").read_text("utf-8")):
        menu = schema.menu(MenuPath(item["path"]))
        rows = json.loads((corpus / "rest-json" / item["file"]).read_text("utf-8"))["objects"]
        for name, text in (pair for row in rows for pair in row.items()):
            field = menu.fields.get(name) if menu else None
            if field is None or not isinstance(text, str) or text == "REMOVED":
                continue
            seen += 1
            canonical, known = parse_type(field.type).canonical_or_exact(text)
            if not known:
                strange.append((item["path"], name, text))
            elif canonical != text:
                rewritten.append(f"{item['path']} {name}: {text!r} is {canonical!r} as a value of {field.type}")
    with capsys.disabled():
        print(
            f"\ncaptured values: {seen}, of which {len(rewritten)} are not in canonical form", *rewritten, sep="\n    "
        )
    assert not strange
    assert seen > 1000
    assert len(rewritten) / seen < 0.03
