"""Imports as records: how far one is while it runs, and stopping it on its way."""

from __future__ import annotations

import threading
from typing import Any

import pytest

from rusvel_tui.engine.context import Context
from rusvel_tui.engine.errors import Conflict, NotFound
from rusvel_tui.engine.gtm.crm.importing import run as run_module
from rusvel_tui.engine.gtm.crm.importing.run import ImportJob
from tests.engine.importing.support import counts, run
from tests.factories import Desk, kinds, query

SHEET = (
    "name,email,unsubscribed\n"
    + "".join(f"P{n},p{n % 9}@x.example,{'yes' if n == 1 else ''}\n" for n in range(10))
    + "Bad,nonsense,\n"
)


@pytest.fixture(autouse=True)
def _small_steps(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(run_module, "CHUNK", 2)
    monkeypatch.setattr(run_module, "STRIDE", 4)
    monkeypatch.setattr(run_module, "_PAUSE", 0)


def _after(monkeypatch: pytest.MonkeyPatch, step: str, times: int, act: Any) -> None:
    """Do something when this step of an import was done so many times."""
    original, seen = getattr(ImportJob, step), [0]

    def told(job: ImportJob, *rest: Any) -> Any:
        done = original(job, *rest)
        seen[0] += 1
        if seen[0] == times:
            # In a thread: this is inside a transaction of the import.
            waiting.append(act)
        return done

    waiting: list[Any] = []
    write = Context.write

    def outside(ctx: Context, work: Any) -> Any:
        done = write(ctx, work)
        while waiting:
            waiting.pop()()
        return done

    monkeypatch.setattr(ImportJob, step, told)
    monkeypatch.setattr(Context, "write", outside)


def test_how_far_it_is_can_be_seen_while_it_runs(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[tuple[str, int, int]] = []

    def look() -> None:
        now = desk.call("gtm.crm.get_import")
        seen.append((now.state, now.read, now.total))

    write = Context.write

    def told(ctx: Context, work: Any) -> Any:
        done = write(ctx, work)
        look()
        return done

    monkeypatch.setattr(Context, "write", told)
    run(desk, SHEET)
    assert seen == [
        ("running", 0, 0),
        ("running", 0, 4),
        ("running", 0, 8),
        ("running", 0, 11),
        ("running", 4, 11),
        ("running", 6, 11),
        ("running", 8, 11),
        ("running", 10, 11),
        ("done", 11, 11),
    ]


def test_it_is_seen_from_another_thread(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    """As the dashboard does it: one thread imports, another one looks."""
    found: list[Any] = []

    def look() -> None:
        thread = threading.Thread(target=lambda: found.append(desk.call("gtm.crm.get_import").read))
        thread.start()
        thread.join()

    _after(monkeypatch, "_step", 2, look)
    run(desk, SHEET)
    assert found == [6]


@pytest.mark.parametrize(
    ("step", "times", "read"), [("_step", 2, 6), ("_tell", 1, 0), ("_keep", 1, 0)]
)
def test_it_is_stopped_between_two_steps_and_goes_on(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, step: str, times: int, read: int
) -> None:
    with monkeypatch.context() as patch:
        _after(patch, step, times, lambda: desk.call("gtm.crm.cancel_import"))
        view = run(desk, SHEET)
    assert (view.state, view.read) == ("cancelled", read)
    assert view.read == sum(counts(view))
    assert query(desk, "SELECT count(*) FROM contact") == [(view.created,)]
    listed = desk.call("gtm.crm.list_imports", state="cancelled").items
    assert [one.import_id for one in listed] == [view.import_id]
    again = run(desk, SHEET)
    assert (again.state, again.import_id) == ("done", view.import_id)
    assert counts(again) == (9, 1, 0, 1)
    assert query(desk, "SELECT count(*) FROM contact") == [(9,)]


def test_a_stopped_import_is_taken_back(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        _after(patch, "_step", 2, lambda: desk.call("gtm.crm.cancel_import"))
        view = run(desk, SHEET)
    assert desk.call("undo").kind == "gtm.contact.import_cancelled"
    assert desk.call("gtm.crm.list_contacts").items == ()
    assert desk.call("redo").kind == "gtm.contact.import_undone"
    assert desk.call("gtm.crm.list_contacts").total == view.created
    assert desk.call("gtm.crm.get_import").state == "cancelled"
    assert run(desk, SHEET).state == "done"
    assert desk.call("undo").kind == "gtm.contact.imported"
    assert desk.call("gtm.crm.list_contacts").items == ()


def test_an_import_is_taken_back_while_it_runs(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    _after(monkeypatch, "_step", 2, lambda: desk.call("gtm.crm.undo_import"))
    view = run(desk, SHEET)
    assert (view.state, view.created) == ("undone", 4)
    assert desk.call("gtm.crm.list_contacts").items == ()


def test_only_what_runs_can_be_stopped(desk: Desk) -> None:
    with pytest.raises(NotFound, match="no such import"):
        desk.call("gtm.crm.cancel_import")
    view = run(desk, SHEET)
    with pytest.raises(Conflict, match="is done and cannot become cancelled"):
        desk.call("gtm.crm.cancel_import", import_id=view.import_id)
    assert "gtm.contact.import_cancelled" not in kinds(desk)


def test_imports_are_listed_newest_first_a_page_at_a_time(desk: Desk) -> None:
    made = []
    for n in range(5):
        made.append(run(desk, f"name\nP{n}\n", name=f"{n}.csv").import_id)
        desk.later(seconds=1)
    first = desk.call("gtm.crm.list_imports", limit=2)
    assert [one.file_name for one in first.items] == ["4.csv", "3.csv"]
    rest = desk.call("gtm.crm.list_imports", limit=3, cursor=first.next)
    assert [one.import_id for one in rest.items] == made[2::-1]
    assert rest.next is None
    assert desk.call("gtm.crm.list_imports", state="undone").items == ()
