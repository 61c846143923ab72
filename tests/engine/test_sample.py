"""The invented people: added in one change, found by their tag, taken back by one undo."""

from __future__ import annotations

from typing import Any

import pytest

from rusvel_tui.engine.errors import Conflict
from rusvel_tui.engine.gtm.crm.sample import TAG
from tests.factories import Desk, box, kinds, query


def people(desk: Desk) -> list[Any]:
    return list(desk.call("gtm.crm.list_contacts", limit=100).items)


def test_the_sample_gives_drafts_that_lack_nothing(desk: Desk) -> None:
    """The first mails are drafted whole, and a call and a deal are there to see."""
    made = desk.call("gtm.crm.add_sample")
    desk.work()
    assert (made.contacts, made.enrolled) == (5, 3)
    drafts = box(desk)
    assert len(drafts) == 3
    assert all(not draft.problems and draft.to.endswith(".example") for draft in drafts)
    assert all(TAG in person.tags for person in people(desk))
    needs = {line.need.value for line in desk.call("gtm.today").items}
    assert needs == {"to approve", "due", "no next step"}


def test_undo_takes_all_of_it_back_and_it_can_come_again(desk: Desk) -> None:
    own = desk.contact("Mine")
    desk.call("gtm.crm.add_sample")
    desk.work()
    desk.call("undo")
    assert [person.contact_id for person in people(desk)] == [own.contact_id]
    assert box(desk) == []
    assert desk.call("gtm.today").items == ()
    assert "gtm.contact.unsampled" in kinds(desk)
    desk.call("gtm.crm.add_sample")
    assert len(people(desk)) == 6


def test_it_is_not_added_twice(desk: Desk) -> None:
    desk.call("gtm.crm.add_sample")
    with pytest.raises(Conflict, match="tag:sample"):
        desk.call("gtm.crm.add_sample")
    assert len(people(desk)) == 5


def test_what_fails_on_the_way_leaves_nothing(desk: Desk) -> None:
    """One transaction: an address that is taken keeps all of it out."""
    desk.contact("Taken", "noor@dewitfietsen.example")
    events = len(kinds(desk))
    with pytest.raises(Conflict):
        desk.call("gtm.crm.add_sample")
    assert len(people(desk)) == 1
    assert query(desk, "SELECT count(*) FROM sequence") == [(0,)]
    assert len(kinds(desk)) == events
