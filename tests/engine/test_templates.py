"""The merge language: what it accepts, what it refuses and where, and what becomes of empty values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.templates import (
    MAX_OUTPUT,
    MAX_TEMPLATE,
    MERGE_FIELDS,
    TemplateError,
    check,
    parse,
    render,
)

KNOWN = [name for name, _ in MERGE_FIELDS]
ANN = {"first_name": "Ann", "company": "Acme", "title": "", "name": "Ann Lee"}


def rendered(text: str, **fields: str) -> str:
    return render(parse(text), {**ANN, **fields}).text


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("Hi {{first_name}}!", "Hi Ann!"),
        ("{{ first_name }}{{company}}", "AnnAcme"),
        ("Hi {{first_name|there}}", "Hi Ann"),
        ("Hi {{title|there you}}", "Hi there you"),
        ("Hi {{ title | there | you }}", "Hi there | you"),
        ("{{title| #1 }}", "#1"),
        ("{{#company}}at {{company}}{{/company}}.", "at Acme."),
        ("{{#title}}as {{title}}{{/title}}.", "."),
        ("{{#title}}{{first_name}} {{title|none}}{{/title}}", ""),
        ("{{# company }}{{title|x}}{{/ company }}", "x"),
        ("plain {x}, [First Name], <name>, } and {", "plain {x}, [First Name], <name>, } and {"),
        ("", ""),
        ("a\r\nb\rc", "a\nb\nc"),
        ("{{custom.plan|basic}}", "basic"),
        ("{{#custom.plan}}You have {{custom.plan}}.{{/custom.plan}}", ""),
    ],
)
def test_fields_fallbacks_and_blocks(template: str, text: str) -> None:
    assert rendered(template) == text


@pytest.mark.parametrize(
    ("template", "text"),
    [
        ("Hi\n{{#title}}As {{title}}.{{/title}}\nBye", "Hi\nBye"),
        ("Hi\n{{#title}}\nAs {{title}}.\n{{/title}}\nBye", "Hi\nBye"),
        ("Hi\n\n{{#title}}\nAs {{title}}.\n{{/title}}\n\nBye", "Hi\n\nBye"),
        ("Hi\n\n{{#title}}A{{/title}}\n{{#title}}B{{/title}}\n\nBye", "Hi\n\nBye"),
        ("Hi\n\n{{#company}}\nAt {{company}}.\n{{/company}}\n\nBye", "Hi\n\nAt Acme.\n\nBye"),
        ("{{#title}}As {{title}}.{{/title}}\n\nHi", "Hi"),
        ("Hi\n{{#title}}PS{{/title}}\n", "Hi\n"),
        ("Hi{{#title}},\n{{title}}{{/title}} there", "Hi there"),
        ("  {{#title}}x{{/title}}\t\nHi", "Hi"),
        ("a\n\n\nb {{#title}}x{{/title}}\n\n\nc", "a\n\n\nb \n\n\nc"),
    ],
)
def test_a_block_on_a_line_of_its_own_takes_the_line_with_it(template: str, text: str) -> None:
    assert rendered(template) == text


@pytest.mark.parametrize(
    ("template", "line", "column", "words"),
    [
        ("Hi {{first_name", 1, 4, "has no }}"),
        ("Hi\n  {{first_name}", 2, 3, "has no }}"),
        ("Hi {{first\nname}}", 1, 4, "has no }}"),
        ("Hi first_name}}", 1, 14, "has no {{"),
        ("{{a|{{b}}}}", 1, 1, "has no }}"),
        ("{{{name}}}", 1, 2, "two braces"),
        ("{{name}}}", 1, 1, "two braces"),
        ("Hi {{}}", 1, 4, "names no field"),
        ("Hi {{ }}", 1, 4, "names no field"),
        ("{{|there}}", 1, 1, "names no field"),
        ("{{#}}x{{/}}", 1, 1, "names no field"),
        ("{{First Name}}", 1, 1, "Did you mean 'first_name'?"),
        ("{{7*7}}", 1, 1, "not a field name"),
        ("{{name.__class__.x}}", 1, 1, "not a field name"),
        ("{{name|}}", 1, 1, "fallback is empty"),
        ("{{#name|x}}y{{/name}}", 1, 1, "no fallback"),
        ("a\nb {{#name}}x", 2, 3, "never closed"),
        ("{{/name}}", 1, 1, "not open"),
        ("{{#name}}{{/company}}", 1, 10, "not open"),
        ("{{#name}}{{#company}}x{{/company}}{{/name}}", 1, 10, "cannot be nested"),
        ("{{#name}}{{#name}}x{{/name}}{{/name}}", 1, 10, "cannot be nested"),
    ],
)
def test_a_mistake_is_named_with_its_place(
    template: str, line: int, column: int, words: str
) -> None:
    with pytest.raises(TemplateError) as refused:
        parse(template)
    assert (refused.value.line, refused.value.column) == (line, column)
    assert words in str(refused.value)
    assert str(refused.value).startswith(f"Line {line}, column {column}: ")


def test_q_020_an_unknown_field_is_refused_with_the_nearest_name() -> None:
    with pytest.raises(
        TemplateError,
        match=r"Line 2, column 4: there is no field 'frist_name'\. Did you mean 'first_name'",
    ):
        check("Hi\nyou{{frist_name|there}}", KNOWN)
    with pytest.raises(TemplateError, match=r"no field 'zzzzz'\.$"):
        check("{{#zzzzz}}x{{/zzzzz}}", KNOWN)
    with pytest.raises(TemplateError, match="compny"):
        check("{{#title}}{{compny}}{{/title}}", KNOWN)


def test_custom_fields_are_known_when_they_are_given() -> None:
    with pytest.raises(TemplateError):
        check("{{custom.plan}}", KNOWN)
    assert check("{{custom.plan}}", [*KNOWN, "custom.plan"]).fields == ("custom.plan",)


def test_the_fields_of_a_template_come_in_order_and_once() -> None:
    template = parse("{{title|x}} {{#company}}{{name}} {{title}}{{/company}}")
    assert template.fields == ("title", "company", "name")


def test_q_021_a_value_that_is_missing_is_reported_and_its_tag_stays() -> None:
    found = render(
        parse("Hi {{title}}, {{nobody|x}} {{#gone}}y{{/gone}}{{title}}{{custom.plan}}"),
        {"title": " \n"},
    )
    assert found.missing == ("title", "nobody", "gone", "custom.plan")
    assert found.text == "Hi {{title}}, {{nobody|x}} {{title}}{{custom.plan}}"
    assert found.used_fallback == ()


def test_fallbacks_that_were_used_are_reported() -> None:
    found = render(parse("{{title|x}}{{title|y}}{{first_name|z}}"), ANN)
    assert (found.text, found.used_fallback, found.missing) == ("xyAnn", ("title",), ())


def test_a_value_is_never_expanded_again() -> None:
    value = "{{company}} {{7*7}} {{#title}}"
    assert rendered("{{first_name}}", first_name=value) == value


def test_templates_and_texts_have_a_limit() -> None:
    assert rendered("é" * (MAX_TEMPLATE // 2)) == "é" * (MAX_TEMPLATE // 2)
    with pytest.raises(InvalidInput, match="64 KB"):
        parse("é" * (MAX_TEMPLATE // 2) + "x")
    with pytest.raises(InvalidInput, match="256 KB"):
        rendered("{{name}}{{name}}", name="x" * (MAX_OUTPUT // 2 + 1))


@pytest.mark.parametrize(
    "hostile",
    ["{{" * 30_000, "{{a|" * 16_000, "{{#a}}" * 10_000, "}" * 60_000, "{{" + " " * 60_000],
)
def test_a_hostile_template_is_refused(hostile: str) -> None:
    with pytest.raises(TemplateError):
        parse(hostile)


names = st.sampled_from(["first_name", "company", "title", "custom.plan", "unknown"])
words = st.text(st.characters(exclude_characters="{}|\r\n", exclude_categories=["Cs"]), max_size=12)
plain = st.text(st.characters(exclude_characters="{}\r", exclude_categories=["Cs"]), max_size=30)
fallbacks = words.filter(lambda word: bool(word.strip()))
tags = st.one_of(names.map("{{%s}}".__mod__), st.builds("{{{{{}|{}}}}}".format, names, fallbacks))
pieces = st.lists(st.one_of(plain, tags), max_size=6).map("".join)
blocks = st.builds(lambda name, inner: f"{{{{#{name}}}}}{inner}{{{{/{name}}}}}", names, pieces)
templates = st.lists(st.one_of(pieces, blocks), max_size=6).map("".join)
values = st.dictionaries(names, st.text(max_size=30), max_size=5)


@given(templates, values)
def test_every_parsed_template_renders(source: str, fields: dict[str, str]) -> None:
    template = parse(source)
    found = render(template, fields)
    assert set(found.missing) <= set(template.fields)
    assert set(found.used_fallback) <= set(template.fields)
    assert parse(template.source) == template


@given(st.text(max_size=60))
def test_a_text_parses_or_is_refused(source: str) -> None:
    try:
        template = parse(source)
    except TemplateError:
        return
    if not template.fields:
        assert render(template, {}).text == source.replace("\r\n", "\n").replace("\r", "\n")


@given(plain)
def test_text_without_braces_round_trips(source: str) -> None:
    assert rendered(source) == source


@given(plain, st.text(min_size=1).filter(lambda value: bool(value.strip())), plain)
def test_a_value_stands_verbatim(before: str, value: str, after: str) -> None:
    assert (
        rendered(f"{before}{{{{first_name}}}}{after}", first_name=value)
        == f"{before}{value}{after}"
    )
