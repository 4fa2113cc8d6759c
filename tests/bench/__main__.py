"""Prints the figures that the house promises to hold: ``python -m tests.bench [--quick]``.

Times are CPU seconds of this process (simulated routers run in another) unless told otherwise, medians over rounds.
Figures are printed and not asserted: machines differ.
"""

from __future__ import annotations

import gc
import sys
from dataclasses import dataclass

from tests.bench import diffing, observing, serving, starting
from tests.bench.observing import Observing
from tests.bench.serving import Serving

DEVICES = 100


@dataclass(frozen=True)
class Figure:
    """One line: what, how much, and the target it is held against (None for a figure that is only told)."""

    what: str
    value: float
    unit: str
    target: float | None = None
    at_least: bool = False

    def __str__(self) -> str:
        if self.target is None:
            return f"{self.what:<74}{self.value:>9.2f} {self.unit}"
        held = "held" if (self.value >= self.target if self.at_least else self.value <= self.target) else "MISSED"
        target = f"{'≥' if self.at_least else '≤'} {self.target:g} {self.unit}".strip()
        return f"{self.what:<74}{self.value:>9.2f} {self.unit:<3}{target:>12}  {held}"


def main(quick: bool) -> None:
    """Measure and print, section by section."""
    rounds = 3 if quick else 7
    gc.set_threshold(1_000_000, 20, 100)  # as every process that plans does; see reconciler.wiring
    _tell("Beginning", _starting(rounds))
    _tell("Comparing one menu, 1 % of its rows changed", _diffing(rounds))
    usual = observing.measure(DEVICES, 0, rounds)
    _tell(_title(usual), _observing(usual, 1.5))
    even = observing.measure(DEVICES, 40, 3)
    _tell(_title(even), _observing(even, None))
    served = serving.measure(5 * rounds)
    _tell(f"A simulated router, {served.requests} requests a round, one in ten a write", _serving(served))


def _tell(title: str, figures: list[Figure]) -> None:
    print(f"\n{title}")
    for figure in figures:
        print(f"  {figure}", flush=True)


def _starting(rounds: int) -> list[Figure]:
    opened, decoded, menus = starting.catalogue_cpu(rounds)
    return [
        Figure("plumbline --help", starting.help_cpu(rounds) * 1000, "ms", 200),
        Figure("  of that, a Python that does nothing", starting.nothing_cpu(rounds) * 1000, "ms"),
        Figure(f"catalogue opened cold, all {menus} menus of one version reachable", opened * 1000, "ms", 20),
        Figure("  the same with every menu decoded", decoded * 1000, "ms"),
    ]


def _diffing(rounds: int) -> list[Figure]:
    figures = []
    for case in diffing.CASES:
        small, large = (diffing.measure(case, count, rounds) for count in (10_000, 50_000))
        ours, bare = large.compared / small.compared / 5, large.walked / small.walked / 5
        figures.append(Figure(f"{case.path}: 50,000 rows", large.compared, "s", case.target))
        figures.append(Figure(f"{case.path}: growth a row from 10,000 to 50,000", ours, "×"))
        figures.append(Figure("  a bare walk over the same rows grows by", bare, "×"))
        figures.append(Figure("  ratio", ours / bare, "×", 1.1 if case.target else None))
    return figures


def _title(found: Observing) -> str:
    middle, mean, most = found.rows
    return (
        f"Observing and planning {found.devices} devices, {found.requests / found.devices:g} requests each;"
        f" rows a menu: median {middle:g}, mean {mean:.1f}, largest {most}; {found.bytes / 1e6:.1f} MB"
    )


def _observing(found: Observing, target: float | None) -> list[Figure]:
    return [
        Figure("observing and planning, a new connection to each device", found.planning, "s"),
        Figure("bare fetch and decode of the same bytes, likewise", found.bare, "s"),
        Figure("  ratio", found.ratio, "×", target),
        Figure("observing and planning, connections kept", found.kept_planning, "s"),
        Figure("bare fetch and decode of the same bytes, likewise", found.kept_bare, "s"),
        Figure("  ratio (a service's case: a command opens its own)", found.kept_ratio, "×"),
        Figure("Git, not in the above: loading every document", found.load, "s"),
        Figure("Git, not in the above: rendering every device", found.render, "s"),
        Figure("Git, not in the above: reading Applied of every device", found.applied, "s"),
    ]


def _serving(found: Serving) -> list[Figure]:
    return [
        Figure("requests a second of a simulated router", found.simulated, "/s"),
        Figure("a bare application with the same bytes, server, TLS and connections", found.bare, "/s"),
        Figure("  ratio", found.ratio, "×", 0.5, at_least=True),
        Figure("CPU a request of a simulated router", found.simulated_cpu * 1e6, "µs"),
        Figure("CPU a request of the bare application", found.bare_cpu * 1e6, "µs"),
        Figure("  ratio", found.cpu_ratio, "×", 0.5, at_least=True),
    ]


if __name__ == "__main__":
    main("--quick" in sys.argv)
