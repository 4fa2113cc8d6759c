"""Exports of real routers."""

from dataclasses import replace

from routeros.script import read_script, render_script


def test_real_exports_are_understood_and_written_again(corpus):
    count = 0
    for file in sorted((corpus / "rsc").glob("*.rsc")):
        script = read_script(file.read_bytes())
        count += len(script.statements)
        assert script.header.version.startswith("7."), file.name
        unexplained = [finding for finding in script.findings if not finding.text.startswith("#error exporting")]
        assert not unexplained, file.name
        again = read_script(render_script(script.statements))
        assert not again.findings, file.name
        for before, after in zip(script.statements, again.statements, strict=True):
            assert replace(after, line=0) == replace(before, line=0, comment=""), f"{file.name}:{before.line}"
    assert count > 10_000
