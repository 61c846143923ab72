"""The registry of operations, and who may run which."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from pydantic import Field

from rusvel_tui.adapters.clock import FixedClock
from rusvel_tui.engine import departments
from rusvel_tui.engine.context import Actor, Context
from rusvel_tui.engine.core import Engine, find_operation, parse_input
from rusvel_tui.engine.errors import InvalidInput, NotConfigured, NotFound, NotPermitted
from rusvel_tui.engine.operation import OPERATIONS, Input, View, operation
from tests.factories import Desk

departments.load()


class Nest(Input):
    """An input for these tests."""

    depth: int = Field(ge=0)
    words: tuple[str, ...] = ()


class Nothing(View):
    """An answer for these tests."""


@pytest.fixture
def registry() -> Iterator[None]:
    """What a test registers is gone afterwards."""
    before = dict(OPERATIONS)
    yield
    OPERATIONS.clear()
    OPERATIONS.update(before)


@pytest.fixture
def probe(registry: None) -> str:
    """An operation that says how it was called, by raising."""

    @operation("probe.look", permission="probe.read")
    def look(ctx: Context, cmd: Nest) -> Nothing:
        """Look."""
        raise InvalidInput(f"{cmd.depth} {cmd.words}")

    return look.name


def test_an_unknown_operation_names_the_nearest_ones() -> None:
    with pytest.raises(NotFound, match=r"Did you mean gtm\.crm\.add_contact"):
        find_operation("gtm.crm.add_contct")


def test_a_name_unlike_all_others_points_to_the_list() -> None:
    with pytest.raises(NotFound, match="rusvel tools"):
        find_operation("zzzzzz")


def test_an_unknown_field_is_named(desk: Desk) -> None:
    with pytest.raises(InvalidInput, match="nmae: unknown field") as caught:
        desk.call("gtm.crm.add_contact", nmae="Grace")
    assert caught.value.field == "nmae"
    assert caught.value.exit_code == 4


def test_a_missing_field_is_named(desk: Desk) -> None:
    with pytest.raises(InvalidInput, match="contact_id: is missing"):
        desk.call("gtm.crm.get_contact")


def test_every_wrong_field_is_named_and_the_first_one_is_the_place(probe: str) -> None:
    with pytest.raises(InvalidInput) as caught:
        parse_input(OPERATIONS[probe], {"depth": -1, "words": ["a", 2], "more": 1})
    text = str(caught.value)
    assert "depth: " in text
    assert "words.1: " in text
    assert "more: unknown field" in text
    assert caught.value.field == "depth"


def test_texts_are_stripped_and_given_on(desk: Desk, probe: str) -> None:
    with pytest.raises(InvalidInput, match=r"3 \('a', 'b'\)"):
        desk.call(probe, depth="3", words=[" a", "b "])


def test_c_110_a_second_operation_of_a_name_is_refused(probe: str) -> None:
    with pytest.raises(ValueError, match=r"two operations are called probe\.look"):

        @operation("probe.look", permission="probe.read")
        def again(ctx: Context, cmd: Nest) -> Nothing:
            """Look again."""
            return Nothing()


def test_an_operation_without_help_is_refused(registry: None) -> None:
    with pytest.raises(ValueError, match="has no docstring"):

        @operation("probe.silent", permission="probe.read")
        def silent(ctx: Context, cmd: Nest) -> Nothing:
            return Nothing()


def test_an_operation_that_takes_no_input_is_refused(registry: None) -> None:
    with pytest.raises(TypeError, match="takes no Input"):

        @operation("probe.bad", permission="probe.read")  # type: ignore[type-var]
        def bad(ctx: Context, cmd: Nothing) -> Nothing:
            """Take the wrong thing."""
            return cmd


def test_a_permission_that_was_not_granted_is_named(desk: Desk) -> None:
    desk.engine.grants = frozenset({"crm.contacts.read"})
    assert desk.call("gtm.crm.list_contacts").items == ()
    with pytest.raises(NotPermitted, match=r"needs the permission crm\.contacts\.manage") as caught:
        desk.contact()
    assert caught.value.exit_code == 7


@pytest.mark.parametrize(
    "name", sorted(name for name, made in OPERATIONS.items() if made.human_only)
)
def test_what_is_for_people_is_refused_to_programs(desk: Desk, name: str) -> None:
    made = OPERATIONS[name]
    with (
        desk.acting_as(Actor("assistant", human=False)),
        pytest.raises(NotPermitted, match="Only a person"),
    ):
        desk.engine.run(made, made.input.model_construct())


def test_approving_settling_and_deleting_are_for_people() -> None:
    for_people = {name for name, made in OPERATIONS.items() if made.human_only}
    assert for_people >= {
        "gtm.approvals.approve",
        "gtm.approvals.settle",
        "gtm.approvals.retry",
        "gtm.crm.delete_contact",
        "gtm.crm.delete_deal",
        "gtm.crm.unsuppress",
        "gtm.outreach.resume_sending",
    }


def test_without_a_session_the_way_to_one_is_said(engine: Engine) -> None:
    with pytest.raises(NotConfigured, match="rusvel session create NAME") as caught:
        engine.call("gtm.crm.list_contacts", {})
    assert caught.value.exit_code == 6


def test_the_session_of_a_call_comes_before_that_of_the_engine(desk: Desk) -> None:
    desk.contact("Grace")
    desk.call("session.create", name="other")
    assert desk.call("gtm.crm.list_contacts").total == 0
    assert desk.call("gtm.crm.list_contacts", session_id="ACME").total == 1
    desk.engine.session = "acme"
    assert desk.call("gtm.crm.list_contacts").total == 1
    assert desk.call("gtm.crm.list_contacts", session_id="other").total == 0


def test_views_are_frozen(desk: Desk) -> None:
    contact = desk.contact()
    with pytest.raises(ValueError, match="frozen"):
        contact.name = "x"  # type: ignore[misc]


def test_an_event_of_an_unlisted_kind_is_refused(desk: Desk, registry: None) -> None:
    @operation("probe.record", writes=True, permission="probe.manage")
    def record(ctx: Context, cmd: Input) -> Nothing:
        """Record something nobody knows."""
        ctx.record("gtm.unheard.of", "x")
        return Nothing()

    with pytest.raises(ValueError, match="not in EVENT_KINDS"):
        desk.engine.run(record, Input())


def test_a_program_is_told_where_a_person_decides(desk: Desk, registry: None) -> None:
    @operation("probe.ask", writes=True, permission="probe.manage")
    def ask(ctx: Context, cmd: Input) -> Nothing:
        """Ask for a person."""
        ctx.require_human("say yes")
        return Nothing()

    assert desk.engine.run(ask, Input()) == Nothing()
    with (
        desk.acting_as(Actor("assistant", human=False)),
        pytest.raises(NotPermitted, match="Only a person can say yes"),
    ):
        desk.engine.run(ask, Input())


def test_the_engine_says_where_its_file_is(tmp_path: Path, clock: FixedClock) -> None:
    made = Engine(tmp_path / "x.db", clock=clock)
    assert made.path == tmp_path / "x.db"
    assert not made.read_only
    made.close()


@pytest.mark.parametrize(
    ("operation", "field"),
    [
        ("gtm.crm.get_contact", "contact_id"),
        ("gtm.crm.get_company", "company_id"),
        ("gtm.crm.get_deal", "deal_id"),
        ("gtm.outreach.get_sequence", "sequence_id"),
        ("gtm.outreach.pause_enrollment", "enrollment_id"),
        ("gtm.invoices.get_invoice", "invoice_id"),
    ],
)
def test_what_is_not_there_is_said_with_the_command_that_lists_what_is(
    desk: Desk, operation: str, field: str
) -> None:
    kind = field.removesuffix("_id")
    with pytest.raises(NotFound, match=rf"There is no {kind} 'nope' in this session\.") as caught:
        desk.call(operation, **{field: "nope"})
    [named] = re.findall(r"`rusvel gtm list(?: --kind (\w+))?` shows", str(caught.value))
    assert desk.call("gtm.list", **({"kind": named} if named else {})).items is not None
