"""The addresses of the first design over HTTP, each of them an operation."""

from __future__ import annotations

import re
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

import pytest
from starlette.testclient import TestClient

from rusvel_tui import api
from rusvel_tui.api import app
from rusvel_tui.api.aliases import ALIASES
from rusvel_tui.engine.operation import OPERATIONS
from tests.factories import HELLO, Desk, events


def found(client: TestClient, path: str, status: int = 200) -> Any:
    answer = client.get(path)
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/json"
    return answer.json()


def sent(client: TestClient, path: str, data: dict[str, Any], status: int = 200) -> Any:
    answer = client.post(path, json=data)
    assert answer.status_code == status, answer.text
    return answer.json()


def test_g_111_the_status_of_gtm(client: TestClient, desk: Desk) -> None:
    desk.contact("Ada Lovelace")
    assert found(client, "/api/dept/gtm/status")["contacts"] == 1


def test_g_112_the_lists_of_gtm(client: TestClient, desk: Desk) -> None:
    for name in ("Ada", "Grace"):
        desk.contact(name)
    page = found(client, "/api/dept/gtm/list?kind=contacts&limit=1")
    assert len(page["items"]) == 1
    more = client.get(
        "/api/dept/gtm/list", params={"kind": "contacts", "limit": 1, "cursor": page["next"]}
    ).json()
    assert {one["name"] for one in (*page["items"], *more["items"])} == {"Ada", "Grace"}


def test_g_113_the_newest_events_of_the_department_come_first(
    client: TestClient, desk: Desk
) -> None:
    desk.contact("Ada")
    desk.call("growth.kpi.record_kpi", name="MRR", value="1")
    desk.contact("Grace")
    names = [one["payload"].get("name") for one in found(client, "/api/dept/gtm/events")["items"]]
    assert names[:2] == ["Grace", "Ada"]
    assert "MRR" not in names


def test_g_118_contacts_deals_sequences_and_invoices_over_http(client: TestClient) -> None:
    contact = sent(client, "/api/call/gtm.crm.add_contact", {"name": "Ada", "email": "a@x.example"})
    deal = sent(
        client,
        "/api/call/gtm.crm.add_deal",
        {"contact_id": contact["contact_id"], "title": "Looms", "value": "1200"},
    )
    moved = {"deal_id": deal["deal_id"], "stage": "Qualified"}
    assert sent(client, "/api/call/gtm.crm.advance_deal", moved)["stage"] == "Qualified"
    made = sent(
        client,
        "/api/call/gtm.invoices.create_invoice",
        {
            "contact_id": contact["contact_id"],
            "line_items": [{"description": "Looms", "quantity": "2", "unit_price": "600"}],
        },
    )
    assert made["status"] == "Draft"
    assert found(client, "/api/dept/gtm/status")["invoices"]["Draft"] == 1


def test_g_114_what_is_due_is_done_and_nothing_leaves_without_a_yes(
    client: TestClient, desk: Desk
) -> None:
    steps = {"name": "Intro", "steps": [HELLO]}
    sequence = sent(client, "/crm/sequences", steps, 201)
    wanted = {"sequence_id": sequence["sequence_id"]}
    sent(client, "/api/call/gtm.outreach.activate_sequence", wanted)
    enroll = f"/crm/sequences/{sequence['sequence_id']}/enroll"
    sent(client, enroll, {"contact_id": desk.contact().contact_id})
    many = sent(client, enroll, {"contact_ids": [desk.contact().contact_id]})
    assert many["enrolled"] == 1
    assert sent(client, "/internal/crm/sequences/run", {"limit": 5}) == {"processed": 2}
    assert len(found(client, "/api/approvals")["items"]) == 2
    assert desk.mailer.sent == []
    assert [one["name"] for one in found(client, "/crm/sequences")["items"]] == ["Intro"]


def test_r_100_the_status_of_growth(client: TestClient, desk: Desk) -> None:
    desk.call("growth.kpi.record_kpi", name="MRR", value="1")
    assert found(client, "/api/dept/growth/status")["kpis"] == 1


def test_r_103_r_104_the_lists_and_events_of_growth(client: TestClient, desk: Desk) -> None:
    desk.call("growth.kpi.record_kpi", name="MRR", value="1")
    assert [o["name"] for o in found(client, "/api/dept/growth/list?kind=kpis")["items"]] == ["MRR"]
    kinds = {one["kind"] for one in found(client, "/api/dept/growth/events")["items"]}
    assert "growth.kpi.recorded" in kinds
    assert not any(kind.startswith("gtm.") for kind in kinds)


def test_r_127_r_128_r_129_the_dashboard_holds_funnel_cohort_and_kpi(
    client: TestClient, desk: Desk
) -> None:
    for stage, count in (("Visit", 100), ("Trial", 10)):
        desk.call("growth.funnel.add_stage", name=stage)
        desk.call("growth.funnel.record_conversion", stage=stage, count=count)
    desk.call("growth.kpi.record_kpi", name="MRR", value="12000")
    board = found(client, "/api/dept/growth/dashboard")
    assert len(board["funnels"]) == 1
    assert [one["name"] for one in board["kpis"]] == ["MRR"]
    assert "rows" in board["cohorts"]


def test_g_164_every_address_is_an_operation_and_a_get_changes_nothing() -> None:
    known = {one.operation.format(department=d) for one in ALIASES for d in ("gtm", "growth")}
    assert known - set(OPERATIONS) == set()
    gets = {one.operation.format(department="gtm") for one in ALIASES if one.method == "GET"}
    assert [name for name in gets if OPERATIONS[name].writes] == []


