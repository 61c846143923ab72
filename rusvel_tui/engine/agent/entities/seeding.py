"""A session is given what rusvel brings along, once; what was deleted stays deleted."""

from __future__ import annotations

from rusvel_tui.engine.agent.entities.kinds import ENTITY_KINDS
from rusvel_tui.engine.agent.entities.saving import check_body
from rusvel_tui.engine.agent.entities.seeds import SEEDS, Seed
from rusvel_tui.engine.agent.entities.views import living, slug
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.models import AgentEntity
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.operation import Input, View, operation


class SeedEntities(Input):
    """Nothing to say."""


class Seeded(View):
    """What was made; nothing the second time."""

    names: tuple[str, ...]


@operation("agent.entities.seed", writes=True, permission="agent.manage")
def seed_entities(ctx: Context, cmd: SeedEntities) -> Seeded:
    """Give this session the agents, skills, rules and workflows that come along, where it has not had them yet."""
    given = _given(ctx)
    made = [seed for seed in SEEDS if seed.key not in given and _make(ctx, seed)]
    if made:
        what = {"name": f"{len(made)} that come along", "names": [seed.name for seed in made]}
        ctx.record("agent.entity.saved", ctx.session_id, what)
    return Seeded(names=tuple(seed.name for seed in made))


def is_seeded(ctx: Context) -> bool:
    """Whether this session was given all of them."""
    return {seed.key for seed in SEEDS} <= _given(ctx)


def _given(ctx: Context) -> set[str]:
    """The seeds that this session was given, those among them that it deleted, too."""
    rows = AgentEntity.select(AgentEntity.seed).where(
        (AgentEntity.session_id == ctx.session_id) & (AgentEntity.seed != "")
    )
    return {key for (key,) in tuples(rows)}


def _make(ctx: Context, seed: Seed) -> bool:
    """Make one; where the person has one of that name already, only remember that it was offered."""
    kind = ENTITY_KINDS[seed.kind]
    same = (AgentEntity.slug == slug(seed.name)) & (AgentEntity.engine == seed.engine)
    taken = bool(living(ctx, kind).where(same).exists())
    AgentEntity.create(
        id=ctx.new_id(),
        session_id=ctx.session_id,
        kind=seed.kind,
        name=seed.name,
        slug=slug(seed.name),
        engine=seed.engine,
        body=check_body(ctx, kind, seed.body),
        seed=seed.key,
        created_at=ctx.now,
        updated_at=ctx.now,
        deleted_at=ctx.now if taken else None,
    )
    return not taken
