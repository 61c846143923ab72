"""Pipelines: stages as data, that every operation goes by."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rusvel_tui.engine.errors import Conflict, EngineError, InvalidInput, NotFound
from rusvel_tui.engine.gtm.crm.pipelines.stages import Stage
from tests.factories import Desk, events, query

OPEN = [{"name": "Talk", "probability": 20, "rot_days": 5}, {"name": "Offer", "probability": 70}]
ENDS = [{"name": "Signed", "kind": "won"}, {"name": "No", "kind": "lost"}]


def add(desk: Desk, title: str = "Looms", **more: Any) -> Any:
    if "contact_id" not in more:
        more["contact_id"] = desk.contact().contact_id
    return desk.call("gtm.crm.add_deal", title=title, **more)


def names(desk: Desk, pipeline: str = "") -> list[str]:
    return [stage.name for stage in desk.call("gtm.crm.get_pipeline", pipeline=pipeline).stages]


def wanted(desk: Desk) -> list[dict[str, Any]]:
    """The stages of the first pipeline as the input that keeps them."""
    kept = {"key", "name", "kind", "probability", "rot_days", "requires"}
    return [stage.model_dump(include=kept) for stage in desk.call("gtm.crm.get_pipeline").stages]


def update(desk: Desk, stages: list[dict[str, Any]], **more: Any) -> Any:
    return desk.call("gtm.crm.update_pipeline", stages=stages, **more)


def whole(desk: Desk) -> None:
    """Every deal stands in a stage that is there, and everything that its history names has a name."""
    gone = "SELECT count(*) FROM deal d LEFT JOIN pipeline_stage s ON s.session_id = d.session_id AND s.key = d.stage AND s.removed_at IS NULL WHERE s.key IS NULL"
    assert query(desk, gone) == [(0,)]
    lost = "SELECT count(*) FROM stage_move m LEFT JOIN pipeline_stage s ON s.key IN (m.from_stage, m.to_stage) WHERE s.key IS NULL"
    assert query(desk, lost) == [(0,)]


def test_every_session_starts_with_the_six_stages(desk: Desk) -> None:
    for name in ("second", "third"):
        seen = desk.call("gtm.crm.get_pipeline")
        assert (seen.name, seen.version, seen.deals) == ("Sales", 1, 0)
        assert [(s.name, s.key, s.kind, s.probability) for s in seen.stages] == [
            (stage.value, stage.key, stage.kind, stage.probability) for stage in Stage
        ]
        assert [s.rot_days for s in seen.stages] == [14, 14, 10, 7, None, None]
        desk.call("session.create", name=name)


def test_a_stage_is_added_renamed_moved_and_removed_and_all_of_it_is_taken_back(desk: Desk) -> None:
    before = desk.call("gtm.crm.get_pipeline")
    stages = wanted(desk)
    demo = {"name": "Demo", "probability": 35, "rot_days": 9, "requires": ["value"]}
    proposal = stages[2] | {"name": "Offer"}
    seen = update(desk, [stages[1], proposal, demo, *stages[3:]])
    assert [s.name for s in seen.stages] == [
        "Qualified",
        "Offer",
        "Demo",
        "Negotiation",
        "Won",
        "Lost",
    ]
    assert [s.key for s in seen.stages][1:3] == ["proposal", "demo"]
    assert (seen.stages[2].probability, seen.stages[2].rot_days, seen.stages[2].requires) == (
        35,
        9,
        ("value",),
    )
    assert events(desk, "gtm.pipeline")[0].payload == {"name": "Sales"}
    desk.call("undo")
    back = desk.call("gtm.crm.get_pipeline")
    assert back.model_dump(exclude={"version"}) == before.model_dump(exclude={"version"})
    desk.call("redo")
    again = desk.call("gtm.crm.get_pipeline")
    assert again.model_dump(exclude={"version"}) == seen.model_dump(exclude={"version"})


def test_a_custom_stage_works_wherever_a_stage_is_named(desk: Desk) -> None:
    """In any case and spacing; a name of before still answers."""
    stages = wanted(desk)
    update(
        desk,
        [
            *stages[:2],
            {"name": "Démo given", "probability": 35},
            *stages[2:5],
            stages[5] | {"name": "Gone"},
        ],
    )
    made = add(desk, stage="demo_GIVEN", value="100")
    assert (made.stage, made.probability, made.status) == ("Démo given", 35, "Open")
    assert [d.deal_id for d in desk.call("gtm.crm.list_deals", stage="démogiven").items] == [
        made.deal_id
    ]
    column = desk.call("gtm.crm.board").columns[2]
    assert (column.stage, column.count, column.weighted) == ("Démo given", 1, ("35.00 EUR",))
    assert [s.stage for s in desk.call("gtm.status").deals][2] == "Démo given"
    assert desk.call("gtm.crm.forecast").totals[0].weighted == "35.00"
    gone = desk.call("gtm.crm.advance_deal", deal_id=made.deal_id, stage="lost", reason="price")
    assert (gone.stage, gone.status) == ("Gone", "Lost")
    assert [move.from_stage for move in gone.moves] == ["Démo given"]


def test_q_088_an_unknown_stage_is_refused_with_those_there_are(desk: Desk) -> None:
    """Also as a filter; one answer for all operations."""
    made = add(desk)
    for name, data in (
        ("gtm.crm.add_deal", {"contact_id": made.contact_id, "title": "x"}),
        ("gtm.crm.advance_deal", {"deal_id": made.deal_id}),
        ("gtm.crm.list_deals", {}),
    ):
        with pytest.raises(
            InvalidInput, match=r"no stage 'Maybe'. There is Lead, Qualified"
        ) as caught:
            desk.call(name, stage="Maybe", **data)
        assert caught.value.field == "stage"
    with pytest.raises(NotFound, match=r"no pipeline 'Maybe'. There is Sales."):
        desk.call("gtm.crm.board", pipeline="Maybe")


def test_a_stage_with_deals_goes_only_when_they_have_a_place(desk: Desk) -> None:
    """They go below those that are there, in their order; undo puts each back where and as it was."""
    first, second = add(desk, "a", stage="Proposal"), add(desk, "b", stage="Proposal")
    add(desk, "c", stage="Negotiation")
    desk.later(days=3)
    stages = wanted(desk)
    rest = [stage for stage in stages if stage["name"] != "Proposal"]
    with pytest.raises(Conflict, match=r"Proposal has 2 deals. Say to which stage they move."):
        update(desk, rest)
    with pytest.raises(InvalidInput, match="can go to Lead, Qualified, Negotiation, not to 'Won'"):
        update(desk, rest, move={"Proposal": "Won"})
    with pytest.raises(InvalidInput, match="Only the deals of removed stages move"):
        update(desk, stages, move={"Proposal": "Lead"})
    start = desk.call("gtm.crm.get_deal", deal_id=first.deal_id)
    board = desk.call("gtm.crm.board")
    update(desk, rest, move={"proposal": "negotiation"})
    assert [card.title for card in desk.call("gtm.crm.board").columns[2].cards] == ["c", "b", "a"]
    moved = desk.call("gtm.crm.get_deal", deal_id=second.deal_id)
    assert (moved.stage, moved.stage_days, [s.stage for s in moved.stays]) == (
        "Negotiation", 0, ["Proposal", "Negotiation"],
    )  # fmt: skip
    whole(desk)
    desk.call("undo")
    back = desk.call("gtm.crm.get_deal", deal_id=first.deal_id)
    ignored = {"version", "updated_at"}
    assert back.model_dump(exclude=ignored) == start.model_dump(exclude=ignored)
    assert [c.count for c in desk.call("gtm.crm.board").columns] == [c.count for c in board.columns]
    desk.call("redo")
    assert [card.title for card in desk.call("gtm.crm.board").columns[2].cards] == ["c", "b", "a"]
    whole(desk)


def test_deals_that_nobody_sees_move_along(desk: Desk) -> None:
    """A deleted deal, and one of a deleted contact, come back into a stage that is there."""
    made, theirs = add(desk, "a", stage="Proposal"), add(desk, "b", stage="Proposal")
    desk.call("gtm.crm.delete_deal", deal_id=made.deal_id)
    desk.call("gtm.crm.delete_contact", contact_id=theirs.contact_id)
    update(desk, [stage for stage in wanted(desk) if stage["name"] != "Proposal"])
    whole(desk)
    with desk.engine.connected() as connection:
        connection.execute("UPDATE event SET undo = NULL WHERE kind LIKE 'gtm.pipeline%'")
    desk.call("undo")
    desk.call("undo")
    assert sorted(card.title for card in desk.call("gtm.crm.board").columns[0].cards) == ["a", "b"]


def test_the_kind_of_a_stage_with_deals_stays(desk: Desk) -> None:
    """Their close dates, reasons and enrollments depend on it."""
    add(desk, stage="Negotiation")
    stages = wanted(desk)
    stages[3]["kind"] = "Won"
    with pytest.raises(Conflict, match="Negotiation has deals and stays Open"):
        update(desk, stages)


@pytest.mark.parametrize(
    ("stages", "words"),
    [
        ([], "a stage of the kind Open"),
        (OPEN, "a stage of the kind Won"),
        ([*OPEN, ENDS[0]], "a stage of the kind Lost"),
        ([*OPEN, {"name": "o f-f_e r"}, *ENDS], "Two stages are called 'o f-f_e r'|'Offer'"),
        ([*OPEN, {"name": " "}, *ENDS], "a name of 1 to 40"),
        ([*OPEN, {"name": "x" * 41}, *ENDS], "a name of 1 to 40"),
        ([{"name": f"s{n}"} for n in range(30)] + ENDS, "at most 24"),
        ([*OPEN, {"name": "x", "key": "nope"}, *ENDS], "no stage with the key 'nope'"),
        ([*OPEN, {"name": "x", "requires": ["luck"]}, *ENDS], "'luck' cannot be required"),
        ([*OPEN, {"name": "x", "probability": 101}, *ENDS], "less than or equal to 100"),
        ([*OPEN, {"name": "x", "rot_days": 0}, *ENDS], "greater than or equal to 1"),
    ],
)  # fmt: skip
def test_stages_that_make_no_pipeline_are_refused(
    desk: Desk, stages: list[dict[str, Any]], words: str
) -> None:
    before = desk.call("gtm.crm.get_pipeline")
    with pytest.raises(InvalidInput, match=words):
        update(desk, stages)
    assert desk.call("gtm.crm.get_pipeline") == before


def test_won_is_sure_and_lost_is_nothing_whatever_is_said(desk: Desk) -> None:
    seen = update(desk, [*OPEN, ENDS[0] | {"probability": 3, "rot_days": 2}, ENDS[1]])
    assert [(s.probability, s.rot_days) for s in seen.stages] == [
        (20, 5),
        (70, None),
        (100, None),
        (0, None),
    ]


def test_names_that_are_swapped_keep_their_deals(desk: Desk) -> None:
    """With keys the stages are renamed; the deals stay where they are."""
    made = add(desk, stage="Lead")
    stages = wanted(desk)
    stages[0]["name"], stages[1]["name"] = "Qualified", "Lead"
    update(desk, stages)
    assert desk.call("gtm.crm.get_deal", deal_id=made.deal_id).stage == "Qualified"
    assert desk.call("gtm.crm.list_deals", stage="Lead").items == ()
    other = add(desk, "new", stage="Lead")
    assert other.stage == "Lead"
    assert other.stage_key == "qualified"


def test_several_pipelines_have_their_own_stages(desk: Desk) -> None:
    """A stage is looked for in the deal's own pipeline; the same name in another one is another stage."""
    made = desk.call("gtm.crm.add_pipeline", name="Partners", stages=[*OPEN, *ENDS])
    usual = desk.call("gtm.crm.add_pipeline", name="Renewals")
    assert [p.name for p in desk.call("gtm.crm.list_pipelines").items] == [
        "Sales",
        "Partners",
        "Renewals",
    ]
    assert [s.key for s in usual.stages][:2] == ["lead_2", "qualified_2"]
    deal = add(desk, pipeline="partners", value="10")
    assert (deal.pipeline, deal.stage, deal.pipeline_id) == ("Partners", "Talk", made.pipeline_id)
    with pytest.raises(InvalidInput, match="There is Talk, Offer, Signed, No"):
        desk.call("gtm.crm.advance_deal", deal_id=deal.deal_id, stage="Lead")
    moved = desk.call(
        "gtm.crm.advance_deal", deal_id=deal.deal_id, stage="lead", pipeline="Renewals"
    )
    assert (moved.pipeline, moved.stage) == ("Renewals", "Lead")
    add(desk, stage="Lead")
    assert len(desk.call("gtm.crm.list_deals", stage="Lead").items) == 2
    assert len(desk.call("gtm.crm.list_deals", stage="Lead", pipeline="Renewals").items) == 1
    assert len(desk.call("gtm.crm.list_deals", pipeline="Partners").items) == 0
    board = desk.call("gtm.crm.board", pipeline="Renewals")
    assert (board.pipeline, board.open_deals, board.pipelines) == (
        "Renewals", 1, ("Sales", "Partners", "Renewals"),
    )  # fmt: skip
    assert len(desk.call("gtm.crm.list_stages").items) == 16
    won = desk.call(
        "gtm.crm.advance_deal", deal_id=deal.deal_id, stage="Signed", pipeline="Partners"
    )
    assert (won.status, won.probability, [m.to_stage for m in won.moves]) == (
        "Won",
        100,
        ["Lead", "Signed"],
    )
    desk.call("undo")
    assert desk.call("gtm.crm.get_deal", deal_id=deal.deal_id).pipeline == "Renewals"


