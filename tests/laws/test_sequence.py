"""Order: the steps bring our rows into order, move no one else's, and are as few as can be."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from reconciler.decide.sequence import Placement, Slot, longest_increasing, place

OURS, THEIRS, DYNAMIC = "ours", "theirs", "dynamic"


@st.composite
def _tables(draw: st.DrawFn) -> tuple[list[Slot], list[tuple[str, str]]]:
    kinds = draw(st.lists(st.sampled_from((OURS, THEIRS, DYNAMIC)), max_size=9))
    chains = st.sampled_from(("input", "forward"))
    slots = [Slot(f"{kind}{n}", draw(chains), kind == DYNAMIC) for n, kind in enumerate(kinds)]
    ours = [(str(slot.token), slot.scope) for slot in slots if str(slot.token).startswith(OURS)]
    new = [(f"new{n}", draw(chains)) for n in range(draw(st.integers(0, 3)))]
    return slots, draw(st.permutations(ours + new))


def _carried_out(slots: Sequence[Slot], steps: Sequence[Placement]) -> list[object]:
    table: list[object] = [slot.token for slot in slots]
    for step in steps:
        if not step.new:
            table.remove(step.token)
        table.insert(len(table) if step.before is None else table.index(step.before), step.token)
    return table


@given(_tables())
def test_our_rows_end_in_the_order_written(case: tuple[list[Slot], list[tuple[str, str]]]) -> None:
    slots, wanted = case
    table = _carried_out(slots, place(slots, wanted))
    for chain in ("input", "forward"):
        ours = [token for token, scope in wanted if scope == chain]
        assert [token for token in table if token in ours] == ours


@given(_tables())
def test_rows_that_are_not_ours_are_never_moved_and_dynamic_rows_never_anchors(
    case: tuple[list[Slot], list[tuple[str, str]]],
) -> None:
    slots, wanted = case
    steps = place(slots, wanted)
    assert {step.token for step in steps} <= {token for token, _ in wanted}
    assert not [step for step in steps if str(step.before).startswith(DYNAMIC)]


@given(_tables())
def test_moves_are_as_few_as_can_be(case: tuple[list[Slot], list[tuple[str, str]]]) -> None:
    slots, wanted = case
    moves = [step for step in place(slots, wanted) if not step.new]
    fewest = 0
    for chain in ("input", "forward"):
        order = [token for token, scope in wanted if scope == chain]
        present = [order.index(str(slot.token)) for slot in slots if str(slot.token) in order]
        fewest += len(present) - _longest_by_search(present)
    assert len(moves) == fewest


def _longest_by_search(values: Sequence[int]) -> int:
    for size in range(len(values), 0, -1):
        if any(list(pick) == sorted(pick) for pick in combinations(values, size)):
            return size
    return 0


@given(st.lists(st.integers(0, 20), unique=True, max_size=10))
def test_longest_increasing_is_increasing_and_longest(values: list[int]) -> None:
    picked = [values[place] for place in longest_increasing(values)]
    assert picked == sorted(picked)
    assert len(picked) == _longest_by_search(values)


@given(_tables())
def test_doing_it_twice_does_nothing(case: tuple[list[Slot], list[tuple[str, str]]]) -> None:
    slots, wanted = case
    scopes = {slot.token: slot for slot in slots}
    table = _carried_out(slots, place(slots, wanted))
    after = [scopes.get(token) or Slot(token, dict(wanted)[str(token)]) for token in table]
    assert place(after, wanted) == []
