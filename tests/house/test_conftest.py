"""The floor that every test stands on holds."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from tests.house.sources import ROOT

_SKIPPING = """
import pytest
def test_skipped():
    pytest.skip("nothing here")
@pytest.mark.xfail
def test_expected_to_fail():
    assert False
"""


@pytest.mark.parametrize("host", ["192.0.2.1", "2001:db8::1", "example.net", "169.254.169.254"])
def test_other_hosts_are_out_of_reach(host: str) -> None:
    with pytest.raises(Exception, match="tests talk to this machine only"):
        socket.create_connection((host, 443), timeout=0.1)


def test_loopback_is_in_reach() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server, socket.create_connection(server.getsockname()) as client:
        assert client.getpeername()[0] == "127.0.0.1"


def test_home_is_nobodys(tmp_path_factory: pytest.TempPathFactory) -> None:
    assert Path.home().is_relative_to(tmp_path_factory.getbasetemp())
    assert Path(os.environ["XDG_DATA_HOME"]).is_relative_to(Path.home())


@pytest.mark.parametrize(("no_skip", "verdict"), [("", "1 skipped, 1 xfailed"), ("1", "1 failed, 1 xfailed")])
def test_skips_are_named_and_can_be_forbidden(tmp_path: Path, no_skip: str, verdict: str) -> None:
    (tmp_path / "conftest.py").write_text((ROOT / "tests/conftest.py").read_text())
    (tmp_path / "test_it.py").write_text(_SKIPPING)
    run = subprocess.run(
        [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "no:xdist", "-ra", str(tmp_path)],
        cwd=tmp_path,
        env={**os.environ, "PLUMBLINE_NO_SKIP": no_skip},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert verdict in run.stdout
    assert "test_it.py::test_skipped" in run.stdout
    assert "nothing here" in run.stdout
