"""What is shipped is whole: every room, every data file, and the command."""

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from tests.house.sources import ROOT, own_files, rooms, shown

_BUILD = "import sys; from setuptools.build_meta import build_wheel; build_wheel(sys.argv[1])"
_NOT_SHIPPED = {".md"}


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> list[str]:
    """The names in a wheel, built from a copy so that nothing is left behind in the source tree."""
    folder = tmp_path_factory.mktemp("wheel")
    for path in own_files():
        target = folder / "source" / shown(path)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(path, target)
    run = subprocess.run(
        [sys.executable, "-W", "ignore", "-c", _BUILD, str(folder)],
        cwd=folder / "source",
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    with zipfile.ZipFile(next(folder.glob("*.whl"))) as archive:
        return archive.namelist()


def test_every_file_of_the_rooms_is_shipped(wheel: list[str]) -> None:
    names = {shown(path) for path in own_files() if Path(path).suffix not in _NOT_SHIPPED}
    expected = {name for name in names if name.partition("/")[0] in rooms()}
    assert expected - set(wheel) == set()


def test_nothing_else_is_shipped(wheel: list[str]) -> None:
    assert {name.partition("/")[0] for name in wheel} == {*rooms(), "plumbline-0.1.0.dist-info"}


def test_the_licence_and_the_notice_are_shipped(wheel: list[str]) -> None:
    assert {"plumbline-0.1.0.dist-info/licenses/LICENSE", "plumbline-0.1.0.dist-info/licenses/NOTICE"} <= set(wheel)
    assert (ROOT / "LICENSE").read_text().lstrip().startswith("Apache License")
