"""What every drafter promises, and what the template drafter and the fallback add."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import pytest

from rusvel_tui.adapters.drafters import DRAFTERS
from rusvel_tui.engine.ports import Brief, Draft, Drafter, DrafterFailed
from tests.adapters.fake_messages import KEY, FakeMessages

BRIEF = Brief(
    sequence="Intro",
    step_number=1,
    step_count=2,
    subject_template="Hello {{first_name|there}}",
    subject_fallback="Intro",
    body_template="Hi {{first_name|there}},\n\n{{#company}}how is {{company}}?{{/company}}\n",
    fields={"first_name": "Ann", "company": "Acme", "title": ""},
)


@contextmanager
def template() -> Iterator[Drafter]:
    yield DRAFTERS["template"]()


@contextmanager
def anthropic() -> Iterator[Drafter]:
    with FakeMessages() as api:
        api.write("Hello Ann", "Hi Ann,\n\nhow is Acme?")
        yield DRAFTERS["anthropic"](KEY, base_url=api.url)


@contextmanager
def fallback() -> Iterator[Drafter]:
    yield DRAFTERS["fallback"](Broken(), DRAFTERS["template"]())


class Broken:
    """A drafter whose service is down."""

    name = "broken"

    def draft(self, brief: Brief) -> Draft:
        """Never works."""
        raise DrafterFailed(f"no service for {brief.sequence}")


SETUPS = {"template": template, "anthropic": anthropic, "fallback": fallback}


@pytest.fixture(params=SETUPS)
def drafter(request: pytest.FixtureRequest) -> Iterator[Drafter]:
    with SETUPS[request.param]() as made:
        yield made


def test_every_drafter_has_a_setup_here() -> None:
    assert set(SETUPS) == set(DRAFTERS)


def test_a_draft_is_a_subject_line_and_a_body(drafter: Drafter) -> None:
    draft = drafter.draft(BRIEF)
    assert (draft.subject, draft.body) == ("Hello Ann", "Hi Ann,\n\nhow is Acme?")
    assert draft.problems == ()
    assert draft.drafted_by
    assert drafter.name


def test_hostile_values_reach_no_screen_and_no_header(drafter: Drafter) -> None:
    hostile = dict.fromkeys(BRIEF.fields, "\x1b]52;c;eA==\x07\u202e\r\nBcc: eve@evil.example")
    draft = drafter.draft(replace(BRIEF, fields=hostile))
    assert draft.subject.isprintable()
    assert draft.body.replace("\n", "").isprintable()


def filled(**changes: object) -> Draft:
    return DRAFTERS["template"]().draft(replace(BRIEF, **changes))  # type: ignore[arg-type]


def test_a_template_without_a_subject_uses_the_one_that_is_given() -> None:
    assert filled(subject_template="").subject == "Intro"


def test_a_missing_value_is_a_problem_and_no_hole() -> None:
    draft = filled(body_template="Hi {{title}}, {{custom.plan}}, {{compny}}")
    assert draft.body == "Hi {{title}}, {{custom.plan}}, {{compny}}"
    assert draft.problems[:3] == (
        "{{title}} is empty for this person and has no fallback.",
        "{{custom.plan}} is empty for this person and has no fallback.",
        "There is no field {{compny}}. Did you mean 'company'?",
    )


def test_a_fallback_that_was_used_is_noted() -> None:
    draft = filled(fields={"first_name": "", "company": "Acme"})
    assert draft.body.startswith("Hi there,")
    assert draft.notes == ("{{first_name}} is empty for this person: the fallback stands there.",)
    assert draft.problems == ()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        (
            {"subject_template": "Hi {{first_name"},
            "The template of the subject is not usable. Line 1, column 4",
        ),
        (
            {"body_template": "Hi\n{{#company}}"},
            "The template of the body is not usable. Line 2, column 1",
        ),
        ({"body_template": "{{#title}}x{{/title}}"}, "The body is empty."),
        ({"subject_template": "{{#title}}x{{/title}}"}, "The subject is empty."),
        (
            {"body_template": "Hi [First Name],"},
            "[First Name] is a placeholder that nobody filled in.",
        ),
        (
            {"body_template": "Hi {{first_name}},", "fields": {"first_name": "undefined"}},
            "The greeting says 'undefined'",
        ),
        (
            {"body_template": "{{first_name}}" * 9, "fields": {"first_name": "x" * 40_000}},
            "longer than 256 KB",
        ),
    ],
)
def test_what_must_not_leave_is_a_problem(changes: dict[str, object], words: str) -> None:
    assert [problem for problem in filled(**changes).problems if words in problem]


def test_a_value_with_braces_stays_text_and_blocks_the_mail() -> None:
    draft = filled(body_template="Hi {{first_name}},", fields={"first_name": "{{company}} {{7*7}}"})
    assert draft.body == "Hi {{company}} {{7*7}},"
    assert draft.problems == (
        "{{company}} is left over from a template.",
        "{{7*7}} is left over from a template.",
    )


def test_the_template_stands_in_when_the_model_fails() -> None:
    draft = DRAFTERS["fallback"](Broken(), DRAFTERS["template"]()).draft(BRIEF)
    assert draft.drafted_by == "template"
    assert draft.notes == ("AI was not available (no service for Intro): this is the template.",)


def test_the_problems_of_the_template_stay() -> None:
    joined = DRAFTERS["fallback"](Broken(), DRAFTERS["template"]())
    assert joined.draft(replace(BRIEF, body_template="Hi {{title}},")).problems


def test_a_step_without_ai_never_asks_the_model() -> None:
    joined = DRAFTERS["fallback"](Broken(), DRAFTERS["template"]())
    assert joined.draft(replace(BRIEF, use_ai=False)).notes == ()


def test_the_first_drafter_is_used_while_it_works() -> None:
    with FakeMessages() as api:
        api.write("Hello Ann", "Written by a model.")
        joined = DRAFTERS["fallback"](
            DRAFTERS["anthropic"](KEY, base_url=api.url), DRAFTERS["template"]()
        )
        draft = joined.draft(BRIEF)
    assert (draft.body, draft.drafted_by, draft.notes) == (
        "Written by a model.",
        "claude-haiku-5-5",
        (),
    )
    assert joined.name == "anthropic or template"
