"""Small look-ups that several views share: names and lengths of sequences by id."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from peewee import fn

from rusvel_tui.engine.gtm.crm.people.people import label
from rusvel_tui.engine.models import Contact, Enrollment, SequenceVersion, Step
from rusvel_tui.engine.models import Sequence as SequenceRow
from rusvel_tui.engine.models.base import tuples


def sequence_names(ids: Iterable[str]) -> dict[str, str]:
    """The names of these sequences."""
    return dict(
        tuples(
            SequenceRow.select(SequenceRow.id, SequenceRow.name).where(
                SequenceRow.id.in_(list(ids))
            )
        )
    )


def people_name(rows: Sequence[Enrollment]) -> str:
    """What to call these people in a message: the one by name, more of them by their number."""
    if len(rows) == 1:
        return label(Contact.get_by_id(rows[0].contact_id))
    return f"{len(rows)} people"


def step_counts(version_ids: Iterable[str]) -> dict[str, int]:
    """How many steps each of these versions has."""
    query = Step.select(Step.version_id, fn.COUNT(Step.id)).where(
        Step.version_id.in_(list(version_ids))
    )
    return dict(tuples(query.group_by(Step.version_id)))


def version_sizes(version_ids: Iterable[str]) -> dict[str, tuple[int, int]]:
    """The number of each of these versions, and how many steps it has."""
    query = (
        SequenceVersion.select(SequenceVersion.id, SequenceVersion.number, fn.COUNT(Step.id))
        .join(Step, on=(Step.version_id == SequenceVersion.id))
        .where(SequenceVersion.id.in_(list(version_ids)))
        .group_by(SequenceVersion.id)
    )
    return {version_id: (number, steps) for version_id, number, steps in tuples(query)}
