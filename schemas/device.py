"""The inventory: routers and what governs them. All of it is control data."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from schemas.location import Location


class Mode(StrEnum):
    """What Plumbline may do with a device."""

    OBSERVE = "observe"
    MANAGE = "manage"
    PAUSED = "paused"


@dataclass(frozen=True, slots=True)
class Tls:
    """How the device proves itself: exactly one of the three. ``pin`` is ``sha256:<64 hex>``."""

    pin: str | None = None
    ca: str | None = None
    insecure: bool = False


@dataclass(frozen=True, slots=True)
class Expect:
    """What the device must be before anything is written to it."""

    serial: str | None = None
    model: str | None = None
    routeros: str | None = None


@dataclass(frozen=True, slots=True)
class Device:
    """A router in the inventory. Holds the *names* of credentials, never a password.

    ``addresses`` are base URLs (``https://10.9.0.1``), tried in order.
    """

    name: str
    addresses: tuple[str, ...]
    tls: Tls
    read_credential: str
    write_credential: str
    environment: str
    mode: Mode = Mode.OBSERVE
    expect: Expect = Expect()
    redundancy: str | None = None
    behind: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    capabilities: frozenset[str] = frozenset()
    origin: Location | None = None


CAPABILITIES = frozenset(
    {
        "advanced-writes",
        "professional-workflows",
        "firewall-writes",
        "routing-writes",
        "wireless-writes",
        "dhcp-writes",
        "bridge-writes",
        "bandwidth-test",
    }
)


@dataclass(frozen=True, slots=True)
class Environment:
    """``approvals`` maps ``normal`` and ``management-path`` to how many people must say yes.

    ``self_approval`` lets the author approve; only a ``lab`` environment may have it.
    """

    name: str
    lab: bool = False
    self_approval: bool = False
    approvals: Mapping[str, int] = field(default_factory=dict)

    def approvals_for(self, risk: str) -> int:
        return self.approvals.get(risk, self.approvals.get("normal", 1))


@dataclass(frozen=True, slots=True)
class Limits:
    """Numbers a plan may not pass. ``remove_share`` is of the rows of a menu, from 0 to 1."""

    removes: int = 10
    remove_share: float = 0.2
    devices: int = 50


@dataclass(frozen=True, slots=True)
class Strategy:
    """``batches`` holds counts, percentages (``10%``) and ``rest``; ``halt`` is when to stop."""

    batches: tuple[str, ...] = ("1", "rest")
    halt: str = "first"


@dataclass(frozen=True, slots=True)
class Fleet:
    """``fleet.yaml``: what holds for all devices."""

    protected: str = "main"
    environments: Mapping[str, Environment] = field(default_factory=dict)
    management_sources: tuple[str, ...] = ()
    limits: Limits = Limits()
    strategies: Mapping[str, Strategy] = field(default_factory=dict)
    origin: Location | None = None
