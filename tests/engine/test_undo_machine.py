"""Any changes in any order, undone in any order, leave whole data; undoing everything is the start again."""

from __future__ import annotations

import os
from contextlib import ExitStack, suppress
from pathlib import Path
from shutil import copyfile
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from rusvel_tui.adapters.clock import FixedClock
from rusvel_tui.engine.context import Policy
from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.errors import EngineError, NotFound
from tests.factories import START, Desk, query
from tests.fakes import CannedDrafter, RecordingMailer

_NOT_STATE = "'version', 'updated_at', 'created_at', 'at', 'drafted_at', 'edited_at', 'approved_at', 'approved_by'"
_TABLES = {
    "contact": ("name", "first_name", "last_name", "sort_name", "search", "tags", "deleted_at IS NULL"),
    "contact_email": ("contact_id", "address", "key", "position", "deleted_at IS NULL"),
    "contact_phone": ("contact_id", "number", "digits", "position"),
    "deal": (
        "id", "title", "value_minor", "currency", "stage", "probability", "expected_close", "closed_reason",
        "closed_at IS NULL", "deleted_at IS NULL",
    ),
    "mail": ("id", "state", "subject", "body", "digest", "approved_digest", "problems", "warnings"),
    "job": ("id", "state"),
}  # fmt: skip
_LIVING = {
    "contact": " WHERE deleted_at IS NULL",
    "contact_email": " WHERE deleted_at IS NULL",
    "contact_phone": " WHERE contact_id IN (SELECT id FROM contact WHERE deleted_at IS NULL)",
    "deal": " WHERE deleted_at IS NULL",
}

names = st.sampled_from(["Ada", "Ada King", "Grace Hopper", "Émile", "Zoë [VIP]"])
addresses = st.sampled_from(["a@example.com", "b@example.com", "c@example.com", "d@example.com"])
stages = st.sampled_from(["Lead", "Qualified", "Proposal", "Won", "Lost"])
which = st.integers(0, 9)


