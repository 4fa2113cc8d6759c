"""Templates: what they yield, and that none runs away or reaches out."""

from __future__ import annotations

import time
from typing import Any

import pytest

from desired_state import templates
from desired_state.templates import TemplateFault, render

VALUES: dict[str, Any] = {
    "lan": "10.20.0.0/24",
    "vlans": [{"id": 10, "name": "office"}, {"id": 20, "name": "guest"}],
    "device": {"name": "r1", "tags": {"site": "ams"}, "groups": ["base"]},
    "n": 5,
    "on": True,
    "m": {"items": "x", "none": None},
    "long": "x" * 60_000,
    "huge": "x" * 2_000_000,
    "many": [str(number) for number in range(15_000)],
    "most": [str(number) for number in range(500_000)],
    "same": [str(number) for number in range(500_000)],
    "deep": [{"a": {"a": 1}}] * 15_000,
}

YIELDS = [
    ("plain", "plain"),
    ("{{ lan | nth_host(1) }}/24", "10.20.0.1/24"),
    ("{{ lan | nth_host(-1) }}", "10.20.0.254"),
    ("{{ '2001:db8::/64' | nth_host(5) }}", "2001:db8::5"),
    ("{{ n }}", 5),
    ("{{- n -}}", 5),
    ("{{ on }}", True),
    ("x{{ on }}", "xtrue"),
    ("{{ m.none }}", None),
    ("{{ vlans }}", VALUES["vlans"]),
    ("{{ vlans | map(attribute='id') }}", [10, 20]),
    ("{{ vlans | map(attribute='name') | join(',') }}", "office,guest"),
    ("{{ vlans | selectattr('id', 'eq', 20) | map(attribute='name') | first }}", "guest"),
    ("{{ vlans | sort(attribute='id') | map(attribute='name') | last }}", "guest"),
    ("{{ vlans | sum(attribute='id') }}", 30),
    ("{% for v in vlans %}{{ v.id }}{% if not loop.last %},{% endif %}{% endfor %}", "10,20"),
    ("{% for key, value in device.tags | items %}{{ key }}={{ value }}{% endfor %}", "site=ams"),
    ("{{ m.items }}", "x"),
    ("{{ device.tags.site }}-{{ n + 1 }}", "ams-6"),
    ("{{ n // 2 }}", 2),
    ("{{ 10 / 2 }}", 5),
    ("{{ [n, 2] | join(',') }}", "5,2"),
    ("{{ missing | default('x') }}", "x"),
    ("{{ missing is defined }}", False),
    ("{{ m.x is defined or many[0] == '0' }}", True),
    ("{{ many | sort | unique | last }}", "9999"),
    ("{{ many | map('int') | map('string') | reject('eq', '1') | list | length }}", 14_999),
    ("{{ most | length }}", 500_000),
    ("{{ most | first }}", "0"),
    ("{{ device.tags | dictsort | length }}", 1),
    ("{{ vlans | map(attribute='id') | max + (vlans | map(attribute='id') | min) }}", 30),
    ("{{ 'a' if n in [1, 5] else 'b' }}", "a"),
    ("{{ device.name | upper }}", "R1"),
    ("{% raw %}{{ x }}{% endraw %}", "{{ x }}"),
]


@pytest.mark.parametrize(("text", "value"), YIELDS)
def test_yields(text: str, value: object) -> None:
    found = render(text, VALUES)
    assert found == value
    assert type(found) is type(value)


