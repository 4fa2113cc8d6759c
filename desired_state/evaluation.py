"""Values of documents with their templates rendered."""

from __future__ import annotations

from collections.abc import Mapping

from desired_state.report import Report
from desired_state.templates import TemplateFault, render
from desired_state.yaml_reader import Map, Node, Seq


def evaluated(report: Report, node: Node, values: Mapping[str, Node], line: int) -> Node:
    """A value with its templates rendered; None, and a problem, where one fails."""
    if isinstance(node, str):
        try:
            return render(node, values)
        except TemplateFault as fault:
            report.add(line, fault.message, fault.hint)
            return None
    if isinstance(node, Mapping):
        return {key: evaluated(report, value, values, line) for key, value in node.items()}
    if isinstance(node, list):
        return [evaluated(report, item, values, line) for item in node]
    return node


def with_lines(written: Map, rendered: Node) -> Map:
    """A rendered mapping with the lines of the one written."""
    made = Map(written.line)
    for key, value in rendered.items():
        if isinstance(value, Mapping) and isinstance(written[key], Map):
            made[key] = with_lines(written[key], value)
        elif isinstance(value, list) and not isinstance(value, Seq):
            made[key] = Seq(written.lines[key])
            made[key].extend(value)
        else:
            made[key] = value
        made.lines[key] = written.lines[key]
    return made
