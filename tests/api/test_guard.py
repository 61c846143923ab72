"""What stands before the routes: the token, sizes, permissions, and errors that tell nothing they should not."""

from __future__ import annotations

import logging
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from rusvel_tui.api.app import make_app
from rusvel_tui.api.guard import LARGEST
from rusvel_tui.engine import departments
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import NotConfigured
from rusvel_tui.engine.operation import OPERATIONS
from tests.api.conftest import TOKEN
from tests.factories import Desk, box

departments.load()
HUMAN = sorted(name for name, one in OPERATIONS.items() if one.human_only)
STATUS = "/api/dept/gtm/status"


def test_t_033_the_right_token_and_no_other(stranger: TestClient) -> None:
    for shown, status in (
        (f"Bearer {TOKEN}", 200),
        (f"bearer {TOKEN}", 200),
        ("", 401),
        (f"Basic {TOKEN}", 401),
        (f"Bearer {TOKEN}x", 401),
        (f"Bearer {TOKEN[:-1]}", 401),
        ("Bearer ", 401),
        ("Bearer \u00e9".encode(), 401),
    ):
        raw = shown if isinstance(shown, bytes) else shown.encode()
        answer = stranger.get(STATUS, headers={b"Authorization": raw})
        assert answer.status_code == status, shown
    assert stranger.get(STATUS).headers["WWW-Authenticate"] == "Bearer"


def test_t_033_without_a_token_there_is_no_server(desk: Desk) -> None:
    for token, said in (("", "is not set"), ("short", "is too short")):
        with pytest.raises(NotConfigured, match=f"RUSVEL_API_TOKEN {said}"):
            make_app(desk.engine, token)


def test_t_032_t_033_health_is_open_and_tells_nothing_of_the_desk(stranger: TestClient) -> None:
    assert set(stranger.get("/health").json()) == {"status", "version"}


def test_a_stranger_learns_no_addresses(stranger: TestClient) -> None:
    for path in ("/openapi.json", "/nothing", "/api/call/nothing", "/health/../api/departments"):
        assert stranger.get(path).status_code == 401, path


def test_what_is_for_people_is_not_offered(client: TestClient) -> None:
    for name in HUMAN:
        answer = client.post(f"/api/call/{name}", json={})
        said = f"Only a person may call {name}: it is not offered to scripts."
        assert (answer.status_code, answer.json()["error"]) == (403, said)


def test_a_script_cannot_say_yes_nor_undo(client: TestClient, desk: Desk) -> None:
    mail = desk.drafted()
    for name, data in (
        ("gtm.approvals.approve", {"id": mail.id, "digest": mail.digest}),
        ("undo", {}),
        ("redo", {}),
    ):
        assert client.post(f"/api/call/{name}", json=data).status_code == 403, name
    assert [one.id for one in box(desk)] == [mail.id]


def test_files_of_the_machine_are_neither_read_nor_written(
    client: TestClient, desk: Desk, tmp_path: Path
) -> None:
    target = tmp_path / "people.csv"
    desk.contact()
    for name, field in (
        ("gtm.crm.export_contacts", "path"),
        ("gtm.crm.import_contacts", "path"),
        ("gtm.invoices.import_bank_csv", "path"),
        ("growth.import_csv", "path"),
    ):
        answer = client.post(f"/api/call/{name}", json={field: str(target)})
        assert answer.status_code == 403, name
        assert "names a file of the machine" in answer.json()["error"]
    assert not target.exists()


REACHING = {
    "mcp-servers": {"command": "weather"},
    "hooks": {"event": "gtm.deal.*", "type": "command", "action": "true"},
}


