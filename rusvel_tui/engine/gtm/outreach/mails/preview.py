"""What a sequence would do: a step checked without storing it, and every text as one person would get it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from rusvel_tui.engine import templates
from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.crm.people.people import find_contact, label
from rusvel_tui.engine.gtm.outreach.enrolling.manual import task_text
from rusvel_tui.engine.gtm.outreach.mails.brief import default_subject
from rusvel_tui.engine.gtm.outreach.mails.envelope import NO_ADDRESS
from rusvel_tui.engine.gtm.outreach.mails.facts import primary_email
from rusvel_tui.engine.gtm.outreach.mails.fields import (
    custom_fields,
    field_values,
    known_fields,
)
from rusvel_tui.engine.gtm.outreach.sequences import variants
from rusvel_tui.engine.gtm.outreach.sequences.finding import find_sequence
from rusvel_tui.engine.gtm.outreach.sequences.sequence_views import StepView
from rusvel_tui.engine.gtm.outreach.sequences.sequence_views import view as sequence_view
from rusvel_tui.engine.gtm.outreach.sequences.step_input import BranchInput, DelayUnit, VariantInput
from rusvel_tui.engine.gtm.outreach.sequences.steps import (
    STEP_KINDS,
    CheckedStep,
    StepInput,
    StepType,
    check_step,
)
from rusvel_tui.engine.gtm.outreach.timing.schedules import send_times, undisturbed
from rusvel_tui.engine.gtm.outreach.timing.send_times import SendTimes
from rusvel_tui.engine.lint.holes import leftovers
from rusvel_tui.engine.models import Contact
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.text import one_line, sanitize


class CheckStep(Input):
    """A step that is not stored yet."""

    step: StepInput
    number: int = 1
    """Its place in the sequence; the error names it."""


class StepText(View):
    """A step as it would be stored: type and channel settled, texts cleaned."""

    type: StepType
    delay_days: int
    channel: str
    subject: str
    body: str
    instructions: str
    key: str = ""
    delay_unit: DelayUnit = "days"
    when: tuple[str, ...] = ()
    branches: tuple[BranchInput, ...] = ()
    variants: tuple[VariantInput, ...] = ()

    @classmethod
    def of(cls, step: CheckedStep | StepView) -> StepText:
        """The text of a step that was checked or stored."""
        return cls.model_validate({name: getattr(step, name) for name in cls.model_fields})

    @property
    def as_input(self) -> StepInput:
        """The step as it is given to a sequence."""
        return StepInput.model_validate(self.model_dump())


class PreviewSequence(Input):
    """Which sequence for whom; `steps` stand in for the stored ones."""

    contact_id: str
    sequence_id: str = ""
    name: str = ""
    """The sequence's name, for steps that belong to none yet."""
    steps: tuple[StepInput, ...] = ()


class StepPreview(View):
    """One step for one person."""

    number: int
    type: StepType
    channel: str
    at: datetime
    """When it is due if every step is done on its day; a window counts from its start."""
    zone: str
    """The clock by which that is counted, and where it is known from."""
    zone_origin: str
    to: str
    """The address of a mail; empty for what is done by hand."""
    subject: str
    body: str
    problems: tuple[str, ...]
    """Why the draft could not leave like this."""
    notes: tuple[str, ...]
    """What deserves a look: fallbacks that stand in the text."""


class SequencePreview(View):
    """All steps for one person."""

    contact_id: str
    contact: str
    sequence: str
    steps: tuple[StepPreview, ...]


class FieldList(View):
    """The merge fields, each with what it means."""

    fields: dict[str, str]


@operation("gtm.outreach.merge_fields", permission="crm.sequences.read")
def list_fields(ctx: Context, cmd: Input) -> FieldList:
    """List the merge fields that a template may use: the standard ones, and those of your contacts."""
    own = dict.fromkeys(sorted(custom_fields(ctx)), "a field of your contacts")
    return FieldList(fields=dict(templates.MERGE_FIELDS) | own)


