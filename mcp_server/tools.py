"""The tools. Each is one verb of the front desk; none can approve, apply, or change control data.

Their descriptions are constants: nothing that a device or a repository says is ever part of them.
"""

from __future__ import annotations

from typing import Annotated, Literal

from mcp.types import CallToolResult
from pydantic import Field

from mcp_server import faces
from mcp_server.answers import (
    DriftAnswer,
    PlanAnswer,
    ProposalAnswer,
    ProposalsAnswer,
    RequestAnswer,
    RowsAnswer,
    StatusAnswer,
    answer,
)
from mcp_server.calls import ToolCall, context_of
from reconciler.operations import devices as reading
from reconciler.operations import planning, proposing, watching

_NAME = r"^[A-Za-z0-9][A-Za-z0-9_.-]*$"
_REF = r"^[A-Za-z0-9][A-Za-z0-9_./~^-]*$"

Device = Annotated[str, Field(max_length=63, pattern=_NAME, description="Name of a device, as fleet_status lists it")]
Devices = Annotated[
    tuple[Annotated[str, Field(max_length=63, pattern=_NAME)], ...],
    Field(max_length=50, description="Names of devices; none means all"),
]
Menu = Annotated[str, Field(max_length=120, description="Menu path of RouterOS, such as /ip/firewall/filter")]
Offset = Annotated[int, Field(ge=0, le=1_000_000, description="First row, counted from 0")]
Limit = Annotated[int, Field(ge=1, le=200, description="Most rows in this answer")]
Ref = Annotated[
    str, Field(max_length=200, pattern=_REF, description="Branch or commit; empty for the protected branch")
]
Fields = Annotated[
    tuple[Annotated[str, Field(max_length=64)], ...],
    Field(max_length=60, description="Only these fields; none means all"),
]
Match = dict[Annotated[str, Field(max_length=64)], Annotated[str, Field(max_length=500)]]


async def fleet_status(
    call: ToolCall,
    devices: Devices = (),
    live: Annotated[bool, Field(description="Read the routers; false tells only what is known")] = True,
    offset: Offset = 0,
    limit: Limit = 50,
) -> Annotated[CallToolResult, StatusAnswer]:
    """List devices and where each stands: in sync, pending, drifted or unknown. Start here for names."""
    context = context_of(call)
    known = await watching.status(context, watching.StatusRequest(devices, live=False))
    page = tuple(each.device for each in known.devices)[offset : offset + limit]
    status = await watching.status(context, watching.StatusRequest(page, live=live)) if page else known
    told = status if page else watching.Status(known.commit, (), known.at)
    return answer(faces.status_answer(told, len(known.devices), offset, live, context.now()))


async def device_read(
    call: ToolCall,
    device: Device,
    menu: Menu,
    fields: Fields = (),
    where: Annotated[Match, Field(max_length=10, description="Only rows with exactly these values")] = {},  # noqa: B006
    offset: Offset = 0,
    limit: Limit = 100,
) -> Annotated[CallToolResult, RowsAnswer]:
    """Read the rows of one menu of one router, now. Secret fields are left out. Nothing is written."""
    context = context_of(call)
    request = reading.DeviceReadRequest(device, menu, fields, where, offset, limit)
    return answer(faces.rows_answer(await reading.device_read(context, request), offset, context.now()))


async def drift_report(
    call: ToolCall, devices: Devices = (), offset: Offset = 0, limit: Limit = 100
) -> Annotated[CallToolResult, DriftAnswer]:
    """Show what was changed on routers since Plumbline last confirmed them: edits made by hand or by others."""
    context = context_of(call)
    report = await watching.drift(context, watching.DriftRequest(devices))
    return answer(faces.drift_answer(report, offset, limit, context.now()))


async def plan_create(
    call: ToolCall, ref: Ref = "", devices: Devices = (), offset: Offset = 0, limit: Limit = 100
) -> Annotated[CallToolResult, PlanAnswer]:
    """Compare a branch or commit with the routers: the changes an apply would make, and what speaks against them."""
    context = context_of(call)
    request = proposing.plan_request(context, ref, devices)
    made = await planning.plan(context, request)
    return answer(faces.plan_answer(made.plan, offset, limit, context.now()))


async def proposal_create(
    call: ToolCall,
    title: Annotated[str, Field(min_length=3, max_length=100, description="What the change does, in a few words")],
    layer: Annotated[Literal["device", "group"], Field(description="Which kind of document to edit")],
    name: Annotated[str, Field(max_length=63, pattern=_NAME, description="Name of the device or group")],
    menu: Menu,
    action: Annotated[
        Literal["add", "set", "remove"],
        Field(description="add an entry; set fields of an entry or of a menu without rows; remove an entry"),
    ],
    values: Annotated[
        Match, Field(max_length=60, description="For add and set: fields and values in RouterOS's own names and forms")
    ] = {},  # noqa: B006
    select: Annotated[
        Match, Field(max_length=10, description="For set and remove: fields that name one entry, or its $id")
    ] = {},  # noqa: B006
    before: Annotated[
        Match, Field(max_length=10, description="For add: fields that name the entry to stand before; none means last")
    ] = {},  # noqa: B006
    reason: Annotated[str, Field(max_length=1000, description="Why, for those who review it")] = "",
) -> Annotated[CallToolResult, ProposalAnswer]:
    """Propose one edit of a document's menus as a new Git branch for people to review. No router is changed."""
    context = context_of(call)
    request = proposing.ProposeRequest(
        title=title,
        layer=layer,
        name=name,
        menu=menu,
        action=action,
        values=values,
        select=select,
        before=before,
        reason=reason,
    )
    return answer(faces.proposal_answer(await proposing.propose(context, request), 100, context.now()))


async def proposal_list(
    call: ToolCall, offset: Offset = 0, limit: Limit = 50
) -> Annotated[CallToolResult, ProposalsAnswer]:
    """List proposals that wait for review: branch, title, author and documents of each."""
    return answer(faces.proposals_answer(await proposing.proposals(context_of(call)), offset, limit))


async def apply_request(
    call: ToolCall,
    ref: Annotated[
        str,
        Field(
            max_length=200,
            pattern=_REF,
            description="The protected branch, a proposal's branch, or the digest of a stored plan",
        ),
    ],
    devices: Devices = (),
) -> Annotated[CallToolResult, RequestAnswer]:
    """Ask people to approve a plan. Makes the plan anew, keeps it, and tells the command a person runs to approve."""
    context = context_of(call)
    return answer(faces.request_answer(await proposing.request_apply(context, proposing.RequestApply(ref, devices))))
