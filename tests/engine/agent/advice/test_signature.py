"""Signatures as contacts: each field with its line, and nobody is added twice."""

from __future__ import annotations

from typing import Any

import pytest

from rusvel_tui.adapters.models.scripted import ScriptedModel
from rusvel_tui.engine.gtm.crm.advice.signature_parsing import ParsedSignature
from tests.factories import Desk

PLAIN = """\
Best regards,

Dr. Grace Hopper
Head of Compilers | Navy Systems GmbH
Tel: +49 30 901820 / Mobile +49 151 23456789
Fax: +49 30 901821
grace.hopper@navy-systems.example
www.navy-systems.example
https://www.linkedin.com/in/grace-hopper
Hafenstr. 12, 20359 Hamburg
"""


def parse(desk: Desk, text: str = PLAIN, **more: Any) -> ParsedSignature:
    made: ParsedSignature = desk.call("gtm.crm.parse_signature", text=text, **more)
    return made


def test_c_148_every_field_is_read_with_its_line_and_how_sure_it_is(desk: Desk) -> None:
    said = parse(desk)
    assert (said.name, said.title, said.company) == ("Grace Hopper", "Head of Compilers", "Navy Systems GmbH")  # fmt: skip
    assert said.emails == ("grace.hopper@navy-systems.example",)
    assert said.phones == ("+49 30 901820", "+49 151 23456789")
    assert (said.website, said.profile) == ("www.navy-systems.example", "grace-hopper")
    assert said.address == "Hafenstr. 12, 20359 Hamburg"
    lines = {one.field: (one.line, one.confidence) for one in said.fields}
    assert lines["name"] == (3, 0.95)
    assert lines["email"] == (7, 0.98)
    assert all(one.words in PLAIN for one in said.fields)


def test_c_148_it_suggests_to_add_the_person_and_writes_nothing(desk: Desk) -> None:
    before = desk.engine.cursor()
    said = parse(desk)
    assert desk.engine.cursor() == before
    assert said.duplicates == ()
    assert said.suggestion is not None
    made = desk.call(said.suggestion.operation, **said.suggestion.input)
    assert (made.name, made.company, made.title) == ("Grace Hopper", "Navy Systems GmbH", "Head of Compilers")  # fmt: skip
    assert [row.number for row in made.phones] == list(said.phones)


def test_c_148_somebody_who_is_here_is_filled_in_and_nothing_typed_is_changed(desk: Desk) -> None:
    grace = desk.contact("Grace Hopper", "grace.hopper@navy-systems.example", title="Admiral")
    said = parse(desk)
    [same] = said.duplicates
    assert (same.contact.contact_id, same.score) == (grace.contact_id, 100)
    assert said.suggestion is not None
    assert said.suggestion.operation == "gtm.crm.update_contact"
    made = desk.call(said.suggestion.operation, **said.suggestion.input)
    assert (made.title, made.company) == ("Admiral", "Navy Systems GmbH")
    assert parse(desk).suggestion is None


LOOSE: dict[str, tuple[str, dict[str, str]]] = {
    "one line": ("Ada Lovelace, CTO at Analytical Engines Ltd, ada@engines.example", {"title": "CTO", "email": "ada@engines.example"}),
    "free mail": ("Jane Roe\njane.roe@gmail.com", {"name": "Jane Roe", "company": ""}),
    "only a domain": ("Jane Roe\njane@weavers.example", {"name": "Jane Roe", "company": "Weavers"}),
    "german": ("Mit freundlichen Grüßen\nHans Müller\nGeschäftsführer\nMüller & Söhne GmbH", {"name": "Hans Müller", "title": "Geschäftsführer", "company": "Müller & Söhne GmbH"}),
    "a domestic number": ("Jane Roe\n030 901820", {"name": "Jane Roe"}),
}  # fmt: skip


@pytest.mark.parametrize("name", LOOSE)
def test_c_148_loose_forms_are_read_too(desk: Desk, name: str) -> None:
    text, wanted = LOOSE[name]
    said = parse(desk, text)
    assert {field: getattr(said, field) for field in wanted} == wanted


def test_a_model_reads_only_what_stands_there(desk: Desk) -> None:
    text = "grace hopper -- compilers @ navy\ngrace@navy.example"
    good = {"name": "grace hopper", "title": "compilers", "company": "navy"}
    bad = good | {"company": "Evil Corp"}
    desk.engine.chat_model = ScriptedModel([[{"tool": "answer", "input": one}] for one in (good, bad)])  # fmt: skip
    said = parse(desk, text)
    assert (said.name, said.title, said.company, said.by) == ("grace hopper", "compilers", "navy", "scripted")  # fmt: skip
    refused = parse(desk, text)
    assert refused.by == "rules"
    assert "Evil Corp" in refused.note
