"""``fleet.yaml``: environments, limits, strategies, the protected branch."""

from __future__ import annotations

import ipaddress
import re

from desired_state.report import Report
from desired_state.yaml_reader import Map
from schemas.device import Environment, Fleet, Limits, Strategy

KEYS = ("apiVersion", "kind", "branches", "environments", "management", "limits", "strategies")
_BATCH = re.compile(r"[1-9]\d*|rest|([1-9]\d?|100)%")
_RISKS = ("normal", "management-path")


def read_fleet(report: Report, root: Map) -> Fleet:
    """A Fleet; what is wrong goes to the report."""
    report.keys(root, KEYS, "fleet.yaml")
    branches = report.mapping(root, "branches")
    report.keys(branches, ("protected",), "'branches'")
    return Fleet(
        protected=report.text(branches, "protected") or "main",
        environments=_environments(report, report.mapping(root, "environments")),
        management_sources=_sources(report, report.mapping(root, "management")),
        limits=_limits(report, report.mapping(root, "limits")),
        strategies=_strategies(report, report.mapping(root, "strategies")),
        origin=report.at(root.line),
    )


def _environments(report: Report, node: Map) -> dict[str, Environment]:
    found: dict[str, Environment] = {}
    for name in node:
        body = report.mapping(node, name)
        report.keys(body, ("lab", "approval", "approvals"), f"The environment {name!r}")
        lab = report.flag(body, "lab")
        own = report.choice(body, "approval", ("self", "other"), "other") == "self"
        if own and not lab:
            line = body.lines["approval"]
            report.add(line, f"Only a lab environment may have approval: self; {name!r} is none.", "Add lab: true.")
        counts = report.mapping(body, "approvals")
        report.keys(counts, _RISKS, "'approvals'")
        approvals = {risk: report.count(counts, risk, 1) for risk in _RISKS if risk in counts}
        for risk, count in approvals.items():
            if count == 0:
                report.add(counts.lines[risk], f"At least one person approves; {risk} cannot be 0.", "Write 1 or more.")
        found[name] = Environment(name, lab, own and lab, approvals)
    return found


def _sources(report: Report, node: Map) -> tuple[str, ...]:
    report.keys(node, ("sources",), "'management'")
    sources = report.texts(node, "sources")
    for text in sources:
        try:
            ipaddress.ip_network(text, strict=False)
        except ValueError:
            line = node.lines["sources"]
            report.add(line, f"{text!r} is not an address or a prefix.", "Write 198.51.100.0/28, for example.")
    return sources


def _limits(report: Report, node: Map) -> Limits:
    report.keys(node, ("removes", "remove-share", "devices"), "'limits'")
    usual = Limits()
    return Limits(
        removes=report.count(node, "removes", usual.removes),
        remove_share=report.share(node, "remove-share", usual.remove_share),
        devices=report.count(node, "devices", usual.devices),
    )


def _strategies(report: Report, node: Map) -> dict[str, Strategy]:
    found: dict[str, Strategy] = {}
    for name in node:
        body = report.mapping(node, name)
        report.keys(body, ("batches", "halt"), f"The strategy {name!r}")
        batches = report.texts(body, "batches") or Strategy().batches
        for batch in batches:
            if not _BATCH.fullmatch(batch):
                report.add(body.lines["batches"], f"{batch!r} is no batch.", 'Write a count, "10%" or rest.')
        found[name] = Strategy(batches, report.choice(body, "halt", ("first",), "first"))
    return found