def test_a_pipeline_is_deleted_when_it_is_empty_and_comes_back(desk: Desk) -> None:
    made = desk.call("gtm.crm.add_pipeline", name="Partners")
    chosen = {"pipeline_id": made.pipeline_id}
    deal = add(desk, pipeline="Partners")
    with pytest.raises(Conflict, match=r"Partners has 1 deal. Move them"):
        desk.call("gtm.crm.delete_pipeline", **chosen)
    desk.call("gtm.crm.advance_deal", deal_id=deal.deal_id, stage="Lead", pipeline="Sales")
    desk.call("gtm.crm.delete_pipeline", **chosen)
    assert [p.name for p in desk.call("gtm.crm.list_pipelines").items] == ["Sales"]
    assert desk.call("gtm.crm.get_deal", deal_id=deal.deal_id).moves[0].from_stage == "Lead"
    first = desk.call("gtm.crm.get_pipeline").pipeline_id
    with pytest.raises(InvalidInput, match="the only pipeline"):
        desk.call("gtm.crm.delete_pipeline", pipeline_id=first)
    desk.call("undo")
    assert [p.name for p in desk.call("gtm.crm.list_pipelines").items] == ["Sales", "Partners"]
    desk.call("undo")
    assert desk.call("gtm.crm.get_deal", deal_id=deal.deal_id).pipeline == "Partners"


