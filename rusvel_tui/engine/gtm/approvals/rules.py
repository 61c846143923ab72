"""Rules that say yes in a person's place: none by default, each with a cap, and every yes of theirs marked as such."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from pydantic import Field

from rusvel_tui.engine import calendar
from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import EngineError, InvalidInput, NotFound
from rusvel_tui.engine.gtm.approvals.verdicts import require_approvable, say_yes
from rusvel_tui.engine.gtm.outreach.sequences.finding import find_sequence
from rusvel_tui.engine.gtm.outreach.sequences.steps import StepType
from rusvel_tui.engine.models import ApprovalRule, DraftVersion, Mail
from rusvel_tui.engine.operation import Input, View, operation
from rusvel_tui.engine.text import one_line

TEMPLATE = "template"
"""Who wrote a draft that no model had a hand in."""


class AddRule(Input):
    """A rule: which drafts need no look, and how many of them in a day."""

    name: str
    daily_cap: int = Field(ge=1, le=1000)
    """So many mails a day leave by this rule; the rest waits for you."""
    sequence_id: str | None = None
    """Only mails of this sequence; of all when left out."""
    first_mails: bool = False
    """Also the first mail to a person, not only follow-ups."""
    warnings: bool = False
    """Also drafts that the lint has doubts about. Errors are never let through."""
    by_model: bool = False
    """Also drafts that a model wrote."""


class RuleId(Input):
    """Which rule."""

    rule_id: str


class RuleView(View):
    """One rule, and how much of its day is used."""

    rule_id: str
    name: str
    sequence_id: str | None
    first_mails: bool
    warnings: bool
    by_model: bool
    daily_cap: int
    used_today: int
    created_by: str
    created_at: datetime


class PolicyView(View):
    """Who says yes: you, always; or rules for some mails."""

    policy: Literal["always", "rules"]
    """`always`: every mail waits for a person."""
    rules: tuple[RuleView, ...]


@operation("gtm.approvals.policy", permission="crm.approvals.read")
def show_policy(ctx: Context, cmd: Input) -> PolicyView:
    """Show whether every mail waits for a person, or rules let some leave by themselves."""
    rules = tuple(_view(ctx, rule) for rule in _living(ctx))
    return PolicyView(policy="rules" if rules else "always", rules=rules)


@operation(
    "gtm.approvals.add_rule", writes=True, permission="crm.approvals.manage", human_only=True
)
def add_rule(ctx: Context, cmd: AddRule) -> RuleView:
    """Let a kind of draft leave without a look, up to a number in a day; drafts that wait already go on waiting."""
    ctx.require_human("make a rule that approves mails")
    name = one_line(cmd.name)
    if not name or len(name) > 80:
        raise InvalidInput("A rule needs a name of 1 to 80 characters.", field="name")
    if cmd.sequence_id is not None:
        find_sequence(ctx, cmd.sequence_id)
    rule = ApprovalRule(
        id=ctx.new_id(),
        session_id=ctx.session_id,
        name=name,
        sequence_id=cmd.sequence_id,
        first_mails=int(cmd.first_mails),
        warnings=int(cmd.warnings),
        by_model=int(cmd.by_model),
        daily_cap=cmd.daily_cap,
        created_by=ctx.actor.name,
        created_at=ctx.now,
        updated_at=ctx.now,
    )
    rule.save(force_insert=True)
    return _recorded(ctx, rule, "gtm.approvals.delete_rule")


@operation(
    "gtm.approvals.delete_rule", writes=True, permission="crm.approvals.manage", human_only=True
)
def delete_rule(ctx: Context, cmd: RuleId) -> RuleView:
    """Delete a rule: what it would have let through waits for you again."""
    rule = _find(ctx, cmd.rule_id, deleted=False)
    rule.deleted_at = ctx.now
    rule.save()
    return _recorded(ctx, rule, "gtm.approvals.restore_rule")


@operation(
    "gtm.approvals.restore_rule",
    writes=True,
    permission="crm.approvals.manage",
    internal=True,
)
def restore_rule(ctx: Context, cmd: RuleId) -> RuleView:
    """Bring a deleted rule back."""
    ctx.require_human("bring a rule back that approves mails")
    rule = _find(ctx, cmd.rule_id, deleted=True)
    rule.deleted_at = None
    rule.save()
    return _recorded(ctx, rule, "gtm.approvals.delete_rule")


def approve_by_rule(ctx: Context, mail: Mail) -> bool:
    """Say yes to a fresh draft when a rule allows it, and mark it; false when it waits for a person."""
    rule = next((rule for rule in _living(ctx) if allows(rule, mail) and _room(ctx, rule)), None)
    if rule is None or _was_written_anew(mail):
        return False
    try:
        require_approvable(ctx, mail, mail.digest or "")
    except EngineError:  # it waits for a person, who is told the reason
        return False
    say_yes(ctx, mail, approved_by=f"rule {rule.name}", approved_rule=rule.id)
    payload = {
        "name": mail.to_name or mail.to_address,
        "subject": mail.subject,
        "digest": mail.digest,
        "automatic": True,
        "rule": rule.name,
    }
    undo = Inverse("gtm.approvals.unapprove", {"id": mail.id})
    ctx.record("gtm.outreach.approved", mail.id, payload, undo=undo)
    return True


def allows(rule: ApprovalRule, mail: Mail) -> bool:
    """Whether the rule is about this draft; the cap comes on top. Pure."""
    return (
        mail.step_type == StepType.EMAIL_AUTO.key
        and not mail.source_kind
        and not mail.problems
        and rule.sequence_id in (None, mail.sequence_id)
        and bool(rule.first_mails or not mail.first_touch)
        and bool(rule.warnings or not mail.warnings)
        and bool(rule.by_model or mail.drafted_by == TEMPLATE)
    )


def _was_written_anew(mail: Mail) -> bool:
    """Whether a person had a say in the draft already: then they look at it again."""
    later = (DraftVersion.mail_id == mail.id) & (DraftVersion.number > 1)
    return bool(DraftVersion.select().where(later).exists())


def _room(ctx: Context, rule: ApprovalRule) -> bool:
    return _used(ctx, rule) < rule.daily_cap


def _used(ctx: Context, rule: ApprovalRule) -> int:
    today, _ = calendar.day_bounds(ctx.now, ctx.zone)
    by_rule = (Mail.approved_rule == rule.id) & (Mail.approved_at >= today)
    return int(Mail.select().where(by_rule).count())


def _living(ctx: Context) -> list[ApprovalRule]:
    living = (ApprovalRule.session_id == ctx.session_id) & ApprovalRule.deleted_at.is_null()
    return list(ApprovalRule.select().where(living).order_by(ApprovalRule.id))


def _find(ctx: Context, rule_id: str, *, deleted: bool) -> ApprovalRule:
    found = ApprovalRule.get_or_none(
        (ApprovalRule.id == rule_id)
        & (ApprovalRule.session_id == ctx.session_id)
        & ApprovalRule.deleted_at.is_null(not deleted)
    )
    if found is None:
        raise NotFound(f"There is no rule {rule_id!r}. `gtm.approvals.policy` shows them.")
    rule: ApprovalRule = found
    return rule


def _recorded(ctx: Context, rule: ApprovalRule, inverse: str) -> RuleView:
    undo = Inverse(inverse, {"rule_id": rule.id})
    gone = rule.deleted_at is not None
    payload: dict[str, Any] = {"name": rule.name, "cap": rule.daily_cap, "deleted": gone}
    ctx.record("gtm.approvals.rules_changed", rule.id, payload, undo=undo)
    return _view(ctx, rule)


def _view(ctx: Context, rule: ApprovalRule) -> RuleView:
    names = ("name", "sequence_id", "first_mails", "warnings", "by_model", "daily_cap",
             "created_by", "created_at")  # fmt: skip
    values = {name: getattr(rule, name) for name in names}
    return RuleView(rule_id=rule.id, used_today=_used(ctx, rule), **values)
