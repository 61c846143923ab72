"""The link in a mail that asks to be left alone (RFC 8058)."""

from __future__ import annotations

import re
from email import message_from_bytes, policy

import pytest
from starlette.testclient import TestClient

from rusvel_tui.engine.ids import new_id
from tests.factories import Desk, events

ONE_CLICK = {"List-Unsubscribe": "One-Click"}


@pytest.fixture
def path(desk: Desk) -> str:
    """The path of the link in a mail that left, to somebody who waits for the second one."""
    made = desk.call(
        "gtm.senders.add",
        name="Acme",
        address="me@acme.example",
        unsubscribe_url="https://desk.example/unsubscribe/{token}",
    )
    desk.call("gtm.senders.choose", sender_id=made.sender_id)
    desk.approve(desk.drafted())
    desk.work()
    mail = message_from_bytes(desk.mailer.sent[-1].raw, policy=policy.default)
    assert mail["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    found = re.search(r"<https://desk\.example(/unsubscribe/[^>]+)>", mail["List-Unsubscribe"])
    assert found
    return found[1]


def running(desk: Desk) -> list[str]:
    items = desk.call("gtm.outreach.list_enrollments").items
    return [one.status.value for one in items if one.status.value == "Active"]


def suppressed(desk: Desk) -> dict[str, str]:
    items = desk.call("gtm.crm.list_suppressed").items
    return {one.address: one.reason for one in items}


def test_one_click_ends_it_and_says_who_asked_and_when(
    stranger: TestClient, desk: Desk, path: str
) -> None:
    assert running(desk)
    answer = stranger.post(path, data=ONE_CLICK)
    assert (answer.status_code, "Nobody writes to you" in answer.text) == (200, True)
    assert suppressed(desk) == {"grace1@example.com": "unsubscribed by link"}
    assert running(desk) == []
    event = events(desk, "gtm.suppression.added")[0]
    assert (event.actor, event.at) == ("recipient", desk.engine.clock.now())


def test_q_048_a_second_click_changes_nothing(stranger: TestClient, desk: Desk, path: str) -> None:
    stranger.post(path, data=ONE_CLICK)
    before = desk.engine.cursor()
    assert stranger.post(path, data=ONE_CLICK).status_code == 200
    assert desk.engine.cursor() == before


def test_following_the_link_changes_nothing_and_tells_nothing(
    stranger: TestClient, desk: Desk, path: str
) -> None:
    before = desk.engine.cursor()
    page = stranger.get(path)
    assert page.status_code == 200
    assert '<form method="post">' in page.text
    assert "grace" not in page.text.casefold()
    assert "script" not in page.text
    assert page.headers["Cache-Control"] == "no-store"
    assert desk.engine.cursor() == before
    assert suppressed(desk) == {}


def test_an_unknown_link_is_not_found(stranger: TestClient, desk: Desk) -> None:
    for token in ("x", new_id(desk.engine.clock.now()), "a" * 500, "%3Cscript%3E"):
        for answer in (
            stranger.get(f"/unsubscribe/{token}"),
            stranger.post(f"/unsubscribe/{token}", data=ONE_CLICK),
        ):
            assert answer.status_code == 404
            assert "<script>" not in answer.text
    assert suppressed(desk) == {}


def test_a_mail_that_never_left_has_no_link(stranger: TestClient, desk: Desk) -> None:
    held = desk.drafted()
    assert stranger.post(f"/unsubscribe/{held.id}", data=ONE_CLICK).status_code == 404


def test_it_works_in_the_session_of_the_mail(stranger: TestClient, desk: Desk, path: str) -> None:
    desk.call("session.create", name="other")
    assert stranger.post(path, data=ONE_CLICK).status_code == 200
    assert suppressed(desk) == {}
    desk.call("session.use", name="acme")
    assert list(suppressed(desk)) == ["grace1@example.com"]


def test_the_address_of_somebody_deleted_since_is_left_alone_too(
    stranger: TestClient, desk: Desk, path: str
) -> None:
    contact = desk.call("gtm.crm.list_contacts").items[0]
    desk.call("gtm.crm.delete_contact", contact_id=contact.contact_id)
    assert stranger.post(path, data=ONE_CLICK).status_code == 200
    assert list(suppressed(desk)) == ["grace1@example.com"]
