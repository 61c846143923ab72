"""Tables of growth: funnels, cohorts, KPIs, alerts, churn, subscriptions, and the events of people."""

from __future__ import annotations

from typing import Any

from peewee import (
    AutoField,
    BigIntegerField,
    CompositeKey,
    FloatField,
    IntegerField,
    TextField,
)

from rusvel_tui.engine.models.base import Base, JsonField, UtcField, database


class GrowthName(Base):
    """The name of an event, once for each session."""

    id: Any = AutoField()
    session_id = TextField()
    name = TextField()


class GrowthActor(Base):
    """Somebody who does something that is counted: a customer number, a mail address."""

    id: Any = AutoField()
    session_id = TextField()
    name = TextField()


class GrowthBatch(Base):
    """Events that came in together and are taken back together."""

    id: Any = AutoField()
    session_id = TextField()
    at = UtcField()
    source = TextField()
    count = IntegerField()


class GrowthEvent(Base):
    """Somebody did something; `at` is in microseconds since 1970 (UTC)."""

    id: Any = None
    name_id = IntegerField()
    actor_id = IntegerField()
    at = BigIntegerField()
    value = FloatField(null=True)
    batch_id = IntegerField()

    class Meta:
        database = database
        primary_key = CompositeKey("name_id", "actor_id", "at")


class GrowthRemovedEvent(Base):
    """An event of a batch that was taken back, for making it again."""

    id: Any = None
    batch_id = IntegerField()
    name_id = IntegerField()
    actor_id = IntegerField()
    at = BigIntegerField()
    value = FloatField(null=True)

    class Meta:
        database = database
        primary_key = CompositeKey("batch_id", "name_id", "actor_id", "at")


class Funnel(Base):
    """A way through stages: with typed counts in each, or as steps that are the events of people."""

    session_id = TextField()
    name = TextField()
    key = TextField()
    kind = TextField(default="counts")
    period = TextField(default="")
    """Of typed counts: day, week or month; empty until the first one says."""
    rules = JsonField(default=dict)
    """Of an event funnel: steps, window, order, exclusions."""
    version = IntegerField(default=1)
    created_at = UtcField()
    updated_at = UtcField()
    deleted_at = UtcField(null=True)


class FunnelStage(Base):
    """One stage of a funnel of typed counts."""

    session_id = TextField()
    funnel_id = TextField()
    name = TextField()
    key = TextField()
    position = IntegerField()
    metadata = JsonField(default=dict)
    deleted_at = UtcField(null=True)


class FunnelCount(Base):
    """How many were in a stage in one period (`2026-11`, `2026-W47`, `2026-11-24`)."""

    session_id = TextField()
    funnel_id = TextField()
    stage_id = TextField()
    period = TextField()
    count = IntegerField()
    source = TextField(default="")
    updated_at = UtcField()


class Cohort(Base):
    """People who began together; `started` is the first day of their period 0."""

    session_id = TextField()
    name = TextField()
    key = TextField()
    kind = TextField(default="survival")
    period = TextField(default="month")
    started = TextField()
    size = IntegerField()
    metadata = JsonField(default=dict)
    version = IntegerField(default=1)
    created_at = UtcField()
    updated_at = UtcField()
    deleted_at = UtcField(null=True)


class CohortActivity(Base):
    """How many of a cohort were active in one of its periods after the first."""

    session_id = TextField()
    cohort_id = TextField()
    period = IntegerField()
    active = IntegerField()
    source = TextField(default="")
    updated_at = UtcField()


class Kpi(Base):
    """One number over time: its unit never changes, its direction says whether up is good."""

    session_id = TextField()
    name = TextField()
    key = TextField()
    unit = TextField(default="")
    direction = TextField(default="up")
    target = FloatField(null=True)
    source = TextField(default="")
    """Empty when it is typed, else the name of the computed measure."""
    metadata = JsonField(default=dict)
    version = IntegerField(default=1)
    created_at = UtcField()
    updated_at = UtcField()
    deleted_at = UtcField(null=True)


class KpiReading(Base):
    """The value of a KPI at one moment."""

    session_id = TextField()
    kpi_id = TextField()
    at = UtcField()
    value = FloatField()
    note = TextField(default="")
    source = TextField(default="")
    version = IntegerField(default=1)
    created_at = UtcField()


class KpiCorrection(Base):
    """What a reading was before it was corrected."""

    session_id = TextField()
    reading_id = TextField()
    kpi_id = TextField()
    at = UtcField()
    before = FloatField()
    after = FloatField()
    note = TextField(default="")
    actor = TextField()


class KpiAlert(Base):
    """A rule over the readings of one KPI, and the state that it is in."""

    session_id = TextField()
    kpi_id = TextField()
    name = TextField()
    rule = JsonField(default=dict)
    state = TextField(default="inactive")
    since = UtcField()
    value = FloatField(null=True)
    seen_at = UtcField(null=True)
    """When a person said that they know of it; cleared when it fires again."""
    snoozed_until = UtcField(null=True)
    version = IntegerField(default=1)
    created_at = UtcField()
    updated_at = UtcField()
    deleted_at = UtcField(null=True)


class AlertNotice(Base):
    """One change of state of an alert, as a person is told; a quiet one came while it was snoozed."""

    session_id = TextField()
    alert_id = TextField()
    at = UtcField()
    before = TextField()
    after = TextField()
    value = FloatField(null=True)
    text = TextField()
    quiet = IntegerField(default=0)
    seen_at = UtcField(null=True)


class ChurnCase(Base):
    """A loss of customers that was noticed; `key` names it, so that it is told once."""

    session_id = TextField()
    key = TextField()
    name = TextField()
    facts = JsonField(default=dict)
    detected_at = UtcField()
    ended_at = UtcField(null=True)


class SubscriptionMonth(Base):
    """What one customer paid for one month, in minor units; nothing once they are gone."""

    session_id = TextField()
    customer = TextField()
    key = TextField()
    month = TextField()
    mrr_minor = BigIntegerField()
    currency = TextField()
    source = TextField(default="")
    updated_at = UtcField()


class GrowthRun(Base):
    """A scheduled job that was done for a period, so that it is never done twice."""

    id: Any = None
    session_id = TextField()
    kind = TextField()
    period = TextField()
    at = UtcField()

    class Meta:
        database = database
        primary_key = CompositeKey("session_id", "kind", "period")
