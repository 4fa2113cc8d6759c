"""Which files can alter a device."""

from __future__ import annotations

import pytest

from desired_state.load import source_of
from tests.unit.desired_state.test_cases import FLEET, HEADS

FILES = {f"files/{name}": b"hello" for name in ("a.txt", "motd/r1.txt", "motd/r2.txt", "motd-old.txt")}
NAMES = [
    ("files/a.txt", {"a.txt"}),
    ("files/b.txt", set()),
    ("files/{{ device.name }}.txt", {"a.txt", "motd/r1.txt", "motd/r2.txt", "motd-old.txt"}),
    ("{{ vars_say }}", {"a.txt", "motd/r1.txt", "motd/r2.txt", "motd-old.txt"}),
    ("files/motd/{{ device.name }}.txt", {"motd/r1.txt", "motd/r2.txt"}),
    ("files/motd {%- if true %}/r1.txt{% endif %}", {"motd/r1.txt", "motd/r2.txt", "motd-old.txt"}),
    ("files/motd{# x #}/{{ device.name }}.txt", {"motd/r1.txt", "motd/r2.txt", "motd-old.txt"}),
]


@pytest.mark.parametrize("layer", ["device", "group", "loop", "condition"])
@pytest.mark.parametrize(("name", "counted"), NAMES)
def test_every_file_that_a_template_can_name_counts(layer: str, name: str, counted: set[str]) -> None:
    word = {"loop": "$for-each: [1], ", "condition": "$when: {routeros: '>=7.99'}, "}.get(layer, "")
    menus = f"menus: {{/interface/bridge: [{{{word}name: b, comment: {{file: '{name}'}}}}]}}\n"
    group = HEADS["groups"] + (menus if layer == "group" else "")
    device = HEADS["devices"] + "groups: [g]\nvars: {vars_say: files/a.txt}\n" + (menus if layer != "group" else "")
    files = {"fleet.yaml": FLEET, "devices/r1.yaml": device, "groups/g.yaml": group}
    source = source_of("c" * 40, {path: text.encode() for path, text in files.items()} | FILES)
    assert set(source.documents_of("r1")) == {*files, *(f"files/{path}" for path in counted)}


def test_what_is_rendered_was_counted() -> None:
    device = HEADS["devices"] + "menus: {/system/note: {note: {file: 'files/motd/{{ device.name }}.txt'}}}\n"
    files = {"fleet.yaml": FLEET.encode(), "devices/r1.yaml": device.encode()} | FILES
    source = source_of("c" * 40, files)
    (row,) = next(iter(source.render("r1", "7.18.2").menus.values())).entries
    assert row.fields["note"] == "hello"
    assert "files/motd/r1.txt" in source.documents_of("r1")
