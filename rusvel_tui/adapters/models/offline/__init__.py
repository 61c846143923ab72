"""Answers without any model: understands what is asked often by patterns, calls the real tools and words their results."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Event

from rusvel_tui.engine.chat_ports import Piece, Question


class OfflineModel:
    """Answers what it knows, and says plainly what it does not."""

    provider = "offline"
    name = "patterns"

    def stream(self, question: Question, stop: Event) -> Iterator[Piece]:
        """The next call of a plan, or the words at its end."""
        from rusvel_tui.adapters.models.offline.answering import answer  # not before it is asked

        return answer(question, stop)
