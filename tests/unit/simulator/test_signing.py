"""Behaviour 54: a template becomes a certificate that can be used a moment later."""

from __future__ import annotations

from simulator.fleet import SimulatedRouter, run_in_thread
from tests.unit.simulator.conftest import USERS
from tests.unit.simulator.passing import answered
from tests.unit.simulator.plain import Client, Reply
from tests.unit.simulator.test_limits import CLOSED

SIGN = "/certificate/sign"
USE = {"numbers": "www-ssl", "certificate": "ca"}


def _signed(router: SimulatedRouter, client: Client, **body: str) -> Reply:
    return answered(router, lambda: client("POST", SIGN, body), 0.5)


def _authority(client: Client, **more: str) -> None:
    client.add("/certificate", name="ca", common_name="ca", key_usage="key-cert-sign,crl-sign", **more)


def test_behaviour_54_signing_tells_its_progress(router: SimulatedRouter, client: Client) -> None:
    _authority(client, days_valid="10")
    rows = _signed(router, client, number="ca").body
    assert [row[".section"] for row in rows] == ["0", "1"]
    assert rows[-1]["progress"] == "done"
    told = client.get("/certificate/ca")
    assert (told["authority"], told["private-key"], told["trusted"]) == ("true", "true", "true")
    assert {"akid", "digest-algorithm", "fingerprint", "invalid-after", "key-size", "serial-number", "skid"} <= set(
        told
    )
    assert told["expires-after"].startswith("1w2d23h")
    router.device.clock.advance(86_400)
    assert client.get("/certificate")[0]["expires-after"].startswith("1w1d23h")
    router.device.clock.advance(864_000)
    assert client.get("/certificate")[0]["expired"] == "true"


def test_behaviour_54_a_certificate_is_usable_a_moment_later(router: SimulatedRouter, client: Client) -> None:
    _authority(client)
    client("POST", SIGN, {"number": "ca", "once": ""})
    assert client.detail("POST", "/ip/service/set", USE) == "input does not match any value of certificate"
    client.add("/certificate", name="site", common_name="site")
    assert client.detail("POST", SIGN, {"number": "site", "ca": "ca"}) == "input does not match any value of ca"
    router.device.clock.advance(5)
    assert client("POST", "/ip/service/set", {"numbers": "api-ssl", "certificate": "ca"}).status == 200
    assert _signed(router, client, number="site", ca="ca").status == 200
    site, authority = client.get("/certificate/site"), client.get("/certificate/ca")
    assert (site["ca"], site["issued"], site["akid"]) == ("ca", "true", authority["skid"])
    assert "authority" not in site


def test_behaviour_54_a_large_key_outlasts_its_request(client: Client) -> None:
    router = SimulatedRouter("lab", version="7.18.2", model="RB952Ui-5ac2nD", users=USERS)
    with run_in_thread([router]):
        slow = Client(router)
        _authority(slow, key_size="4096")
        assert answered(router, lambda: slow("POST", SIGN, {"number": "ca"}), 10).raw == CLOSED
        assert slow.get("/certificate/ca")["private-key"] == "true"


def test_behaviour_54_signing_is_refused(router: SimulatedRouter, client: Client) -> None:
    for name in ("ca", "site"):
        client.add("/certificate", name=name, common_name=name)
    assert client.detail("POST", SIGN, {}) == "missing =number="
    assert client.detail("POST", SIGN, {"number": "site", "ca": "nobody"}) == "input does not match any value of ca"
    assert client.detail("POST", SIGN, {"number": "site", "ca": "ca"}) == "failure: bad CA key!"
    assert client.detail("POST", SIGN, {"number": "site", "nonsense": "x"}) == "unknown parameter nonsense"
    assert client("POST", SIGN, {"number": "nobody"}).status == 404
    assert Client(router, "reader")("POST", SIGN, {"number": "site"}).status == 500
    assert _signed(router, client, number="site", name="renamed").status == 200
    assert client.get("/certificate/renamed")["fingerprint"]
    assert client("POST", SIGN, {"number": "renamed"}).status == 400
