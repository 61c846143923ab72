"""The senders of a session: adding, changing and choosing as whom it writes. Passwords stay in the settings."""

from __future__ import annotations

from rusvel_tui.engine.conflicts import require_version
from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import Conflict, InvalidInput, NotFound
from rusvel_tui.engine.gtm.senders.identity import key_of, state_keys, writes_as
from rusvel_tui.engine.gtm.senders.keeping import change_sender, refresh_drafts, store
from rusvel_tui.engine.gtm.senders.sender_fields import (
    AddSender,
    ChooseSender,
    Chosen,
    SenderId,
    SenderList,
    SenderView,
    UpdateSender,
    cleaned,
    view,
)
from rusvel_tui.engine.models import Mail, Sender, SenderState, Sequence
from rusvel_tui.engine.models.base import tuples
from rusvel_tui.engine.operation import Input, operation


@operation("gtm.senders.list", permission="crm.sequences.read")
def list_senders(ctx: Context, cmd: Input) -> SenderList:
    """List as whom this session can write."""
    living = (Sender.session_id == ctx.session_id) & Sender.deleted_at.is_null()
    rows = Sender.select().where(living).order_by(Sender.is_default.desc(), Sender.name, Sender.id)
    reasons = dict(
        tuples(
            SenderState.select(SenderState.id, SenderState.reason).where(SenderState.paused == 1)
        )
    )
    return SenderList(items=tuple(view(row, _why(row, reasons)) for row in rows))


def _why(row: Sender, reasons: dict[str, str]) -> str:
    """What holds that sender back: all sending, its mail account, or itself."""
    return next((reasons[key] for key in state_keys(row.id, row.account) if key in reasons), "")


@operation("gtm.senders.add", writes=True, permission="crm.sequences.manage")
def add_sender(ctx: Context, cmd: AddSender) -> SenderView:
    """Add a sender. It writes nothing before it is chosen."""
    values = cleaned(cmd)
    if not values["address"]:
        raise InvalidInput("A sender needs an address.", field="address")
    stamps = {"created_at": ctx.now, "updated_at": ctx.now}
    key = key_of(values["address"])
    row = Sender(id=ctx.new_id(), session_id=ctx.session_id, key=key, **values, **stamps)
    store(row, new=True)
    undo = Inverse("gtm.senders.delete", {"sender_id": row.id})
    ctx.record("gtm.sender.saved", row.id, {"name": _label(row)}, undo=undo)
    return view(row)


@operation("gtm.senders.update", writes=True, permission="crm.sequences.manage")
def update_sender(ctx: Context, cmd: UpdateSender) -> SenderView:
    """Change a sender; drafts that wait for a yes show it as it is now."""
    row = find_sender(ctx, cmd.sender_id)
    require_version(cmd.version, row.version, _label(row))
    values = cleaned(cmd)
    if cmd.no_daily_cap:
        values["daily_cap"] = None
    if cmd.no_min_gap:
        values["min_gap_seconds"] = None
    before = {name: getattr(row, name) for name in values}
    if values.get("address") == "" and not row.is_default:
        raise InvalidInput("Only the default sender can do without an address.", field="address")
    change_sender(ctx, row, **values)
    back = {name: value for name, value in before.items() if value is not None}
    back |= {"no_daily_cap": before.get("daily_cap", 0) is None}
    back |= {"no_min_gap": before.get("min_gap_seconds", 0) is None}
    undo = Inverse("gtm.senders.update", {"sender_id": row.id, "version": row.version} | back)
    ctx.record("gtm.sender.saved", row.id, {"name": _label(row)}, undo=undo)
    return view(row)


@operation("gtm.senders.delete", writes=True, permission="crm.sequences.manage", human_only=True)
def delete_sender(ctx: Context, cmd: SenderId) -> SenderView:
    """Delete a sender that writes nothing any more."""
    row = find_sender(ctx, cmd.sender_id)
    if row.is_default:
        raise Conflict("The default sender stays. Make another one the default first.")
    sequences = Sequence.select().where(
        (Sequence.sender_id == row.id) & Sequence.status.not_in(("archived", "completed"))
    )
    open_mails = Mail.select().where(
        (Mail.sender_id == row.id) & Mail.state.not_in(("sent", "rejected", "dead", "cancelled"))
    )
    if sequences.exists() or open_mails.exists():
        raise Conflict(
            f"{_label(row)} still writes. Choose another sender for its sequences and drafts."
        )
    row.deleted_at = ctx.now
    store(row)
    undo = Inverse("gtm.senders.restore", {"sender_id": row.id})
    ctx.record("gtm.sender.deleted", row.id, {"name": _label(row)}, undo=undo)
    return view(row)


