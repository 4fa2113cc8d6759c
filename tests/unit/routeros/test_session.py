"""Turns, timeouts and what is never aborted or resent."""

import asyncio
import gzip
import socket
import time

import pytest

from routeros.client import Client
from routeros.failures import NoAnswer, NotSent, TooMuch
from routeros.session import Session, Timing
from schemas.device import Tls
from schemas.errors import DeviceRefused, OutcomeUnknown, Unreachable
from schemas.login import Login
from schemas.path import MenuPath
from tests.unit.routeros.wire import DRIP, HANG, PASSWORD, QUICK, RESET, answer, client, wire

ADDRESS = MenuPath("/ip/address")
NOBODY = "https://127.0.0.1:1"


def reset_first(times):
    """Resets the first requests, then answers."""
    left = iter([RESET] * times)
    return lambda seen: next(left, answer([{".id": "*1"}], 201 if seen.method == "PUT" else 200))


def test_a_read_is_repeated_after_a_reset():
    async def story():
        async with wire(reset_first(2)) as router, Session(QUICK) as session:
            assert await client(session, router).rows(ADDRESS) == [{".id": "*1"}]
            assert len(router.seen) == 3

    asyncio.run(story())


def test_a_read_gives_up_as_unreachable():
    async def story():
        async with wire(reset_first(9)) as router, Session(QUICK) as session:
            with pytest.raises(Unreachable, match="broke the connection off") as caught:
                await client(session, router).rows(ADDRESS)
            assert caught.value.temporary
            assert caught.value.device == "edge-1"
            assert len(router.seen) == 3

    asyncio.run(story())


@pytest.mark.parametrize("used_before", [False, True], ids=["new connection", "kept-alive connection"])
@pytest.mark.parametrize("verb", ["add", "patch", "delete", "command"])
def test_a_write_without_an_answer_is_unknown_and_never_resent(verb, used_before):
    async def story():
        async with wire() as router, Session(QUICK) as session:
            writer = client(session, router)
            if used_before:
                await writer.rows(ADDRESS)
            router.handler = reset_first(1)
            calls = {
                "add": lambda: writer.add(ADDRESS, {"address": "192.0.2.1/24"}),
                "patch": lambda: writer.patch(ADDRESS, "*1", {"comment": "x"}),
                "delete": lambda: writer.delete(ADDRESS, "*1"),
                "command": lambda: writer.command(ADDRESS, "move", {"numbers": "*1"}),
            }
            with pytest.raises(OutcomeUnknown, match="may have been carried out"):
                await calls[verb]()
            assert router.connections == 1
            assert len(router.seen) == 1 + used_before

    asyncio.run(story())


def test_a_write_that_nobody_heard_is_not_unknown():
    async def story():
        async with wire() as router, Session(QUICK) as session:
            with pytest.raises(NotSent) as caught:
                await client(session, router, NOBODY).delete(ADDRESS, "*1")
            assert not isinstance(caught.value, OutcomeUnknown)
            assert "https://127.0.0.1:1 cannot be reached" in caught.value.message

    asyncio.run(story())


def test_a_write_that_one_address_broke_off_goes_to_no_other():
    async def story():
        async with wire(lambda seen: RESET) as first, wire() as second, Session(QUICK) as session:
            both = client(session, first, first.address, second.address, tls=Tls(insecure=True))
            with pytest.raises(OutcomeUnknown):
                await both.add(ADDRESS, {"address": "192.0.2.1/24"})
            assert (len(first.seen), second.connections) == (1, 0)

    asyncio.run(story())


def test_a_write_that_one_address_never_heard_goes_to_the_next():
    async def story():
        async with wire() as router, Session(QUICK) as session:
            await client(session, router, NOBODY, router.address).delete(ADDRESS, "*1")
            assert [seen.method for seen in router.seen] == ["DELETE"]

    asyncio.run(story())


def test_a_handshake_that_never_ends_is_waited_for_once():
    async def story():
        with socket.create_server(("127.0.0.1", 0)) as mute:
            address = f"https://127.0.0.1:{mute.getsockname()[1]}"
            async with wire() as router, Session(Timing(connect=0.3)) as session:
                start = time.monotonic()
                with pytest.raises(NotSent, match=r"does not answer within 0\.3 seconds") as caught:
                    await client(session, router, address).rows(ADDRESS)
                assert caught.value.timed_out
                assert time.monotonic() - start < 0.6

    asyncio.run(story())


def test_a_service_without_tls_is_told():
    async def plain(_reader, writer):
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()

    async def story():
        server = await asyncio.start_server(plain, "127.0.0.1", 0)
        address = f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        async with server, wire() as router, Session(QUICK) as session:
            with pytest.raises(NotSent, match="www-ssl needs a certificate"):
                await client(session, router, address).rows(ADDRESS)

    asyncio.run(story())


