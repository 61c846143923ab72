"""Stand-ins for the ports: a mailer that follows a script and a drafter without imagination."""

from __future__ import annotations

import sqlite3
from collections import deque
from collections.abc import Callable, Iterable

from rusvel_tui.engine import templates
from rusvel_tui.engine.ports import (
    Brief,
    Draft,
    DrafterFailed,
    Envelope,
    Gate,
    InDoubt,
    NotSent,
    Receipt,
)

Outcome = NotSent | InDoubt | Receipt | Exception
"""What the server does with one mail: take it, refuse it, say nothing, or break."""


class RecordingMailer:
    """Takes every mail, or does what its script says next; `sent` holds what was taken.

    `NotSent` and other errors come before the gate, or behind it when they stand in `after_gate`.
    """

    label = "recording mailer"

    def __init__(self, script: Iterable[Outcome] = ()) -> None:
        self.script: deque[Outcome] = deque(script)
        self.sent: list[Envelope] = []
        self.offered: list[Envelope] = []
        self.before_gate: Callable[[Envelope], None] = lambda envelope: None
        self.late = False
        """Whether refusals come as the answer to the final dot."""
        self.closed = 0

    def send(self, envelope: Envelope, gate: Gate) -> Receipt:
        outcome = self.script.popleft() if self.script else Receipt(250, "2.0.0 taken", "Q1")
        self.offered.append(envelope)
        self.before_gate(envelope)
        if isinstance(outcome, Exception) and not (self.late or isinstance(outcome, InDoubt)):
            raise outcome
        gate()
        if isinstance(outcome, Exception):
            raise outcome
        self.sent.append(envelope)
        return outcome

    def close(self) -> None:
        self.closed += 1


class CannedDrafter:
    """Fills the template, and does what its script says next."""

    name = "canned"

    def __init__(self, script: Iterable[Draft | Exception] = ()) -> None:
        self.script: deque[Draft | Exception] = deque(script)
        self.briefs: list[Brief] = []
        self.before: Callable[[Brief], None] = lambda brief: None

    def draft(self, brief: Brief) -> Draft:
        self.briefs.append(brief)
        self.before(brief)
        if self.script:
            outcome = self.script.popleft()
            if isinstance(outcome, Exception):
                raise outcome
            return outcome
        subject = templates.render(
            templates.parse(brief.subject_template or brief.subject_fallback), brief.fields
        )
        body = templates.render(templates.parse(brief.body_template), brief.fields)
        missing = dict.fromkeys((*subject.missing, *body.missing))
        problems = tuple(f"{name} has no value" for name in missing)
        return Draft(subject.text, body.text, self.name, problems=problems)


def sqlite_error(name: str) -> sqlite3.OperationalError:
    """An error as the library raises it."""
    error = sqlite3.OperationalError(name)
    error.sqlite_errorname = name
    return error


__all__ = ["CannedDrafter", "DrafterFailed", "Outcome", "RecordingMailer", "sqlite_error"]
