"""Who may receive a login: nobody else sees a byte of HTTP."""

import asyncio
import socket
import ssl

import pytest
import uvloop

from routeros.session import Session
from routeros.tls import fetch_fingerprint, normal_pin, ssl_context
from schemas.device import Tls
from schemas.errors import CertificateMismatch, Exit, InputError, Refused, Unreachable
from schemas.path import MenuPath
from tests.unit.routeros.wire import QUICK, answer, client, wire

RESOURCE = MenuPath("/system/resource")
OTHER_PIN = "sha256:" + "0" * 64


@pytest.mark.parametrize("loop", [asyncio.run, uvloop.run], ids=["asyncio", "uvloop"])
def test_another_certificate_gets_no_login(loop):
    async def story():
        async with wire() as router, Session(QUICK) as session:
            with pytest.raises(CertificateMismatch) as caught:
                await client(session, router, tls=Tls(pin=OTHER_PIN)).rows(RESOURCE)
            assert caught.value.exit is Exit.REFUSED
            assert OTHER_PIN in caught.value.message
            assert router.pin in caught.value.message
            assert router.seen == []  # not even a request line, so no Authorization header
            await client(session, router).rows(RESOURCE)  # the same server, with the right pin
            assert [seen.target for seen in router.seen] == ["/rest/system/resource"]
            assert router.seen[0].headers["authorization"].startswith("Basic ")

    loop(story())


def test_another_certificate_gets_no_write_and_no_second_try():
    async def story():
        async with wire() as stranger, wire() as router, Session(QUICK) as session:
            both = client(session, router, stranger.address, router.address)
            with pytest.raises(CertificateMismatch):
                await both.add(MenuPath("/ip/address"), {"address": "192.0.2.1/24"})
            assert (stranger.seen, router.connections) == ([], 0)

    asyncio.run(story())


def test_the_pinned_certificate_may_have_colons_and_capitals():
    async def story():
        async with wire() as router, Session(QUICK) as session:
            digits = router.pin.removeprefix("sha256:").upper()
            pin = "SHA256:" + ":".join(digits[at : at + 2] for at in range(0, 64, 2))
            assert await client(session, router, tls=Tls(pin=pin)).rows(RESOURCE) == []

    asyncio.run(story())


def test_a_ca_vouches_for_the_address():
    async def story():
        async with wire() as router, wire() as other, Session(QUICK) as session:
            by_ca = Tls(ca="house")
            assert await client(session, router, tls=by_ca, ca_pem=router.pem).rows(RESOURCE) == []
            with pytest.raises(CertificateMismatch, match="the CA does not vouch for"):
                await client(session, router, tls=by_ca, ca_pem=other.pem).rows(RESOURCE)
            by_name = router.address.replace("127.0.0.1", "localhost")
            with pytest.raises(CertificateMismatch, match="Hostname mismatch"):
                await client(session, router, by_name, tls=by_ca, ca_pem=router.pem).rows(RESOURCE)
            assert len(router.seen) == 1

    asyncio.run(story())


def test_insecure_asks_nobody():
    async def story():
        async with wire() as router, Session(QUICK) as session:
            assert await client(session, router, tls=Tls(insecure=True)).rows(RESOURCE) == []

    asyncio.run(story())


def test_a_pinned_context_is_one_object_per_pin_and_modern():
    context = ssl_context(Tls(pin=OTHER_PIN))
    assert context is ssl_context(Tls(pin=OTHER_PIN.upper().replace("SHA", "sha")))
    assert context is not ssl_context(Tls(pin="sha256:" + "1" * 64))
    assert context.minimum_version is ssl.TLSVersion.TLSv1_2
    assert context.options & ssl.OP_NO_RENEGOTIATION


@pytest.mark.parametrize(
    ("tls", "sentence"),
    [
        (Tls(), "has no tls setting"),
        (Tls(pin="sha256:12"), "is not a certificate pin"),
        (Tls(pin="md5:" + "0" * 64), "is not a certificate pin"),
        (Tls(ca="house"), "'house' has no certificate"),
    ],
)
def test_an_unusable_setting_is_told(tls, sentence):
    with pytest.raises(InputError, match=sentence):
        ssl_context(tls)


def test_a_ca_that_is_no_certificate_is_told():
    with pytest.raises(InputError, match="not PEM text"):
        ssl_context(Tls(ca="house"), "hello")


def test_the_fingerprint_is_fetched_without_sending_anything():
    async def story():
        async with wire() as router:
            assert await fetch_fingerprint(router.address) == router.pin == normal_pin(router.pin)
            await asyncio.sleep(0.05)
            assert router.connections == 1
            assert router.seen == []

    asyncio.run(story())


def test_no_fingerprint_where_nobody_listens():
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(Unreachable, match="shows no certificate"):
        asyncio.run(fetch_fingerprint(f"https://127.0.0.1:{port}"))


@pytest.mark.parametrize(
    "address", ["127.0.0.1", "ftp://192.0.2.1", "https://", "https://u:p@192.0.2.1", "https://h:x", "https://h/rest"]
)
def test_what_is_no_address_is_told(address):
    with pytest.raises(InputError, match="is not an address"):
        asyncio.run(fetch_fingerprint(address))


def test_a_login_never_travels_in_clear_text():
    async def story():
        async with wire(lambda seen: answer([])) as router, Session(QUICK) as session:
            with pytest.raises(Refused, match="clear text"):
                client(session, router, "http://127.0.0.1:1")
            client(session, router, "http://127.0.0.1:1", tls=Tls(insecure=True))

    asyncio.run(story())
