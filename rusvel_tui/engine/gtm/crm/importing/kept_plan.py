"""What the rows of a file meet, as it is kept from before the first write: the same file meets the same once more."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Self

from rusvel_tui.engine.gtm.crm.importing.plan import NOBODY, OUTCOMES, Outcome, Plan

_BY_LETTER: dict[str, Outcome] = {outcome[0]: outcome for outcome in OUTCOMES}


@dataclass(frozen=True, slots=True)
class KeptPlan:
    """Row numbers, contacts and outcomes of the rows that have a contact, side by side: so 100 000 take 5 MB."""

    numbers: Sequence[int]
    contacts: Sequence[str]
    letters: str
    """The first letters of the outcomes."""

    @classmethod
    def of(cls, plan: Plan) -> Self:
        """What is to be kept of a plan."""
        places = [place for place, contact in enumerate(plan.met) if contact != NOBODY]
        return cls(
            [plan.rows.numbers[place] for place in places],
            [plan.meeting.id_of(plan.met[place]) for place in places],
            "".join(OUTCOMES[plan.fates[place]][0] for place in places),
        )

    @classmethod
    def stored(cls, values: dict[str, Any]) -> Self:
        """From what is stored; nothing is a plan without rows."""
        return cls(
            values.get("numbers", []), values.get("contacts", []), values.get("outcomes", "")
        )

    @property
    def outcomes(self) -> list[Outcome]:
        return [_BY_LETTER[letter] for letter in self.letters]

    def as_text(self) -> str:
        """The stored form. Numbers and ids of ours need no escapes, and the general way takes twice the memory."""
        numbers, contacts = ",".join(map(str, self.numbers)), '","'.join(self.contacts)
        listed = f'["{contacts}"]' if contacts else "[]"
        return f'{{"contacts":{listed},"numbers":[{numbers}],"outcomes":"{self.letters}"}}'