def test_a_deleted_deal_waits_for_its_pipeline(desk: Desk) -> None:
    desk.call("gtm.crm.add_pipeline", name="Partners")
    deal = add(desk, pipeline="Partners")
    desk.call("gtm.crm.delete_deal", deal_id=deal.deal_id)
    partners = desk.call("gtm.crm.get_pipeline", pipeline="Partners").pipeline_id
    desk.call("gtm.crm.delete_pipeline", pipeline_id=partners)
    with pytest.raises(Conflict, match="The pipeline of Looms was deleted"):
        desk.call("gtm.crm.restore_deal", deal_id=deal.deal_id)


@pytest.mark.parametrize("name", ["", "x" * 41, "SALES", " sales "])
def test_a_pipeline_has_a_name_of_its_own(desk: Desk, name: str) -> None:
    with pytest.raises((InvalidInput, Conflict)):
        desk.call("gtm.crm.add_pipeline", name=name)
    desk.call("gtm.crm.add_pipeline", name="Partners")
    with pytest.raises((InvalidInput, Conflict)):
        desk.call("gtm.crm.update_pipeline", pipeline="Partners", name=name)
    assert (
        desk.call("gtm.crm.update_pipeline", pipeline="Partners", name="PARTNERS").name
        == "PARTNERS"
    )


