"""A mailto link: merge fields filled in, everything encoded, never for somebody who objected."""

from __future__ import annotations

from urllib.parse import parse_qs, urlsplit

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.crm.people.contact_views import ContactView
from tests.factories import Desk


def test_t_089_a_mail_link_has_its_placeholders_filled_in(desk: Desk) -> None:
    ada = desk.contact("Ada Lovelace", "ada@looms.example", company="Looms & Co")
    made = desk.call(
        "gtm.outreach.mail_link",
        contact_id=ada.contact_id,
        subject="Hello {{first_name}}",
        body="How is {{company}}?\nBye, {{title|you}}",
    )
    parts = urlsplit(made.link)
    assert (parts.scheme, parts.path) == ("mailto", "ada@looms.example")
    assert parse_qs(parts.query) == {
        "subject": ["Hello Ada"],
        "body": ["How is Looms & Co?\r\nBye, you"],
    }
    assert made.missing == ()


def test_a_field_without_a_value_is_named(desk: Desk) -> None:
    ada = desk.contact("Ada", "ada@looms.example")
    made = desk.call("gtm.outreach.mail_link", contact_id=ada.contact_id, body="At {{company}}")
    assert made.missing == ("company",)


def test_nobody_who_objected_is_written_to(desk: Desk) -> None:
    ada = desk.contact("Ada", "ada@looms.example")
    desk.call("gtm.crm.suppress", address="ada@looms.example")
    with pytest.raises(InvalidInput, match="no address that may be written to"):
        desk.call("gtm.outreach.mail_link", contact_id=ada.contact_id)


def test_an_unknown_field_is_refused_with_its_place(desk: Desk) -> None:
    ada = desk.contact("Ada", "ada@looms.example")
    with pytest.raises(InvalidInput, match="Line 1, column 4"):
        desk.call("gtm.outreach.mail_link", contact_id=ada.contact_id, body="Hi {{frist_name}}")


@pytest.fixture
def ada(desk: Desk) -> ContactView:
    return desk.contact("Ada", "ada@looms.example")


@settings(
    max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80))
def test_no_text_gets_out_of_its_place(desk: Desk, ada: ContactView, text: str) -> None:
    """Whatever the title holds, the link has one address and two fields."""
    desk.call("gtm.crm.update_contact", contact_id=ada.contact_id, title=text)
    made = desk.call(
        "gtm.outreach.mail_link", contact_id=ada.contact_id, subject="{{title|none}}", body="x"
    )
    assert made.link.isascii()
    assert urlsplit(made.link).path == "ada@looms.example"
    assert set(parse_qs(urlsplit(made.link).query)) == {"subject", "body"}
