"""What goes out comes in again: exported people, imported into an empty session, are the same people."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rusvel_tui.engine.gtm.crm.importing.exact import SEPARATOR, as_written, defuse
from rusvel_tui.engine.text import one_line, sanitize
from tests.engine.exporting.support import export, people
from tests.factories import Desk, NewDesk, query

_WORDS = st.sampled_from(
    ("Ann", "Zoë", "花子", "O'Neil", "=1+1", "'=2", "-", "N/A", "a,b", 'q"t', "x;y", "\\n", "<b>", "{{name}}", "null", "it's",
     "@a", "+1", "a ::: b", "Straße", "👩\u200d🚀", "العربية", "e\u0301", "a\\,b", "* star", "myContacts", "undefined")
)  # fmt: skip
_LINES = st.lists(_WORDS, min_size=1, max_size=3).map(" ".join)
_PLAIN = st.sampled_from(
    ("Ann", "Zoë", "花子", "O'Neil", "a,b", 'q"t', "x;y", "a\\,b", "=1+1", "Straße", "👩\u200d🚀")
)
_PLAINS = st.lists(_PLAIN, min_size=1, max_size=3).map(" ".join)
_LABELS = st.sampled_from(("", "work", "home", "mobile", "my own", "Zentrale"))
_NUMBERS = st.sampled_from(
    ("+49 30 1234567", "+44 20 7946 0958", "+1 (212) 555-0100", "0049 170 7654321")
)


def _person(
    words: st.SearchStrategy[str], labels: st.SearchStrategy[str]
) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"name": words},
        optional={
            "company": words,
            "title": words,
            "notes": st.lists(words, min_size=1, max_size=3).map("\n".join),
            "emails": st.lists(labels, min_size=1, max_size=3),
            "phones": st.lists(
                st.tuples(_NUMBERS, labels),
                min_size=1,
                max_size=2,
                unique_by=lambda one: one[0][-3:],
            ),
            "tags": st.lists(
                words.filter(lambda one: SEPARATOR not in one),
                min_size=1,
                max_size=3,
                unique_by=str.casefold,
            ),
            "links": st.lists(
                st.sampled_from(("https://x.example/a?b=c,d;e", "shop.example")),
                unique=True,
                max_size=2,
            ),
            "fields": st.dictionaries(
                st.sampled_from(("Seats", "Name", "e-mail", "Two Words")), words, max_size=2
            ),
            "country": st.sampled_from(("DE", "US", "NO")),
            "timezone": st.sampled_from(("Europe/Berlin", "UTC")),
            "profile": st.sampled_from(("ann-fixture", "zoë", "a b%c", "josé-1")),
        },
    )


def _add(desk: Desk, number: int, person: dict[str, Any]) -> None:
    """Each has a name and a profile of their own: two without an address would be one person."""
    person["name"] += f" {number}"
    if "profile" in person:
        person["profile"] += f"-{number}"
    mails = [
        {"address": f"Who{number}.{nth}@x.example", "label": label}
        for nth, label in enumerate(person.pop("emails", ()))
    ]
    phones = [{"number": one, "label": label} for one, label in person.pop("phones", ())]
    desk.call("gtm.crm.add_contact", emails=mails, phones=phones, **person)


def _there_and_back(
    desk: Desk, folder: Path, persons: list[dict[str, Any]], **more: Any
) -> tuple[list[Any], list[Any]]:
    for number, person in enumerate(persons):
        _add(desk, number, dict(person))
        if number % 2:
            desk.call("gtm.crm.suppress", address=f"who{number}.0@x.example")
    before, listed = people(desk), _listed(desk)
    path = folder / f"out.{'vcf' if 'vcard' in more.get('format', '') else 'csv'}"
    assert export(desk, path, **more).exported == len(persons)
    desk.call("session.create", name="other")
    view = desk.call("gtm.crm.import_contacts", path=str(path))
    assert (view.read, view.created, view.warnings) == (len(persons), len(persons), ())
    after, listed_after = people(desk), _listed(desk)
    again = desk.call("gtm.crm.import_contacts", path=str(path))
    assert (again.skipped, again.updated) == (len(persons), 0)
    assert {one for one in listed if "who" in one} >= set(listed_after)
    return before, after


def _listed(desk: Desk) -> list[str]:
    return [one.address for one in desk.call("gtm.crm.list_suppressed", limit=1000).items]


@settings(max_examples=25, deadline=None)
@given(st.lists(_person(_LINES, _LABELS), min_size=1, max_size=4), st.sampled_from(("csv", "json")))
def test_q_095_a_table_brings_everybody_back(
    new_desk: NewDesk,
    tmp_path_factory: pytest.TempPathFactory,
    persons: list[dict[str, Any]],
    kind: str,
) -> None:
    folder = tmp_path_factory.mktemp(kind)
    with new_desk(folder) as desk:
        before, after = _there_and_back(desk, folder, persons, format=kind)
    assert after == before


@settings(max_examples=15, deadline=None)
@given(
    st.lists(_person(_PLAINS, _LABELS.map(str.lower)), min_size=1, max_size=4),
    st.sampled_from(("vcard3", "vcard4")),
)
def test_q_095_cards_bring_everybody_back(
    new_desk: NewDesk,
    tmp_path_factory: pytest.TempPathFactory,
    persons: list[dict[str, Any]],
    version: str,
) -> None:
    folder = tmp_path_factory.mktemp("vcf")
    with new_desk(folder) as desk:
        before, after = _there_and_back(desk, folder, persons, format=version)
    assert after == before


@given(st.text(st.sampled_from("'=+-@\t\rab"), max_size=6) | st.text(max_size=6))
def test_what_is_defused_is_as_written_again(text: str) -> None:
    assert as_written(defuse(text)) == text
    assert not defuse(text).startswith(("=", "+", "-", "@", "\t", "\r"))


def test_a_sample_of_every_format_survives(desk: Desk, tmp_path: Path) -> None:
    """Imported from cards with lines that mean nothing to us, which go out and come in again."""
    card = (
        "BEGIN:VCARD\nVERSION:3.0\nFN:Ann\nEMAIL:a@x.example\nX-TWITTER:ann\nNICKNAME:Annie\nPHOTO;ENCODING=b:AAAA\n"
        "ADR;TYPE=WORK:;;1 Road;Cork;;T12;Ireland\nBDAY;X-APPLE-OMIT-YEAR=1604:1604-12-10\nEND:VCARD\n"
    )
    desk.call("gtm.crm.import_contacts", content=card.encode(), name="x.vcf")
    before = people(desk)
    export(desk, tmp_path / "out.vcf", format="vcard3")
    text = (tmp_path / "out.vcf").read_text()
    assert "X-TWITTER:ann\n" in text
    assert "NICKNAME:Annie\n" in text
    assert "PHOTO" not in text
    desk.call("session.create", name="other")
    desk.call("gtm.crm.import_contacts", path=str(tmp_path / "out.vcf"))
    assert people(desk) == before
    assert query(desk, "SELECT metadata LIKE '%X-TWITTER:ann%' FROM contact") == [(1,), (1,)]


def test_the_words_of_the_alphabet_are_stored_as_they_are() -> None:
    for word in ("a ::: b", "e\u0301"):
        assert one_line(word) == one_line(sanitize(word))
