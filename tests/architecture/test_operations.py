"""What is true of every operation."""

from __future__ import annotations

import re
from functools import cache
from typing import Any

import pytest

from rusvel_tui.engine import departments
from rusvel_tui.engine.operation import OPERATIONS, Operation
from tests.architecture.callgraph import CallGraph
from tests.architecture.source import dotted, modules

pytestmark = pytest.mark.xdist_group("source text")  # read and parsed once

departments.load()
ALL = sorted(OPERATIONS.items())
ENGINE = "rusvel_tui.engine"
SEEDS = (
    "gtm.crm.add_contact", "gtm.crm.list_contacts", "gtm.crm.add_deal", "gtm.outreach.create_sequence",
)  # fmt: skip
"""The tools of the first design whose area is built; their names are stable."""
FOR_PEOPLE = re.compile(
    r"\.(approve(_many)?|add_rule|send_test|set_time|confirm_bank_lines|undo_import|erase_contact|(un)?merge_contacts|delete(_\w+)?|settle|retry|resume_sending|unsuppress)$"
)
"""What lets a mail leave, lets one leave again, or removes something."""
SILENT = {
    "agent.chat.keep": "a turn is no news until the answer has ended",
    "agent.chat.draft": "words on their way are no news",
    "gtm.mail.keep_place": "how far a folder was read is a hint; each message has its event",
    "gtm.approvals.autosave": "what is being typed is no news until it is done",
    "gtm.approvals.drop_unfinished": "the draft stays as it is",
    "gtm.approvals.keep_file": "a file is no news until a mail carries it",
    "gtm.invoices.due_reminder": "that no reminder is due is no news",
    "agent.hooks.dispatch": "what comes of the hook is the event",
    "agent.workflows.keep_chat": "the answer itself has its events",
    "job.claim": "a job in somebody's hands is no news",
    "job.heartbeat": "a longer lease is no news",
    "gtm.outreach.pass_gate": "the outcome of the try is the event",
    "gtm.outreach.replan_part": "the change of the rules is the event",
    "gtm.outreach.wake_blocked": "trying again is no news; what comes of it is",
}
"""Writing operations without an event, each with the reason."""


@pytest.fixture(params=ALL, ids=[name for name, _ in ALL])
def each(request: pytest.FixtureRequest) -> Operation[Any, Any]:
    found: Operation[Any, Any] = request.param[1]
    return found


@cache
def graph() -> CallGraph:
    return CallGraph(modules())


def records(made: Operation[Any, Any]) -> bool:
    """Whether some way leads from the operation to `ctx.record`."""
    return graph().reaches(made.handle.__module__, made.handle.__name__, "record")


def test_c_074_every_module_with_operations_is_listed() -> None:
    written = {
        module.name
        for module in modules()
        if any(
            dotted(mark.func) == "operation"
            for function in module.functions()
            for mark in function.decorator_list
            if hasattr(mark, "func")
        )
    }
    listed = [*departments.SHARED, *(n for d in departments.DEPARTMENTS for n in d.modules)]
    assert sorted(listed) == sorted(written)


def test_a_department_lists_its_own_modules() -> None:
    for department in departments.DEPARTMENTS:
        home = f"{ENGINE}.{department.id}."
        assert [name for name in department.modules if not name.startswith(home)] == []


@pytest.mark.parametrize("name", SEEDS)
def test_the_tools_of_the_seeds_keep_their_names(name: str) -> None:
    assert not OPERATIONS[name].internal


def test_the_name_is_the_address(each: Operation[Any, Any]) -> None:
    """`gtm.crm.add_contact` lives somewhere below `engine/gtm/crm/`."""
    area = each.name.rpartition(".")[0]
    address = each.handle.__module__.removeprefix(f"{ENGINE}.")
    if area.partition(".")[0] in ("gtm", "growth"):
        assert f"{address}.".startswith(f"{area}.")
    else:
        assert address in {name.removeprefix(f"{ENGINE}.") for name in departments.SHARED}


def test_it_says_what_it_does_and_what_it_needs(each: Operation[Any, Any]) -> None:
    assert re.fullmatch(r"[A-Z].*\.", each.summary.splitlines()[0])
    assert re.fullmatch(r"[a-z]+(\.[a-z_]+)*", each.permission)
    assert each.input.__doc__


def test_reading_and_managing_are_different_permissions(each: Operation[Any, Any]) -> None:
    assert each.permission.endswith(".read") != each.writes


def test_what_only_a_person_may_do(each: Operation[Any, Any]) -> None:
    assert each.human_only == bool(FOR_PEOPLE.search(each.name))


def test_an_operation_for_people_writes_and_is_no_part_of_the_machinery(
    each: Operation[Any, Any],
) -> None:
    assert not each.human_only or (each.writes and not each.internal)


def test_every_change_has_its_event() -> None:
    """By the calls in the source: from each writing operation some way leads to `ctx.record`."""
    silent = {made.name for _, made in ALL if made.writes and not records(made)}
    assert silent == set(SILENT)
    assert all(SILENT.values())


def test_no_reading_operation_records(each: Operation[Any, Any]) -> None:
    assert each.writes or not records(each)
