"""Plans of two sites, written by hand, that the tests of this room share."""

import datetime
from dataclasses import replace

from schemas.change import Action, Anchor, Cause, Change, Risk
from schemas.desired import SecretRef
from schemas.path import MenuPath
from schemas.plan import Basis, DevicePlan, Finding, Notice, Plan, Severity

FILTER = MenuPath("/ip/firewall/filter")
DNS = Change(
    number=1,
    path=MenuPath("/ip/dns"),
    action=Action.SET,
    identity="/ip/dns",
    before={"servers": "1.1.1.1"},
    after={"servers": "1.1.1.1,9.9.9.9"},
    singleton=True,
)
CHANGES = (
    DNS,
    Change(
        number=2,
        path=FILTER,
        action=Action.ADD,
        identity="controller",
        after={"chain": "input", "action": "accept", "dst-port": "443"},
        risk=Risk.MANAGEMENT,
        anchor=Anchor(handle="*5"),
        neighbours=("established", "rest"),
        label="controller",
    ),
    Change(
        number=3,
        path=FILTER,
        action=Action.MOVE,
        identity="rest",
        cause=Cause.DRIFT,
        reason="The router was changed by hand.",
        handle="*7",
        anchor=Anchor(),
        neighbours=("controller", ""),
        label="rest",
        context={"chain": "input", "action": "drop", "log": "false"},
    ),
    Change(
        number=4,
        path=MenuPath("/user"),
        action=Action.SET,
        identity="audit",
        before={"password": None, "comment": "old"},
        after={"password": SecretRef("audit-password"), "comment": None},
        handle="*2",
        context={"name": "audit"},
    ),
    Change(
        number=5,
        path=MenuPath("/ip/address"),
        action=Action.REMOVE,
        identity="192.168.88.1/24",
        before={"address": "192.168.88.1/24", "interface": "bridge", "comment": "defconf"},
        reason="Git says it must not exist.",
        handle="*1",
    ),
)
REFUSED = Finding(
    rule="management-path",
    severity=Severity.REFUSED,
    message="The new rule 'controller' stands on our own path, and there is no fail-safe.",
    device="edge-1",
    path=FILTER,
)


def device(name: str, *changes: Change, version: str = "7.18.2") -> DevicePlan:
    return DevicePlan(
        device=name, environment="prod", serial=f"HE{name}", version=version, schema_version="7.18.2", changes=changes
    )


def plan(*devices: DevicePlan, findings: tuple[Finding, ...] = ()) -> Plan:
    return Plan(
        commit="abcdef0123456789",
        devices=devices,
        findings=findings,
        batches=(tuple(item.device for item in devices[:1]), tuple(item.device for item in devices[1:])),
        digest="3fa9c2d1" + "0" * 56,
        effect="e" * 64,
        created=datetime.datetime(2026, 11, 23, 22, 0, tzinfo=datetime.UTC),
        engine="0.1.0",
        catalogue="c1",
    )


EDGES = plan(
    device("edge-1", *CHANGES),
    device("edge-2", *CHANGES),
    replace(
        device("core", DNS, version="7.18.9"),
        drift=(replace(DNS, before={"servers": "1.1.1.1,9.9.9.9"}, after={"servers": "1.1.1.1"}),),
        unmanaged=(Notice(FILTER, "chain=forward action=accept", (), "nobody declared it"),),
    ),
    DevicePlan("edge-3", unknown="Nothing answered at https://10.9.0.3."),
)
PREVIEW = plan(replace(device("edge-1", DNS), basis=Basis.PREVIEW))
