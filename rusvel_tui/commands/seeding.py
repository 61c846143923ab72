"""The agents, skills, rules and workflows that come along, given to a session where it has not had them yet."""

from __future__ import annotations

from contextlib import suppress

from rusvel_tui.commands.desk import Desk
from rusvel_tui.engine.errors import NotPermitted


def ensure_seeds(desk: Desk, session: str | None = None) -> None:
    """Give them to the session, unless nothing may be changed here; the second time does nothing."""
    from rusvel_tui.engine.agent.entities.listing import ListEntities, list_entities
    from rusvel_tui.engine.agent.entities.seeding import SeedEntities, seed_entities

    engine = desk.engine()
    if (
        engine.read_only
        or engine.run(list_entities, ListEntities(kind="rule", session_id=session)).seeded
    ):
        return
    with suppress(NotPermitted):  # a guest sees what there is
        engine.run(seed_entities, SeedEntities(session_id=session))
