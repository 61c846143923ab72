"""The steps of a sequence while somebody changes them."""

from __future__ import annotations

from dataclasses import dataclass, field

from rusvel_tui.engine.gtm.outreach.mails.preview import StepText
from rusvel_tui.engine.gtm.outreach.sequences.sequence_views import SequenceStatus, SequenceView
from rusvel_tui.engine.gtm.outreach.sequences.sequences import UpdateSequence
from rusvel_tui.screens.sequences.step_forms import Around
from rusvel_tui.screens.sequences.words import under_way

Steps = tuple[StepText, ...]


@dataclass(slots=True)
class WorkingCopy:
    """What is stored, what it shall become, and the way back."""

    sequence: SequenceView
    """The sequence as it was read last."""
    steps: Steps = ()
    stored: Steps = ()
    past: list[Steps] = field(default_factory=list)

    @classmethod
    def of(cls, sequence: SequenceView) -> WorkingCopy:
        """A copy that equals what is stored."""
        steps = tuple(map(StepText.of, sequence.steps))
        return cls(sequence, steps, steps)

    @property
    def dirty(self) -> bool:
        """True while there is something to store."""
        return self.steps != self.stored

    @property
    def autosaves(self) -> bool:
        """True while no version can matter to anybody: a draft that nobody was ever in."""
        seen = self.sequence
        touched = under_way(seen) or seen.completed or seen.cancelled
        return seen.status is SequenceStatus.DRAFT and not touched

    @property
    def update(self) -> UpdateSequence:
        """The order to store the steps as they are now."""
        return UpdateSequence(
            sequence_id=self.sequence.sequence_id,
            steps=tuple(step.as_input for step in self.steps),
            version=self.sequence.version,
        )

    def around(self, start: int, end: int) -> Around:
        """What stands before and after the steps of a slice."""
        return Around(self.sequence.sequence_id, self.steps[:start], self.steps[end:])

    def put(self, at: int, step: StepText) -> None:
        """Another step in place of the one at that index."""
        self._become((*self.steps[:at], step, *self.steps[at + 1 :]))

    def insert(self, at: int, step: StepText) -> None:
        """A new step at that index."""
        self._become((*self.steps[:at], step, *self.steps[at:]))

    def remove(self, at: int) -> None:
        """Without the step at that index."""
        self._become(self.steps[:at] + self.steps[at + 1 :])

    def move(self, at: int, to: int) -> None:
        """The step of one index at another."""
        rest = self.steps[:at] + self.steps[at + 1 :]
        self._become((*rest[:to], self.steps[at], *rest[to:]))

    def undo(self) -> None:
        """As it was before the last change."""
        self.steps = self.past.pop()

    def accept(self, sequence: SequenceView, steps: Steps) -> None:
        """These steps are stored now, as that sequence."""
        self.sequence, self.stored = sequence, steps
        self.past.clear()

    def _become(self, steps: Steps) -> None:
        self.past.append(self.steps)
        self.steps = steps
