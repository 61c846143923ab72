"""Agents, skills, rules, hooks, workflows, schedules, MCP servers: made, scoped, changed, deleted, taken back."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rusvel_tui.engine.agent.entities.kinds import ENTITY_KINDS
from rusvel_tui.engine.agent.entities.placeholders import fill, places
from rusvel_tui.engine.agent.entities.seeds import SEEDS
from rusvel_tui.engine.agent.entities.views import EntityView, slug
from rusvel_tui.engine.context import Actor
from rusvel_tui.engine.errors import Conflict, InvalidInput, NotFound, NotPermitted
from rusvel_tui.engine.undo import Undo, redo, undo
from tests.factories import Desk, events

BODIES: dict[str, dict[str, Any]] = {
    "agent": {"instructions": "You write short."},
    "skill": {"text": "Summarise {{input}}."},
    "rule": {"text": "Be brief."},
    "hook": {"event": "gtm.deal.*", "type": "command", "action": "true"},
    "workflow": {"steps": [{"type": "agent", "name": "one", "prompt": "Say hello."}]},
    "schedule": {"cron": "0 9 * * 1", "type": "prompt", "prompt": "Review the week."},
    "mcp_server": {"command": "true"},
}
EVERY = pytest.mark.parametrize("kind", list(ENTITY_KINDS))


def save(desk: Desk, kind: str, name: str = "One", engine: str = "", **more: Any) -> EntityView:
    wanted = {"kind": kind, "name": name, "engine": engine, "body": BODIES[kind]} | more
    found: EntityView = desk.call("agent.entities.save", **wanted)
    return found


def names(desk: Desk, kind: str, engine: str = "", **more: Any) -> list[str]:
    return [
        one.name for one in desk.call("agent.entities.list", kind=kind, engine=engine, **more).items
    ]


def test_every_kind_is_tried_here() -> None:
    assert set(BODIES) == set(ENTITY_KINDS)


@EVERY
def test_t_026_r_105_made_shown_changed_and_deleted(desk: Desk, kind: str) -> None:
    assert names(desk, kind) == []
    made = save(desk, kind, "My  Own_thing")
    assert (made.name, made.slug, made.version, made.enabled) == (
        "My Own_thing",
        "my-own-thing",
        1,
        True,
    )
    assert desk.call("agent.entities.show", kind=kind, name="my-own-thing") == made
    assert desk.call("agent.entities.show", entity_id=made.entity_id) == made
    changed = save(desk, kind, "Another", entity_id=made.entity_id, version=1)
    assert (changed.slug, changed.version) == ("another", 2)
    desk.call("agent.entities.delete", kind=kind, name="another")
    assert names(desk, kind) == []
    with pytest.raises(NotFound):
        desk.call("agent.entities.show", entity_id=made.entity_id)


@EVERY
def test_g_130_g_131_g_132_g_133_g_134_g_135_scoped_by_department_and_global_ones_everywhere(
    desk: Desk, kind: str
) -> None:
    everywhere = save(desk, kind, "Everywhere")
    mine = save(desk, kind, "Mine", "gtm")
    save(desk, kind, "Theirs", "growth")
    assert (mine.metadata, everywhere.metadata) == ({"engine": "gtm"}, {})
    assert names(desk, kind, "gtm") == ["Everywhere", "Mine"]
    assert names(desk, kind, "growth") == ["Everywhere", "Theirs"]
    assert names(desk, kind) == ["Everywhere", "Mine", "Theirs"]
    with pytest.raises(NotFound, match="There are gtm, growth"):
        save(desk, kind, "Nowhere", "finance")


@EVERY
def test_every_change_is_taken_back_and_made_again(desk: Desk, kind: str) -> None:
    made = save(desk, kind)
    save(desk, kind, "Two", entity_id=made.entity_id)
    desk.call("agent.entities.set_enabled", entity_id=made.entity_id, enabled=False)
    desk.call("agent.entities.delete", entity_id=made.entity_id)

    def state() -> list[tuple[str, bool]]:
        return [(o.name, o.enabled) for o in desk.call("agent.entities.list", kind=kind).items]

    seen = [state()]
    for _ in range(4):
        desk.engine.run(undo, Undo())
        seen.append(state())
    assert seen == [[], [("Two", False)], [("Two", True)], [("One", True)], []]
    for wanted in reversed(seen[:-1]):
        desk.engine.run(redo, Undo())
        assert state() == wanted


@EVERY
def test_unknown_keys_are_refused(desk: Desk, kind: str) -> None:
    with pytest.raises(InvalidInput, match="colour: unknown field"):
        save(desk, kind, body=BODIES[kind] | {"colour": "red"})
    with pytest.raises(InvalidInput):
        save(desk, kind, body={})
    assert names(desk, kind) == []


def test_a_name_is_taken_once_in_each_department(desk: Desk) -> None:
    save(desk, "skill", "Follow up")
    save(desk, "skill", "Follow up", "gtm")
    with pytest.raises(Conflict, match="follow-up already"):
        save(desk, "skill", "follow_up")
    with pytest.raises(InvalidInput, match="Say whose"):
        desk.call("agent.entities.show", kind="skill", name="follow-up")
    own = desk.call("agent.entities.show", kind="skill", name="follow-up", engine="gtm")
    assert own.engine == "gtm"


def test_a_deleted_one_does_not_come_back_over_another(desk: Desk) -> None:
    old = save(desk, "rule")
    desk.call("agent.entities.delete", entity_id=old.entity_id)
    event = events(desk, "agent.entity.deleted")[0]
    save(desk, "rule", body={"text": "Another."})
    stored = {
        "subject_id": old.entity_id,
        "name": "One",
        "kind": "agent.entity.restored",
        "again": "agent.entity.deleted",
    }
    assert event.subject_id == old.entity_id
    change = [
        "agent_entity",
        [old.entity_id],
        {"deleted_at": None},
        {"deleted_at": "2026-11-24T09:00:00.000000Z"},
    ]
    with pytest.raises(Conflict, match="another one by now"):
        desk.call("agent.entities.put_back", **stored, changes=[change])


def test_two_people_at_once(desk: Desk) -> None:
    made = save(desk, "rule")
    save(desk, "rule", entity_id=made.entity_id, version=made.version, body={"text": "Theirs."})
    with pytest.raises(Conflict, match="changed by somebody else"):
        save(desk, "rule", entity_id=made.entity_id, version=made.version, body={"text": "Mine."})


def test_a_name_that_is_nearly_right_is_named(desk: Desk) -> None:
    save(desk, "agent", "proposal-writer")
    with pytest.raises(NotFound, match="Did you mean proposal-writer"):
        desk.call("agent.entities.show", kind="agent", name="propsal-writer")
    with pytest.raises(NotFound, match="There are agent, skill"):
        desk.call("agent.entities.list", kind="persona")


def test_only_a_person_deletes(desk: Desk) -> None:
    made = save(desk, "rule")
    with desk.acting_as(Actor("assistant", human=False)), pytest.raises(NotPermitted):
        desk.call("agent.entities.delete", entity_id=made.entity_id)


def test_texts_are_kept_without_what_a_terminal_would_act_on(desk: Desk) -> None:
    made = save(desk, "rule", "Red \x1b[31mrule", body={"text": "a\x1b]0;x\x07b\u202ec"})
    assert (made.name, made.body["text"]) == ("Red rule", "abc")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Sum up {input}.", "Line 1, column 8: `{input}` is not filled in. Write {{input}}."),
        ("Hello\n  {{in put}}", "Line 2, column 3: `{{in put}}` is no place"),
        ("a {{input", "Line 1, column 3: `{{` is never closed"),
        ("a {{}}", "Line 1, column 3: `{{}}` is no place"),
        ("{{topic}} and {topic}", "Line 1, column 15: `{topic}` is not filled in"),
        ("{{input|upper}}", "is no place"),
    ],
)
def test_q_139_an_ill_formed_place_is_refused_where_it_stands(
    desk: Desk, text: str, said: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        save(desk, "skill", body={"text": text})
    assert said in str(refused.value)


def test_q_139_braces_that_are_no_places_are_text(desk: Desk) -> None:
    text = 'Answer as JSON: {"name": "…"} for {{input}}, {1}, { x }'
    assert save(desk, "skill", body={"text": text}).body["text"] == text


@given(
    st.dictionaries(st.sampled_from(["input", "topic", "who"]), st.text(max_size=20), min_size=3)
)
def test_values_are_never_expanded_again(values: dict[str, str]) -> None:
    values["who"] = "{{topic}} {{input}} \\1"
    made = fill("<{{input}}|{{topic}}|{{ who }}>", values)
    assert made == f"<{values['input']}|{values['topic']}|{values['who']}>"
    assert len(places("{{input}}{{topic}}")) == 2


@pytest.mark.parametrize("name", ["help", "Help", "NEW"])
def test_words_of_the_front_ends_are_no_skills(desk: Desk, name: str) -> None:
    with pytest.raises(InvalidInput, match="means something else"):
        save(desk, "skill", name)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [("Human Approval Gate", "human-approval-gate"), ("a_b  c", "a-b-c"), ("Ünder-Größe!", "ünder-grösse"), ("v2.1", "v2-1")],
)  # fmt: skip
def test_a_slug_is_what_can_be_typed(name: str, wanted: str) -> None:
    assert slug(name) in (wanted, wanted.replace("ss", "ß"))
    with pytest.raises(InvalidInput):
        slug(" !! ")


@pytest.mark.parametrize(
    ("kind", "body", "said"),
    [
        ("agent", {"instructions": "x", "allowed_tools": ["gtm.crm.ad_contact"]}, "Did you mean"),
        ("agent", {"instructions": "x", "effort": "huge"}, "effort"),
        ("mcp_server", {"command": "x", "env": ["TOKEN=abc"]}, "their values stay where they are"),
    ],
)
def test_a_body_says_what_is_wrong_with_it(
    desk: Desk, kind: str, body: dict[str, Any], said: str
) -> None:
    with pytest.raises(InvalidInput) as refused:
        save(desk, kind, body=body)
    assert said in str(refused.value)
    assert "abc" not in str(refused.value)


def test_a_session_is_given_what_comes_along_once(desk: Desk) -> None:
    assert not desk.call("agent.entities.list", kind="rule").seeded
    made = desk.call("agent.entities.seed").names
    assert {
        "Human approval gate",
        "Invoice hygiene",
        "Community growth",
        "growth-weekly-experiment",
    } <= {*made}
    assert desk.call("agent.entities.seed").names == ()
    rules = {one.name: one for one in desk.call("agent.entities.list", kind="rule").items}
    assert {name: one.engine for name, one in rules.items()} == {
        "Human approval gate": "", "Invoice hygiene": "gtm", "Community growth": "growth",
    }  # fmt: skip
    assert all(one.seeded and one.enabled for one in rules.values())
    assert desk.call("agent.entities.list", kind="rule").seeded


def test_what_was_deleted_stays_deleted_and_what_was_there_stays(desk: Desk) -> None:
    save(desk, "rule", "Invoice hygiene", "gtm", body={"text": "Mine."})
    desk.call("agent.entities.seed")
    assert desk.call("agent.entities.show", kind="rule", name="invoice-hygiene").body == {
        "text": "Mine."
    }
    desk.call("agent.entities.delete", kind="rule", name="human-approval-gate")
    assert desk.call("agent.entities.seed").names == ()
    assert names(desk, "rule") == ["Community growth", "Invoice hygiene"]


def test_seeding_does_not_stand_in_the_way_of_undo(desk: Desk) -> None:
    contact = desk.contact()
    desk.call("agent.entities.seed")
    assert desk.engine.run(undo, Undo()).subject_id == contact.contact_id


def test_each_session_has_its_own(desk: Desk) -> None:
    made = save(desk, "rule")
    desk.call("session.create", name="other")
    assert names(desk, "rule") == []
    with pytest.raises(NotFound):
        desk.call("agent.entities.show", entity_id=made.entity_id)


def test_the_experiment_asks_for_all_that_an_experiment_needs() -> None:
    (text,) = [seed.body["text"] for seed in SEEDS if seed.name == "growth-weekly-experiment"]
    for word in (
        "Hypothesis",
        "Channel",
        "Audience",
        "Copy angle",
        "Metric",
        "Sample size",
        "Stop criteria",
    ):
        assert word in text
    assert len({seed.key for seed in SEEDS}) == len(SEEDS)


def test_g_162_g_163_a_new_persona_and_a_new_skill_are_data(desk: Desk) -> None:
    """No code: saved, and there for the next question."""
    save(desk, "agent", "Pirate", "gtm", body={"instructions": "You talk like a pirate."})
    save(desk, "skill", "Sum up", body={"text": "Sum up in one line: {{input}}"})
    told = desk.call("agent.chat.prepare", department="gtm", message="/sum-up the week, @pirate")
    assert told.message == "Sum up in one line: the week, @pirate"
    assert "You talk like a pirate." in told.system


def test_only_those_that_are_enabled_count(desk: Desk) -> None:
    made = save(desk, "rule", "Loud")
    assert desk.call("agent.chat.prepare", department="gtm").rules == ("Loud",)
    desk.call("agent.entities.set_enabled", entity_id=made.entity_id, enabled=False)
    assert desk.call("agent.chat.prepare", department="gtm").rules == ()
    assert names(desk, "rule", enabled=True) == []
    assert names(desk, "rule", enabled=False) == ["Loud"]
