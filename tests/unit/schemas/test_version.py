import pytest

from schemas.version import in_range, parse_version


def test_versions_compare_as_released() -> None:
    texts = ["7.9", "7.18alpha1", "7.18beta4", "7.18rc1", "7.18", "7.18.2", "7.24"]
    assert sorted(texts, key=parse_version) == texts
    assert len({parse_version(text) for text in texts}) == len(texts)
    assert parse_version("7.22.1 (stable)") == parse_version("7.22.1")


@pytest.mark.parametrize("text", ["", "seven", "7", "7.18.2.1"])
def test_what_is_no_version_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not a RouterOS version"):
        parse_version(text)


@pytest.mark.parametrize(
    ("version", "condition", "holds"),
    [
        ("7.18.2", ">=7.16 <7.20", True),
        ("7.20rc1", "<7.20", True),
        ("7.20", "<7.20", False),
        ("7.15.3", ">=7.16", False),
        ("7.16", "7.16", True),
        ("7.16.2", "!=7.16", True),
        ("7.16", "<=7.16, >7.15", True),
        ("6.49", "*", True),
    ],
)
def test_ranges(version: str, condition: str, holds: bool) -> None:
    assert in_range(version, condition) is holds


@pytest.mark.parametrize("condition", ["", "about 7.16", ">=", ">=x"])
def test_what_is_no_range_is_refused(condition: str) -> None:
    with pytest.raises(ValueError, match="is not a"):
        in_range("7.18", condition)