def test_a_stale_pipeline_is_a_conflict(desk: Desk) -> None:
    desk.call("gtm.crm.update_pipeline", name="Deals", version=1)
    with pytest.raises(Conflict, match="changed by somebody else"):
        desk.call("gtm.crm.update_pipeline", name="Other", version=1)


def test_sessions_do_not_share_stages(desk: Desk) -> None:
    update(desk, [*OPEN, *ENDS])
    desk.call("session.create", name="other")
    assert names(desk)[0] == "Lead"
    with pytest.raises(InvalidInput, match="no stage 'Talk'"):
        desk.call("gtm.crm.list_deals", stage="Talk")


stage_names = st.sampled_from(["Lead", "Talk", "Offer", "Demo", "Won", "Gone"])


def as_stages(chosen: list[str]) -> list[dict[str, str]]:
    """The last two are the ends."""
    ends = {chosen[-1]: "Lost", chosen[-2]: "Won"}
    return [{"name": name, "kind": ends.get(name, "Open")} for name in chosen]


pipelines = st.lists(stage_names, min_size=3, max_size=6, unique=True).map(as_stages)


@settings(
    max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(
    steps=st.lists(
        st.tuples(pipelines, st.dictionaries(stage_names, stage_names, max_size=3), st.integers(0, 5)), max_size=6
    )
)  # fmt: skip
def test_any_changes_of_a_pipeline_keep_its_deals_and_are_taken_back(
    desk: Desk, steps: list[tuple[Any, dict[str, str], int]]
) -> None:
    """Deals stand in stages that are there, and undoing everything gives the pipeline and the deals of the start."""

    def state() -> Any:
        stages = "SELECT key, name, kind, position FROM pipeline_stage WHERE removed_at IS NULL ORDER BY key"
        deals = "SELECT stage, id, stage_since, closed_at FROM deal ORDER BY stage, rank, id"
        moves = "SELECT id, from_stage, to_stage FROM stage_move ORDER BY id"
        return [query(desk, sql) for sql in (stages, deals, moves)]

    person = desk.contact()
    for _ in range(3):
        add(desk, contact_id=person.contact_id)
    with desk.engine.connected() as connection:
        connection.execute("UPDATE event SET undo = NULL")
    start, done = state(), 0
    for stages, move, which in steps:
        try:
            update(desk, stages, move=move)
            done += 1
        except EngineError:
            pass
        deal = desk.call("gtm.crm.list_deals").items[which % 3]
        target = desk.call("gtm.crm.list_stages").items[which % 3]
        if target.name != deal.stage:
            desk.call(
                "gtm.crm.advance_deal",
                deal_id=deal.deal_id,
                stage=target.name,
                reopen=True,
                reason="x",
            )
            done += 1
        whole(desk)
    for _ in range(done):
        desk.call("undo")
        whole(desk)
    assert state() == start


ABOUT_A_DEAL: dict[str, dict[str, Any]] = {
    "gtm.crm.get_deal": {},
    "gtm.crm.deal_history": {},
    "gtm.crm.deal_health": {},
    "gtm.crm.update_deal": {"title": "x"},
    "gtm.crm.advance_deal": {"stage": "Won"},
    "gtm.crm.reorder_deal": {"by": 1},
    "gtm.crm.snooze_deal": {"until": "2027-01-01"},
    "gtm.crm.delete_deal": {},
    "gtm.crm.restore_deal": {},
    "gtm.crm.return_deal": {
        "move_id": "m", "stage": "lead", "below": "", "stage_since": "2026-01-01T00:00:00Z", "closed_at": None,
        "closed_reason": "",
    },
}  # fmt: skip


def test_q_089_nothing_of_another_session_is_seen_or_changed(desk: Desk) -> None:
    """Every operation on a deal or a pipeline says that there is none, and nothing moves."""
    deal = add(desk, value="10")
    partners = desk.call("gtm.crm.add_pipeline", name="Partners")
    desk.call("session.create", name="other")
    before = query(desk, "SELECT * FROM deal"), query(desk, "SELECT * FROM pipeline_stage")
    for name, data in ABOUT_A_DEAL.items():
        with pytest.raises(NotFound):
            desk.call(name, deal_id=deal.deal_id, **data)
    for name, key in (
        ("gtm.crm.get_pipeline", "pipeline"), ("gtm.crm.list_stages", "pipeline"), ("gtm.crm.board", "pipeline"),
        ("gtm.crm.forecast", "pipeline"), ("gtm.crm.list_deals", "pipeline"), ("gtm.crm.update_pipeline", "pipeline"),
        ("gtm.crm.delete_pipeline", "pipeline_id"), ("gtm.crm.restore_pipeline", "pipeline_id"),
    ):  # fmt: skip
        with pytest.raises(NotFound):
            desk.call(name, **{key: partners.pipeline_id})
    assert (
        query(desk, "SELECT * FROM deal"),
        query(desk, "SELECT * FROM pipeline_stage"),
    ) == before
    mine = add(desk)
    with pytest.raises(NotFound):
        desk.call("gtm.crm.update_deal", deal_id=mine.deal_id, contact_id=deal.contact_id)
    desk.call("gtm.crm.reorder_deal", deal_id=mine.deal_id, below=deal.deal_id)
    assert desk.call("gtm.crm.forecast").totals[0].best_case == "0.00"
    assert [c.count for c in desk.call("gtm.crm.board").columns] == [1, 0, 0, 0, 0, 0]


def test_every_operation_on_a_deal_is_among_them() -> None:
    from rusvel_tui.engine import departments
    from rusvel_tui.engine.operation import OPERATIONS

    departments.load()
    home = "rusvel_tui.engine.gtm.crm.deal"
    found = {
        name
        for name, made in OPERATIONS.items()
        if made.handle.__module__.startswith(home) and "deal_id" in made.input.model_fields
    }
    assert found == set(ABOUT_A_DEAL)