def test_the_next_address_is_tried_and_kept():
    async def story():
        async with wire() as router, Session(QUICK) as session:
            both = client(session, router, NOBODY, router.address)
            await both.rows(ADDRESS)
            assert both.address == router.address
            await both.delete(ADDRESS, "*1")
            assert [seen.method for seen in router.seen] == ["GET", "DELETE"]

    asyncio.run(story())


def test_what_one_address_began_is_not_carried_to_another():
    async def story():
        async with wire() as first, wire() as second, Session(QUICK) as session:
            both = client(session, first, first.address, second.address, tls=Tls(insecure=True))
            await both.rows(ADDRESS)
            first.handler = lambda seen: RESET
            with pytest.raises(Unreachable):
                await both.rows(ADDRESS)
            assert second.connections == 0

    asyncio.run(story())


def test_every_silent_address_is_named():
    async def story():
        async with wire() as router, Session(QUICK) as session:
            with pytest.raises(Unreachable, match=r"127\.0\.0\.1:1 .*127\.0\.0\.1:2 "):
                await client(session, router, NOBODY, "https://127.0.0.1:2").rows(ADDRESS)

    asyncio.run(story())


def test_after_a_timeout_the_device_rests():
    async def story():
        async with wire(lambda seen: HANG) as router, Session(QUICK) as session:
            reader = client(session, router)
            with pytest.raises(NoAnswer, match=r"no answer within 0\.4 seconds"):
                await reader.rows(ADDRESS)
            assert len(router.seen) == 1  # a timeout took long enough: it is not repeated
            router.handler = lambda seen: answer([])
            start = time.monotonic()
            await reader.rows(ADDRESS)
            assert time.monotonic() - start >= QUICK.rest * 0.9

    asyncio.run(story())


def test_one_user_waits_for_its_turn_and_another_does_not():
    async def story():
        async with wire() as router, Session(QUICK) as session:
            under_way: list[str] = []

            def handler(seen):
                under_way.append(seen.headers["authorization"])
                return HANG

            router.handler = handler
            mine, also_mine = client(session, router), client(session, router)
            theirs = Client(session, "edge-1", (router.address,), router.tls, Login("ams-ro", PASSWORD))
            tasks = [asyncio.create_task(one.rows(ADDRESS)) for one in (mine, also_mine, theirs)]
            await asyncio.sleep(0.15)
            assert len(under_way) == len(set(under_way)) == 2
            router.released.set()
            await asyncio.gather(*tasks)
            assert len(under_way) == 3

    asyncio.run(story())


def test_a_cancelled_request_is_waited_for_by_the_next():
    async def story():
        finished: list[int] = []
        trace = lambda *line: finished.append(line[3])  # noqa: E731
        async with wire(lambda seen: HANG) as router, Session(QUICK, trace) as session:
            writer = client(session, router)
            first = asyncio.create_task(writer.delete(ADDRESS, "*1"))
            await asyncio.sleep(0.1)
            first.cancel()
            with pytest.raises(asyncio.CancelledError):
                await first
            second = asyncio.create_task(writer.delete(ADDRESS, "*2"))
            await asyncio.sleep(0.1)
            assert len(router.seen) == 1
            router.released.set()
            await second
            assert finished == [200, 200]
            assert [seen.target for seen in router.seen] == ["/rest/ip/address/*1", "/rest/ip/address/*2"]

    asyncio.run(story())


def test_a_request_cancelled_before_its_turn_is_never_sent():
    async def story():
        async with wire(lambda seen: HANG) as router, Session(QUICK) as session:
            writer = client(session, router)
            first = asyncio.create_task(writer.delete(ADDRESS, "*1"))
            second = asyncio.create_task(writer.delete(ADDRESS, "*2"))
            await asyncio.sleep(0.1)
            second.cancel()
            router.released.set()
            await first
            with pytest.raises(asyncio.CancelledError):
                await second
            await writer.delete(ADDRESS, "*3")
            assert [seen.target[-2:] for seen in router.seen] == ["*1", "*3"]

    asyncio.run(story())


def test_leaving_the_session_waits_for_what_is_under_way():
    async def story():
        finished: list[int] = []
        async with wire(lambda seen: HANG) as router:
            async with Session(QUICK, lambda *line: finished.append(line[3])) as session:
                task = asyncio.create_task(client(session, router).delete(ADDRESS, "*1"))
                await asyncio.sleep(0.1)
                task.cancel()
                asyncio.get_running_loop().call_later(0.1, router.released.set)
            assert finished == [200]

    asyncio.run(story())


