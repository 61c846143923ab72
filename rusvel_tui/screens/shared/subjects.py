"""Whom a page is about at the moment, so that notes, tasks and deals begin with the right person from anywhere."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Protocol, runtime_checkable

from rusvel_tui.screens.page import Page
from rusvel_tui.screens.shared.picker import pick_contact


@dataclass(frozen=True, slots=True)
class Subject:
    """A contact, or a deal and its contact."""

    contact_id: str
    name: str
    deal_id: str = ""
    deal: str = ""

    @property
    def label(self) -> str:
        """The deal's title, else the person's name."""
        return self.deal or self.name


@runtime_checkable
class HasSubject(Protocol):
    """A page with a cursor on somebody."""

    @property
    def subject(self) -> Subject | None: ...


def subject_of(page: Page[Any]) -> Subject | None:
    """Whom the page is about; None when it is about nobody."""
    return page.subject if isinstance(page, HasSubject) else None


async def ask_subject(page: Page[Any], question: str) -> Subject | None:
    """Whom the page is about, else whomever the person picks. Await it in a worker."""
    return subject_of(page) or await pick_subject(page, question)


async def pick_subject(page: Page[Any], question: str) -> Subject | None:
    """Whomever the person picks; None when they gave up. Await it in a worker."""
    row = await pick_contact(page, question)
    return None if row is None else Subject(row.id, row.name or row.company or row.email)
