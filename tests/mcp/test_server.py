"""`rusvel mcp` as a client sees it: what is offered, what a call does, and what is never done."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any, cast

import pytest
from mcp import Client
from mcp_types import CallToolResult, Tool

from rusvel_tui import mcp
from rusvel_tui.engine.agent.tools.catalogue import catalogue, wire_name
from rusvel_tui.engine.errors import InvalidInput, NotConfigured
from rusvel_tui.engine.operation import OPERATIONS
from tests.factories import Desk, box, events

ADA = {"name": "Ada Lovelace", "email": "ada@example.com"}
ADD = "gtm__crm__add_contact"
LIST = "gtm__crm__list_contacts"
TASK = "gtm__crm__add_task"
CALL = {"subject": "Call back"}
ALL = ("*",)


def talk(desk: Desk, story: Callable[[Client], Awaitable[Any]], *allow: str) -> Any:
    """What a client hears in one conversation."""

    async def whole() -> Any:
        server = mcp.make_server(desk.engine, mcp.offered(desk.engine, allow))
        async with Client(server) as client:
            return await story(client)

    return asyncio.run(whole())


def ask(desk: Desk, *calls: tuple[str, dict[str, Any]], allow: tuple[str, ...] = ALL) -> list[Any]:
    """The results of some calls, one after the other."""

    async def story(client: Client) -> list[CallToolResult]:
        return [await client.call_tool(name, dict(given)) for name, given in calls]

    found: list[Any] = talk(desk, story, *allow)
    return found


def tools(desk: Desk, *allow: str) -> dict[str, Tool]:
    async def story(client: Client) -> list[Tool]:
        return (await client.list_tools()).tools

    return {tool.name: tool for tool in talk(desk, story, *allow)}


def text(result: Any) -> str:
    return str(result.content[0].text)


def people(desk: Desk) -> list[str]:
    return [one.name for one in desk.call("gtm.crm.list_contacts").items]


def waiting(desk: Desk) -> list[Any]:
    return list(desk.call("agent.proposals.list").items)


def test_only_what_reads_is_offered_by_itself(desk: Desk) -> None:
    found = tools(desk)
    assert LIST in found
    assert ADD not in found
    reading = {wire_name(n) for n, one in catalogue().items() if one.permission.endswith(".read")}
    assert set(found) == reading
    assert all(tool.annotations and tool.annotations.read_only_hint for tool in found.values())


@pytest.mark.parametrize(
    ("allow", "there", "not_there"),
    [
        (("crm.read",), LIST, "growth__kpi__get_trend"),
        (("crm.manage",), ADD, LIST),
        (("crm.contacts.*",), ADD, "gtm__crm__add_deal"),
        (("*.read", "growth.kpi.record_kpi"), "growth__kpi__record_kpi", ADD),
        (("gtm.crm.add_contact",), ADD, LIST),
    ],
)
def test_c_076_more_or_less_is_offered_by_patterns_over_permissions_and_names(
    desk: Desk, allow: tuple[str, ...], there: str, not_there: str
) -> None:
    found = tools(desk, *allow)
    assert there in found
    assert not_there not in found


def test_whatever_is_allowed_nothing_for_people_is_offered(desk: Desk) -> None:
    human = {wire_name(name) for name, one in OPERATIONS.items() if one.human_only}
    assert human
    assert human & set(tools(desk, *ALL)) == set()
    with pytest.raises(InvalidInput, match="No tool fits"):
        mcp.offered(desk.engine, ["gtm.approvals.approve"])


def test_a_pattern_that_fits_nothing_is_refused_with_what_there_is(desk: Desk) -> None:
    with pytest.raises(
        InvalidInput, match=r"No tool fits --allow 'crm\.raed'.*crm\.contacts\.read"
    ):
        mcp.offered(desk.engine, ["crm.raed"])


def test_permissions_and_a_file_that_is_only_read_narrow_what_is_offered(desk: Desk) -> None:
    desk.engine.grants = frozenset({"crm.contacts.read", "crm.contacts.manage"})
    assert {one.permission for one in mcp.offered(desk.engine, ALL)} == desk.engine.grants
    desk.engine._db.read_only = True
    assert {one.writes for one in mcp.offered(desk.engine, ALL)} == {False}
    desk.engine._db.read_only = False


def test_the_schema_is_that_of_the_operation_without_the_session(desk: Desk) -> None:
    schema = tools(desk, *ALL)[ADD].input_schema
    assert schema["type"] == "object"
    assert schema["additionalProperties"] is False
    assert "name" in schema["properties"]
    assert "session_id" not in schema["properties"]


def test_reading_answers_with_text_and_data(desk: Desk) -> None:
    desk.contact("Ada")
    (result,) = ask(desk, (LIST, {"limit": 1}))
    assert not result.is_error
    assert result.structured_content["items"][0]["name"] == "Ada"


@pytest.mark.parametrize(
    ("tool", "given", "said"),
    [
        (LIST, {"limt": 3}, "limt: unknown field."),
        (LIST, {"limit": "many"}, "limit: Input should be a valid integer"),
        (LIST, {"session_id": "other"}, "Leave session_id out"),
        ("gtm__crm__get_contact", {"contact_id": "x"}, "There is no contact 'x'"),
        ("gtm__crm__nothing", {}, "There is no tool 'gtm.crm.nothing'"),
        ("gtm__approvals__approve", {"id": "x", "digest": "y"}, "There is no tool"),
        (ADD, ADA, "gtm.crm.add_contact is not allowed here"),
    ],
)
def test_what_is_wrong_is_an_error_of_the_tool_in_plain_words(
    desk: Desk, tool: str, given: dict[str, Any], said: str
) -> None:
    (result,) = ask(desk, (tool, given), allow=())
    assert result.is_error
    assert said in text(result)
    assert people(desk) == []
    assert waiting(desk) == []


def test_a_change_waits_in_the_inbox_however_often_it_is_asked_for(desk: Desk) -> None:
    results = ask(desk, (ADD, ADA), (ADD, ADA), (ADD, ADA | {"name": "Grace"}))
    assert people(desk) == []
    assert {one.origin for one in waiting(desk)} == {"mcp"}
    ids = [one.structured_content["proposal_id"] for one in results]
    assert ids[0] == ids[1] != ids[2]
    assert len(waiting(desk)) == 2
    assert events(desk, "agent.proposal.made")[0].actor == "mcp"


def test_the_same_request_by_another_process_is_the_same_proposal(desk: Desk) -> None:
    ask(desk, (ADD, ADA))
    ask(desk, (ADD, ADA))
    assert len(waiting(desk)) == 1


def test_asking_again_tells_what_became_of_it_once_and_then_proposes_anew(desk: Desk) -> None:
    async def story(client: Client) -> list[str]:
        heard = [text(await client.call_tool(TASK, CALL))]
        card = waiting(desk)[0]
        desk.call("agent.proposals.approve", proposal_id=card.proposal_id)
        return [*heard, *[text(await client.call_tool(TASK, CALL)) for _ in range(2)]]

    asked, told, another = talk(desk, story, *ALL)
    assert "waits for the person's yes" in asked
    assert "activity_id" in told
    assert "waits for the person's yes" in another
    assert len(desk.call("gtm.crm.list_tasks").items) == 1


def test_a_no_is_told_with_its_reason(desk: Desk) -> None:
    async def story(client: Client) -> Any:
        await client.call_tool(ADD, ADA)
        card = waiting(desk)[0]
        desk.call("agent.proposals.reject", proposal_id=card.proposal_id, reason="a stranger")
        return await client.call_tool(ADD, ADA)

    result = talk(desk, story, *ALL)
    assert result.is_error
    assert "a stranger" in text(result)
    assert people(desk) == []


def test_a_client_may_name_its_own_key(desk: Desk) -> None:
    async def story(client: Client) -> None:
        for key in ("one", "one", "two"):
            await client.call_tool(ADD, ADA, meta=cast(Any, {mcp.KEY: key}))

    talk(desk, story, *ALL)
    assert len(waiting(desk)) == 2


def test_a_draft_waits_in_the_inbox_and_nothing_leaves(desk: Desk) -> None:
    contact = desk.contact("Ada", "ada@example.com")
    given = {"contact_id": contact.contact_id, "subject": "Looms", "body": "Dear Ada, looms."}
    ask(desk, *[("gtm__outreach__create_email_draft", given)] * 2)
    desk.work()
    assert [one.subject for one in box(desk)] == ["Looms"]
    assert desk.mailer.sent == []


def test_the_session_is_the_one_of_the_start(desk: Desk) -> None:
    desk.contact("Ada")

    async def story(client: Client) -> Any:
        desk.call("session.create", name="other")
        desk.contact("Somebody Else")
        return await client.call_tool(LIST, {})

    found = talk(desk, story, *ALL).structured_content["items"]
    assert [one["name"] for one in found] == ["Ada"]


def test_without_a_session_there_is_nothing_to_serve(engine: Any) -> None:
    with pytest.raises(NotConfigured):
        mcp.make_server(engine, mcp.offered(engine))


def test_a_surprise_tells_its_kind_and_nothing_else(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def broken(*_: object) -> None:
        raise ZeroDivisionError("the password is hunter2")

    monkeypatch.setattr(mcp, "call_tool", broken)
    (result,) = ask(desk, (LIST, {}))
    assert result.is_error
    assert text(result) == "Something is wrong inside rusvel (ZeroDivisionError)."
    assert "gtm__crm__list_contacts failed" in caplog.text