def test_the_trace_tells_sizes_and_nothing_secret():
    async def story():
        lines: list[tuple[object, ...]] = []
        async with wire() as router, Session(QUICK, lambda *line: lines.append(line)) as session:
            writer = client(session, router)
            router.handler = lambda seen: answer({".id": "*1", "name": "audit"}, 201)
            await writer.add(MenuPath("/user"), {"name": "audit", "password": PASSWORD})
            router.handler = lambda seen: RESET
            with pytest.raises(OutcomeUnknown):
                await writer.delete(MenuPath("/user"), "*1")
        (device, method, path, status, milliseconds, sent, received), lost = lines
        assert (device, method, path, status) == ("edge-1", "PUT", "/rest/user", 201)
        assert isinstance(milliseconds, float)
        assert 0 < milliseconds < 2000
        assert sent == len(router.seen[0].body)
        assert received == len('{".id": "*1", "name": "audit"}')
        assert lost[1:4] == ("DELETE", "/rest/user/*1", 0)
        assert PASSWORD not in repr(lines)

    asyncio.run(story())


def test_connections_are_kept_and_a_new_session_has_new_ones():
    async def story():
        async with wire() as router:
            async with Session(QUICK) as session:
                await client(session, router).rows(ADDRESS)
                await client(session, router).rows(ADDRESS)
                assert router.connections == 1
            async with Session(QUICK) as session:
                await client(session, router).rows(ADDRESS)
            assert router.connections == 2

    asyncio.run(story())


def test_a_redirect_is_not_followed():
    async def story():
        moved = b"HTTP/1.1 302 Found\r\nLocation: https://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"
        async with wire(lambda seen: moved) as router, Session(QUICK) as session:
            with pytest.raises(Exception, match="redirect"):
                await client(session, router).rows(ADDRESS)
            assert len(router.seen) == 1

    asyncio.run(story())


SHORT = Timing(connect=2.0, read=2.0, total=0.4, rest=0.0, backoff=(0.01,))
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"


def chunks(*parts):
    return CHUNKED + b"".join(b"%x\r\n%s\r\n" % (len(part), part) for part in (*parts, b""))


def test_an_answer_that_drips_on_is_ended():
    async def story():
        async with wire(lambda seen: DRIP) as router, Session(SHORT) as session:
            start = time.monotonic()
            with pytest.raises(NoAnswer, match=r"did not end its answer to GET within 0\.4 seconds") as caught:
                await client(session, router).rows(ADDRESS)
            assert caught.value.timed_out
            assert time.monotonic() - start < 1.5
            assert len(router.seen) == 1
            with pytest.raises(OutcomeUnknown):
                await client(session, router).delete(ADDRESS, "*1")

    asyncio.run(story())


@pytest.mark.parametrize(
    "reply",
    [answer(b"[" + b" " * 2000 + b"]"), chunks(b"[" + b" " * 2000, b"]"), chunks(*(b" " * 100 for _ in range(20)))],
    ids=["said before", "one chunk", "many chunks"],
)
def test_an_answer_that_is_too_large_is_not_read_and_not_asked_for_again(reply):
    async def story():
        async with wire(lambda seen: reply) as router, Session(QUICK, largest=1000) as session:
            with pytest.raises(TooMuch, match="more than 1,000 bytes are not read"):
                await client(session, router).rows(ADDRESS)
            assert len(router.seen) == 1
            with pytest.raises(OutcomeUnknown, match="more than 1,000 bytes"):
                await client(session, router).add(ADDRESS, {"address": "192.0.2.1/24"})

    asyncio.run(story())


def test_an_answer_in_chunks_is_read():
    async def story():
        async with wire(lambda seen: chunks(b'[{".id":', b'"*1"}]')) as router, Session(QUICK, largest=100) as session:
            assert await client(session, router).rows(ADDRESS) == [{".id": "*1"}]

    asyncio.run(story())


@pytest.mark.parametrize("way", ["gzip", "deflate"])
def test_nothing_is_decompressed_that_was_not_asked_for(way):
    async def story():
        packed = gzip.compress(b"[" + b" " * 1_000_000 + b"]")
        head = f"HTTP/1.1 200 OK\r\nContent-Encoding: {way}\r\nContent-Length: {len(packed)}\r\n\r\n"
        received = []
        async with wire(lambda seen: head.encode() + packed) as router:
            async with Session(QUICK, lambda *line: received.append(line[6])) as session:
                with pytest.raises(DeviceRefused, match="something that RouterOS does not answer"):
                    await client(session, router).rows(ADDRESS)
            assert received == [len(packed)]
            assert "accept-encoding" not in router.seen[0].headers

    asyncio.run(story())
