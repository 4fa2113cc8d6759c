"""Laws of reading and writing documents."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from desired_state.edits import Edit, edited
from desired_state.load import source_of
from desired_state.templates import TemplateFault, render
from desired_state.yaml_reader import read_documents
from desired_state.yaml_writer import flow, rows
from schemas.errors import InputError
from schemas.path import MenuPath

HEAD = b"apiVersion: plumbline/v1\nkind: Device\naddress: https://192.0.2.1\ntls: {ca: x}\n"
HEAD += b"credentials: {read: r}\nenvironment: lab\n"
FLEET = b"apiVersion: plumbline/v1\nkind: Fleet\nenvironments: {lab: {}}\n"

text = st.text(max_size=40).filter(lambda value: not any("\ud800" <= sign <= "\udfff" for sign in value))
yamlish = st.text(alphabet="ab:-{}[],'\"#&*!|>%@`? \n\t0$/", max_size=60)
name = st.from_regex(r"[a-z][a-z0-9-]{0,8}", fullmatch=True)
native = st.recursive(
    text | st.booleans() | st.none() | st.integers(-(10**12), 10**12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(name, inner, max_size=3),
    max_leaves=8,
)


def as_read(value: Any) -> Any:
    """Numbers and texts of digits are one value for the reader of a field."""
    if isinstance(value, dict):
        return {key: as_read(item) for key, item in value.items()}
    if isinstance(value, list):
        return [as_read(item) for item in value]
    return flow(value) if isinstance(value, bool | int) else value


@given(yamlish | st.binary(max_size=60))
def test_any_bytes_are_read_or_told_with_their_place(data: str | bytes) -> None:
    try:
        read_documents("f.yaml", data.encode() if isinstance(data, str) else data)
    except InputError as error:
        for problem in error.problems:
            assert problem.location is not None
            assert problem.location.line >= 1


@given(yamlish | native.map(lambda value: f"menus: {flow(value)}\n"))
def test_any_document_is_understood_or_told(body: str) -> None:
    with suppress(InputError):
        source_of("c" * 40, {"fleet.yaml": FLEET, "devices/r1.yaml": HEAD + body.encode()}).validate()


@given(native)
def test_what_is_written_reads_back(value: Any) -> None:
    assert as_read(read_documents("f", f"a: {flow(value)}\n".encode())[0].root["a"]) == as_read(value)


@given(st.lists(st.dictionaries(name, native, min_size=1, max_size=4), min_size=1, max_size=3))
def test_rows_read_back(items: list[dict[str, Any]]) -> None:
    assert as_read(read_documents("f", ("a:\n" + rows(items, 2)).encode())[0].root["a"]) == as_read(items)


@given(yamlish.map(lambda inner: "{{ " + inner + " }}") | text)
def test_any_template_yields_or_is_told(template: str) -> None:
    with suppress(TemplateFault):
        render(template, {"a": 1, "b": ["x"]})


@settings(max_examples=60)
@given(st.lists(text, min_size=1, max_size=5), st.data())
def test_an_edit_changes_one_row_and_nothing_else(comments: list[str], data: st.DataObject) -> None:
    items = [{"name": f"L{index}", "comment": comment} for index, comment in enumerate(comments)]
    document = "# top\nmenus:\n  /interface/list:\n" + rows(items, 4) + "vars: {a: 1}   # end\n"
    index = data.draw(st.integers(0, len(items) - 1))
    new = data.draw(text)
    path = MenuPath("/interface/list")
    select = {"name": f"L{index}"}
    made = edited(document.encode(), "f", Edit(path, "set", {"comment": new}, select)).decode()
    items[index]["comment"] = new
    assert as_read(read_documents("f", made.encode())[0].root["menus"][path]) == as_read(items)
    assert len(made.splitlines()) == len(document.splitlines())
    removed = edited(document.encode(), "f", Edit(path, "remove", select=select)).decode()
    del items[index]
    assert as_read(read_documents("f", removed.encode())[0].root["menus"][path]) == as_read(
        [item | {"comment": comments[int(item["name"][1:])]} for item in items]
    )
    assert removed.startswith("# top\n")
    assert removed.endswith("vars: {a: 1}   # end\n")
