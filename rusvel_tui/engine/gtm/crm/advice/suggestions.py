"""What advice is made of: words, the signals that they rest on, and something that can be done with one key."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rusvel_tui.engine.operation import Input, View


class Suggestion(View):
    """Something to do, in words, and the operation with its input."""

    text: str
    operation: str
    input: dict[str, Any]


class Signal(View):
    """One thing that the advice rests on."""

    kind: str
    """`reply`, `quiet`, `overdue task`…"""
    text: str
    evidence: str = ""
    """The words, or the record, that say so."""
    target_kind: str = ""
    target_id: str = ""
    """Where it stands: an activity, a mail, an invoice, the deal."""
    at: datetime | None = None


class Thinking(Input):
    """An input that a model may think about."""

    think: bool | None = None
    """Whether to ask the model, for a person: left out, it is asked where one is set up. Programs read what the rules say."""


class Advice(View):
    """Who gave it, and what to know about that."""

    by: str = "rules"
    """`rules`, or the model whose answer passed the checks."""
    note: str = ""
    """Why a model's answer is missing, where one was asked."""
