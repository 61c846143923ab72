"""What the lint says about a mail, rule by rule with its places, for the one who approves."""

from __future__ import annotations

from typing import Literal

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.gtm.approvals.boxes import ApprovalId
from rusvel_tui.engine.gtm.outreach.mails.letters import letter_of
from rusvel_tui.engine.gtm.outreach.mails.mail_states import find_mail
from rusvel_tui.engine.lint import RULES, lint
from rusvel_tui.engine.operation import Input, View, operation


class FindingView(View):
    """One thing that a rule found."""

    rule: str
    level: Literal["error", "warning"]
    text: str
    field: Literal["", "subject", "body"]
    start: int
    end: int
    """The place in that field, in characters; both 0 when it is about all of it."""


class LintView(View):
    """What is wrong with a mail: errors block the yes, warnings do not."""

    errors: tuple[FindingView, ...]
    warnings: tuple[FindingView, ...]


class RuleView(View):
    """One rule of the lint."""

    name: str
    level: Literal["error", "warning"]
    summary: str


class RuleList(View):
    """All rules, errors first."""

    items: tuple[RuleView, ...]


@operation("gtm.approvals.lint", permission="crm.approvals.read")
def lint_mail(ctx: Context, cmd: ApprovalId) -> LintView:
    """Check a mail by every rule: what blocks it, and what deserves a look."""
    found = [
        FindingView.model_validate(
            {name: getattr(finding, name) for name in FindingView.model_fields}
        )
        for finding in lint(letter_of(ctx, find_mail(ctx, cmd.id)))
    ]
    return LintView(
        errors=tuple(finding for finding in found if finding.level == "error"),
        warnings=tuple(finding for finding in found if finding.level == "warning"),
    )


@operation("gtm.approvals.lint_rules", permission="crm.approvals.read")
def list_rules(ctx: Context, cmd: Input) -> RuleList:
    """List the rules that a mail is checked by."""
    rows = (
        {"name": rule.name, "level": rule.level, "summary": (rule.look.__doc__ or "").strip()}
        for rule in RULES
    )
    return RuleList(items=tuple(RuleView.model_validate(row) for row in rows))
