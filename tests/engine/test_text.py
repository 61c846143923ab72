"""Untrusted text: nothing that a terminal or a header would act upon is ever stored."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.text import fold, one_line, sanitize
from tests.factories import Desk

# Everything that moves a cursor, turns the direction of text round, or hides in it.
FORBIDDEN = (
    {chr(code) for code in range(0x20) if chr(code) not in "\n\t"}
    | {chr(code) for code in range(0x7F, 0xA0)}
    | set("\u061c\u200b\u200e\u200f\u2028\u2029\u202a\u202b\u202c\u202d\u202e\u2060\ufeff")
    | {chr(code) for code in range(0x2066, 0x206A)}
    | {chr(code) for code in range(0xD800, 0xE000)}
    | {chr(code) for code in range(0xE0000, 0xE0080)}
)
nasty = st.text(st.sampled_from([*sorted(FORBIDDEN), *"[]()<>;?0123mHJKc\\x aé\n\t"]), max_size=40)
anything = st.one_of(nasty, st.text(max_size=40), st.builds("".join, st.lists(nasty)))

ATTACKS = {
    "clipboard (OSC 52)": ("a\x1b]52;c;ZXZpbA==\x07b", "ab"),
    "clipboard, ended by ST": ("a\x1b]52;c;ZXZpbA==\x1b\\b", "ab"),
    "clipboard in eight bits": ("a\x9d52;c;ZXZpbA==\x9cb", "ab"),
    "window title (OSC 0)": ("\x1b]0;owned\x07Grace", "Grace"),
    "hyperlink (OSC 8)": ("\x1b]8;;https://evil.example\x1b\\here\x1b]8;;\x1b\\", "here"),
    "clear screen (CSI)": ("\x1b[2J\x1b[HGrace", "Grace"),
    "colour (CSI)": ("\x1b[31;1mGrace\x1b[0m", "Grace"),
    "CSI in eight bits": ("\x9b2JGrace", "Grace"),
    "CSI with private parameters": ("\x1b[?1049hGrace", "Grace"),
    "a sequence within a sequence": ("\x1b[\x1b[2J2JGrace", "2JGrace"),
    "reset (RIS)": ("\x1bcGrace", "cGrace"),
    "bell and backspace": ("Gra\x07ce\x08", "Grace"),
    "delete": ("Gra\x7fce", "Grace"),
    "right-to-left override": ("gpj.\u202eexe.photo", "gpj.exe.photo"),
    "isolates": ("\u2066a\u2069", "a"),
    "line and paragraph separators": ("a\u2028b\u2029c", "abc"),
    "zero width": ("a\u200bb\ufeffc\u2060d", "abcd"),
    "tag characters": ("a\U000e0041\U000e007fb", "ab"),
    "a lone surrogate": ("a\ud800b", "ab"),
    "a null byte": ("a\x00b", "ab"),
    "carriage return": ("real\rfake", "real\nfake"),
    "line ends of two kinds": ("a\r\nb\rc\nd", "a\nb\nc\nd"),
    "blanks of all kinds": ("a\u00a0b\u3000c\x0bd", "a b cd"),
    "decomposed letters": ("e\u0301", "é"),
}


@pytest.mark.parametrize(("attack", "left"), ATTACKS.values(), ids=ATTACKS)
def test_what_an_attack_leaves_is_text(attack: str, left: str) -> None:
    assert sanitize(attack) == left


@given(anything)
@example("\x1b\x1b[[2J")
@example("\x9b\x1b]0;x")
def test_no_control_character_is_ever_left(text: str) -> None:
    assert FORBIDDEN.isdisjoint(sanitize(text))
    assert FORBIDDEN.isdisjoint(one_line(text))


@given(anything)
def test_what_was_cleaned_is_clean(text: str) -> None:
    once = sanitize(text)
    assert sanitize(once) == once
    assert one_line(one_line(text)) == one_line(text)
    assert unicodedata.is_normalized("NFC", once)


@given(anything)
def test_one_line_is_one_line(text: str) -> None:
    line = one_line(text)
    assert len(line.splitlines()) <= 1
    assert line == line.strip()
    assert "  " not in line
    assert "\t" not in line


@given(st.text(st.characters(categories=["L", "N", "P", "S"], exclude_characters="\u061c")))
def test_ordinary_text_stays_as_it_is(text: str) -> None:
    assert sanitize(text) == unicodedata.normalize("NFC", text)


@pytest.mark.parametrize(
    "name", ["Zoë", "李小龍", "Łukasz Żółć", "O'Brien-Ngô", "محمد", "👩‍👩‍👧 Ada", "می‌خواهم"]
)
def test_names_of_all_scripts_stay_as_they_are(name: str) -> None:
    assert one_line(name) == unicodedata.normalize("NFC", name)


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Zoë  MÜLLER", "zoe muller"),
        ("Straße", "strasse"),
        ("Øystein Łukasz", "oystein lukasz"),
        ("Ａｄａ", "ada"),
        ("ﬁne", "fine"),
        ("ΣΊΣΥΦΟΣ", "σισυφοσ"),
        ("", ""),
    ],
)
def test_search_ignores_case_and_accents(text: str, folded: str) -> None:
    assert fold(text) == folded


@given(st.text(max_size=30))
def test_case_never_matters_to_a_search(text: str) -> None:
    assert fold(text.upper()) == fold(text.upper().lower().upper())
    assert "  " not in fold(text)


@pytest.mark.parametrize(
    "attack", [attack for attack, _ in ATTACKS.values() if "\ud800" not in attack]
)
def test_every_way_in_cleans(desk: Desk, attack: str) -> None:
    """T-112, the part of names and notes: what is stored holds nothing that a terminal acts upon."""
    person = desk.contact(
        name=f"N{attack}", company=f"C{attack}", title=f"T{attack}", notes=f"N{attack}",
        tags=[f"t{attack}"], links=[f"l{attack}"], fields={f"f{attack}": f"v{attack}"},
    )  # fmt: skip
    deal = desk.call(
        "gtm.crm.add_deal", contact_id=person.contact_id, title=f"D{attack}", notes=attack
    )
    note = desk.call("gtm.crm.add_note", contact_id=person.contact_id, body=f"B{attack}")
    task = desk.call("gtm.crm.add_task", subject=f"S{attack}", body=attack)
    for view in (person, deal, note, task):
        texts = view.model_dump_json().encode().decode("unicode_escape")
        assert FORBIDDEN.isdisjoint(texts), texts


def test_half_a_character_is_refused_in_words_that_can_be_printed(desk: Desk) -> None:
    with pytest.raises(InvalidInput, match="name: ") as caught:
        desk.call("gtm.crm.add_contact", name="a\ud800b", fields={"x\x1b[2J\ud800": "\ud800"})
    assert FORBIDDEN.isdisjoint(str(caught.value))
