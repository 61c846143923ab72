"""Finding the rows of a session: its sequences and its enrollments."""

from __future__ import annotations

from collections.abc import Iterable

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import NotFound
from rusvel_tui.engine.models import Enrollment, Sequence


def find_sequence(ctx: Context, sequence_id: str) -> Sequence:
    """The row of a sequence of this session; raises `NotFound`."""
    found: Sequence | None = Sequence.get_or_none(
        (Sequence.id == sequence_id) & (Sequence.session_id == ctx.session_id)
    )
    if found is None:
        raise NotFound.here("sequence", sequence_id, "gtm list --kind sequences")
    return found


def find_enrollment(ctx: Context, enrollment_id: str) -> Enrollment:
    """The row of an enrollment of this session; raises `NotFound`."""
    return find_enrollments(ctx, (enrollment_id,))[0]


def find_enrollments(ctx: Context, ids: Iterable[str]) -> list[Enrollment]:
    """The rows of these enrollments of this session, each once, in the order of the ids; raises `NotFound`."""
    wanted = list(dict.fromkeys(ids))
    found = {
        row.id: row
        for part in (wanted[at : at + 500] for at in range(0, len(wanted), 500))
        for row in Enrollment.select().where(
            Enrollment.id.in_(part) & (Enrollment.session_id == ctx.session_id)
        )
    }
    for enrollment_id in wanted:
        if enrollment_id not in found:
            raise NotFound.here("enrollment", enrollment_id, "gtm list --kind enrollments")
    return [found[enrollment_id] for enrollment_id in wanted]
