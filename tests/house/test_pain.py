"""Every pain case has an answer, or a reason why it has none here."""

import ast

from tests.house.pain import NO_CASE, answers, known, table
from tests.house.sources import ROOT


def test_every_id_has_a_case_or_a_test_or_one_reason() -> None:
    answered = answers()
    wrong = {
        pain: sorted(said)
        for pain, said in known().items()
        if (pain in answered or "tests" in said) == any(word in said for word in NO_CASE)
        or said.keys() - {"what", "tests", *NO_CASE}
        or len(said.keys() & set(NO_CASE)) > 1
    }
    assert wrong == {}


def test_cases_name_known_ids_only() -> None:
    assert answers().keys() - known().keys() == set()


def test_the_tests_that_are_named_exist() -> None:
    for said in known().values():
        for name in said.get("tests", ()):
            file, _, function = name.partition("::")
            tree = ast.parse((ROOT / file).read_text())
            assert function in {node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)}, name


def test_the_table_has_every_id_and_nothing_that_fails() -> None:
    lines = list(table())
    assert [line.partition("  ")[0] for line in lines if not line.startswith(" ")] == list(known())
    assert [line for line in lines if line.strip().startswith(("FAILS", "no longer fails"))] == []
