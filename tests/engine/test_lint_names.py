"""Names that would embarrass the sender are pointed out, with the repair where there is one."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rusvel_tui.engine.lint.names import doubts, first_name_doubt


@pytest.mark.parametrize(
    ("name", "company", "better"),
    [
        ("MARIE", "", "Marie"),
        ("ANNE-MARIE", "", "Anne-Marie"),
        ("ada", "", "Ada"),
        ("Dr. Ada", "", "Ada"),
        ("MR", "", ""),
        ("Ada (she/her)", "", "Ada"),
        ("Looper, DipWSET", "", "Looper"),
        ("Ada 🚀", "", "Ada"),
        ("🚀ADA🚀", "", "Ada"),
        ("ada@firm.example", "", ""),
        ("Info", "", ""),
        ("Acme", "ACME", ""),
        ("J.", "", None),
        ("Ada Maria Luisa Countess", "", None),
    ],
)
def test_an_odd_first_name_is_doubted(name: str, company: str, better: str | None) -> None:
    doubt = first_name_doubt(name, company)
    assert doubt is not None
    assert doubt.proposed == better
    assert name in doubt.text


@pytest.mark.parametrize(
    "name",
    ["", "Ada", "Anne-Marie", "D'Arcy", "Zoë", "李小龙", "Мария", "Mary Ann", "Jean·Luc", "van"],
)
def test_an_ordinary_first_name_is_not(name: str) -> None:
    doubt = first_name_doubt(name, "Acme")
    assert doubt is None or name == "van"


@given(st.text(max_size=40), st.text(max_size=10))
def test_a_proposal_is_better_than_what_it_replaces(name: str, company: str) -> None:
    doubt = first_name_doubt(name, company)
    if doubt is not None and doubt.proposed is not None:
        assert doubt.proposed != name
        again = first_name_doubt(doubt.proposed, "")
        assert again is None or again.proposed is None or again.proposed != name


def test_the_warning_names_the_key_that_mends_it() -> None:
    assert list(doubts("MARIE", "")) == [
        "The first name is 'MARIE': it is all capitals. F makes it 'Marie'."
    ]
    assert list(doubts("Ada", "")) == []
    assert list(doubts("J.", "")) == ["The first name is 'J.': it is an initial only."]
