"""Device documents: the inventory part, all of it control data."""

from __future__ import annotations

import re
from urllib.parse import urlsplit

from desired_state.report import Report, nearest, shown
from desired_state.yaml_reader import Map
from schemas.device import CAPABILITIES, Device, Expect, Fleet, Mode, Tls
from schemas.version import in_range

KEYS = (
    "apiVersion",
    "kind",
    "address",
    "tls",
    "credentials",
    "expect",
    "environment",
    "mode",
    "redundancy",
    "behind",
    "groups",
    "tags",
    "capabilities",
    "vars",
    "menus",
)
_PIN = re.compile(r"sha256:[0-9a-f]{64}")
_CREDENTIAL = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")
_TLS_HINT = 'Write tls: {pin: "sha256:..."} or {ca: NAME}; {insecure: true} only in a lab environment.'


def read_device(report: Report, name: str, root: Map, fleet: Fleet) -> Device:
    """The Device of a document; what is wrong goes to the report."""
    report.keys(root, KEYS, "A Device")
    environment = _environment(report, root, fleet)
    mode = report.choice(root, "mode", tuple(Mode), Mode.OBSERVE)
    read, write = _credentials(report, root, mode)
    return Device(
        name=name,
        addresses=_addresses(report, root),
        tls=_tls(report, root, environment in fleet.environments and fleet.environments[environment].lab),
        read_credential=read,
        write_credential=write,
        environment=environment,
        mode=mode,
        expect=_expect(report, report.mapping(root, "expect")),
        redundancy=report.text(root, "redundancy"),
        behind=report.texts(root, "behind"),
        groups=report.texts(root, "groups"),
        tags=_tags(report, report.mapping(root, "tags")),
        capabilities=_capabilities(report, root),
        origin=report.at(root.line),
    )


def _environment(report: Report, root: Map, fleet: Fleet) -> str:
    name = report.text(root, "environment", required="Name one of the environments of fleet.yaml.") or ""
    if name and name not in fleet.environments:
        hint = nearest(name, fleet.environments) or f"It has {', '.join(fleet.environments) or 'none'}."
        report.add(root.lines["environment"], f"fleet.yaml has no environment {name!r}.", hint)
    return name


def _addresses(report: Report, root: Map) -> tuple[str, ...]:
    texts = report.texts(root, "address")
    if not texts:
        report.add(root.lines.get("address", root.line), "'address' is missing.", "Write address: https://10.9.0.1")
    found = []
    for text in texts:
        url = text if "://" in text else f"https://{text}"
        if fault := _address_fault(url):
            report.add(
                root.lines["address"], f"The address {text!r} {fault}.", "Write https://HOST or https://HOST:PORT."
            )
        found.append(url.rstrip("/"))
    return tuple(found)


def _address_fault(url: str) -> str:
    try:
        parts = urlsplit(url)
        wrong_port = parts.port == 0
    except ValueError:
        return "cannot be read"
    if parts.scheme != "https":
        return "is not https; a login never travels in the clear"
    if parts.username is not None or parts.password is not None:
        return "holds a login; logins are never in Git"
    if not parts.hostname or wrong_port or parts.path.strip("/") or parts.query or parts.fragment:
        return "is more or less than a host and a port"
    return ""


def _tls(report: Report, root: Map, lab: bool) -> Tls:
    node = report.mapping(root, "tls")
    report.keys(node, ("pin", "ca", "insecure"), "'tls'")
    pin, ca, insecure = report.text(node, "pin"), report.text(node, "ca"), report.flag(node, "insecure")
    if sum((pin is not None, ca is not None, insecure)) != 1:
        report.add(node.line, "'tls' must say exactly one of pin, ca and insecure.", _TLS_HINT)
    if insecure and not lab:
        report.add(node.lines["insecure"], "'insecure' is for devices of a lab environment only.", _TLS_HINT)
    if pin is not None:
        pin = "sha256:" + pin.lower().removeprefix("sha256:").replace(":", "")
        if not _PIN.fullmatch(pin):
            report.add(node.lines["pin"], "The pin is not a SHA-256 fingerprint.", "Write sha256: and 64 hex digits.")
    return Tls(pin, ca, insecure)


def _credentials(report: Report, root: Map, mode: Mode) -> tuple[str, str]:
    node = report.mapping(root, "credentials")
    report.keys(node, ("read", "write"), "'credentials'")
    hint = "Write credentials: {read: NAME, write: NAME}; the logins themselves are never in Git."
    read = report.text(node, "read", required=hint) or ""
    write = report.text(node, "write", required=hint if mode is Mode.MANAGE else "") or ""
    for name, text in (("read", read), ("write", write)):
        if text and not _CREDENTIAL.fullmatch(text):
            report.add(node.lines[name], f"{text!r} is not the name of a credential.", "Use letters, digits, - and _.")
    return read, write


def _expect(report: Report, node: Map) -> Expect:
    report.keys(node, ("serial", "model", "routeros"), "'expect'")
    versions = report.text(node, "routeros")
    if versions is not None:
        try:
            in_range("7.18", versions)
        except ValueError as error:
            report.add(node.lines["routeros"], f"{error}.")
            versions = None
    return Expect(report.text(node, "serial"), report.text(node, "model"), versions)


def _tags(report: Report, node: Map) -> dict[str, str]:
    found = {name: report.plain(value, node.lines[name], name) for name, value in node.items()}
    return {name: text for name, text in found.items() if text is not None}


def _capabilities(report: Report, root: Map) -> frozenset[str]:
    found = report.texts(root, "capabilities")
    for name in found:
        if name not in CAPABILITIES:
            hint = nearest(name, CAPABILITIES) or f"There are {', '.join(sorted(CAPABILITIES))}."
            report.add(root.lines["capabilities"], f"{shown(name)} is no capability.", hint)
    return frozenset(found) & CAPABILITIES
