"""What every test stands on: loopback only, nobody's real home, repeatable property tests, and skips that are counted.

Three environment variables steer a run:

``PLUMBLINE_CORPUS``, ``PLUMBLINE_DATA``
    folders with test data that is not part of the repository; tests that need them skip by name when they are unset.
``PLUMBLINE_NO_SKIP=1``
    turns every skip into a failure, for a machine that is meant to have everything.
``PLUMBLINE_HYPOTHESIS``
    the profile of the property tests: ``house`` (repeatable, the default) or ``torture`` (random, many examples).
"""

import ipaddress
import os
import shutil
import sys
import tempfile
from collections.abc import Generator
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings

REPOSITORY = Path(__file__).resolve().parent.parent
NO_SKIP = os.environ.get("PLUMBLINE_NO_SKIP") == "1"

settings.register_profile(
    "house", deadline=None, derandomize=True, database=None, suppress_health_check=[HealthCheck.too_slow]
)
settings.register_profile(
    "torture", deadline=None, max_examples=5_000, database=None, suppress_health_check=list(HealthCheck)
)
settings.load_profile(os.environ.get("PLUMBLINE_HYPOTHESIS", "house"))


class NetworkIsOffError(Exception):
    """A test reached for something other than this machine."""


@pytest.fixture(scope="session")
def repository() -> Path:
    """The root of the source tree."""
    return REPOSITORY


@pytest.fixture(scope="session")
def corpus() -> Path:
    """The folder with captured exports, REST objects and value pairs."""
    return _data_folder("PLUMBLINE_CORPUS")


@pytest.fixture(scope="session")
def inspect_data() -> Path:
    """The folder with inspect trees by version and probed facts."""
    return _data_folder("PLUMBLINE_DATA")


@pytest.fixture(autouse=True)
def _own_home(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each test has a home of its own, so that no test sees another's keys or store, and none a person's."""
    _set_home(tmp_path_factory.mktemp("home"), monkeypatch)


def pytest_configure(config: pytest.Config) -> None:
    """Settle the environment before any test module is imported, for the tests and for the processes they start."""
    home = Path(tempfile.mkdtemp(prefix="plumbline-tests-"))
    config.add_cleanup(lambda: shutil.rmtree(home, ignore_errors=True))
    monkeypatch = pytest.MonkeyPatch()
    config.add_cleanup(monkeypatch.undo)
    _set_home(home, monkeypatch)
    for name in [name for name in os.environ if name.startswith("PLUMBLINE_")]:
        if name not in {"PLUMBLINE_CORPUS", "PLUMBLINE_DATA", "PLUMBLINE_NO_SKIP", "PLUMBLINE_HYPOTHESIS"}:
            monkeypatch.delenv(name)
    for name, value in _ENVIRONMENT.items():
        monkeypatch.setenv(name, value)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Fail a skipped test where nothing may be skipped."""
    report = yield
    if NO_SKIP and report.skipped and not hasattr(report, "wasxfail"):
        _fail(report)
    return report


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Fail a module that skips itself where nothing may be skipped."""
    report = yield
    if NO_SKIP and report.skipped:
        _fail(report)
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Name and count what was skipped."""
    skipped = sorted({report.nodeid for report in terminalreporter.stats.get("skipped", [])})
    if skipped:
        terminalreporter.section(f"{len(skipped)} skipped")
        for name in skipped:
            terminalreporter.line(name)


_ENVIRONMENT = {
    "NO_COLOR": "1",
    "TZ": "UTC",
    "LC_ALL": "C.UTF-8",
    "GIT_AUTHOR_NAME": "Tess Tester",
    "GIT_AUTHOR_EMAIL": "tess@example.net",
    "GIT_COMMITTER_NAME": "Tess Tester",
    "GIT_COMMITTER_EMAIL": "tess@example.net",
    "GIT_CONFIG_GLOBAL": os.devnull,
    "GIT_CONFIG_NOSYSTEM": "1",
    "GIT_TERMINAL_PROMPT": "0",
}


def _set_home(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(home))
    for name, folder in {
        "XDG_DATA_HOME": ".local/share",
        "XDG_CONFIG_HOME": ".config",
        "XDG_CACHE_HOME": ".cache",
        "XDG_STATE_HOME": ".local/state",
    }.items():
        monkeypatch.setenv(name, str(home / folder))


def _data_folder(variable: str) -> Path:
    text = os.environ.get(variable, "")
    if not text:
        pytest.skip(f"{variable} is not set")
    folder = Path(text)
    assert folder.is_dir(), f"{variable} names {folder}, which is not a folder"
    return folder


def _fail(report: pytest.TestReport | pytest.CollectReport) -> None:
    reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr
    report.outcome = "failed"
    report.longrepr = f"PLUMBLINE_NO_SKIP is set, and this was skipped: {reason}"


def _refuse_foreign_hosts(event: str, arguments: tuple[object, ...]) -> None:
    """An audit hook sees every connection that Python's sockets make, in any thread and under any client."""
    if event in {"socket.connect", "socket.sendto", "socket.sendmsg"}:
        address = arguments[1]
    elif event == "socket.getaddrinfo":
        address = (arguments[0],)
    else:
        return
    if isinstance(address, tuple) and address and not _is_loopback(address[0]):
        raise NetworkIsOffError(f"tests talk to this machine only, and this one reached for {address[0]!r}")


def _is_loopback(host: object) -> bool:
    if not isinstance(host, (str, bytes)):
        return True  # no host at all, or a family such as netlink
    text = host.decode() if isinstance(host, bytes) else host
    if text in {"", "localhost"}:
        return True
    try:
        return ipaddress.ip_address(text.partition("%")[0]).is_loopback
    except ValueError:
        return False


sys.addaudithook(_refuse_foreign_hosts)
