"""Words that are spelled one way and found in any."""

from __future__ import annotations

from typing import Any

import pytest

from rusvel_tui.engine import departments
from rusvel_tui.engine.gtm.crm.pipelines.stages import Stage
from rusvel_tui.engine.jobs import JobState
from rusvel_tui.engine.spelled import Spelled

departments.load()


@pytest.mark.parametrize(
    "text", ["AwaitingApproval", "awaiting_approval", "AWAITING-APPROVAL", "awaiting approval"]
)
def test_a_word_is_found_in_any_spelling(text: str) -> None:
    assert JobState(text) is JobState.AWAITING_APPROVAL


@pytest.mark.parametrize("value", ["Awaiting", "", 3, None])
def test_a_word_that_does_not_exist_is_refused(value: Any) -> None:
    with pytest.raises(ValueError, match="is not a valid JobState"):
        JobState(value)


@pytest.mark.parametrize("kind", Spelled.__subclasses__(), ids=lambda kind: kind.__name__)
def test_every_word_is_found_by_its_stored_form(kind: type[Spelled]) -> None:
    keys = [member.key for member in kind]
    assert len(set(keys)) == len(keys)
    assert [kind(member.value.upper()) for member in kind] == list(kind)


def test_stages_close_a_deal_or_do_not() -> None:
    assert [stage for stage in Stage if stage.closed] == [Stage.WON, Stage.LOST]
    assert [stage.probability for stage in Stage] == [10, 25, 50, 75, 100, 0]
