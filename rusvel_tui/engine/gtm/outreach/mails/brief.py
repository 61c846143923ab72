"""The brief for a drafter: the step, the person, numbered facts with their sources, and what went before."""

from __future__ import annotations

from collections.abc import Iterator

from rusvel_tui.engine import templates
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.crm.pipelines.stages import load_stages
from rusvel_tui.engine.gtm.outreach.mails.facts import primary_email
from rusvel_tui.engine.gtm.outreach.mails.fields import field_values
from rusvel_tui.engine.gtm.outreach.sequences import variants
from rusvel_tui.engine.gtm.senders.identity import identity_of
from rusvel_tui.engine.models import Activity, Contact, Deal, Mail, Sequence, Step
from rusvel_tui.engine.money import Money
from rusvel_tui.engine.ports import Brief, Fact, PastMail, Style
from rusvel_tui.engine.text import one_line

PAST_ACTIVITIES = 5
"""How many notes, calls and meetings a drafter is told of."""
LONGEST_FACT = 500


def brief_for(ctx: Context, mail: Mail) -> Brief:
    """What the drafter may know about this mail."""
    contact = Contact.get_by_id(mail.contact_id)
    sequence = Sequence.get_by_id(mail.sequence_id)
    steps = list(Step.select().where(Step.version_id == mail.version_id).order_by(Step.position))
    step = steps[mail.position]
    email = primary_email(ctx, contact.id)
    who = identity_of(ctx, mail)
    subject, body = variants.texts(step.subject, step.body, step.variants, mail.variant)
    wanted = frozenset(name for text in (subject, body) for name in templates.parse(text).fields)
    sent = sent_before(mail)
    return Brief(
        sequence=sequence.name,
        step_number=mail.position + 1,
        step_count=len(steps),
        subject_template=subject,
        subject_fallback=default_subject(sequence.name, sent[0].subject if sent else ""),
        body_template=body,
        fields=field_values(
            ctx,
            contact,
            email.address if email else "",
            sequence.name,
            wanted,
            (who.name, who.address),
        ),
        facts=tuple(facts_about(contact, mail.deal_id)),
        sender_name=who.name,
        style=_style(sequence, step),
        instructions=step.instructions,
        past=tuple(PastMail(m.subject, m.body, m.sent_at) for m in sent),
        wish=mail.metadata.get("wish", ""),
        present=(mail.subject, mail.body) if mail.metadata.get("wish") else ("", ""),
        use_ai=step.metadata.get("ai", True),
    )


def facts_about(contact: Contact, deal_id: str | None) -> Iterator[Fact]:
    """What the desk knows beyond the merge fields: where the person comes from, the deal, and what was noted."""
    if contact.source and contact.source != "manual":
        yield Fact(f"came from {contact.source}", "the contact")
    if contact.notes.strip():
        yield Fact(_short(contact.notes), "notes of the contact")
    deal = Deal.get_or_none((Deal.id == deal_id) & Deal.deleted_at.is_null()) if deal_id else None
    if deal is not None:
        worth = Money(deal.value_minor, deal.currency)
        stage = load_stages(deal.session_id).of(deal.stage).name
        yield Fact(_short(f"{deal.title}: {stage}, {worth}"), "the deal")
        if deal.notes.strip():
            yield Fact(_short(deal.notes), "notes of the deal")
    for activity in _recent(contact.id):
        said = " ".join(filter(None, (activity.subject, activity.body, activity.outcome)))
        if said.strip():
            yield Fact(_short(said), f"{activity.kind} of {activity.at:%Y-%m-%d}")


def _recent(contact_id: str) -> list[Activity]:
    """The newest notes, calls and meetings. Mails are told as what went before."""
    return list(
        Activity.select()
        .where(
            (Activity.contact_id == contact_id)
            & (Activity.status == "done")
            & Activity.deleted_at.is_null()
            & Activity.kind.in_(("note", "call", "meeting"))
        )
        .order_by(Activity.at.desc(), Activity.id.desc())
        .limit(PAST_ACTIVITIES)
    )


def _style(sequence: Sequence, step: Step) -> Style:
    """The step's own tone, language and length before those of the sequence."""
    asked = {
        name: one_line(str(step.metadata.get(name) or sequence.metadata.get(name) or ""))
        for name in Style.__dataclass_fields__
    }
    return Style(**asked)


def _short(text: str) -> str:
    line = one_line(text)
    return line if len(line) <= LONGEST_FACT else line[: LONGEST_FACT - 1] + "…"


def default_subject(sequence: str, first_subject: str) -> str:
    """The subject of a mail whose step names none: a reply to the first mail, else the sequence's name."""
    if not first_subject:
        return sequence
    return first_subject if first_subject.lower().startswith("re:") else f"Re: {first_subject}"


def sent_before(mail: Mail) -> list[Mail]:
    """The mails of the same enrollment that left before this one, oldest first."""
    return list(
        Mail.select()
        .where(
            (Mail.enrollment_id == mail.enrollment_id)
            & (Mail.state == "sent")
            & (Mail.id != mail.id)
        )
        .order_by(Mail.sent_at, Mail.id)
    )