def test_t_024_approvals_are_listed(client: TestClient) -> None:
    assert found(client, "/api/approvals") == {"items": [], "next": None}


def test_t_025_jobs_are_listed_and_a_wrong_state_is_refused(client: TestClient, desk: Desk) -> None:
    assert found(client, "/api/jobs")["items"] == []
    wrong = found(client, "/api/jobs?state=wild", 422)
    assert wrong["field"] == "state"
    desk.enrol(desk.sequence(), desk.contact())
    assert len(found(client, "/api/jobs?state=queued")["items"]) == 1
    assert found(client, "/api/jobs?state=failed")["items"] == []


BODIES: dict[str, dict[str, Any]] = {
    "agents": {"instructions": "Be kind."},
    "skills": {"text": "Say {{input}}."},
    "rules": {"text": "Never haggle."},
    "hooks": {"event": "gtm.deal.*", "type": "http", "action": "http://127.0.0.1:9/x"},
    "workflows": {"steps": [{"type": "approval", "message": "Go on?"}]},
    "schedules": {"cron": "0 9 * * 1", "type": "prompt", "prompt": "What is new?"},
    "mcp-servers": {"command": "weather"},
}


@pytest.mark.parametrize("kind", BODIES)
def test_t_026_entities_are_made_shown_and_changed_and_only_people_delete_them(
    client: TestClient, kind: str
) -> None:
    home = f"/api/{kind}?engine=growth"
    assert found(client, home)["items"] == []
    made = sent(client, home, {"name": "My own", "body": BODIES[kind]}, 201)
    one = f"/api/{kind}/{made['entity_id']}"
    assert found(client, one)["metadata"] == {"engine": "growth"}
    changed = client.put(one, json={"name": "Another", "version": made["version"]})
    assert (changed.status_code, changed.json()["name"]) == (200, "Another")
    late = client.put(one, json={"name": "Too late", "version": made["version"]})
    assert late.status_code == 409
    refused = client.delete(one)
    assert (refused.status_code, "Only a person" in refused.json()["error"]) == (403, True)
    assert [one["name"] for one in found(client, home)["items"]] == ["Another"]
    assert found(client, f"/api/{kind}?engine=gtm")["items"] == []
    assert found(client, f"/api/{kind}/nothing", 404)


def test_t_027_the_configuration_is_read_and_written_per_session(client: TestClient) -> None:
    wanted = {"layer": "Session", "settings": {"max_turns": 7}}
    assert client.put("/api/config", json=wanted).status_code == 200
    values = {one["name"]: one for one in found(client, "/api/config?department=gtm")["items"]}
    assert (values["max_turns"]["value"], values["max_turns"]["origin"]) == (7, "Session")


def test_c_076_tools_are_switched_off_for_one_session(client: TestClient) -> None:
    sent(client, "/api/sessions", {"name": "other"}, 201)
    wanted = {"layer": "Session", "settings": {"denied_tools": ["gtm.crm.*"]}}
    assert client.put("/api/config?session=other", json=wanted).status_code == 200
    ask = "/api/call/agent.chat.prepare"
    here = sent(client, f"{ask}?session=acme", {"department": "gtm"})["tools"]
    there = sent(client, f"{ask}?session=other", {"department": "gtm"})["tools"]
    assert set(here) - set(there) == {name for name in here if name.startswith("gtm.crm.")} != set()


def test_t_032_what_models_cost_is_summed_up(client: TestClient) -> None:
    assert found(client, "/api/spend?days=7")["total"]["calls"] == 0


def test_t_028_conversations_begin_empty(client: TestClient) -> None:
    assert found(client, "/api/conversations")["items"] == []
    assert "no conversation" in found(client, "/api/conversations/none", 404)["error"]


def test_t_029_departments_are_listed(client: TestClient) -> None:
    assert [one["id"] for one in found(client, "/api/departments")["items"]] == ["gtm", "growth"]
    wrong = found(client, "/api/dept/sales/status", 404)
    assert "There are gtm, growth" in wrong["error"]


def test_t_034_sessions_are_listed_and_made(client: TestClient) -> None:
    sent(client, "/api/sessions", {"name": "second", "currency": "USD"}, 201)
    names = {one["name"] for one in found(client, "/api/sessions")["items"]}
    assert names == {"acme", "second"}


def test_what_a_script_changes_stands_in_the_log_as_its_own(client: TestClient, desk: Desk) -> None:
    sent(client, "/api/call/gtm.crm.add_contact", {"name": "Ada"})
    assert events(desk, "gtm.contact.added")[0].actor == "http"


def test_the_openapi_document_tells_of_every_operation_and_refers_to_nothing_that_is_missing(
    client: TestClient,
) -> None:
    told = found(client, "/openapi.json")
    called = {path.removeprefix("/api/call/") for path in told["paths"] if "/call/" in path}
    offered = {name for name, one in OPERATIONS.items() if not one.internal} - {"undo", "redo"}
    assert called == offered
    assert {one.path for one in ALIASES} <= set(told["paths"])
    referred = set(re.findall(r'"#/components/schemas/([^"]+)"', client.get("/openapi.json").text))
    assert referred <= set(told["components"]["schemas"])
    assert told["paths"]["/api/call/gtm.approvals.approve"]["post"]["x-for-people-only"]


def test_every_module_of_routes_is_part_of_the_application() -> None:
    written = {
        name
        for one in iter_modules(api.__path__)
        for name in vars(import_module(f"{api.__name__}.{one.name}"))
        if name.endswith("_routes")
    }
    assert written
    assert written <= set(vars(app))
