"""Two to four things to do next for a deal, each with its day and the operation that plans or drafts it; writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime, time

from pydantic import Field

from rusvel_tui.engine.agent.asking_model import Answer, Line, Task, ask_model
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.crm.advice.facts import DealFacts, load_facts
from rusvel_tui.engine.gtm.crm.advice.next_step import told
from rusvel_tui.engine.gtm.crm.advice.stepping import plan
from rusvel_tui.engine.gtm.crm.advice.steps import steps
from rusvel_tui.engine.gtm.crm.advice.suggestions import Advice, Suggestion, Thinking
from rusvel_tui.engine.gtm.crm.pipelines.stages import StageKind
from rusvel_tui.engine.operation import View, operation
from rusvel_tui.engine.text import fold

LEAST, MOST = 2, 4
_MAKES = ("gtm.crm.add_task", "gtm.outreach.create_email_draft", "gtm.mail.answer", "gtm.outreach.execute_sequence")  # fmt: skip
"""What is a follow-up; moving a deal or looking at something is none."""


class ProposeFollowUps(Thinking):
    """The follow-ups of which deal."""

    deal_id: str


class FollowUpPlan(View):
    """One thing to do."""

    kind: str
    """`Task`, `Call`, `Meeting`, `Email`, `Sequence`."""
    subject: str
    due: date
    why: str
    suggestion: Suggestion


class FollowUps(Advice):
    """What to do next for a deal, in the order of the days."""

    deal_id: str
    deal: str
    items: tuple[FollowUpPlan, ...]


class Reworded(Answer):
    """A model's subjects for the follow-ups that the rules plan."""

    subjects: tuple[Line, ...] = Field(min_length=LEAST, max_length=MOST)
    """One for each, in the same order."""


_TASK = """\
A salesperson plans these follow-ups for one deal. Give each a short subject that says what it is about, in the order given; \
keep what is to be done and when."""


@operation("gtm.crm.propose_follow_ups", permission="crm.deals.read", staged=True)
def propose_follow_ups(ctx: Context, cmd: ProposeFollowUps) -> FollowUps:
    """Propose two to four follow-ups for a deal, each with its day and the operation that makes it; writes nothing."""
    facts = ctx.read(lambda: load_facts(ctx, cmd.deal_id))
    found = plans(facts)
    task = Task("follow_ups", _TASK, Reworded, lambda one: "" if len(one.subjects) == len(found) else "there are more or fewer of them")  # fmt: skip
    told_ = told(facts) | {"follow_ups": [one.model_dump(mode="json", exclude={"suggestion"}) for one in found]}  # fmt: skip
    asked = ask_model(ctx, task, told_, cmd.think)
    if asked.answer:
        found = [_renamed(one, words) for one, words in zip(found, asked.answer.subjects, strict=True)]  # fmt: skip
    return FollowUps(
        by=asked.by,
        note=asked.note,
        deal_id=facts.deal.deal_id,
        deal=facts.deal.title,
        items=tuple(found),
    )


def plans(facts: DealFacts) -> list[FollowUpPlan]:
    """What the rules of the next step make, filled up with a usual cadence; no two alike, the earliest first."""
    found: list[FollowUpPlan] = []
    for one in (*_of_rules(facts), *_cadence(facts)):
        alike = any(fold(one.subject) == fold(other.subject) or (one.kind, one.due) == (other.kind, other.due) for other in found)  # fmt: skip
        if not alike:
            found.append(one)
    enough = [one for one in found if one.due][:MOST]
    return sorted(enough, key=lambda one: one.due)


def _of_rules(facts: DealFacts) -> Iterator[FollowUpPlan]:
    for step in steps(facts):
        if step.suggestion.operation in _MAKES:
            yield _planned(facts, step.suggestion, step.text.rstrip("."), step.why)


def _cadence(facts: DealFacts) -> Iterator[FollowUpPlan]:
    """After the first thing: a call, a check, a decision; spread over two weeks."""
    who, title = facts.deal.contact_name, facts.deal.title
    if facts.deal.status.closed:
        won = facts.deal.status is StageKind.WON
        first = (f"Ask {who} how it goes", 14) if won else (f"Tell {who} what has changed", 45)
        for subject, days in (first, (f"Send {who} something useful", 60)):
            yield _planned(facts, plan(facts, subject, days), subject, "Who is not forgotten comes back.")  # fmt: skip
        return
    call = plan(facts, f"Call {who} about {title}", 3, "Call", time(10))
    yield _planned(facts, call, f"Call {who} about {title}", "Some answer the phone, and no mails.")  # fmt: skip
    for subject, days, why in (
        (f"Send {who} something useful about {title}", 7, "A reason to write that asks for nothing."),
        (f"Decide: go on with {title}, or close it", 14, "What has no answer by then is better closed."),
    ):  # fmt: skip
        yield _planned(facts, plan(facts, subject, days), subject, why)


def _planned(facts: DealFacts, suggestion: Suggestion, subject: str, why: str) -> FollowUpPlan:
    given = suggestion.input
    due = facts.today
    if "due_at" in given:
        due = datetime.fromisoformat(given["due_at"]).astimezone(facts.zone).date()
    kinds = {"gtm.crm.add_task": given.get("kind", "Task"), "gtm.outreach.execute_sequence": "Sequence"}  # fmt: skip
    return FollowUpPlan(
        kind=kinds.get(suggestion.operation, "Email"),
        subject=str(given.get("subject") or subject),
        due=due,
        why=why,
        suggestion=suggestion,
    )


def _renamed(one: FollowUpPlan, words: str) -> FollowUpPlan:
    """The same, with a model's subject."""
    given = one.suggestion.input
    changed = given | ({"subject": words} if "subject" in given else {})
    return one.model_copy(update={"subject": words, "suggestion": one.suggestion.model_copy(update={"input": changed})})  # fmt: skip