@operation("gtm.outreach.check_step", permission="crm.sequences.read", internal=True)
def check_one_step(ctx: Context, cmd: CheckStep) -> StepText:
    """Check one step as a sequence would, without storing it."""
    return StepText.of(check_step(cmd.number, cmd.step, known_fields(ctx)))


@operation("gtm.outreach.preview_sequence", permission="crm.sequences.read")
def preview_sequence(ctx: Context, cmd: PreviewSequence) -> SequencePreview:
    """Show every step of a sequence as a contact would get it, with its day; nothing is stored or sent."""
    contact = find_contact(ctx, cmd.contact_id)
    stored = sequence_view(find_sequence(ctx, cmd.sequence_id)) if cmd.sequence_id else None
    name = one_line(cmd.name) or (stored.name if stored else "")
    known = known_fields(ctx)
    steps = [StepText.of(check_step(n, step, known)) for n, step in enumerate(cmd.steps, 1)]
    if not steps and stored:
        steps = [StepText.of(step) for step in stored.steps]
    email = primary_email(ctx, contact.id)
    times = undisturbed(send_times(ctx, cmd.sequence_id, contact, "", ""))
    reader = _Reader(ctx, contact, name, email.address if email else "", times)
    return SequencePreview(
        contact_id=contact.id,
        contact=label(contact),
        sequence=name,
        steps=tuple(reader.read(number, step) for number, step in enumerate(steps, 1)),
    )


def _about(step: StepText) -> Iterator[str]:
    """What may make it different for this person."""
    yield from (f"Only when {condition}; else it is skipped." for condition in step.when)
    if step.variants:
        yield f"Variant {step.variants[0].name} of {len(step.variants)}: who gets which is left to chance."
    yield from (f"When {branch.when}: goes on to {branch.goto}." for branch in step.branches)


@dataclass(slots=True)
class _Reader:
    """Goes through the steps in order: each day counts from the one before, each subject from the first mail's."""

    ctx: Context
    contact: Contact
    sequence: str
    address: str
    times: SendTimes
    at: datetime | None = None
    first_subject: str = ""

    def read(self, number: int, step: StepText) -> StepPreview:
        due = self.times.due_at(self.at or self.ctx.now, step.delay_days, step.delay_unit)
        self.at = self.times.next_open(due) or due
        mail = STEP_KINDS[step.type].mail
        subject, body, problems, notes = self._mail(step) if mail else self._task(step)
        return StepPreview(
            number=number,
            type=step.type,
            channel=step.channel,
            at=self.at,
            zone=self.times.zone,
            zone_origin=self.times.origin,
            to=self.address if mail else "",
            subject=subject,
            body=body,
            problems=tuple(problems),
            notes=(*_about(step), *notes),
        )

    def _mail(self, step: StepText) -> tuple[str, str, list[str], list[str]]:
        given, own = step.subject, step.body
        if step.variants:
            pairs = [one.model_dump() for one in step.variants]
            given, own = variants.texts(given, own, pairs, pairs[0]["name"])
        source = given or default_subject(self.sequence, self.first_subject)
        subject, body = self._fill(source), self._fill(own)
        line, text = one_line(subject.text), sanitize(body.text).strip()
        self.first_subject = self.first_subject or line
        missing = dict.fromkeys((*subject.missing, *body.missing))
        problems = [f"{{{{{name}}}}} has no value for this person." for name in missing]
        problems = problems or leftovers(f"{line}\n{text}")
        if not self.address:
            problems.insert(0, NO_ADDRESS)
        used = dict.fromkeys((*subject.used_fallback, *body.used_fallback))
        notes = [f"{{{{{name}}}}} is empty: its fallback stands there." for name in used]
        return line, text, problems, notes

    def _task(self, step: StepText) -> tuple[str, str, list[str], list[str]]:
        subject, body = task_text(
            self.ctx,
            self.contact,
            self.sequence,
            step.type,
            step.subject,
            step.body or step.instructions,
        )
        return subject, body, [], []

    def _fill(self, text: str) -> templates.Rendered:
        template = templates.parse(text)
        wanted = frozenset(template.fields)
        values = field_values(self.ctx, self.contact, self.address, self.sequence, wanted)
        return templates.render(template, values)
