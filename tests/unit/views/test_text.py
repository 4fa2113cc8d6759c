"""Plans and drift on a terminal, against texts written by hand."""

from dataclasses import replace

import pytest

from reconciler.views.style import Style
from reconciler.views.text import drift_text, plan_text
from schemas.change import Action, Change
from schemas.path import MenuPath
from schemas.plan import Basis
from tests.unit.views.examples import DNS, EDGES, FILTER, PREVIEW, REFUSED, device, plan

GOLDEN = """\
2 devices: edge-1, edge-2 (prod, RouterOS 7.18.2)

  ~ /ip/dns
      servers: 1.1.1.1 → 1.1.1.1,9.9.9.9

  + /ip/firewall/filter controller  [management-path]
      # after 'established', before 'rest'
      chain: input
      action: accept
      dst-port: 443

  ↕ /ip/firewall/filter rest
      # chain=input action=drop
      # after 'controller', last of ours
      # The router was changed by hand.

  ~ /user audit
      password: (hidden) → (secret audit-password)
      comment: old → (unset)

  - /ip/address 192.168.88.1/24
      # Git says it must not exist.
      address: 192.168.88.1/24
      interface: bridge
      comment: defconf

core (prod, RouterOS 7.18.9)

  ~ /ip/dns
      servers: 1.1.1.1 → 1.1.1.1,9.9.9.9

Unmanaged, left alone:
  · core: /ip/firewall/filter chain=forward action=accept (nobody declared it)

Notes:
  · core: RouterOS 7.18.9 is not in the catalogue; the facts of the nearest version, 7.18.2, were
    used.

Unknown:
  · edge-3: Nothing answered at https://10.9.0.3.

Plan: 2 to add, 5 to set, 2 to remove, 2 to move on 3 devices.
Batches: 1 (edge-1), then 3 (edge-2, core, edge-3).
Digest 3fa9c2d1 at commit abcdef01. To approve it: plumbline approve 3fa9c2d1"""

GOLDEN_REFUSED = """\
edge-1 (prod, RouterOS 7.18.2)

  ~ /ip/dns
      servers: 1.1.1.1 → 1.1.1.1,9.9.9.9

REFUSED management-path: edge-1: /ip/firewall/filter: The new rule 'controller' stands on our own
  path, and there is no fail-safe.

Plan: 0 to add, 1 to set, 0 to remove, 0 to move on 1 device.
This plan is refused (1 finding) and cannot be approved."""

GOLDEN_DRIFT = """\
core (prod, RouterOS 7.18.9)

  ~ /ip/dns
      servers: 1.1.1.1,9.9.9.9 → 1.1.1.1

Unmanaged, left alone:
  · core: /ip/firewall/filter chain=forward action=accept (nobody declared it)

Notes:
  · core: RouterOS 7.18.9 is not in the catalogue; the facts of the nearest version, 7.18.2, were
    used.

Unknown:
  · edge-3: Nothing answered at https://10.9.0.3.

Drift: 0 added, 1 changed, 0 removed, 0 moved on 1 device.
To put it right: plumbline plan. To keep it: write it into Git."""


def test_the_whole_plan_as_people_read_it():
    assert plan_text(EDGES) == GOLDEN


def test_a_refused_plan_says_so_instead_of_how_to_approve():
    assert plan_text(plan(device("edge-1", DNS), findings=(REFUSED,))) == GOLDEN_REFUSED


def test_drift_tells_what_happened_on_the_router():
    assert drift_text(EDGES) == GOLDEN_DRIFT


@pytest.mark.parametrize(
    ("made", "text"),
    [
        (plan(device("a"), device("b")), "Nothing to do: 2 devices are as Git says."),
        (plan(device("a")), "Nothing to do: 1 device is as Git says."),
    ],
)
def test_nothing_to_do(made, text):
    assert plan_text(made) == text


def test_no_drift():
    assert drift_text(plan(device("a", DNS))) == "No drift: 1 device is as last confirmed."


