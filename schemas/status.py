"""Where one device stands."""

from __future__ import annotations

from dataclasses import dataclass

from schemas.device import Mode


@dataclass(frozen=True, slots=True)
class DeviceStatus:
    """``pending`` counts changes Git asks for, ``drift`` what happened on the router since it was confirmed;
    ``unknown`` says why neither is known; ``why`` is a remark beside the state. ``schema_version`` is the
    catalogue's version that was used; ``applied_commit`` what was last confirmed, '' for never;
    ``last_result`` what became of it in its last rollout. ``read`` is False when the router was not asked.
    """

    device: str
    environment: str
    mode: Mode
    version: str = ""
    schema_version: str = ""
    model: str = ""
    pending: int = 0
    drift: int = 0
    unmanaged: int = 0
    unknown: str | None = None
    why: str = ""
    applied_commit: str = ""
    enrolled: bool = False
    last_result: str = ""
    read: bool = True

    @property
    def state(self) -> str:
        """``unknown``, ``paused``, ``not read``, ``in sync``, ``pending 2``, ``drift 1`` or ``pending 2, drift 1``."""
        if self.mode is Mode.PAUSED:
            return "paused"
        if self.unknown is not None:
            return "unknown"
        if not self.read:
            return "not read"
        words = [f"pending {self.pending}"] if self.pending else []
        words += [f"drift {self.drift}"] if self.drift else []
        return ", ".join(words) or "in sync"
