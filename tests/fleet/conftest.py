"""Fixtures of tests of whole fleets; what they are made of is in ``fleet_tools``."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.fleet.fleet_tools import FleetFolder, fleet_folder


@pytest.fixture
def fleet(tmp_path: Path) -> FleetFolder:
    """A place for a fleet repository, not made yet."""
    return fleet_folder(tmp_path)