class UndoMachine(RuleBasedStateMachine):
    """Two people with deals and two held drafts, and everything that one can do to them."""

    template: Path

    def __init__(self) -> None:
        super().__init__()
        self.folder = TemporaryDirectory()
        self.path = Path(self.folder.name) / "desk.db"
        copyfile(self.template, self.path)
        self.open()
        self.start = self.dump()

    def open(self) -> None:
        engine = Engine(self.path, clock=FixedClock(START), drafter=CannedDrafter())
        engine.policy = Policy(undo_seconds=0, mailer="somewhere")
        self.desk = Desk(engine, RecordingMailer(), CannedDrafter())
        self.connection = ExitStack()
        self.connection.enter_context(engine.connected())

    def close(self) -> None:
        self.connection.close()
        self.desk.engine.close()

    def teardown(self) -> None:
        try:
            self.take_everything_back()
        finally:
            self.close()
            self.folder.cleanup()

    def take_everything_back(self) -> None:
        with suppress(NotFound):
            while True:
                self.desk.call("undo")
        assert self.dump() == self.start

    def dump(self) -> dict[str, Any]:
        """What there is, without the traces that any change leaves; deals in the order of the board."""
        found: dict[str, Any] = {}
        for table, columns in _TABLES.items():
            where = _LIVING.get(table, "")
            order = (
                "stage, rank, id" if table == "deal" else "1, 2, 3, 4" if len(columns) > 3 else "1"
            )
            found[table] = query(
                self.desk, f"SELECT {', '.join(columns)} FROM {table}{where} ORDER BY {order}"
            )
        return found

    def attempt(self, name: str, /, **values: Any) -> None:
        """Do it, or be refused with a sentence: both are fine, nothing in between is."""
        before = self.dump()
        try:
            self.desk.call(name, **values)
        except EngineError:
            assert self.dump() == before

    def one(self, table: str, number: int) -> str:
        rows = query(self.desk, f"SELECT id FROM {table} ORDER BY id")
        return str(rows[number % len(rows)][0])

    @rule(name=names, email=addresses, tags=st.sampled_from(["", "vip", "vip,old"]))
    def add_contact(self, name: str, email: str, tags: str) -> None:
        self.attempt("gtm.crm.add_contact", name=name, email=email, tags=tags, phones="12345")

    @rule(
        number=which,
        changes=st.fixed_dictionaries(
            {},
            optional={
                "name": names,
                "emails": st.lists(addresses, max_size=2),
                "phones": st.lists(st.sampled_from(["12345", "67890"]), max_size=2),
                "tags": st.lists(st.sampled_from(["a", "b"])),
            },
        ),
    )
    def update_contact(self, number: int, changes: dict[str, Any]) -> None:
        self.attempt("gtm.crm.update_contact", contact_id=self.one("contact", number), **changes)

    @rule(number=which)
    def delete_contact(self, number: int) -> None:
        contact_id = self.one("contact", number)
        running = "SELECT 1 FROM enrollment WHERE contact_id = ? AND status = 'active'"
        if not query(self.desk, running, contact_id):  # ending an enrollment is not taken back
            self.attempt("gtm.crm.delete_contact", contact_id=contact_id)

    @rule(number=which, title=names, stage=stages)
    def add_deal(self, number: int, title: str, stage: str) -> None:
        self.attempt(
            "gtm.crm.add_deal", contact_id=self.one("contact", number), title=title, stage=stage
        )

    @rule(number=which, stage=stages, reopen=st.booleans())
    def move_deal(self, number: int, stage: str, reopen: bool) -> None:
        self.attempt(
            "gtm.crm.advance_deal", deal_id=self.one("deal", number), stage=stage, reopen=reopen,
            reason="because",
        )  # fmt: skip

    @rule(number=which, by=st.integers(-3, 3))
    def reorder_deal(self, number: int, by: int) -> None:
        self.attempt("gtm.crm.reorder_deal", deal_id=self.one("deal", number), by=by)

    @rule(
        number=which,
        changes=st.fixed_dictionaries(
            {},
            optional={
                "title": names,
                "value": st.sampled_from(["0", "12.50", "7"]),
                "currency": st.sampled_from(["EUR", "JPY", "KWD"]),
                "probability": st.sampled_from([None, 0, 55]),
                "expected_close": st.sampled_from([None, "2027-01-31"]),
            },
        ),
    )
    def update_deal(self, number: int, changes: dict[str, Any]) -> None:
        self.attempt("gtm.crm.update_deal", deal_id=self.one("deal", number), **changes)

    @rule(number=which)
    def delete_deal(self, number: int) -> None:
        self.attempt("gtm.crm.delete_deal", deal_id=self.one("deal", number))

    @rule(
        number=which,
        changes=st.fixed_dictionaries(
            {},
            optional={
                "subject": st.sampled_from(["Hello again", "Hi {{x}}"]),
                "body": st.sampled_from(["A text that somebody wrote by hand, with care.", " "]),
            },
        ),
    )
    def edit(self, number: int, changes: dict[str, str]) -> None:
        mail = self.desk.mail(self.one("mail", number))
        if mail.state == "Held":  # an edit takes a yes away, and undo does not say yes again
            self.attempt("gtm.approvals.edit", id=mail.id, **changes)

    @rule(number=which)
    def approve(self, number: int) -> None:
        mail = self.desk.mail(self.one("mail", number))
        self.attempt("gtm.approvals.approve", id=mail.id, digest=mail.digest or "none")

    @rule(number=which)
    def unapprove(self, number: int) -> None:
        self.attempt("gtm.approvals.unapprove", id=self.one("mail", number))

    @rule()
    def undo(self) -> None:
        self.attempt("undo")

    @rule()
    def redo(self) -> None:
        self.attempt("redo")

    @rule()
    def undo_and_redo(self) -> None:
        before = self.dump()
        with suppress(NotFound):
            if self.desk.call("undo").kind != "gtm.outreach.approved":
                self.desk.call("redo")
                assert self.dump() == before

    @rule()
    def restart(self) -> None:
        self.close()
        self.open()

    @invariant()
    def the_data_is_whole(self) -> None:
        assert query(self.desk, "PRAGMA foreign_key_check") == []
        assert query(self.desk, "SELECT count(*) FROM mail WHERE (state = 'approved') <> (approved_digest IS NOT NULL)") == [(0,)]  # fmt: skip
        wrong = "SELECT count(*) FROM mail JOIN job USING (id) WHERE (mail.state, job.state) NOT IN (('held', 'awaiting_approval'), ('approved', 'queued'))"
        assert query(self.desk, wrong) == [(0,)]

    @precondition(lambda self: len(query(self.desk, "SELECT 1 FROM event")) > 60)
    @rule()
    def undo_everything(self) -> None:
        self.take_everything_back()


@pytest.fixture
def template(desk: Desk, tmp_path: Path) -> Path:
    """The start of every story; nothing of it can be taken back."""
    sequence = desk.sequence()
    for _ in range(2):
        person = desk.contact()
        desk.enrol(sequence, person)
        for title in ("Looms", "Wool"):
            desk.call("gtm.crm.add_deal", contact_id=person.contact_id, title=title)
    desk.work()
    with desk.engine.connected() as connection:
        connection.execute("UPDATE event SET undo = NULL")
    return tmp_path / "desk.db"


def test_undo_and_redo_keep_the_data_whole(template: Path) -> None:
    UndoMachine.template = template
    wanted = settings(
        max_examples=int(os.environ.get("UNDO_EXAMPLES", "12")),
        stateful_step_count=25,
        deadline=None,
        phases=[Phase.reuse, Phase.generate, Phase.shrink],
        suppress_health_check=[HealthCheck.too_slow],
    )
    run_state_machine_as_test(UndoMachine, settings=wanted)
