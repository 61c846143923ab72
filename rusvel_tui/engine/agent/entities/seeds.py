"""What every session is given once: useful agents, skills, rules and workflows, to keep, change or delete."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Seed:
    """An entity that rusvel brings along."""

    kind: str
    name: str
    body: dict[str, Any]
    engine: str = ""

    @property
    def key(self) -> str:
        """By which a session knows that it was given this one, also after it was deleted or renamed."""
        return f"{self.kind}:{self.engine}:{self.name}"


_RULES = (
    Seed("rule", "Human approval gate", {"text": (
        "Nothing leaves without the person's yes. Put mails into the inbox as drafts and changes before them as proposals, "
        "say in one line what waits and where, and never write as if it had been sent or done."
    )}),
    Seed("rule", "Invoice hygiene", {"text": (
        "Before drafting an invoice make sure of the client, each item with quantity and price, the currency, the tax and the due "
        "date; ask for what is missing instead of assuming it. Look whether that work was invoiced before. A final invoice is "
        "credited or voided, never changed."
    )}, "gtm"),
    Seed("rule", "Community growth", {"text": (
        "Propose growth that people would thank us for: useful work, honest comparisons, a clear way out. No growth hacks, no false "
        "urgency, no bought attention, no writing to people who did not ask."
    )}, "growth"),
)  # fmt: skip

_SKILLS = (
    Seed("skill", "growth-funnel-snapshot", {
        "about": "where people are lost, and what to do about the worst place",
        "text": (
            "Make a snapshot of the funnels. {{input}}\n\n"
            "1. Analyse each funnel: how many people at every stage, the conversion to the next one, against the period before.\n"
            "2. Name the one place where most is lost, in people and in per cent, and whether there are enough people to say so.\n"
            "3. Give two likely reasons, each with the number that would confirm it.\n"
            "4. End with one change to try there."
        ),
    }, "growth"),
    Seed("skill", "growth-weekly-experiment", {
        "about": "one experiment for the coming week",
        "text": (
            "Design one growth experiment for the coming week. {{input}}\n\n"
            "Look at the funnels, cohorts and KPIs first, then fill in every line:\n"
            "- Hypothesis: because of …, doing … will change … by …\n"
            "- Channel\n- Audience: whom exactly, and how many of them we can reach\n- Copy angle: one sentence as they would read it\n"
            "- Metric: one that is measured here, with its reading of today\n"
            "- Sample size: how many are needed to see the change, and whether a week is enough\n"
            "- Stop criteria: at which number we stop early, and what counts as a success"
        ),
    }, "growth"),
    Seed("skill", "weekly-review", {
        "about": "what happened, what is stuck, what comes next",
        "text": (
            "Review the last seven days. {{input}}\n\n"
            "1. What moved: deals, answers, invoices, KPIs, each with its number.\n"
            "2. What is stuck: deals without a next step, mails that wait for a yes, overdue invoices, alerts.\n"
            "3. The three things that matter most next week, each with the first step and why.\n"
            "Say plainly where there is nothing to report."
        ),
    }),
    Seed("skill", "follow-up", {
        "about": "the next mail to somebody: /follow-up Grace Hopper",
        "text": (
            "Prepare the follow-up to {{input}}.\n\n"
            "Find the person and their deal, read the timeline, and say in two lines where things stand. Then draft one short mail: it "
            "refers to what was said last, brings something new, and asks one question. Nobody who objected or asked for silence is "
            "written to. Put the draft into the inbox."
        ),
    }, "gtm"),
)  # fmt: skip

_AGENTS = (
    Seed("agent", "proposal-writer", {
        "about": "writes proposals from what is known of a deal",
        "instructions": (
            "You write proposals for the person at this desk. Read the deal, its contact and its timeline before you write. A proposal "
            "has: the client's aim in their own words, what will be done and what will not, steps with dates, the price with its "
            "currency and terms, and one question that moves the deal on. At most one page. What you do not know stands as a question "
            "at the top, never as a guess. Keep what you wrote as a note on the deal, if the person wants that."
        ),
        "allowed_tools": ["gtm.crm.*", "gtm.invoices.list*", "gtm.invoices.get*", "gtm.invoices.compute_totals", "gtm.outreach.list*"],
    }, "gtm"),
    Seed("agent", "growth-analyst", {
        "about": "reads the numbers, doubts them, and says what they mean",
        "instructions": (
            "You are a careful growth analyst. Read before you speak: funnels, cohorts, KPIs, churn. For every claim give the number, "
            "the period, the size of the group and how sure it is; tell a trend from noise. Compare like with like. Begin with the one "
            "finding that matters, then the evidence, then what to measure next. You change nothing."
        ),
        "allowed_tools": ["growth.*.list*", "growth.*.get*", "growth.funnel.analyze", "growth.cohort.matrix", "growth.cohort.retention",
                          "growth.saas.metrics", "growth.saas.cohorts", "growth.churn.list_cases", "growth.churn.survival", "growth.churn.risks", "growth.dashboard", "growth.status"],
    }, "growth"),
)  # fmt: skip

_WORKFLOWS = (
    Seed("workflow", "Client outreach follow-up", {
        "about": "finds who is due for a word from you, and drafts it after your yes",
        "steps": [
            {"type": "agent", "name": "due", "prompt": (
                "List the people with an open deal or an unanswered mail with whom we had no contact for a week: "
                "name, company, what was said last, why a word is due. At most five, none who objected."
            )},
            {"type": "approval", "name": "choose", "message": "Shall the assistant draft a follow-up for each of these people?"},
            {"type": "agent", "name": "drafts", "prompt": (
                "Draft a short follow-up mail for each of these people into the inbox. It refers to what was said last and asks one "
                "question.\n\n{{steps.due.text}}"
            )},
        ],
    }, "gtm"),
    Seed("workflow", "Weekly review", {
        "about": "the week in sales and in growth, and the three things that come next",
        "steps": [
            {"type": "agent", "name": "week", "prompt": (
                "Review the last seven days: deals that moved or stand still, answers, mails that wait for a yes, invoices that are "
                "overdue, KPIs that changed. Numbers first."
            )},
            {"type": "agent", "name": "next", "prompt": (
                "From this review name the three things that matter most next week, each with its first step and why.\n\n{{previous}}"
            )},
        ],
    }),
)  # fmt: skip

SEEDS = (*_RULES, *_SKILLS, *_AGENTS, *_WORKFLOWS)
"""All there are; add yours here."""
