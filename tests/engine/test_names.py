"""Names that privacy mode hides: none is forgotten."""

from __future__ import annotations

from peewee import TextField

from rusvel_tui.engine.gtm.crm.finding.names import FIRMS, PEOPLE, list_names
from rusvel_tui.engine.models import MODELS
from rusvel_tui.engine.operation import Input
from tests.factories import Desk

OF_OURS = {
    "AgentEntity.name", "ApprovalRule.name", "BankLine.file_name", "ChurnCase.name", "Cohort.name",
    "Funnel.name", "FunnelStage.name", "GrowthActor.name", "GrowthName.name", "ImportRun.file_name",
    "Kpi.name", "KpiAlert.name", "Pipeline.name", "RecurringInvoice.name", "SavedView.name", "Sequence.name",
    "PipelineStage.name", "TemplateText.name", "WorkflowRun.name", "Contact.sort_name",
}  # fmt: skip
"""Names of things that somebody made here, not of people and companies; `sort_name` is a folded copy."""


def test_every_column_with_a_name_is_hidden_or_known_to_be_none() -> None:
    """Found in the tables, so that a new one is missed at once."""
    hidden = {f"{model.__name__}.{column}" for model, column in (*PEOPLE, *FIRMS)}
    named = {
        f"{model.__name__}.{field.name}"
        for model in MODELS
        for field in model._meta.sorted_fields
        if isinstance(field, TextField) and (field.name == "name" or field.name.endswith("_name"))
    }
    assert len(named) > 20
    assert named - hidden == OF_OURS


def test_names_are_read_of_every_session_with_what_was_deleted(desk: Desk) -> None:
    """What is written about somebody stays in the log, and on the screen."""
    person = desk.contact("Ada Lovelace", company="Analytical Engines")
    desk.call("gtm.crm.delete_contact", contact_id=person.contact_id)
    desk.call("session.create", name="another desk")
    names = desk.engine.run(list_names, Input())
    assert "Ada Lovelace" in names.people
    assert {"Analytical Engines", "another desk", "acme"} <= set(names.firms)
    assert all((*names.people, *names.firms))
