"""Pictures of a sequence that parts: the tree on its page, and the form of a step."""

from __future__ import annotations

from collections.abc import Callable

from tests.factories import AGAIN, HELLO, Desk
from tests.screens.test_work_pictures import CALL, NARROW, WIDE, once, program

Snap = Callable[..., bool]


def parted(desk: Desk) -> None:
    """Conditions, branches and variants, and a name that would be markup."""
    first = {
        **HELLO,
        "variants": [{"subject": "Looms"}, {"subject": "[bold red]Engines[/]", "weight": 2}],
        "branches": [{"when": "reply is positive", "goto": "3"}, {"when": "bounce is yes", "goto": "end"}],
    }  # fmt: skip
    second = {**AGAIN, "delay_unit": "working_days", "when": ["tag is not customer"]}
    third = {**CALL, "branches": [{"when": "outcome is no answer", "goto": "3"}]}
    desk.enrol(desk.sequence(first, second, third, name="Looms [/]"), desk.contact("王小明"))


def test_snapshot_sequence_tree_wide(desk: Desk, snap: Snap) -> None:
    """Each way with where it leads, the unit of each delay, and the person beside it."""
    parted(desk)
    look = once("only when tag is not customer", then="王小明")
    assert snap(program(desk, "sequences"), run_before=look, terminal_size=WIDE)


def test_snapshot_sequence_editor_tree_narrow(desk: Desk, snap: Snap) -> None:
    """The unit of each delay in the list; the step under the cursor, and the whole below it."""
    parted(desk)
    look = once("reply is positive", "e", then="3 work days")
    assert snap(program(desk, "sequences"), run_before=look, terminal_size=NARROW)
