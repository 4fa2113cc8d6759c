"""The codec's own table of read-back forms, from captured pairs."""

from __future__ import annotations

import pytest

from simulator.codec import reader, text_of
from simulator.forms import BadValue


class NoNames:
    def find(self, menu: str, name: str) -> None:
        assert menu.startswith("/")
        assert name


PAIRS = [
    ("duration", "163w4d9h", "163w4d9h"),
    ("duration", "27489h", "163w4d9h"),
    ("duration", "0.12", "120ms"),
    ("duration", "52m34s530ms", "52m34s530ms"),
    ("duration", "6d24h", "1w"),
    ("duration", "01:00:00", "1h"),
    ("duration(ms)", "100", "100ms"),
    ("duration(ns)", "1000", "1us"),
    ("or(none|auto,duration)", "auto", "auto"),
    ("or(none|auto,duration)", "300", "5m"),
    ("rate", "25M", "25000000"),
    ("pair(rate)", "5M/10k", "5000000/10000"),
    ("pair(duration)", "8/8", "8s/8s"),
    ("size", "64MiB", "67108864"),
    ("kibibytes", "4883KiB", "4883"),
    ("hex(0..FFFF)", "32768", "0x8000"),
    ("hex(0..FF)", "0x80", "0x80"),
    ("int(0..255)", "010", "10"),
    ("bool", "yes", "true"),
    ("enum(yes|no)", "true", "yes"),
    ("switch(no|inherit)", "true", "inherit"),
    ("enum(0x8100|0x88a8)", "33024", "0x8100"),
    ("or(0|none, duration)", "00:00:00", "none"),
    ("or(-|none|self, ref(/interface/vrrp))", "none", ""),
    ("or(0|disabled, seconds(0..65535))", "1m", "60"),
    ("text(hours)", "08:00:00-17:00:00,mon,sun", "8h-17h,sun,mon"),
    ("rates", "10k-1M", "10000-1000000"),
    ("text(limit)", "10/1s,5", "10,5:packet"),
    ("text(dst-limit)", "1,5,dst-address/100", "1,5,dst-address/1m40s"),
    ("text(old-day)", "2026-10-02", "oct/02/2026"),
    ("flag", "yes", ""),
    ("flag", "no", None),
    ("mac", "aabb.ccdd.eeff", "AA:BB:CC:DD:EE:FF"),
    ("mac", "aa-bb-cc-dd-ee-ff/ff:ff:ff:00:00:00", "AA:BB:CC:DD:EE:FF/FF:FF:FF:00:00:00"),
    ("prefix", "192.168.1.5/24", "192.168.1.0/24"),
    ("prefix", "10.0.0.1", "10.0.0.1/32"),
    ("prefix", "2001:DB8:0::/32", "2001:db8::/32"),
    ("interface-address", "10.0.0.1/255.255.255.0", "10.0.0.1/24"),
    ("interface-address", "192.168.111.111", "192.168.111.111/32"),
    ("!address-or-prefix", "! 192.168.1.2/32", "!192.168.1.2"),
    ("address-or-prefix", "10.0.0.5/24", "10.0.0.0/24"),
    ("address-or-prefix", "10.0.0.1-10.0.0.9", "10.0.0.1-10.0.0.9"),
    ("address-list-entry", "192.168.0.0-192.168.1.255", "192.168.0.0/23"),
    ("address-list-entry", "192.168.0.0-192.168.1.254", "192.168.0.0-192.168.1.254"),
    ("address-list-entry", "ec1a.sn.mynetname.net", "ec1a.sn.mynetname.net"),
    ("!list(range)", "80, 443,1000-2000", "80,443,1000-2000"),
    ("list(ip)", "1.1.1.1,2606:4700::1111", "1.1.1.1,2606:4700::1111"),
    ("!set(enum(new|established))", "!new,established", "!new,established"),
]


@pytest.mark.parametrize(("expression", "written", "read"), PAIRS)
def test_written_text_reads_back_in_its_form(expression: str, written: str, read: str | None) -> None:
    value = reader(expression)(written, NoNames())
    assert (None if value is None else text_of(value)) == read


@pytest.mark.parametrize(
    ("expression", "text", "kind"),
    [
        ("int(1..254)", "300", "range"),
        ("int(1..254)", "x", "number"),
        ("enum(a|b)", "c", "match"),
        ("ref(/interface)", "c", "match"),
        ("address-or-prefix", "", "addresses"),
        ("duration", "5 minutes", "time"),
        ("mac", "aa:bb", "mac"),
        ("bool", "maybe", "match"),
        ("address-list-entry", "999.1.1.1", "addresses"),
        ("enum(yes|no|auto)", "true", "match"),
        ("set(range(0..65535)) max 2", "1,2,3", "number"),
        ("range(0..65535)", "2000-1000", "invalid"),
    ],
)
def test_what_a_form_refuses(expression: str, text: str, kind: str) -> None:
    with pytest.raises(BadValue) as caught:
        reader(expression)(text, NoNames())
    assert caught.value.kind == kind


def test_an_expression_this_codec_does_not_know_is_text() -> None:
    assert reader("something-new(a|b)")("As Written", NoNames()) == "As Written"
