"""Answers that come, whichever page is in front: looked at a few times a second, gone on with once they may."""

from __future__ import annotations

import gc
from collections.abc import Callable
from functools import partial
from time import monotonic

from textual import work
from textual.timer import Timer

from rusvel_tui.engine.errors import NotFound
from rusvel_tui.screens.assistant.answering import Answering, Conversation, read_conversation
from rusvel_tui.screens.assistant.conversing import Conversing
from rusvel_tui.widgets.chat.entries import Card
from rusvel_tui.widgets.desk_app import DeskApp

FRAME = 1 / 30
"""Seconds between two pictures of an answer that comes."""
TYPING = 0.4
"""Seconds after a key for which more are expected: the screen paints 60 times a second, so that a key right behind a
frame waits for its echo."""
ECHO, GAP = 0.008, 0.038
"""From when until when after a key there is time for a frame: its echo is painted, and the next key is not there yet."""
SELDOM = 0.3
"""Seconds after which a frame comes in any case."""
GARBAGE = 4_000
"""New objects after which a frame clears up behind it: all at once, later, would hold up a key."""


class Answers(Conversing):
    """Starts answers, shows them as they come, and ends them."""

    _beat: Timer | None = None
    _looked = 0.0

    def on_unmount(self) -> None:
        for answer in self.answers:
            answer.stop.set()  # the program waits for its threads

    def begin(self, answer: Answering, work: Callable[[], None]) -> None:
        """Answer in a thread, and look several times a second at what it says."""
        self.answers.append(answer)
        if not answer.conversation_id:
            self.fresh = answer
        self.run_worker(work, group="answer", thread=True, exit_on_error=False)
        if self._beat is None:
            self._beat = self.set_interval(FRAME, self._look)
        self.show_middle()
        if answer is self.answer:
            self.transcript.cursor = len(self.transcript.entries) - 1

    def _look(self) -> None:
        """A frame: what came since the last one; while somebody types, right behind a key or seldom."""
        now = monotonic()
        since = now - (self.app.pressed_at if isinstance(self.app, DeskApp) else 0.0)
        if since < TYPING and not ECHO < since < GAP and now - self._looked < SELDOM:
            return
        self._looked = now
        for answer in tuple(self.answers):
            over = answer.over  # before the news are taken: the last ones are there then
            if answer.take() and answer is self._middle(answer):
                self.show_middle()
            if over:
                self.answers.remove(answer)
                self._finished(answer)
        if gc.get_count()[0] > GARBAGE:
            gc.collect(0)
        if not self.answers and self._beat is not None:
            self._beat.stop()
            self._beat = None

    def _middle(self, answer: Answering) -> Answering | None:
        """The answer in the middle; a new conversation gets its id on the way."""
        if answer is self.fresh and answer.conversation_id:
            self.fresh, self.conversation_id = None, answer.conversation_id
            self.listing.reload(self.conversation_id)
        return self.answer

    def _finished(self, answer: Answering) -> None:
        """The thread is done: what is kept in the database takes the place of what was heard."""
        run = answer.live.run
        self.heard |= answer.live.results
        if answer.error:
            self.complain(answer.error)
        if run is not None and run.run_id and not answer.error and run.ended_at is None:
            self.waiting[run.run_id] = (run.conversation_id, run.department)
            self._look_at_waiting()
            self._point_at_card(run.conversation_id)
        if answer is self.fresh:  # nothing was kept: give the words back
            self.fresh = None
            if not self.input.text:
                self.input.fill(answer.question)
        self._stale = True
        self.mark_tab()
        self.catch_up()
        self.listing.reload(self.conversation_id or None)

    def _point_at_card(self, conversation_id: str) -> None:
        """The cursor goes to what waits. The keys stay where they are: a letter being typed must not decide."""
        if conversation_id != self.conversation_id:
            return
        shown = self.transcript.entries
        at = next((n for n, one in enumerate(shown) if isinstance(one, Card) and one.waits), None)
        if at is not None and self.transcript.at_end:
            self.transcript.cursor = at
        if self.input.has_focus:
            self.input.placeholder = "esc leaves this line, then a approves · r rejects"

    def _news(self, topics: frozenset[str]) -> None:
        super()._news(topics)
        if "agent.proposal" in topics and self.waiting:
            self._look_at_waiting()

    @work(thread=True, group="waiting", exclusive=True, exit_on_error=False)
    def _look_at_waiting(self) -> None:
        """Which of the answers that wait can go on: everything of them was decided."""
        for conversation_id, _ in tuple(self.waiting.values()):
            try:
                found = read_conversation(self.engine, conversation_id)
            except NotFound:
                continue
            self.call_later(self.follow, found)

    def follow(self, found: Conversation) -> None:
        """Go on with an answer that has nothing left to decide; keep in mind one that has."""
        of, conversation_id = found.view.department, found.view.conversation_id
        if found.waits:
            self.waiting[found.waits] = (conversation_id, of)
        elif found.ready and not self.guest and self.answer_in(conversation_id) is None:
            self.waiting.pop(found.ready, None)
            answer = Answering(self.engine, of, conversation_id, base=found.entries)
            self.begin(answer, partial(answer.go_on, found.ready))
        else:
            for run in found.view.runs:
                self.waiting.pop(run.run_id, None)
        self.mark_tab()
