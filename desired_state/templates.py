"""Templates inside string values: Jinja's expressions, with nothing that could run away or reach out.

No method is called and no attribute of an object is read: names look up keys of mappings, and only
the filters listed here exist. Every growing operation is bounded before it grows.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from itertools import islice
from typing import Any

from jinja2 import StrictUndefined, TemplateError, Undefined, nodes, pass_context
from jinja2.exceptions import TemplateRuntimeError, TemplateSyntaxError, UndefinedError
from jinja2.runtime import Context, LoopContext
from jinja2.sandbox import ImmutableSandboxedEnvironment
from jinja2.visitor import NodeTransformer

from desired_state.report import nearest
from desired_state.template_rules import (
    MAX_OUTPUT,
    MAX_STEPS,
    WATCHED,
    bounded_range,
    check_binop,
    check_filter,
    filters,
    flat,
    plain,
    printable,
)
from desired_state.yaml_reader import Node

MAX_SOURCE = 8_000
MAX_SECONDS = 1.0

_MARKS = ("{{", "{%", "{#")
_FORBIDDEN: dict[type[nodes.Node], str] = {
    nodes.Macro: "macro",
    nodes.CallBlock: "call",
    nodes.FilterBlock: "filter",
    nodes.Include: "include",
    nodes.Import: "import",
    nodes.FromImport: "import",
    nodes.Extends: "extends",
    nodes.Block: "block",
    nodes.With: "with",
    nodes.AssignBlock: "a block of set",
}


class TemplateFault(Exception):
    """What is wrong with a template, as a sentence, and what to write instead."""

    def __init__(self, message: str, hint: str = "") -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint


def has_template(node: Node) -> bool:
    """Whether any text in a value is a template. Depth is bounded by the reader."""
    if isinstance(node, str):
        return any(mark in node for mark in _MARKS)
    if isinstance(node, Mapping):
        return any(has_template(value) for value in node.values())
    return isinstance(node, list) and any(has_template(item) for item in node)


def literal_start(text: str) -> str:
    """What every text that a template yields begins with. A mark may strip the blanks before it."""
    return text[: min((text.index(mark) for mark in _MARKS if mark in text), default=None)].rstrip()


def render(text: str, values: Mapping[str, Node]) -> Node:
    """What a string yields: the value itself where it is exactly one ``{{ expression }}``, else text.

    Raises TemplateFault.
    """
    if not any(mark in text for mark in _MARKS):
        return text
    if len(text) > MAX_SOURCE:
        raise TemplateFault(f"The template is longer than {MAX_SOURCE} characters.")
    budget = _Budget()
    try:
        return _compiled(text)(values, budget)
    except UndefinedError as error:
        raise TemplateFault(f"{_capital(str(error)).rstrip('.')}.", _undefined_hint(str(error), values)) from error
    except TemplateSyntaxError as error:
        raise TemplateFault(f"The template cannot be read: {str(error.message).rstrip('.')}.") from error
    except (TemplateError, TypeError, ValueError, ArithmeticError, LookupError, RecursionError, SyntaxError) as error:
        raise TemplateFault(f"The template fails: {str(error).rstrip('.')}.") from error


class _Budget:
    """Steps and time that one rendering may take. The steps of loops count; filters are held to the clock and
    to the size of what they take."""

    def __init__(self) -> None:
        self.steps = MAX_STEPS
        self.deadline = time.monotonic() + MAX_SECONDS

    def spend(self, items: Iterable[Any]) -> Iterator[Any]:
        for item in items:
            self.steps -= 1
            if self.steps < 0:
                raise TemplateRuntimeError(f"its loops take more than {MAX_STEPS} steps")
            self.check()
            yield item

    def check(self) -> None:
        if time.monotonic() > self.deadline:
            raise TemplateRuntimeError(f"it takes longer than {MAX_SECONDS:.0f} second")

    def watched(self, items: Iterable[Any]) -> Iterator[Any]:
        """The items, with an eye on the clock before each."""
        for item in items:
            self.check()
            yield item


class _Environment(ImmutableSandboxedEnvironment):
    intercepted_binops = frozenset({"+", "*", "**", "%"})

    def getattr(self, obj: Any, attribute: str) -> Any:
        if isinstance(obj, LoopContext) and attribute in ("index", "index0", "first", "last", "length"):
            return getattr(obj, attribute)
        return self._key(obj, attribute)

    def getitem(self, obj: Any, argument: Any) -> Any:
        if isinstance(obj, list | str) and isinstance(argument, int | slice):
            try:
                return obj[argument]
            except IndexError:
                return self.undefined(f"there is no item {argument}; there are {len(obj)}")
        return self._key(obj, argument)

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        check_binop(operator, left, right)
        return super().call_binop(context, operator, left, right)

    def _key(self, obj: Any, key: Any) -> Any:
        if isinstance(obj, Undefined):
            obj._fail_with_undefined_error()
        if not isinstance(obj, Mapping):
            return self.undefined(f"{key!r} is asked of a value that has no fields")
        if key in obj:
            return obj[key]
        known = ", ".join(map(str, islice(obj, _TOLD))) + (", …" if len(obj) > _TOLD else "")
        return self.undefined(f"there is no {key!r} among {known or 'nothing'}")


def _budget(context: Context) -> _Budget:
    budget = context[_BUDGET]
    assert isinstance(budget, _Budget)
    return budget


@pass_context
def _spend(context: Context, items: Iterable[Any]) -> Iterator[Any]:
    return _budget(context).spend(items)


@pass_context
def _clock(context: Context, value: Any) -> Any:
    _budget(context).check()
    return value


def _held(name: str) -> Callable[..., Any]:
    """A filter that takes nothing too large and begins only while there is time."""

    @pass_context
    def filtered(context: Context, value: Any, *args: Any, **named: Any) -> Any:
        budget = _budget(context)
        budget.check()
        check_filter(name, value, args, named)
        given = budget.watched(value) if name in WATCHED and isinstance(value, Iterable) else value
        return _FREE.call_filter(name, given, args, named, context)

    return filtered


def _environment(chosen: Mapping[str, Callable[..., Any]]) -> _Environment:
    environment = _Environment(
        undefined=StrictUndefined,
        optimized=False,
        keep_trailing_newline=True,
        finalize=printable,
        cache_size=0,
    )
    environment.globals = {"range": bounded_range}
    environment.filters = dict(chosen)
    return environment


_Program = Callable[[Mapping[str, Node], _Budget], Node]
_BUDGET = "budget of this rendering"  # no template can spell it, nor the name of the filter below
_SPEND = "spend the budget"
_CLOCK = "look at the clock"
_FLAT = "plain values only"
_TOLD = 20
_NAME = "the_result_of_this_rendering"


@lru_cache(maxsize=4096)
def _compiled(text: str) -> _Program:
    parsed = _ENVIRONMENT.parse(text)
    _check(parsed)
    _Bounds().visit(parsed)
    parsed.set_environment(_ENVIRONMENT)
    expression = _only_expression(parsed)
    if expression is not None:
        parsed.body = [nodes.Assign(nodes.Name(_NAME, "store"), expression, lineno=1)]
        parsed.set_environment(_ENVIRONMENT)
    template = _ENVIRONMENT.from_string(parsed)

    def run(values: Mapping[str, Node], budget: _Budget) -> Node:
        context = template.new_context({**values, _BUDGET: budget})
        pieces = template.root_render_func(context)
        if expression is None:
            return _collected(pieces)
        for _ in pieces:
            pass
        return plain(context.vars[_NAME])

    return run


def _collected(pieces: Iterable[str]) -> str:
    found: list[str] = []
    size = 0
    for piece in pieces:
        size += len(piece)
        if size > MAX_OUTPUT:
            raise TemplateRuntimeError(f"it yields more than {MAX_OUTPUT} characters")
        found.append(piece)
    return "".join(found)


def _check(parsed: nodes.Template) -> None:
    for kind, word in _FORBIDDEN.items():
        if parsed.find(kind) is not None:
            raise TemplateFault(f"{word} is not allowed in a template.", "Use for, if and set.")
    if parsed.find(nodes.Concat) is not None:
        raise TemplateFault("~ is not allowed in a template.", 'Write "{{ a }}{{ b }}".')
    if any(name.name == "self" for name in parsed.find_all(nodes.Name)):
        raise TemplateFault("self is not allowed in a template.")
    for call in parsed.find_all(nodes.Call):
        if not (isinstance(call.node, nodes.Name) and call.node.name == "range"):
            raise TemplateFault("Nothing but range(...) can be called in a template.", "Use a filter: {{ a | lower }}.")
    for used in parsed.find_all(nodes.Filter):
        if used.name not in _ENVIRONMENT.filters:
            hint = nearest(used.name, _ENVIRONMENT.filters) or f"There are {', '.join(sorted(_ENVIRONMENT.filters))}."
            raise TemplateFault(f"There is no filter {used.name!r}.", hint)


class _Bounds(NodeTransformer):
    """Every loop takes its items from the budget of the rendering; every list made is flat; whatever can take
    time in proportion to a list looks at the clock first."""

    def generic_visit(self, node: nodes.Node, *args: Any, **named: Any) -> Any:
        super().generic_visit(node, *args, **named)
        if isinstance(node, nodes.For):
            if node.recursive:
                raise TemplateFault("A recursive loop is not allowed in a template.")
            node.iter = _filtered(node.iter, _SPEND)
        elif isinstance(node, nodes.Compare | nodes.Operand):
            node.expr = _filtered(node.expr, _CLOCK)
        elif isinstance(node, nodes.Test | nodes.Getitem):
            node.node = _filtered(node.node, _CLOCK)
        made = isinstance(node, nodes.List | nodes.Dict) or (isinstance(node, nodes.Tuple) and node.ctx != "store")
        return _filtered(node, _FLAT) if made else node


def _filtered(node: Any, name: str) -> nodes.Filter:
    return nodes.Filter(node, name, [], [], None, None, lineno=node.lineno)


def _only_expression(parsed: nodes.Template) -> nodes.Expr | None:
    output = parsed.body[0] if len(parsed.body) == 1 else None
    if not isinstance(output, nodes.Output) or len(output.nodes) != 1:
        return None
    return None if isinstance(output.nodes[0], nodes.TemplateData) else output.nodes[0]


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _undefined_hint(message: str, values: Mapping[str, Node]) -> str:
    name = message.split("'")[1] if message.count("'") >= 2 else ""
    if "is undefined" not in message:
        return ""
    return nearest(name, values) or f"There is {', '.join(values)}."


_FREE = _environment(filters())
_ENVIRONMENT = _environment({name: _held(name) for name in filters()})
_ENVIRONMENT.filters |= {_SPEND: _spend, _CLOCK: _clock, _FLAT: flat}
