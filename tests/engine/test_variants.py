"""A/B variants: each person gets one and keeps it, and nothing is claimed that the numbers do not show."""

from __future__ import annotations

from collections import Counter
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rusvel_tui.engine.gtm.outreach.sequences.variants import ENOUGH, Tally, judge, pick, texts
from tests.factories import HELLO, Desk, box, query

PAIR: list[dict[str, Any]] = [{"subject": "One", "weight": 3}, {"subject": "Two", "body": "Hi {{first_name}}, quite another word."}]  # fmt: skip


def variants(*weights: int) -> list[dict[str, Any]]:
    return [
        {"name": "abcde"[n], "weight": weight, "subject": "", "body": ""}
        for n, weight in enumerate(weights)
    ]


@settings(deadline=None)
@given(st.lists(st.integers(1, 100), min_size=2, max_size=5), st.text(), st.text())
def test_the_same_person_gets_the_same_variant(weights: list[int], who: str, step: str) -> None:
    first = pick(variants(*weights), who, step)
    assert first == pick(variants(*weights), who, step)
    assert first in {one["name"] for one in variants(*weights)}


@pytest.mark.parametrize("weights", [(1, 1), (9, 1), (1, 2, 3), (5, 5, 5, 5, 5)])
def test_variants_are_given_out_by_their_weights(weights: tuple[int, ...]) -> None:
    """Of 4 000 people; five standard deviations (binomial) are allowed."""
    count = 4000
    found = Counter(pick(variants(*weights), f"person {n}", "s1") for n in range(count))
    for one in variants(*weights):
        share = one["weight"] / sum(weights)
        deviation = (count * share * (1 - share)) ** 0.5
        assert abs(found[one["name"]] - count * share) < 5 * deviation


def test_two_steps_do_not_give_the_same_people_the_same_letter() -> None:
    pairs = Counter(
        (pick(variants(1, 1), f"p{n}", "s1"), pick(variants(1, 1), f"p{n}", "s2"))
        for n in range(2000)
    )
    assert min(pairs.values()) > 400


def test_a_variant_leaves_the_rest_to_the_step() -> None:
    two = [{"name": "a", "subject": "A", "body": ""}, {"name": "b", "subject": "", "body": "B"}]
    assert texts("S", "T", two, "a") == ("A", "T")
    assert texts("S", "T", two, "b") == ("S", "B")
    assert texts("S", "T", two, "gone") == ("S", "T")
    assert texts("S", "T", [], "") == ("S", "T")


@pytest.mark.parametrize(
    ("first", "second", "best"),
    [
        ((50, 100), (20, 100), "a"),
        ((20, 100), (50, 100), "b"),
        ((99, 99), (0, 99), ""),
        ((12, 100), (10, 100), ""),
        ((0, 0), (0, 0), ""),
        ((120, 1000), (80, 1000), "a"),
        ((30, 1000), (0, 30), ""),
    ],
)
def test_nothing_is_decided_too_early(
    first: tuple[int, int], second: tuple[int, int], best: str
) -> None:
    """Not with fewer than a hundred of each, and not by chance."""
    said = judge([Tally("a", first[1], first[0]), Tally("b", second[1], second[0])])
    assert said.best == best
    assert bool(said.missing) is not bool(best)
    words = "is better" if best else "Cannot tell yet: about"
    assert words in said.text


TALLIES = st.lists(
    st.integers(0, 500).flatmap(lambda n: st.tuples(st.just(n), st.integers(0, n))), min_size=2, max_size=5
)  # fmt: skip


@settings(deadline=None)
@given(TALLIES)
def test_a_judgement_is_never_bold(counts: list[tuple[int, int]]) -> None:
    tallies = [Tally("abcde"[n], sent, replied) for n, (sent, replied) in enumerate(counts)]
    said = judge(tallies)
    if min(sent for sent, _ in counts) < ENOUGH:
        assert not said.best
        assert said.missing > 0
    for tally in tallies:
        low, high = tally.interval
        assert 0 <= low <= tally.rate + 0.5 <= high + 1
    assert 0 <= said.sure <= 1


