"""What is offered to AI clients, and what can never be."""

from __future__ import annotations

import asyncio
import inspect
import json
import re
from collections.abc import Iterator
from contextlib import nullcontext
from types import ModuleType
from typing import Any

import pytest
from mcp import Client
from mcp.types import Tool

from mcp_server import tools
from mcp_server.server import INSTRUCTIONS, build
from reconciler.decide.permit import Tier, require
from schemas.errors import Refused
from schemas.rollout import Actor, Door

OPEN = {Tier.READ, Tier.PROPOSE, Tier.REQUEST}
NAMES = {
    "fleet_status",
    "device_read",
    "drift_report",
    "plan_create",
    "proposal_create",
    "proposal_list",
    "apply_request",
}


def offered(mode: str = "auto") -> list[Tool]:
    """The tools as a client lists them; listing needs no fleet."""

    async def listed() -> list[Tool]:
        async with Client(build(lambda: nullcontext(None)), mode=mode) as client:  # type: ignore[arg-type]
            return (await client.list_tools()).tools

    return asyncio.run(listed())


def verbs_named_in(function: Any) -> Iterator[tuple[str, Tier]]:
    """The verbs that a tool's code names, with the tier each was declared with."""
    source = inspect.getsource(function)
    for alias, name in re.findall(r"\b(\w+)\.(\w+)\(", source):
        room = getattr(tools, alias, None)
        if isinstance(room, ModuleType) and room.__name__.startswith("reconciler.operations."):
            found = getattr(room, name)
            declared = inspect.getclosurevars(found).nonlocals if inspect.isfunction(found) else {}
            if "tier" in declared:
                yield declared["name"], declared["tier"]


def test_exactly_these_tools_are_offered_in_both_eras() -> None:
    assert {tool.name for tool in offered()} == {tool.name for tool in offered("legacy")} == NAMES


@pytest.mark.parametrize("name", sorted(NAMES))
def test_every_tool_is_a_verb_that_an_ai_client_may_use(name: str) -> None:
    found = dict(verbs_named_in(getattr(tools, name)))
    assert len(found) == 1, found
    assert set(found.values()) <= OPEN


@pytest.mark.parametrize("tier", [Tier.APPROVE, Tier.WRITE, Tier.ADMIN])
def test_the_front_desk_refuses_everything_else_to_ai_clients(tier: Tier) -> None:
    with pytest.raises(Refused, match="not open to mcp clients"):
        require(Actor(Door.MCP, person="tess"), "apply", tier)


def test_names_descriptions_and_annotations() -> None:
    for tool in offered():
        assert re.fullmatch(r"[a-z][a-z0-9_]{0,39}", tool.name)
        assert tool.title
        assert tool.description
        assert len(tool.description) <= 300
        assert tool.annotations is not None
        assert tool.annotations.destructive_hint is False
        assert tool.annotations.read_only_hint is (tool.name not in {"proposal_create", "apply_request"})
    assert len(INSTRUCTIONS) <= 512


def test_schemas_are_flat_and_bounded() -> None:
    for tool in offered():
        assert "$ref" not in json.dumps([tool.input_schema, tool.output_schema])
        assert tool.output_schema is not None
        assert tool.output_schema["type"] == "object"
        for name, schema in tool.input_schema["properties"].items():
            assert "anyOf" not in schema, (tool.name, name)
            assert "description" in schema, (tool.name, name)
            bounds = {"maxLength", "maximum", "maxItems", "maxProperties", "enum"} & schema.keys()
            assert bounds or schema["type"] == "boolean", (tool.name, name)


def test_an_unexpected_error_shows_nothing_of_itself() -> None:
    """Without a context every tool breaks inside; the client must learn only that."""

    async def called() -> str:
        async with Client(build(lambda: nullcontext(None))) as client:  # type: ignore[arg-type]
            result = await client.call_tool("fleet_status", {})
            assert result.is_error
            return result.content[0].text  # type: ignore[union-attr]

    assert asyncio.run(called()) == "Error executing tool fleet_status"
