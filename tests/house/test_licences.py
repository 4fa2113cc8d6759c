"""The licence gate passes what it should, and nothing else."""

import pytest

from tests.house.licences import allowed, installed


def test_everything_installed_passes() -> None:
    assert [licence for licence in installed() if not licence.allowed] == []


@pytest.mark.parametrize(
    "expression",
    [
        "MIT", "MIT-0", "MIT License", "BSD-3-Clause", "BSD 2-Clause License", "BSD License", "Apache-2.0",
        "Apache 2.0",
        "Apache Software License", "Apache License, Version 2.0", "PSF-2.0", "ISC", "MPL-2.0",
        "Mozilla Public License 2.0 (MPL 2.0)", "EPL-2.0", "Apache-2.0 AND MIT", "Apache-2.0 OR GPL-2.0-or-later",
        "(MIT)",
    ],
)  # fmt: skip
def test_allowed(expression: str) -> None:
    assert allowed(expression)


@pytest.mark.parametrize(
    "expression",
    [
        "", "GPL-3.0-only", "GPL-2.0-or-later WITH GCC-exception-2.0", "LGPL-2.1-only", "AGPL-3.0",
        "MIT AND GPL-2.0-only", "MPL-1.1", "MPL-2.0-no-copyleft-exception", "EPL-1.0", "Proprietary",
        "Other/Proprietary License", "nothing said",
        "SSPL-1.0", "BUSL-1.1", "Apache-2.0 WITH Commons-Clause", "(MIT OR Apache-2.0) AND GPL-3.0-only",
    ],
)  # fmt: skip
def test_refused(expression: str) -> None:
    assert not allowed(expression)
