"""Exports of real routers."""

from dataclasses import replace

from routeros.script import read_script, render_script

EXPLAINED = {"The router", "A value is"}
"""One router could not export a menu; one file was edited by hand, and a line is missing behind a backslash."""


def test_real_exports_are_understood_and_written_again(corpus):
    count = 0
    for file in sorted((corpus / "rsc").glob("*.rsc")):
        script = read_script(file.read_bytes())
        count += len(script.statements)
        assert script.header.version.startswith("7."), file.name
        assert {finding.message[:10] for finding in script.findings} <= EXPLAINED, file.name
        again = read_script(render_script(script.statements))
        assert {finding.message[:10] for finding in again.findings} <= EXPLAINED, file.name
        for before, after in zip(script.statements, again.statements, strict=True):
            assert replace(after, line=0) == replace(before, line=0, comment=""), f"{file.name}:{before.line}"
    assert count > 10_000