@operation("gtm.senders.restore", writes=True, permission="crm.sequences.manage", internal=True)
def restore_sender(ctx: Context, cmd: SenderId) -> SenderView:
    """Bring a deleted sender back."""
    row = find_sender(ctx, cmd.sender_id, deleted=True)
    row.deleted_at = None
    store(row)
    undo = Inverse("gtm.senders.delete", {"sender_id": row.id})
    ctx.record("gtm.sender.saved", row.id, {"name": _label(row)}, undo=undo)
    return view(row)


@operation("gtm.senders.choose", writes=True, permission="crm.sequences.manage")
def choose_sender(ctx: Context, cmd: ChooseSender) -> Chosen:
    """Choose who writes: for the whole session, for one sequence, or for one draft."""
    row = None if cmd.sender_id is None else find_sender(ctx, cmd.sender_id)
    if cmd.mail_id:
        before, drafts = _choose_for_mail(ctx, cmd.mail_id, cmd.sender_id)
    elif cmd.sequence_id:
        before, drafts = _choose_for_sequence(ctx, cmd.sequence_id, cmd.sender_id)
    elif row is None:
        raise InvalidInput("Name the sender, or a sequence or a draft to free.", field="sender_id")
    else:
        before, drafts = _make_default(ctx, row)
    about = {"sequence_id": cmd.sequence_id, "mail_id": cmd.mail_id}
    undo = Inverse("gtm.senders.choose", about | {"sender_id": before})
    name = _label(row) if row else "the default sender"
    ctx.record("gtm.sender.chosen", cmd.sender_id or "", about | {"name": name}, undo=undo)
    return Chosen(sender_id=cmd.sender_id, drafts=drafts)


def _choose_for_mail(ctx: Context, mail_id: str, sender_id: str | None) -> tuple[str | None, int]:
    from rusvel_tui.engine.gtm.outreach.mails.gate import ask_again
    from rusvel_tui.engine.gtm.outreach.mails.mail_states import find_mail

    mail = find_mail(ctx, mail_id)
    before = mail.sender_id
    mail.sender_id = sender_id
    if mail.state == "approved":
        ask_again(ctx, mail, "another sender was chosen after the approval")
    elif mail.state not in ("held", "scheduled"):
        raise Conflict("This mail is on its way: its sender can no longer be chosen.")
    Mail.update(sender_id=sender_id).where(Mail.id == mail.id).execute()
    return before, refresh_drafts(ctx, Mail.id == mail.id)


def _choose_for_sequence(
    ctx: Context, sequence_id: str, sender_id: str | None
) -> tuple[str | None, int]:
    from rusvel_tui.engine.gtm.outreach.sequences.finding import find_sequence

    sequence = find_sequence(ctx, sequence_id)
    before: str | None = sequence.sender_id
    values = {"sender_id": sender_id, "updated_at": ctx.now, "version": Sequence.version + 1}
    Sequence.update(**values).where(Sequence.id == sequence.id).execute()
    own = (Mail.sequence_id == sequence.id) & Mail.sender_id.is_null()
    return before, refresh_drafts(ctx, own)


def _make_default(ctx: Context, row: Sender) -> tuple[str | None, int]:
    of_session = (Sender.session_id == ctx.session_id) & (Sender.is_default == 1)
    before: Sender = Sender.get(of_session)
    Sender.update(is_default=0).where(of_session).execute()
    Sender.update(is_default=1).where(Sender.id == row.id).execute()
    row.is_default = 1
    return before.id, refresh_drafts(ctx, writes_as(row))


def find_sender(ctx: Context, sender_id: str, *, deleted: bool = False) -> Sender:
    """A sender of this session, by its id or its address; raises `NotFound`."""
    which = (Sender.id == sender_id) | (Sender.key == sender_id.lower())
    found = Sender.get_or_none(
        (Sender.session_id == ctx.session_id) & which & Sender.deleted_at.is_null(deleted is False)
    )
    if found is None:
        raise NotFound(
            f"There is no sender {sender_id!r}. `rusvel call gtm.senders.list` shows them."
        )
    row: Sender = found
    return row


def _label(row: Sender) -> str:
    return row.address or row.name or "the default sender"
