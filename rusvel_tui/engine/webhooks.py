"""What other services tell us: each delivery is one event, however often it comes."""

from __future__ import annotations

from typing import Any

from pydantic import Field

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.models import Event
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.text import one_line

KIND = "webhook.received"


class Delivery(Input):
    """A delivery whose signature was right."""

    name: str = Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]{0,62}$")
    delivery_id: str = Field(min_length=1, max_length=200)
    """The sender's own id: the same one again is the same delivery."""
    payload: dict[str, Any] = Field(default_factory=dict)


class Received(View):
    """What became of a delivery."""

    event_id: int
    new: bool
    """Whether it was not known before."""


@operation("webhook.receive", writes=True, permission="webhooks.receive", internal=True)
def receive(ctx: Context, cmd: Delivery) -> Received:
    """Keep a delivery of another service as an event; hooks see it like any other."""
    delivery_id = one_line(cmd.delivery_id)
    subject = f"{cmd.name}:{delivery_id}"
    known = (Event.kind == KIND) & (Event.subject_id == subject)
    row = Event.get_or_none(known & (Event.session_id == ctx.session_id))
    if row is not None:
        return Received(event_id=row.id, new=False)
    said = {"name": cmd.name, "delivery_id": delivery_id, "payload": cmd.payload}
    return Received(event_id=ctx.record("webhook.received", subject, said), new=True)
