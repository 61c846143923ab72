"""Conditions, branches and variants of a step: as lines in its form, as a tree on the page, and back again."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.outreach.sequences.steps import BranchInput, VariantInput
from rusvel_tui.screens.sequences.step_lines import (
    branch_lines,
    read_branches,
    read_variants,
    variant_lines,
)
from rusvel_tui.widgets.form import FormDialog
from tests.factories import AGAIN, HELLO, Desk
from tests.screens.desks import errors, fill, form
from tests.screens.pilots import press, settle, shows
from tests.screens.sequence_steps import at_row, in_editor, page, program, sequences

words = st.text(st.characters(exclude_categories=("Cs", "Cc", "Zl", "Zp", "Zs"))).map(
    lambda text: text.replace("→", "").replace("->", "").replace("=>", "")
)
bodies = st.lists(words, max_size=4).map(lambda lines: "\n".join(lines).strip("\n"))


@given(
    st.lists(
        st.builds(
            VariantInput,
            name=st.sampled_from("abcde"),
            weight=st.integers(1, 100),
            subject=words,
            body=bodies,
        ),
        max_size=5,
    )
)
def test_variants_come_back_from_their_lines(variants: list[VariantInput]) -> None:
    told = read_variants(variant_lines(variants))
    assert [VariantInput.model_validate(one) for one in told] == variants


@given(st.lists(st.tuples(words.filter(bool), st.sampled_from(["mail-1", "mail-2", "end"]))))
def test_branches_come_back_from_their_lines(pairs: list[tuple[str, str]]) -> None:
    """Shown by number, kept by key."""
    branches = [BranchInput(when=when, goto=goto) for when, goto in pairs]
    told = read_branches(branch_lines(branches, ["mail-1", "mail-2"]), ["mail-1", "mail-2"])
    assert [BranchInput.model_validate(one) for one in told] == branches


@pytest.mark.parametrize("text", ["reply is none", "reply is none 4", "→ 4"])
def test_a_branch_without_its_arrow_is_refused_with_its_line(text: str) -> None:
    with pytest.raises(InvalidInput, match="Line 2: write it like"):
        read_branches(f"bounce is yes -> end\n{text}", [])


def test_a_variant_without_a_name_is_refused_with_its_line() -> None:
    with pytest.raises(InvalidInput, match="Line 1: write it like"):
        read_variants("Just a subject")


async def test_a_step_gets_conditions_branches_and_variants_in_its_form(desk: Desk) -> None:
    """What is wrong is said beside its field; the editor draws the whole as a tree, and so does the page."""
    desk.sequence(HELLO, AGAIN, active=False)
    app = program(desk.engine)
    async with app.run_test(size=(120, 50)) as pilot:
        await in_editor(pilot, app)
        await press(pilot, "e")
        dialog = await form(pilot)
        fill(dialog, delay_days="2", delay_unit="working_days", when="tag is not customer")
        fill(dialog, branches="reply is positive → 9", variants="a: Looms\nb ×3: Engines\n  Hi!")
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: "there is no step '9'" in errors(dialog).get("branches", ""))
        fill(dialog, branches="reply is positive → end\nbounce is yes -> 2", when="nmae is x")
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: "nothing is called 'nmae'" in errors(dialog).get("when", ""))
        fill(dialog, when="tag is not customer")
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: not isinstance(app.screen, FormDialog))
        await settle(pilot, lambda: len(sequences(desk)[0].steps[0].branches) == 2)
        await settle(pilot, lambda: shows(app, "├ reply is positive → end"))
        assert shows(app, "only when tag is not customer")
        assert shows(app, "2 working days later")
        await press(pilot, "escape")
        await settle(pilot, lambda: not page(app).editing)
        await settle(pilot, lambda: shows(app, "├ bounce is yes → step 2"))
    first, second = sequences(desk)[0].steps
    assert (first.delay_unit, first.when) == ("working_days", ("tag is not customer",))
    assert [one.goto for one in first.branches] == ["end", second.key]
    assert [(one.name, one.weight, one.body) for one in first.variants] == [
        ("a", 1, ""),
        ("b", 3, "Hi!"),
    ]


async def test_a_step_that_is_opened_and_saved_stays_as_it_was(desk: Desk) -> None:
    """Nothing that the form does not ask for is lost."""
    variants = [{"subject": "Looms", "body": "One.\n\nTwo."}, {"weight": 4}]
    branches = [{"when": "reply is positive", "goto": "2"}]
    step = {**HELLO, "when": ["country is DE or AT"], "branches": branches, "variants": variants}
    desk.sequence(step, AGAIN, active=False)
    [before] = sequences(desk)
    app = program(desk.engine)
    async with app.run_test(size=(120, 36)) as pilot:
        await at_row(pilot, app)
        await in_editor(pilot, app)
        await press(pilot, "e")
        await form(pilot)
        await pilot.press("ctrl+s")
        await settle(pilot, lambda: not isinstance(app.screen, FormDialog))
        copy = page(app).editor.copy
        assert copy is not None
        assert not copy.dirty
    assert sequences(desk)[0].steps == before.steps
