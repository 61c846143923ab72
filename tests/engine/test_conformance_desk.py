"""Items of the checklist that go across the desk: who is listed how, what a file brings back, what a deal says by itself."""

from __future__ import annotations

from pathlib import Path

from tests.factories import Desk


def test_g_074_contacts_are_listed_with_company_status_and_last_interaction(desk: Desk) -> None:
    """The status follows from what there is: nobody keeps it."""
    bare = desk.contact("Bare")
    called = desk.contact("Called", company="Looms")
    selling = desk.contact("Selling")
    bought = desk.contact("Bought")
    running = desk.contact("Running")
    desk.call("gtm.crm.log_call", contact_id=called.contact_id)
    desk.call("gtm.crm.add_deal", contact_id=selling.contact_id, title="Board")
    desk.call("gtm.crm.add_deal", contact_id=bought.contact_id, title="Board", stage="Won")
    desk.enrol(desk.sequence(), running)
    found = {person.name: person for person in desk.call("gtm.crm.list_contacts").items}
    assert {name: person.status for name, person in found.items()} == {
        "Bare": "new",
        "Called": "contacted",
        "Selling": "in a deal",
        "Bought": "customer",
        "Running": "in a sequence",
    }
    assert (found["Called"].company, found["Called"].last_contacted_at) == (
        "Looms",
        desk.engine.clock.now(),
    )
    assert found["Bare"].last_contacted_at is None
    desk.call("gtm.crm.delete_contact", contact_id=bare.contact_id)
    assert "Bare" not in {person.name for person in desk.call("gtm.crm.list_contacts").items}


def test_q_095_what_goes_out_as_a_file_comes_in_again_after_a_dry_run(
    desk: Desk, tmp_path: Path
) -> None:
    """CSV and vCard; the dry run counts who is here already, and writes nothing."""
    desk.contact("Ada Lovelace", "ada@looms.example", company="Looms", tags=["vip"])
    desk.contact("Bo Berg", "bo@berg.example")
    for name in ("people.csv", "people.vcf"):
        path = tmp_path / name
        kind = "csv" if name.endswith("csv") else "vcard4"
        made = desk.call("gtm.crm.export_contacts", path=str(path), format=kind)
        assert made.exported == 2
        seen = desk.call("gtm.crm.import_contacts", path=str(path), dry_run=True)
        assert (seen.read, seen.created) == (2, 0)
        assert len(desk.call("gtm.crm.list_contacts").items) == 2


def test_t_087_a_deal_tells_how_it_is_without_a_model(desk: Desk) -> None:
    """Health, chance and reasons come from fixed rules: the same facts give the same answer."""
    person = desk.contact("Ada")
    deal = desk.call("gtm.crm.add_deal", contact_id=person.contact_id, title="Board", value="1200")
    desk.later(days=40)
    first = desk.call("gtm.crm.deal_health", deal_id=deal.deal_id)
    assert first.health is not None
    assert first.factors
    assert all(factor.label and factor.evidence for factor in first.factors)
    assert first == desk.call("gtm.crm.deal_health", deal_id=deal.deal_id)
