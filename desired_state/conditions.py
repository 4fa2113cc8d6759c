"""``$when``: the devices that an entry, a menu or a group is for."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from desired_state.report import Report, shown
from desired_state.yaml_reader import Map, Node
from schemas.version import in_range

KEYS = ("routeros", "model", "package", "tag")


@dataclass(frozen=True, slots=True)
class Situation:
    """What is known of a device when its documents are rendered."""

    version: str
    model: str = ""
    packages: frozenset[str] = frozenset()
    tags: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class When:
    """All that is said must hold; of several texts in one place any one."""

    routeros: str = "*"
    models: tuple[str, ...] = ()
    packages: tuple[str, ...] = ()
    tags: tuple[tuple[str, tuple[str, ...]], ...] = ()

    def holds(self, situation: Situation) -> bool:
        return (
            in_range(situation.version, self.routeros)
            and (not self.models or any(fnmatchcase(situation.model, one) for one in self.models))
            and (not self.packages or any(name in situation.packages for name in self.packages))
            and all(any(fnmatchcase(situation.tags.get(tag, ""), one) for one in any_of) for tag, any_of in self.tags)
        )


ALWAYS = When()


def read_when(report: Report, node: Node, line: int) -> When:
    """A condition; what is wrong with it goes to the report."""
    if not isinstance(node, Map):
        report.add(line, f"$when must be a mapping, not {shown(node)}.", 'Write $when: {routeros: ">=7.20"}.')
        return ALWAYS
    if "has" in node:
        report.add(node.lines["has"], "'has' is not evaluated yet.", "Use model, tag or a group of its own.")
    report.keys(node, (*KEYS, "has"), "$when")
    versions = report.text(node, "routeros") or "*"
    try:
        in_range("7.18", versions)
    except ValueError as error:
        report.add(node.lines["routeros"], f"{error}.")
        versions = "*"
    tags = report.mapping(node, "tag")
    return When(
        versions,
        report.texts(node, "model"),
        report.texts(node, "package"),
        tuple((tag, report.texts(tags, tag)) for tag in tags),
    )