@pytest.mark.parametrize("kind", REACHING)
def test_what_starts_programs_counts_only_after_a_person_enabled_it(
    client: TestClient, desk: Desk, kind: str
) -> None:
    made = client.post(f"/api/{kind}", json={"name": "x", "body": REACHING[kind], "enabled": True})
    assert (made.status_code, made.json()["enabled"]) == (201, False)
    one = {"entity_id": made.json()["entity_id"]}
    refused = client.post("/api/call/agent.entities.set_enabled", json=one | {"enabled": True})
    assert (refused.status_code, "Only a person can enable" in refused.json()["error"]) == (
        403,
        True,
    )
    if kind == "hooks":
        tried = client.post("/api/call/agent.hooks.test", json={"hook": one["entity_id"]})
        assert tried.status_code == 403
    assert desk.call("agent.entities.set_enabled", **one, enabled=True).enabled
    changed = client.put(f"/api/{kind}/{one['entity_id']}", json={"body": REACHING[kind]})
    assert changed.json()["enabled"] is False


def test_the_machinery_is_not_offered(client: TestClient) -> None:
    for name in ("job.claim", "gtm.outreach.pass_gate", "agent.servers.call_tool", "gtm.nothing"):
        assert client.post(f"/api/call/{name}", json={}).status_code == 404, name


def test_permissions_hold_for_scripts_too(desk: Desk) -> None:
    desk.engine.grants = frozenset({"crm.contacts.read"})
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with TestClient(make_app(desk.engine, TOKEN), headers=headers) as guest:
        assert guest.get(STATUS).status_code == 200
        refused = guest.post("/api/call/gtm.crm.add_contact", json={"name": "Ada"})
        assert refused.status_code == 403
        assert "needs the permission crm.contacts.manage" in refused.json()["error"]


@pytest.mark.parametrize(
    ("body", "status", "said"),
    [
        (b"{", 400, "not valid JSON"),
        (b"[1]", 400, "must be a JSON object"),
        (b'{"name": NaN}', 400, "NaN is no number"),
        (b'{"name": "\xff"}', 400, "not valid JSON"),
        (b"[" * 100_000, 400, "not valid JSON"),
        (b'{"nam": "Ada"}', 422, "nam: unknown field"),
        (b'{"name": "' + b"x" * LARGEST + b'"}', 413, "bytes at the most"),
    ],
)
def test_a_body_that_cannot_be_used_is_refused_with_words(
    client: TestClient, body: bytes, status: int, said: str
) -> None:
    answer = client.post("/api/call/gtm.crm.add_contact", content=body)
    assert answer.status_code == status
    assert said in answer.json()["error"]


def test_a_body_without_a_length_is_cut_off_too(client: TestClient) -> None:
    pieces = (b"x" * 100_000 for _ in range(20))
    assert client.post("/api/call/gtm.crm.add_contact", content=pieces).status_code == 413


def test_unknown_addresses_and_methods_have_words(client: TestClient) -> None:
    assert "openapi.json" in client.get("/nothing").json()["error"]
    assert client.put(STATUS).status_code == 405


def test_a_surprise_tells_its_kind_and_nothing_else(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("the password is hunter2")

    monkeypatch.setattr(Engine, "call", broken)
    answer = client.get(STATUS)
    assert answer.status_code == 500
    assert answer.json()["error"] == "Something is wrong inside rusvel (ZeroDivisionError)."
    assert "ZeroDivisionError inside rusvel" in caplog.text


def test_nobody_elses_page_may_read_an_answer(client: TestClient) -> None:
    answer = client.get(STATUS, headers={"Origin": "https://evil.example"})
    assert not [name for name in answer.headers if name.startswith("access-control")]
    assert client.options(STATUS).status_code == 405


def test_the_log_holds_no_token_no_query_and_no_link(
    client: TestClient, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "rusvel.api")
    client.get("/unsubscribe/my-own-link")
    client.get(f"{STATUS}?session=acme")
    client.get("/%0d%0aforged%1b")
    lines = [record.getMessage() for record in caplog.records]
    assert lines[:2] == ["GET /unsubscribe/… 404", f"GET {STATUS} 200"]
    assert TOKEN not in caplog.text
    assert "\x1b" not in lines[2]
    assert "\n" not in lines[2]
