"""Words with one spelling for people and files, accepted in any case, stored in lower snake case."""

from __future__ import annotations

from enum import StrEnum
from typing import Self


def _bare(text: str) -> str:
    return text.replace("_", "").replace("-", "").replace(" ", "").casefold()


class Spelled(StrEnum):
    """An enum whose values are printed as they are spelled; `Awaiting_approval` finds `AwaitingApproval`."""

    @classmethod
    def _missing_(cls, value: object) -> Self | None:
        if not isinstance(value, str):
            return None
        return next((member for member in cls if _bare(member.value) == _bare(value)), None)

    @property
    def key(self) -> str:
        """The stored form: `awaiting_approval`."""
        return self.name.lower()