def test_unknown_devices_are_never_counted_as_right():
    unknown = replace(EDGES.devices[3], device="b")
    assert plan_text(plan(device("a"), unknown)).endswith("Nothing to do: 1 device is as Git says; 1 device unknown.")
    assert plan_text(plan(unknown)).endswith("Nothing is known of 1 device.")


@pytest.mark.parametrize("basis", [Basis.PREVIEW, Basis.APPLIED])
def test_only_a_live_plan_offers_approval(basis):
    text = plan_text(plan(replace(PREVIEW.devices[0], basis=basis)))
    assert "cannot be approved" in text
    assert "plumbline approve" not in text


def test_a_thousand_devices_with_one_equal_change_show_it_once():
    text = plan_text(plan(*(device(f"edge-{number:04}", DNS) for number in range(1000))))
    assert text.count("servers:") == 1
    assert "edge-0000" in text
    assert "edge-0999" in text
    assert "0 to add, 1,000 to set, 0 to remove, 0 to move on 1,000 devices." in text


def test_handles_and_anchors_do_not_part_equal_changes():
    first, second = (replace(DNS, handle=handle) for handle in ("*1", "*2F"))
    assert plan_text(plan(device("a", first), device("b", second))).count("servers:") == 1


def test_changes_that_differ_stand_apart():
    other = replace(DNS, before={"servers": "8.8.8.8"})
    text = plan_text(plan(device("a", DNS), device("b", other)))
    assert "servers: 1.1.1.1 →" in text
    assert "servers: 8.8.8.8 →" in text


@pytest.mark.parametrize("width", [40, 60, 100])
def test_lines_keep_the_width(width):
    long = replace(DNS, before={"servers": "10.0.0.1," * 30}, after={"servers": "10.0.0.1," * 30 + "10.9.9.9"})
    for line in plan_text(plan(device("edge-1", long)), width=width).splitlines()[:-1]:
        assert len(line) <= width, line


def test_a_long_pair_stands_below_each_other():
    change = replace(DNS, before={"servers": "1" * 60}, after={"servers": "2" * 60})
    assert f"      servers:\n          {'1' * 60}\n        → {'2' * 60}\n" in plan_text(plan(device("a", change)))


def test_styles_paint_and_change_nothing_else():
    style = Style(*(lambda text, name=name: f"<{name}>{text}</>" for name in Style.__slots__))
    painted = plan_text(EDGES, style=style)
    assert "<add>  + /ip/firewall/filter controller</>  <warning>[management-path]</>" in painted
    assert "servers: <remove>1.1.1.1</> → <add>1.1.1.1,9.9.9.9</>" in painted
    for name in Style.__slots__:
        painted = painted.replace(f"<{name}>", "")
    assert painted.replace("</>", "") == GOLDEN


def test_text_in_a_field_that_is_called_password_is_never_shown():
    change = Change(1, MenuPath("/user"), Action.REMOVE, "eve", {"name": "eve", "password": "hunter2"})
    other = Change(2, MenuPath("/ppp/secret"), Action.SET, "x", {"password": "hunter2"}, {"password": "hunter3"})
    assert "hunter" not in plan_text(plan(device("a", change, other)))


@pytest.mark.parametrize(
    ("neighbours", "text"),
    [
        (("", "rest"), "before 'rest', first of ours"),
        (("", ""), "the only one of ours"),
        (("it's", "rest"), "after 'it's', before 'rest'"),
    ],
)
def test_where_an_ordered_row_goes(neighbours, text):
    change = Change(1, FILTER, Action.ADD, "new", after={"chain": "input"}, neighbours=neighbours)
    assert f"      # {text}\n" in plan_text(plan(device("a", change)))


def test_a_long_list_of_rows_left_alone_is_cut_and_counted():
    notices = tuple(replace(EDGES.devices[2].unmanaged[0], identity=f"row {number}") for number in range(50))
    text = plan_text(plan(replace(device("a", DNS), unmanaged=notices)))
    assert "row 19 " in text
    assert "row 20 " not in text
    assert "… and 30 more rows" in text
