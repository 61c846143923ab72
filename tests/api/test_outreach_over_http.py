"""The way of a mail over HTTP: begun by a script, held for a person, and refused with a status that says why."""

from __future__ import annotations

from typing import Any

import pytest
from starlette.testclient import TestClient

from tests.factories import HELLO, Desk, box

EXECUTE = "/api/call/gtm.outreach.execute_sequence"
LIST = "/api/call/gtm.outreach.list_sequences"


def post(client: TestClient, path: str, **data: Any) -> Any:
    """The answer, whatever its status."""
    return client.post(path, json=data)


def sequence(client: TestClient, name: str = "Intro", **more: Any) -> str:
    """A new sequence of one mail; its id."""
    made = post(client, "/crm/sequences", name=name, steps=[HELLO], **more)
    assert made.status_code == 201, made.text
    return str(made.json()["sequence_id"])


def activate(client: TestClient, sequence_id: str) -> Any:
    return post(client, "/api/call/gtm.outreach.activate_sequence", sequence_id=sequence_id)


def test_t_021_what_a_script_begins_waits_among_the_approvals(
    client: TestClient, desk: Desk
) -> None:
    """T-021: an id and a count at once, and after the draft the same id among what waits for a yes."""
    wanted = {"sequence_id": sequence(client), "contact_id": desk.contact().contact_id}
    assert activate(client, wanted["sequence_id"]).status_code == 200
    begun = post(client, EXECUTE, **wanted)
    assert begun.status_code == 200, begun.text
    job_id = begun.json()["job_id"]
    jobs = client.get("/api/jobs").json()["items"]
    assert [(one["job_id"], one["state"]) for one in jobs] == [(job_id, "Queued")]
    assert client.get("/api/approvals", params={"box": "waiting"}).json()["items"] == []
    desk.work()
    [held] = client.get("/api/approvals", params={"box": "waiting"}).json()["items"]
    assert held["id"] == job_id
    [job] = client.get("/api/jobs", params={"state": "AwaitingApproval"}).json()["items"]
    assert job["job_id"] == job_id
    assert desk.mailer.sent == []


def test_t_022_an_empty_list_a_new_sequence_and_its_activation(client: TestClient) -> None:
    """T-022: a name with blanks is kept as it is."""
    assert post(client, LIST).json()["items"] == []
    made = sequence(client, "Spring mail to weavers")
    assert activate(client, made).status_code == 200
    [listed] = post(client, LIST).json()["items"]
    assert (listed["name"], listed["status"]) == ("Spring mail to weavers", "Active")


@pytest.mark.parametrize("field", ["session_id", "sequence_id", "contact_id"])
def test_t_022_ids_that_lead_nowhere_have_their_status(
    client: TestClient, desk: Desk, field: str
) -> None:
    """T-022: 404 for what is not there, 422 with the field for what is no id; nothing begins. Theirs said 500 to both."""
    wanted = {"sequence_id": sequence(client), "contact_id": desk.contact().contact_id}
    activate(client, wanted["sequence_id"])
    for value, status in (("no-such-id", 404), ("../../etc", 404), (7, 422), ([], 422)):
        answer = post(client, EXECUTE, **(wanted | {field: value}))
        assert answer.status_code == status, answer.text
        assert answer.json()["error"]
        assert status == 404 or answer.json()["field"] == field
    assert client.get("/api/jobs").json()["items"] == []


def test_t_022_a_sequence_of_another_session_is_not_there(client: TestClient, desk: Desk) -> None:
    """T-022, T-023: neither activated nor listed from elsewhere."""
    mine = sequence(client)
    post(client, "/api/sessions", name="other")
    elsewhere = {"session": "other"}
    refused = client.post(
        "/api/call/gtm.outreach.activate_sequence", params=elsewhere, json={"sequence_id": mine}
    )
    assert refused.status_code == 404, refused.text
    assert client.post(LIST, params=elsewhere, json={}).json()["items"] == []


def test_t_023_a_won_deal_leaves_its_outcome_and_an_unknown_one_is_not_found(
    client: TestClient, desk: Desk
) -> None:
    """T-023: theirs wrote the outcome into a second department; ours is the event of the deal, with what it is tied to."""
    person = desk.contact()
    tied = {
        "contact_id": person.contact_id,
        "title": "Looms",
        "metadata": {"opportunity_id": "o-1"},
    }
    deal = post(client, "/api/call/gtm.crm.add_deal", **tied).json()
    moved = {"deal_id": deal["deal_id"], "stage": "Won", "reason": "price"}
    won = post(client, "/api/call/gtm.crm.advance_deal", **moved)
    assert (won.status_code, won.json()["status"]) == (200, "Won")
    assert won.json()["metadata"]["opportunity_id"] == "o-1"
    happened = client.get("/api/dept/gtm/events").json()["items"]
    [event] = [one for one in happened if one["kind"] == "gtm.deal.updated"]
    assert (event["subject_id"], event["actor"]) == (deal["deal_id"], "http")
    assert "won" in str(event["payload"]).lower()
    assert "price" in str(event["payload"])
    lost = post(client, "/api/call/gtm.crm.advance_deal", **(moved | {"deal_id": "o-1"}))
    assert lost.status_code == 404


def test_t_023_other_work_waits_in_the_same_inbox(client: TestClient, desk: Desk) -> None:
    """T-023: a draft that somebody asked for stands beside that of a sequence."""
    person = desk.contact()
    desk.drafted(contact=person)
    wanted = {"contact_id": person.contact_id, "subject": "The proposal", "body": "Here it is."}
    made = post(client, "/api/call/gtm.outreach.create_email_draft", **wanted)
    assert made.status_code == 200, made.text
    desk.work()
    waiting = client.get("/api/approvals", params={"box": "waiting"}).json()["items"]
    assert len(waiting) == 2
    assert {one["id"] for one in waiting} == {one.id for one in box(desk)}
    assert desk.mailer.sent == []
