"""How activities change: all rows that one operation touches, with one event and one inverse."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from rusvel_tui.engine.context import Context, Inverse
from rusvel_tui.engine.errors import InvalidInput, NotFound
from rusvel_tui.engine.gtm.crm.deals.deal_rows import find_deal
from rusvel_tui.engine.gtm.crm.people.people import find_contact, label
from rusvel_tui.engine.gtm.crm.timeline.activity_inputs import FollowUp
from rusvel_tui.engine.gtm.crm.timeline.activity_views import PLANNED, ActivityKind
from rusvel_tui.engine.models import Activity, Contact
from rusvel_tui.engine.text import one_line
from rusvel_tui.engine.when_text import parse_when

LONGEST = 500
"""Characters of a subject."""


class ActivityChange:
    """The rows that one operation adds or alters, as they were before."""

    def __init__(self, ctx: Context) -> None:
        self._ctx = ctx
        self._before: list[dict[str, Any]] = []

    def add(self, kind: ActivityKind, about: About, **values: Any) -> Activity:
        """A new row; taking it back deletes it."""
        ctx = self._ctx
        activity: Activity = Activity.create(
            id=ctx.new_id(),
            session_id=ctx.session_id,
            kind=kind.key,
            actor=ctx.actor.name,
            created_at=ctx.now,
            updated_at=ctx.now,
            **about,
            **{"at": ctx.now} | values,
        )
        self._before.append({"id": activity.id, "deleted_at": _kept(Activity.deleted_at, ctx.now)})
        return activity

    def follow(self, done: Activity, next_: FollowUp | None) -> Activity | None:
        """What follows from something done, with the same contact and deal."""
        if next_ is None:
            return None
        return self.add(
            require_planned(next_.kind, "next"),
            {"contact_id": done.contact_id, "deal_id": done.deal_id},
            subject=subject_line(next_.subject, "next"),
            due_at=parse_when(next_.due_at, self._ctx.now, self._ctx.zone, field="next"),
            status="open",
            metadata={"follows": done.id},
        )

    def alter(self, activity: Activity, **values: Any) -> None:
        """Other values for a row."""
        before = {name: _kept(getattr(Activity, name), getattr(activity, name)) for name in values}
        self._before.append({"id": activity.id, **before})
        for name, value in values.items():
            setattr(activity, name, value)
        activity.version += 1
        activity.updated_at = self._ctx.now
        activity.save()

    def record(self, kind: str, main: Activity) -> None:
        """Write the one event, about the row that the change was about."""
        inverse = {"rows": self._before, "version": main.version}
        payload = {
            "kind": ActivityKind(main.kind).value,
            "name": _who(main),
            "subject": main.subject,
            "status": main.status,
            "contact_id": main.contact_id,
            "deal_id": main.deal_id,
        }
        undo = Inverse("gtm.crm.put_activities", inverse)
        self._ctx.record(kind, main.id, payload, undo=undo)


About = dict[str, str | None]
"""The contact and the deal of an activity, as columns."""


def about(ctx: Context, contact_id: str, deal_id: str, *, what: str = "") -> About:
    """The living contact and deal that are named; a deal brings its contact. `what` needs one of them."""
    deal = find_deal(ctx, deal_id) if deal_id else None
    contact_id = contact_id or (str(deal.contact_id) if deal else "")
    if what and not contact_id:
        raise InvalidInput(f"{what} belongs to a contact or a deal.", field="contact_id")
    contact = find_contact(ctx, contact_id) if contact_id else None
    return {"contact_id": contact.id if contact else None, "deal_id": deal.id if deal else None}


def find_activity(ctx: Context, activity_id: str, *, deleted: bool | None = False) -> Activity:
    """The row of an activity of this session, deleted or not if `deleted` is None; raises `NotFound`."""
    query = Activity.select().where(
        (Activity.id == activity_id) & (Activity.session_id == ctx.session_id)
    )
    if deleted is not None:
        query = query.where(Activity.deleted_at.is_null(not deleted))
    found: Activity | None = query.first()
    if found is None:
        raise NotFound(f"There is no activity {activity_id!r} in this session.")
    return found


def require_planned(kind: ActivityKind, field: str = "kind") -> ActivityKind:
    """Refuse to plan what only happens."""
    if kind not in PLANNED:
        kinds = ", ".join(planned.value for planned in PLANNED)
        raise InvalidInput(f"{kind.value} cannot be planned: choose one of {kinds}.", field=field)
    return kind


def subject_line(text: str, field: str = "subject", what: str = "A task") -> str:
    """What is to be done, in a line; refuses nothing and too much."""
    subject = one_line(text)
    if not subject:
        raise InvalidInput(f"{what} needs a text.", field=field)
    if len(subject) > LONGEST:
        raise InvalidInput(f"The text is longer than {LONGEST} characters.", field=field)
    return subject


def past(ctx: Context, text: str, field: str = "at") -> datetime:
    """A moment that was; raises `InvalidInput` for one that is still to come."""
    moment = parse_when(text, ctx.now, ctx.zone, field=field)
    if moment > ctx.now:
        raise InvalidInput("That is still to come: plan it with gtm.crm.add_task.", field=field)
    return moment


def _kept(column: Any, value: Any) -> Any:
    """The value as the event keeps it."""
    return column.db_value(value) if isinstance(value, datetime) else value


def _who(activity: Activity) -> str:
    contact = (
        Contact.get_or_none(Contact.id == activity.contact_id) if activity.contact_id else None
    )
    return label(contact) if contact else ""