def test_c_103_each_variant_is_drafted_and_counted(desk: Desk) -> None:
    """What somebody got stands on the mail; replies are counted with it."""
    sequence = desk.sequence({**HELLO, "variants": PAIR})
    people = [desk.contact() for _ in range(12)]
    ids = [person.contact_id for person in people]
    desk.call("gtm.outreach.enrol", sequence_id=sequence.sequence_id, contact_ids=ids)
    desk.work()
    drafts = box(desk)
    given_ = dict(query(desk, "SELECT id, variant FROM mail"))
    for draft in drafts:
        subject, body = {"a": ("One", "a word about looms"), "b": ("Two", "quite another")}[
            given_[draft.id]
        ]
        assert (draft.subject, body in draft.body) == (subject, True)
        desk.approve(draft)
    desk.work()
    lucky = next(draft for draft in drafts if given_[draft.id] == "a")
    desk.call("gtm.outreach.record_reply", contact_id=lucky.contact_id, sentiment="positive")
    counts = Counter(given_.values())
    [step] = desk.call("gtm.outreach.variant_results", sequence_id=sequence.sequence_id).steps
    one, two = step.variants
    assert (one.sent, two.sent) == (counts["a"], counts["b"])
    assert (one.replied, one.positive, two.replied) == (1, 1, 0)
    assert one.low < one.reply_rate < one.high
    assert (step.best, step.text.startswith("Cannot tell yet: about ")) == ("", True)
    assert step.missing > 0


def test_mails_of_an_older_version_count_while_the_text_is_the_same(desk: Desk) -> None:
    sequence = desk.sequence({**HELLO, "variants": PAIR})

    def sent() -> int:
        seen = desk.call("gtm.outreach.variant_results", sequence_id=sequence.sequence_id)
        return sum(one.sent for one in seen.steps[0].variants if one.weight)

    desk.enrol(sequence, desk.contact())
    desk.work()
    desk.approve(box(desk)[0])
    desk.work()
    update = {"sequence_id": sequence.sequence_id}
    weighed = [{**PAIR[0], "weight": 1}, PAIR[1]]
    desk.call(
        "gtm.outreach.update_sequence",
        **update,
        steps=[{**HELLO, "key": "s1", "variants": weighed}],
    )
    assert sent() == 1
    other = [{**PAIR[0], "subject": "Uno"}, PAIR[1]]
    desk.call(
        "gtm.outreach.update_sequence", **update, steps=[{**HELLO, "key": "s1", "variants": other}]
    )
    assert sent() == 0


def test_a_variant_counts_as_the_step(desk: Desk) -> None:
    """Whoever had one variant had the step: another one does not follow under the same address."""
    sequence = desk.sequence({**HELLO, "variants": PAIR}, HELLO)
    person = desk.contact("Grace", "grace@example.com")
    made = desk.enrol(sequence, person)
    desk.work()
    desk.approve(desk.mail(made.job_id))
    desk.work()
    row = query(desk, "SELECT step_key, count(*) FROM mail WHERE state = 'sent' GROUP BY step_key")
    assert row == [("s1", 1)]
    with pytest.raises(Exception, match="is Sent and cannot become sent again"):
        desk.call("gtm.outreach.jump_to_step", enrollment_ids=[made.enrollment_id], step="s1")


def test_a_preview_shows_one_variant_and_what_may_differ(desk: Desk) -> None:
    """The same for conditions and branches: they are told beside the text."""
    step = {**HELLO, "body": "", "variants": [{"body": "First."}, {"body": "Second."}],
            "when": ["tag is vip"], "branches": [{"when": "reply is positive", "goto": "end"}]}  # fmt: skip
    sequence = desk.sequence(step)
    wanted = {"contact_id": desk.contact().contact_id, "sequence_id": sequence.sequence_id}
    [shown] = desk.call("gtm.outreach.preview_sequence", **wanted).steps
    assert (shown.body, shown.problems) == ("First.", ())
    assert shown.notes == (
        "Only when tag is vip; else it is skipped.",
        "Variant a of 2: who gets which is left to chance.",
        "When reply is positive: goes on to end.",
    )