FAULTS = [
    ("{{ nn }}", "'nn' is undefined"),
    ("{{ device.nme }}", "There is no 'nme' among name, tags, groups"),
    ("{{ vlans[5].name }}", "There is no item 5; there are 2"),
    ("{{ n.x }}", "has no fields"),
    ("{{ ''.__class__ }}", "has no fields"),
    ("{{ device['__class__'] }}", "There is no '__class__'"),
    ("{{ lan.upper() }}", "Nothing but range"),
    ("{{ lipsum() }}", "Nothing but range"),
    ("{{ '{:>1000000000}'.format(1) }}", "Nothing but range"),
    ("{{ 'x' | attr('__class__') }}", "There is no filter 'attr'"),
    ("{{ n | uper }}", "There is no filter 'uper'"),
    ("{{ self }}", "self is not allowed"),
    ("{% macro a() %}{% endmacro %}", "macro is not allowed"),
    ("{% include 'x' %}", "include is not allowed"),
    ("{% extends 'x' %}", "extends is not allowed"),
    ("{{ long ~ long }}", "~ is not allowed"),
    ("{{ long + long }}", "grows too large"),
    ("{{ 'a' * 10000000000 }}", "only numbers"),
    ("{{ 9 ** 9 ** 9 }}", "grows too large"),
    ("{% set x = 3 %}" + "{% set x = x * x %}" * 40 + "{{ x }}", "grows too large"),
    ("{% set x = [1] %}" + "{% set x = x + x %}" * 40, "grows too large"),
    ("{{ [vlans, vlans] }}", "plain values only"),
    ("{{ long | replace('x', long) }}", "too long"),
    ("{{ '%99999999d' % n }}", "% of a text"),
    ("{% for a in range(9999) %}{% for b in range(9999) %}{% endfor %}{% endfor %}", "10000 steps"),
    ("{% for a in range(1000000000) %}{% endfor %}", "longer than"),
    ("{% for a in range(9000) %}xxxxxxxxxxxxxxxxxxx{% endfor %}", "more than 64000 characters"),
    ("{% for a in [1] %}" * 30 + "{% endfor %}" * 30, "nested blocks"),
    ("{{ " + "(" * 3000 + "1" + ")" * 3000 + " }}", "recursion"),
    ("{{ " + "9" * 5000 + " }}", "limit"),
    ("{{ n" + " " * 9000 + "}}", "longer than 8000"),
    ("x{{ vlans }}", "a list cannot stand inside a text"),
    ("x{{ m.none }}", "nothing"),
    ("{{ n / 2 }}", "not a whole number"),
    ("{{ n", "cannot be read"),
    ("{{ n | nth_host(1) }}", "wants a prefix"),
    ("{{ lan | nth_host(255) }}", "has no host number 255; it has 1 to 254"),
    ("{{ vlans[0] + 1 }}", "fails"),
    ("{{ 1 // 0 }}", "fails"),
    ("{{ most | sort }}", "sort takes no more than 20000 items, not 500000"),
    ("{{ huge | upper }}", "upper takes no more than 64000 characters, not 2000000"),
    ("{{ most | map('upper') | list }}", "map takes no more than 20000 items"),
    ("{{ deep | sort(attribute='" + "a." * 3900 + "a') }}", "sort goes no more than 16 fields deep"),
    ("{{ deep | map(attribute='" + "a." * 3900 + "a') }}", "map goes no more than 16 fields deep"),
]


@pytest.mark.parametrize(("text", "message"), FAULTS, ids=[text[:30] for text, _ in FAULTS])
def test_faults_are_sentences_and_quick(text: str, message: str) -> None:
    start = time.process_time()
    with pytest.raises(TemplateFault) as caught:
        render(text, VALUES)
    assert message in caught.value.message
    assert time.process_time() - start < 1


SLOW = [
    "{{ many" + "|sort|unique" * 80 + " }}",
    "{{ many | select('in', same) | list }}",
    "{{ most == same }}" * 440,
    "{{ most == " + " == ".join(["same == most"] * 400) + " }}",
    "{{ 'x' in most }}" * 440,
    "{{ most[:] | length }}" * 360,
    "{{ most is eq same }}" * 370,
]


@pytest.mark.parametrize("text", SLOW, ids=[text[:30] for text in SLOW])
def test_whatever_takes_long_is_cut_short(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(templates, "MAX_SECONDS", 0.1)
    start = time.process_time()
    with pytest.raises(TemplateFault, match="it takes longer than 0 second"):
        render(text, VALUES)
    assert time.process_time() - start < 0.5
