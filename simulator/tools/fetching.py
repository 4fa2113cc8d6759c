"""``/tool/fetch``: something is there at every host that answers, a few words at every address.

The field names are the console's; how the progress is told over REST, how a host that does not answer is refused, and
the name of a file from an address without one, are unproven. Of certificates only whether any is trusted is looked at.
"""

from __future__ import annotations

from urllib.parse import SplitResult, urlsplit

from simulator import errors, files, reach
from simulator.boots import DEVICE_MODE
from simulator.errors import Refusal
from simulator.state import Device
from simulator.tools import running
from simulator.tools.calling import Call, Done, Tool, Tools

_WORDS = (
    *("address", "as-value", "ascii", "certificate", "check-certificate", "dst-path", "duration", "host"),
    *("http-auth-scheme", "http-content-encoding", "http-data", "http-header-field", "http-max-redirect-count"),
    *("http-method", "http-percent-encoding", "http-version", "idle-timeout", "ip-type", "keep-result", "mode", "once"),
    *("output", "password", "port", "proplist", "src-address", "src-path", "upload", "url", "user", "without-paging"),
)
_MODES = ("ftp", "http", "https", "sftp", "tftp")
_OUTPUTS = ("file", "none", "user", "user-with-headers")
_YES, _NO = ("yes", "true", ""), ("no", "false")
_WAITS, _TAKES = 10.0, 1.0
"""Seconds for which a host that does not answer is waited for, and that one which does takes."""


def _fetch(call: Call) -> Done:
    given = call.arguments(*_WORDS)
    device = call.device
    _permitted(device)
    url = _url(given)
    output = given.get("output", "none" if given.get("keep-result") in _NO else "file")
    if output not in _OUTPUTS:
        raise Refusal("input does not match any value of output")
    host = url.hostname or ""
    if not reach.answers(device, host):
        raise Refusal("failure: connection timeout" if _known(device, host) else "failure: resolving error")
    if url.scheme == "https" and given.get("check-certificate", "no") not in _NO and not _trusts(device):
        raise Refusal("failure: ssl: no trusted CA certificate found (6)", 500)
    content = f"{url.geturl()}\n"
    if given.get("upload", "no") in _YES:
        content = _uploaded(device, given)
    elif output == "file":
        name = given.get("dst-path") or url.path.rpartition("/")[2] or "index.html"
        files.write(device, name, content)
    told = {"downloaded": "0", "duration": "1s", "total": "0"}
    size = str(len(content.encode()) // 1024)
    last = {**told, "downloaded": size, "status": "finished", "total": size}
    if output.startswith("user"):
        last["data"] = content
    return Done(running.sectioned([[{"status": "connecting"}], [last]]), seconds=_TAKES)


def _permitted(device: Device) -> None:
    if device.menu(DEVICE_MODE) and device.table(DEVICE_MODE).rows[0].shown.get("fetch") == "false":
        raise Refusal("failure: not allowed by device-mode")


def _url(given: dict[str, str]) -> SplitResult:
    """What is fetched, from a URL or from its parts."""
    text = given.get("url", "")
    if not text:
        if not given.get("address"):
            raise errors.missing("url")
        text = f"{given.get('mode', 'http')}://{given['address']}/{given.get('src-path', '')}"
    elif "://" not in text:
        text = f"{given.get('mode', 'http')}://{text}"
    url = urlsplit(text)
    if url.scheme not in _MODES:
        raise Refusal("input does not match any value of mode")
    return url


def _known(device: Device, host: str) -> bool:
    try:
        reach.resolved(device, host)
    except Refusal:
        return False
    return True


def _trusts(device: Device) -> bool:
    return any(row.shown.get("trusted") in _YES[:2] for row in device.table("/certificate").rows)


def _uploaded(device: Device, given: dict[str, str]) -> str:
    row = device.table(files.PATH).named(given.get("src-path", ""))
    if row is None:
        raise Refusal("failure: file not found")
    return row.config.get("contents", "")


TOOLS: Tools = {"/tool/fetch": Tool(_fetch, frozenset({"ftp", "test"}), words=_WORDS)}
