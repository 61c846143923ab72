"""Saving over somebody else's change: nothing of either is lost."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

import pytest
from pydantic import ValidationError

from rusvel_tui.engine.errors import Conflict
from rusvel_tui.screens.contacts.merging import Merge
from rusvel_tui.screens.shared.asking import field_errors


@dataclass(frozen=True)
class Thing:
    """A few texts with a version."""

    texts: Mapping[str, str]
    version: int = 1


@dataclass
class Shelf:
    """Where the thing is stored; `writes` are what was written."""

    thing: Thing
    writes: list[dict[str, str]] = field(default_factory=list)

    def write(self, values: Mapping[str, str], version: int) -> Thing:
        if version != self.thing.version:
            raise Conflict("changed by somebody else")
        self.writes.append(dict(values))
        self.change(**values)
        return self.thing

    def change(self, **values: str) -> None:
        texts = {**self.thing.texts, **values}
        self.thing = replace(self.thing, texts=texts, version=self.thing.version + 1)

    def merge(self) -> Merge[Thing]:
        return Merge(self.thing, lambda thing: thing.texts, lambda: self.thing, self.write)


def shelf(**texts: str) -> Shelf:
    return Shelf(Thing(texts))


def refusal(merge: Merge[Thing], **values: str) -> dict[str, str]:
    with pytest.raises(ValidationError) as caught:
        merge.save(values)
    return field_errors(caught.value)


def test_only_what_was_changed_is_written() -> None:
    one = shelf(a="1", b="2")
    one.merge().save({"a": "1", "b": "3"})
    assert one.writes == [{"b": "3"}]


def test_nothing_changed_is_not_written() -> None:
    one = shelf(a="1")
    assert one.merge().save({"a": "1"}) is one.thing
    assert one.writes == []


def test_changes_of_different_fields_are_merged() -> None:
    """Without a question: nobody loses anything."""
    one = shelf(a="1", b="2")
    merge = one.merge()
    one.change(a="theirs")
    merge.save({"a": "1", "b": "mine"})
    assert one.thing.texts == {"a": "theirs", "b": "mine"}


def test_the_same_change_is_no_conflict() -> None:
    one = shelf(a="1")
    merge = one.merge()
    one.change(a="same")
    merge.save({"a": "same"})
    assert one.thing.texts == {"a": "same"}


def test_a_field_that_both_changed_is_refused_once_with_the_other_value() -> None:
    """Every such field; saving again writes one's own, and still nothing else."""
    one = shelf(a="1", b="2", c="3")
    merge = one.merge()
    one.change(a="theirs", b="", c="theirs too")
    wanted = {"a": "mine", "b": "my own", "c": "3"}
    told = refusal(merge, **wanted)
    assert told == {
        "a": "Changed meanwhile to “theirs”. Save again to keep yours.",
        "b": "Emptied meanwhile. Save again to keep yours.",
    }
    merge.save(wanted)
    assert one.thing.texts == {"a": "mine", "b": "my own", "c": "theirs too"}


def test_going_back_to_the_old_value_after_a_conflict_is_a_decision() -> None:
    """What was refused once is written as it stands then."""
    one = shelf(a="1")
    merge = one.merge()
    one.change(a="theirs")
    refusal(merge, a="mine")
    merge.save({"a": "1"})
    assert one.thing.texts == {"a": "1"}


def test_a_change_between_the_question_and_the_answer_asks_again() -> None:
    one = shelf(a="1")
    merge = one.merge()
    one.change(a="theirs")
    refusal(merge, a="mine")
    one.change(a="theirs again")
    assert "theirs again" in refusal(merge, a="mine")["a"]
    merge.save({"a": "mine"})
    assert one.thing.texts == {"a": "mine"}


def test_fields_may_come_and_go() -> None:
    """A field that the thing did not have is new; one that it lost counts as emptied."""
    one = shelf(a="1")
    merge = one.merge()
    one.thing = Thing({"b": "2"}, version=2)
    assert refusal(merge, a="mine")["a"].startswith("Emptied")
    merge.save({"a": "mine", "new": "x"})
    assert one.thing.texts == {"a": "mine", "b": "2", "new": "x"}


def test_a_conflict_of_another_kind_is_told_as_it_is() -> None:
    """The version is the same: it was not a race."""
    one = shelf(a="1")

    def refuse(values: Mapping[str, str], version: int) -> Thing:
        raise Conflict("that address is taken")

    merge = Merge(one.thing, lambda thing: thing.texts, lambda: one.thing, refuse)
    with pytest.raises(Conflict, match="taken"):
        merge.save({"a": "2"})
