"""What is no reply of RouterOS, and what only looks like none."""

import asyncio

import pytest

from routeros.codec import decode_error, decode_rows
from routeros.session import Session
from schemas.errors import DeviceRefused, OutcomeUnknown
from schemas.path import MenuPath
from tests.unit.routeros.wire import QUICK, answer, client, wire

DEEP = [b"[" * 200_000, b'{"a":' * 200_000, b'[{"a":' + b"[" * 200_000]
NO_ROWS = [b"", b"[", b"1", b"[1]", b'[{"a":[]}]', b"1" * 5000, b'{"a":' + b"1" * 5000 + b"}", *DEEP]
NAMES = [repr(body[:12]) for body in NO_ROWS]


@pytest.mark.parametrize("body", NO_ROWS, ids=NAMES)
def test_what_is_no_reply_is_one_kind_of_error(body):
    with pytest.raises(ValueError):  # noqa: PT011  (any reason will do; it must be no other kind of error)
        decode_rows(body)


@pytest.mark.parametrize("body", DEEP, ids=range(len(DEEP)))
def test_a_nest_of_brackets_is_told_like_any_other_nonsense(body):
    async def story():
        async with wire(lambda seen: answer(body)) as router, Session(QUICK) as session:
            with pytest.raises(DeviceRefused, match="gave something that RouterOS does not answer"):
                await client(session, router).rows(MenuPath("/ip/address"))
            with pytest.raises(OutcomeUnknown, match="its answer cannot be read"):
                await client(session, router).add(MenuPath("/ip/address"), {"address": "192.0.2.1/24"})
            router.handler = lambda seen: answer(body, 400)
            with pytest.raises(DeviceRefused, match="status 400 without a reason"):
                await client(session, router).rows(MenuPath("/ip/address"))

    asyncio.run(story())


def test_an_error_without_words_has_none():
    assert [decode_error(body) for body in NO_ROWS] == [""] * len(NO_ROWS)
    assert decode_error(b'{"detail":"no such item"}') == "no such item"
