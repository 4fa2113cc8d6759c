"""Plans in pull requests: what a Markdown parser makes of them."""

from dataclasses import replace

import pytest
from markdown_it import MarkdownIt

from reconciler.views.markdown import LIMIT, block, code, drift_markdown, plan_markdown
from schemas.change import Action, Change
from schemas.location import Location
from schemas.path import MenuPath
from schemas.plan import DevicePlan, Finding, Notice, Severity
from tests.unit.views.examples import DNS, EDGES, REFUSED, device, plan

GOLDEN = """\
### Plan: 0 to add, 1 to set, 0 to remove, 0 to move on 1 device

Digest `3fa9c2d1` at commit `abcdef01`.

**Refused**

- `management-path: edge-1: /ip/firewall/filter: The new rule 'controller' stands on our own path, and there is no \
fail-safe.`

**This plan is refused (1 finding) and cannot be approved.**

<details><summary><code>edge-1 (prod, RouterOS 7.18.2)  ~1</code></summary>

```diff
! /ip/dns
!     servers: 1.1.1.1 → 1.1.1.1,9.9.9.9
```

</details>
"""
EVIL = (
    "@everyone",
    "```\n<script>alert(1)</script>",
    "`` ` ``` x",
    "`",
    "</code></summary><img src=x onerror=alert(1)>",
    "| a | b |",
    "[click](https://evil.example)",
    "![x](https://evil.example/x.png)",
    "</details>\n\n# Approved by @boss",
    "-->\n\n~~~\n@team",
)


def test_a_plan_in_a_pull_request():
    made = plan_markdown(plan(device("edge-1", DNS), findings=(REFUSED,)))
    assert made == GOLDEN


def test_a_diff_block_has_its_signs_in_front():
    made = plan_markdown(EDGES)
    assert "\n+ /ip/firewall/filter controller  [management-path]\n#     after 'established', before 'rest'\n" in made
    assert "\n-     interface: bridge\n" in made
    assert "\n↕ /ip/firewall/filter rest\n" in made
    assert "(hidden) → (secret audit-password)" in made


@pytest.mark.parametrize("evil", EVIL)
def test_text_of_devices_stays_in_code(evil):
    change = Change(1, MenuPath("/ip/address"), Action.REMOVE, evil, {"comment": evil}, reason=evil)
    bad = replace(
        device(evil, change, version=evil),
        unmanaged=(Notice(MenuPath("/ip/dns"), evil, (evil,), evil),),
        notes=(evil,),
        environment=evil,
    )
    finding = Finding("limit", Severity.WARNING, evil, evil, location=Location(evil, 1))
    for render in (plan_markdown, drift_markdown):
        made = render(plan(replace(bad, drift=bad.changes), DevicePlan(evil, unknown=evil), findings=(finding,)))
        for token in _tokens(made):
            if token.type == "html_block":
                rest = token.content
                for ours in ("<details>", "</details>", "<summary>", "</summary>", "<code>", "</code>"):
                    rest = rest.replace(ours, "")
                assert "<" not in rest
            elif token.type not in ("code_inline", "fence"):
                assert token.type != "html_inline"
                assert not any(word in token.content for word in ("@", "evil", "script", "img", "`", "|"))


def _tokens(text):
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.type == "inline":
            yield from token.children or ()
        else:
            yield token


@pytest.mark.parametrize("text", ["a", "`", "``a`", " a", "a|b", "\\`"])
def test_a_code_span_holds_its_text(text):
    (paragraph,) = [token for token in MarkdownIt().parse(code(text)) if token.type == "inline"]
    assert [(token.type, token.content) for token in paragraph.children or ()] == [("code_inline", text)]


def test_a_block_holds_its_lines():
    (token,) = MarkdownIt().parse(block(["```", "````", "  ```"]))
    assert (token.type, token.content) == ("fence", "```\n````\n  ```\n")


def test_a_thousand_devices_with_one_equal_change_fit_and_show_it_once():
    made = plan_markdown(plan(*(device(f"edge-rotterdam-{number:04}", DNS) for number in range(1000))))
    assert len(made) < LIMIT
    assert made.count("servers:") == 1
    assert "edge-rotterdam-0999" in made
    assert "Not shown" not in made


def test_what_does_not_fit_is_counted():
    devices = [
        device(f"edge-{n:04}", replace(DNS, after={"servers": f"10.0.{n // 256}.{n % 256}"})) for n in range(1000)
    ]
    made = plan_markdown(plan(*devices))
    shown = made.count("servers:")
    assert len(made) < LIMIT
    assert shown > 200
    assert f"**Not shown here, or cut short: {1000 - shown:,} changes on {1000 - shown:,} devices.**" in made


def test_one_giant_group_is_cut_inside():
    changes = [
        Change(
            n, MenuPath("/ip/dns/static"), Action.ADD, f"host-{n}", after={"name": f"host-{n}", "address": "10.0.0.1"}
        )
        for n in range(1, 5001)
    ]
    made = plan_markdown(plan(device("edge-1", *changes)))
    assert len(made) < LIMIT
    assert "more lines" in made
    assert "5,000 changes on 1 device." in made
    assert [token.type for token in _tokens(made) if token.type == "fence"] == ["fence"]


def test_a_flood_of_findings_keeps_the_refusals_and_the_limit():
    findings = tuple(
        Finding("limit", severity, f"{severity.value} {n} " + "x" * 3000) for n in range(200) for severity in Severity
    )
    made = plan_markdown(plan(device("edge-1", DNS), findings=findings))
    assert len(made) < LIMIT
    assert "refused 0 x" in made
    assert "170 more are not shown here." in made
    assert "This plan is refused (200 findings)" in made


def test_nothing_to_do():
    assert plan_markdown(plan(device("edge-1"))) == "### Plan: nothing to do\n"
    assert drift_markdown(plan(device("edge-1"))) == "### No drift\n"
