"""What a refusal says to people."""

import pytest

from routeros.failures import refusal


@pytest.mark.parametrize(
    ("request_", "words"),
    [("GET /system/resource", "does not look like RouterOS"), ("PATCH /ip/address/*1", "the row no longer exists")],
)
def test_not_found_is_told_by_what_was_asked(request_: str, words: str) -> None:
    assert words in refusal("edge", "ops", request_, 404, b"").message
