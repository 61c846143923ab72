"""Filters as text: what is read, what is written back, and where it says that something is wrong."""

from __future__ import annotations

import string

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from rusvel_tui.engine.filters.faults import Fault, FilterError
from rusvel_tui.engine.filters.lexer import LONGEST, MOST
from rusvel_tui.engine.filters.parser import DEEPEST, parse
from rusvel_tui.engine.filters.syntax import And, Condition, Node, Not, Or, Text, Value, is_word


def condition(name: str, sign: str, *values: str) -> Condition:
    return Condition(name, sign, tuple(map(Value, values)))


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("", And()),
        ("   ", And()),
        ("acme", Text("acme")),
        ('"acme inc"', Text("acme inc", phrase=True)),
        ("stage:proposal", condition("stage", ":", "proposal")),
        ("stage:lead,won", condition("stage", ":", "lead", "won")),
        ('tag:a,"b c"', condition("tag", ":", "a", "b c")),
        ("value>5k", condition("value", ">", "5k")),
        ("value >= 5k", condition("value", ">=", "5k")),
        ("value<=5k", condition("value", "<=", "5k")),
        ("name=Ada", condition("name", "=", "Ada")),
        ("value:1..5", condition("value", ":", "1..5")),
        ("-tag:vip", Not(condition("tag", ":", "vip"))),
        ("NOT tag:vip", Not(condition("tag", ":", "vip"))),
        ("--a", Not(Not(Text("a")))),
        ("a b", And((Text("a"), Text("b")))),
        ("a AND b", And((Text("a"), Text("b")))),
        ("a OR b c", Or((Text("a"), And((Text("b"), Text("c")))))),
        ("(a OR b) c", And((Or((Text("a"), Text("b"))), Text("c")))),
        ("-(a b)", Not(And((Text("a"), Text("b"))))),
        ("(a)", Text("a")),
        ("or", Text("or")),
        ('"OR"', Text("OR", phrase=True)),
        ("10:30", Text("10:30")),
        ("c++ O'Brien", And((Text("c++"), Text("O'Brien")))),
        ("covid-19", Text("covid-19")),
        ('a"b"', And((Text("a"), Text("b", phrase=True)))),
        (r'"a \"b\" \\"', Text(r'a "b" \ '.strip(), phrase=True)),
        ("日本:京都", condition("日本", ":", "京都")),
        ("field.a-b:1", condition("field.a-b", ":", "1")),
    ],
)
def test_what_is_read(text: str, tree: Node) -> None:
    assert parse(text) == tree


@pytest.mark.parametrize(
    ("text", "column", "width", "words"),
    [
        ("stage:", 1, 6, "A value is missing after stage:"),
        ("a value> ", 3, 7, "A value is missing after value>"),
        ("tag:a,", 1, 6, "A value is missing"),
        ("tag: a", 1, 4, "A value is missing"),
        ("a -", 3, 1, "Nothing follows the minus"),
        ("- a", 1, 1, "without a blank"),
        ("-OR", 1, 1, "Nothing follows the minus"),
        ("(a", 1, 1, "not closed"),
        ("a) b", 2, 1, "never opened"),
        ("a ()", 3, 1, "nothing between the parentheses"),
        ('a "b', 3, 1, "quote is not closed"),
        ('tag:"b', 5, 1, "quote is not closed"),
        ('a ""', 3, 2, "nothing between the quotes"),
        ("OR a", 1, 2, "Nothing stands before this OR"),
        ("a OR", 3, 2, "Nothing follows this OR"),
        ("a OR OR b", 3, 2, "Nothing follows this OR"),
        ("😀 日本 (", 6, 1, "not closed"),
    ],
)
def test_an_error_names_its_column(text: str, column: int, width: int, words: str) -> None:
    """Q-088. Columns count characters from 1, whatever each of them is made of."""
    with pytest.raises(Fault) as caught:
        parse(text)
    error = FilterError(text, caught.value)
    assert (error.column, error.width) == (column, width)
    assert words in error.reason
    assert str(error) == f"Filter, column {column}: {error.reason}"
    assert error.field == "filter"


def test_the_picture_points_with_carets_as_wide_as_the_text() -> None:
    with pytest.raises(Fault) as caught:
        parse("日本 e\u0301 stage:")
    assert FilterError("日本 e\u0301 stage:", caught.value).picture == (
        "  日本 e\u0301 stage:\n         ^^^^^^"
    )


def test_a_filter_has_bounds() -> None:
    parse("a" * LONGEST)
    with pytest.raises(Fault, match=f"at most {LONGEST} characters") as caught:
        parse("a" * (LONGEST + 1))
    assert caught.value.place.start == LONGEST
    parse(" ".join("a" * MOST))
    for text in (" ".join("a" * (MOST + 1)), "tag:" + ",".join("a" * (MOST + 1))):
        with pytest.raises(Fault, match=f"at most {MOST} parts"):
            parse(text)


@pytest.mark.parametrize("sign", ["(", "-"])
def test_groups_are_nested_to_a_bound(sign: str) -> None:
    end = ")" * DEEPEST if sign == "(" else ""
    parse(f"{sign * DEEPEST}a{end}")
    with pytest.raises(Fault, match=f"More than {DEEPEST} groups") as caught:
        parse(f"{sign * (DEEPEST + 1)}a")
    assert caught.value.place.start == DEEPEST


@given(st.text(max_size=60) | st.text('aO R():"-<>=,.\\19 stge', max_size=40))
def test_no_text_breaks_the_parser(text: str) -> None:
    """Whatever is typed is read, or refused at a column of the text."""
    try:
        tree = parse(text)
    except Fault as fault:
        error = FilterError(text, fault)
        assert 1 <= error.column <= len(text) + 1
        assert error.picture.endswith("^")
    else:
        assert parse(str(tree)) == tree


_TEXTS = st.text(string.ascii_letters + string.digits + " äß日:-()\"\\'<>=,.+", min_size=1).filter(
    lambda text: bool(text.strip())
)
_WORDS = _TEXTS.filter(is_word).filter(lambda word: parse(word) == Text(word))
_NAMES = st.from_regex(r"[a-z][a-z0-9_.]{0,8}", fullmatch=True)
_LEAVES = st.one_of(
    st.builds(Text, _WORDS),
    st.builds(Text, _TEXTS, st.just(value=True)),
    st.builds(
        Condition,
        _NAMES,
        st.sampled_from((":", "=", "<", "<=", ">", ">=")),
        st.lists(st.builds(Value, _TEXTS), min_size=1, max_size=3).map(tuple),
    ),
)


def _grown(children: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    several = st.lists(children, min_size=2, max_size=3).map(tuple)
    return st.one_of(st.builds(Not, children), st.builds(And, several), st.builds(Or, several))


@settings(suppress_health_check=list(HealthCheck), deadline=None)
@given(st.recursive(_LEAVES, _grown, max_leaves=12))
def test_what_is_written_is_read_again(tree: Node) -> None:
    assert parse(str(tree)) == tree
