"""What an approval is an approval of: a digest over canonical JSON (RFC 8785).

Left out on purpose: ``.id``s, times, reasons, causes, display, and every row and field that no change
touches. So an edit elsewhere on the router voids nothing, and an edit under a change does.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence

from schemas.change import Change
from schemas.desired import SecretRef, Value
from schemas.device import Limits
from schemas.plan import DevicePlan

FORMAT = "plumbline.digest/v1"


def plan_digest(
    devices: Sequence[DevicePlan],
    *,
    commit: str,
    engine: str,
    catalogue: str,
    limits: Limits,
    batches: Sequence[Sequence[str]],
    policies: Iterable[str] = (),
    secrets: Mapping[str, str] | None = None,
) -> str:
    """Hex SHA-256. ``secrets`` maps secret names the plan writes to their fingerprints."""
    changed = [device for device in devices if device.changes]
    return _sha256(
        {
            "format": FORMAT,
            "engine": engine,
            "catalogue": catalogue,
            "commit": commit,
            "devices": [_device(device) for device in sorted(changed, key=lambda device: device.device)],
            "limits": {
                "removes": limits.removes,
                "remove-share": repr(limits.remove_share),
                "devices": limits.devices,
            },
            "policies": sorted(policies),
            "strategy": [list(batch) for batch in batches],
            "secrets": dict(secrets or {}),
        }
    )


def device_digest(device: DevicePlan) -> str:
    """What one device's part of the plan does, for comparing at its turn."""
    return _sha256(_device(device))


def effect(devices: Sequence[DevicePlan]) -> str:
    """Device identity and changes only: equal when a rebase or merge changed nothing."""
    return _sha256([_device(device) for device in sorted(devices, key=lambda d: d.device) if device.changes])


def _device(device: DevicePlan) -> dict[str, object]:
    return {
        "device": device.device,
        "serial": device.serial,
        "version": device.version,
        "changes": [_change(change) for change in device.changes],
    }


def _change(change: Change) -> dict[str, object]:
    return {
        "path": change.path,
        "action": change.action.value,
        "identity": change.identity,
        "before": dict(change.before),
        "after": {name: _value(value) for name, value in change.after.items()},
        "neighbours": list(change.neighbours) if change.neighbours else None,
    }


def _value(value: Value) -> object:
    return {"secret": value.name} if isinstance(value, SecretRef) else value


def _sha256(document: object) -> str:
    text = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()
