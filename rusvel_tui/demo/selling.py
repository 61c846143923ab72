"""The deals of the story, and what is noted and planned beside them."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from rusvel_tui.demo import texts
from rusvel_tui.demo.hands import Hands
from rusvel_tui.demo.people import NOTES, TASKS
from rusvel_tui.engine.gtm.crm.pipelines.stages import Stage

DEALS = 30
_DILIGENCE = 0.8
"""How much of what is due gets done."""


class Selling:
    """Adds a deal on most days and brings the others on their way; the ends are spread over all stages."""

    def __init__(self, hands: Hands, people: list[str]) -> None:
        self._hands = hands
        self._people = people
        self._deals: list[tuple[str, list[Stage]]] = []

    def day(self, day: int) -> None:
        """A day's work on deals, and every fourth day on notes and tasks."""
        hands = self._hands
        if len(self._deals) < DEALS and day % 7 != 5:
            self._add()
        moving = [(deal_id, way) for deal_id, way in self._deals if way]
        for deal_id, way in hands.rng.sample(moving, min(2, len(moving))):
            hands.later(minutes=30)
            self._advance(deal_id, way.pop(0))
        if day % 4 == 1:
            self._write_down()
            self._do_what_is_due()

    def _add(self) -> None:
        number, rng = len(self._deals), self._hands.rng
        end = list(Stage)[number % len(Stage)]
        further = [stage for stage in Stage if not stage.closed][1:]
        way = [*further, end] if end.closed else further[: list(Stage).index(end)]
        made = self._hands.call(
            "gtm.crm.add_deal",
            contact_id=self._people[-1 - number],
            title=rng.choice(texts.DEALS),
            value=str(rng.randrange(4, 90) * 100),
            currency="USD" if number % 5 == 4 else "EUR",
            expected_close=f"{self._hands.now + timedelta(days=rng.randrange(10, 90)):%Y-%m-%d}",
        )
        self._hands.call("gtm.crm.add_task", deal_id=made.deal_id, **self._step())
        self._deals.append((made.deal_id, way))

    def _advance(self, deal_id: str, stage: Stage) -> None:
        reasons = {Stage.WON: texts.WON, Stage.LOST: texts.LOST}.get(stage, ("",))
        reason = self._hands.rng.choice(reasons)
        if not stage.closed:
            self._talk(deal_id)
        self._hands.call("gtm.crm.advance_deal", deal_id=deal_id, stage=stage, reason=reason)

    def _talk(self, deal_id: str) -> None:
        """A call about a deal; of five, four end with something to do."""
        hands, rng = self._hands, self._hands.rng
        call: dict[str, Any] = {"deal_id": deal_id, "body": rng.choice(NOTES)}
        if rng.random() < _DILIGENCE:
            call["next"] = self._step()
        hands.call("gtm.crm.log_call", **call)

    def _step(self) -> dict[str, Any]:
        """The next thing to do for a deal."""
        rng = self._hands.rng
        due = self._hands.now + timedelta(days=rng.randrange(3, 18))
        return {"subject": rng.choice(TASKS), "due_at": due.isoformat()}

    def _write_down(self) -> None:
        """A note, and something to do."""
        hands, rng = self._hands, self._hands.rng
        contact_id = rng.choice(self._people)
        hands.call("gtm.crm.add_note", contact_id=contact_id, body=rng.choice(NOTES))
        due = hands.now + timedelta(days=rng.randrange(2, 9))
        subject = rng.choice(TASKS)
        hands.call("gtm.crm.add_task", contact_id=contact_id, subject=subject, due_at=due)

    def _do_what_is_due(self) -> None:
        """Most of it; calls and tasks of sequences are among it."""
        hands, now = self._hands, self._hands.now
        for task in hands.call("gtm.crm.list_tasks", limit=1000).items:
            if task.due_at <= now and hands.rng.random() < _DILIGENCE:
                hands.later(minutes=20)
                done: dict[str, Any] = {"activity_id": task.activity_id}
                if task.deal_id and not task.job_id:
                    done["next"] = self._step()
                hands.call("gtm.crm.complete_task", **done)
