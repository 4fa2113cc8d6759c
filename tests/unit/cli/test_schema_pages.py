"""schema pages: the pages in docs/reference are what the catalogue says, and what they show can be written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from desired_state.load import source_of
from schemas.catalogue.load import open_catalogue

PAGES = Path(__file__).parents[3] / "docs" / "reference" / "menus"
FLEET = b"apiVersion: plumbline/v1\nkind: Fleet\nenvironments: {lab: {lab: true}}\n"
DEVICE = (
    "apiVersion: plumbline/v1\nkind: Device\naddress: https://192.0.2.1\ntls: {ca: lab}\n"
    "credentials: {read: r, write: w}\nenvironment: lab\n"
)


def test_the_pages_are_those_of_the_catalogue(run, tmp_path: Path) -> None:
    assert run("schema", "pages", str(tmp_path / "pages")).code == 0
    written = {path.name: path.read_text() for path in (tmp_path / "pages").iterdir()}
    assert written == {path.name: path.read_text() for path in PAGES.iterdir()}, "run make reference"


def test_former_pages_go_and_nothing_else(run, tmp_path: Path) -> None:
    run("schema", "pages", str(tmp_path))
    (tmp_path / "ip-address.md").rename(tmp_path / "former.md")
    (tmp_path / "mine.md").write_text("# Mine\n")
    run("schema", "pages", str(tmp_path))
    assert not (tmp_path / "former.md").exists()
    assert (tmp_path / "mine.md").read_text() == "# Mine\n"
    (tmp_path / "ip-address.md").write_text("# Mine\n")
    done = run("schema", "pages", str(tmp_path))
    assert (done.code, (tmp_path / "ip-address.md").read_text()) == (1, "# Mine\n")
    assert "ip-address.md is no page of this command" in done.err


def examples() -> list[tuple[str, str]]:
    found = ((path.stem, re.search(r"```yaml\n(.*?)```", path.read_text(), re.DOTALL)) for path in PAGES.glob("*.md"))
    return sorted((name, match[1]) for name, match in found if match)


def test_there_are_examples() -> None:
    assert len(examples()) > 300


@pytest.mark.parametrize(("name", "text"), examples(), ids=[name for name, _ in examples()])
def test_what_a_page_shows_can_be_written(name: str, text: str) -> None:
    """Names of other menus stand for names there, so that what only misses those is fine."""
    assert yaml.safe_load(text), name
    source = source_of("c" * 40, {"fleet.yaml": FLEET, "devices/r1.yaml": (DEVICE + text).encode()})
    source.render("r1", open_catalogue().newest)
