"""The name that a warning proposes is taken over with one operation, and the draft follows."""

from __future__ import annotations

import pytest

from rusvel_tui.engine.errors import InvalidInput
from tests.factories import HELLO, Desk

STEP = {
    **HELLO,
    "subject": "Hello {{first_name|there}}",
    "body": "Hi {{first_name|there}}, a few words to read.",
}


def test_the_name_is_mended_and_the_draft_written_anew(desk: Desk) -> None:
    person = desk.contact("MARIE CURIE", first_name="MARIE", last_name="Curie")
    mail = desk.drafted(STEP, contact=person)
    assert any("all capitals. F makes it 'Marie'" in text for text in mail.warnings)
    done = desk.call("gtm.outreach.mend_name", contact_id=person.contact_id)
    assert (done.before, done.after, done.redrafted) == ("MARIE", "Marie", 1)
    desk.work()
    anew = desk.mail(mail.id)
    assert anew.subject == "Hello Marie"
    assert not any("first name" in text for text in anew.warnings)


def test_words_of_a_person_are_not_thrown_away(desk: Desk) -> None:
    person = desk.contact("MARIE CURIE", first_name="MARIE")
    mail = desk.drafted(STEP, contact=person)
    desk.call(
        "gtm.approvals.edit", id=mail.id, subject="Hello MARIE", body="Written by hand for MARIE."
    )
    done = desk.call("gtm.outreach.mend_name", contact_id=person.contact_id)
    assert done.redrafted == 0
    assert desk.mail(mail.id).body == "Written by hand for MARIE."


def test_undo_brings_the_old_name_back(desk: Desk) -> None:
    person = desk.contact("ada lovelace", first_name="ada")
    desk.call("gtm.outreach.mend_name", contact_id=person.contact_id)
    desk.call("undo")
    assert desk.call("gtm.crm.get_contact", contact_id=person.contact_id).first_name == "ada"


@pytest.mark.parametrize("name", ["Ada", "J.", ""])
def test_where_nothing_better_is_known_nothing_changes(desk: Desk, name: str) -> None:
    person = desk.contact("", company="Acme", first_name=name)
    with pytest.raises(InvalidInput, match="Edit the contact"):
        desk.call("gtm.outreach.mend_name", contact_id=person.contact_id)
