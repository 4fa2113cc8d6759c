"""Documents made to take long or to take much: each is refused soon, with a sentence."""

from __future__ import annotations

import time

import pytest

from desired_state import entries
from desired_state.load import source_of
from desired_state.yaml_reader import MAX_PROBLEMS, read_documents
from schemas.errors import InputError
from tests.unit.desired_state.test_cases import FLEET, HEADS

MB = 1_000_000
KEYS = [f"k{number}" for number in range(140_000)]
LINES = {
    "keys": "{" + ",".join(KEYS) + "}",
    "keys on lines": "{" + ",\n".join(KEYS[:130_000]) + "}",
    "keys after a long value": "{a: " + "x" * (MB // 2) + "," + ",".join(KEYS[:60_000]) + "}",
    "keys of one name": "{" + ",".join(["k: 1"] * 200_000) + "}",
    "tags": "[" + ",".join(["!x y"] * 200_000) + "]",
    "braces in a comment": "a: {{ b }} # " + "{{ " * (MB // 3),
    "blanks": "a: @" + " " * MB + "b",
    "one key": "{" + "k" * MB + "}",
}


@pytest.mark.parametrize("name", LINES)
def test_a_megabyte_of_trouble_is_told_soon(name: str) -> None:
    start = time.process_time()
    with pytest.raises(InputError) as caught:
        read_documents("f.yaml", LINES[name].encode())
    assert time.process_time() - start < 3  # measured: 0.7 s; what grows with the square takes minutes
    problems = caught.value.problems
    assert len(problems) <= MAX_PROBLEMS + 1
    assert sum(len(str(problem)) for problem in problems) < 50_000


def test_problems_past_the_first_fifty_are_counted() -> None:
    with pytest.raises(InputError) as caught:
        read_documents("f.yaml", ("{a: 1," + ",\n".join(f"k{number}" for number in range(20_000)) + "}").encode())
    told = [str(problem) for problem in caught.value.problems]
    assert len(told) == 51
    assert told[0].startswith("f.yaml:1: 'k0' has no value: a comma")
    assert told[50] == "f.yaml:51: The file has 19950 more problems from this line on. Mend those told first."


def device(menus: str) -> dict[str, bytes]:
    return {"fleet.yaml": FLEET.encode(), "devices/r1.yaml": (HEADS["devices"] + menus).encode()}


def told(files: dict[str, bytes]) -> list[str]:
    try:
        source_of("c" * 40, files).render("r1", "7.18.2")
    except InputError as error:
        return [str(problem) for problem in error.problems]
    return []


def test_the_rows_of_a_device_hold_a_bounded_amount_of_text() -> None:
    menus = "vars: {many: [" + "1, " * 19_999 + "1], text: " + "x" * 50_000 + "}\n"
    menus += "menus:\n  /ip/dns/static:\n    - {$for-each: many, name: a, comment: '{{ text }}'}\n"
    start = time.process_time()
    (problem,) = told(device(menus))
    assert problem.startswith("devices/r1.yaml:10: All $for-each of a device together yield more than 20 MB of text.")
    assert time.process_time() - start < 5


def test_a_large_file_counts_for_every_row_that_names_it() -> None:
    row = "{$for-each: '{{ range(9) }}', name: 's{{ item }}', source: {file: files/a}}"
    menus = f"menus:\n  /system/script:\n    - {row}\n"
    assert told({**device(menus), "files/a": b"x" * 2_000_000}) == []
    assert "20 MB of text" in told({**device(menus), "files/a": b"x" * 3_000_000})[0]


def test_the_loops_of_a_device_take_a_bounded_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(entries, "MAX_SECONDS", 0.3)
    slow = "{% for a in range(9000) %}{% if a == 1 %}{% endif %}{% endfor %}{{ item }}"
    menus = f"menus:\n  /interface/list:\n    - {{$for-each: '{{{{ range(5000) }}}}', name: '{slow}'}}\n"
    start = time.process_time()
    assert "take longer than 0 seconds" in told(device(menus))[0]
    assert time.process_time() - start < 3
