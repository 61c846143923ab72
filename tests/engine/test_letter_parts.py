"""What stands below the headers, and where an unsubscribe request goes: footers, HTML twins, files, List-Unsubscribe."""

from __future__ import annotations

import os
import random
import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import default
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.outreach.mails.compose import MailText, compose, digest
from rusvel_tui.engine.gtm.outreach.mails.parts import (
    LARGEST_FILES,
    File,
    html_of,
    letter_text,
    media_type,
)

EDITS = int(os.environ.get("TEST_EDITS", "1000"))
"""`make promises` asks for 10 000."""
NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
MAIL = MailText(
    message_id="<0197.1.ab12@acme.example>",
    from_name="Bob Ross",
    from_address="bob@acme.example",
    to_name="Ann Lee",
    to_address="ann@example.com",
    subject="A question",
    body="Hi Ann,\n\nshall we talk?\n",
    token="0197-token",
)
FOOTER = "Reply unsubscribe, and I stop.\n1 Mill Lane, Leeds"


def read(mail: MailText) -> EmailMessage:
    raw = compose(mail, date=NOON, zone=ZoneInfo("UTC"))
    return message_from_bytes(raw, policy=default)


def test_the_footer_stands_below_the_mark_of_signatures() -> None:
    text = read(replace(MAIL, footer=FOOTER)).get_content().replace("\r\n", "\n")
    assert text == f"Hi Ann,\n\nshall we talk?\n\n-- \n{FOOTER}\n"


def test_q_043_the_html_twin_says_the_same() -> None:
    body = "Hi <Ann> & all,\n\nsee https://acme.example/a?b=1&c=2.\nBye"
    found = read(replace(MAIL, body=body, footer=FOOTER, html=True))
    assert found.get_content_type() == "multipart/alternative"
    plain, twin = (part.get_content().replace("\r\n", "\n") for part in found.iter_parts())
    assert plain.startswith(body)
    assert "<p>Hi &lt;Ann&gt; &amp; all,</p>" in twin
    link = "https://acme.example/a?b=1&amp;c=2"
    assert f'<a href="{link}">{link}</a>.<br>Bye' in twin
    assert "1 Mill Lane, Leeds" in twin
    assert "<img" not in twin


def test_q_043_files_go_along_whole() -> None:
    files = (File("Rechnung 7 – März.pdf", b"%PDF-1.7\r\n\x00\xff"), File("list.csv", b"a,b\n"))
    found = read(replace(MAIL, files=files, html=True))
    assert found.get_content_type() == "multipart/mixed"
    carried = [(part.get_filename(), part.get_content()) for part in found.iter_attachments()]
    assert carried == [(file.name, file.content) for file in files]
    types = [part.get_content_type() for part in found.iter_attachments()]
    assert types == ["application/pdf", "application/octet-stream"]


@pytest.mark.parametrize(
    "name",
    [
        "../../etc/passwd",
        "/etc/passwd",
        "a\\b.pdf",
        "..",
        ".bashrc",
        "a\x00b",
        "a\r\nX: y",
        "",
        " ",
        "x.",
    ],
)
def test_t_114_a_file_that_names_a_folder_is_refused(name: str) -> None:
    with pytest.raises(InvalidInput):
        read(replace(MAIL, files=(File(name, b"x"),)))


def test_files_that_no_server_takes_are_refused() -> None:
    with pytest.raises(InvalidInput, match="15 MB"):
        read(replace(MAIL, files=(File("a.pdf", b"x" * (LARGEST_FILES + 1)),)))


@pytest.mark.parametrize("name", ["a.eml", "a.html", "a.txt", "a.tar.gz", "a", "a.unknown"])
def test_what_a_reader_could_run_or_open_as_a_mail_is_plain_bytes(name: str) -> None:
    assert media_type(name) == ("application", "octet-stream")


def test_q_043_unsubscribing_is_by_mail_and_by_one_click() -> None:
    """RFC 2369 always; RFC 8058 with an https address, and only then."""
    found = read(MAIL)
    assert str(found["List-Unsubscribe"]) == (
        "<mailto:bob@acme.example?subject=unsubscribe%200197-token>"
    )
    assert found["List-Unsubscribe-Post"] is None
    url = "https://acme.example/" + "u" * 80 + "?t={token}"
    raw = compose(replace(MAIL, unsubscribe_url=url), date=NOON, zone=ZoneInfo("UTC"))
    head = raw.partition(b"\r\n\r\n")[0].decode()
    assert f"unsubscribe%200197-token>,\r\n <{url.replace('{token}', '0197-token')}>" in head
    assert "List-Unsubscribe-Post: List-Unsubscribe=One-Click" in head
    assert "=?" not in head


def test_what_is_owed_has_nothing_to_unsubscribe_from() -> None:
    assert read(replace(MAIL, owed=True))["List-Unsubscribe"] is None


def test_q_043_addresses_with_letters_of_all_countries() -> None:
    """SMTPUTF8 for the part before the @, IDNA for the domain."""
    raw = compose(
        replace(MAIL, to_address="zoë@bücher.example", to_name="Zoë Köhler"),
        date=NOON,
        zone=ZoneInfo("UTC"),
    )
    assert "<zoë@xn--bcher-kva.example>".encode() in raw


@given(st.text(st.sampled_from("<>&\"'/ \nascript=:htp."), max_size=200))
def test_no_markup_of_a_text_reaches_its_html(text: str) -> None:
    twin = html_of(f"{text}<script>{text}")
    own = re.sub(r"<(?:/?(?:html|head|body|p|a|br|meta)|!DOCTYPE)\b[^<>]*>", "", twin)
    assert "<" not in own
    assert twin.count("<p") == twin.count("</p>")


@pytest.mark.slow
@pytest.mark.timeout(300)
def test_the_bytes_are_those_of_the_yes_for_many_edits() -> None:
    """Whatever somebody types: what leaves says what the digest was made of, or is refused; nothing between."""
    chance = random.Random(7)  # noqa: S311 - what is typed, not a secret
    usual = "abc äöü ñ 漢 🙂 .,;:<>@=?_%{}[]\"'\\()-~ Re: From: Bcc: =?utf-8?q?"
    hostile = usual + "\n\t\r\u2028\u200b\x1b\x00"
    written = refused = 0
    for _ in range(EDITS):
        letters = chance.choice((usual, usual, usual, hostile))
        text = ["".join(chance.choices(letters, k=chance.randrange(n))) for n in (40, 120, 40)]
        mail = replace(
            MAIL, subject=text[0], body=text[1], footer=text[2], html=chance.random() < 0.2
        )
        signed = _digest(mail)
        try:
            raw = compose(mail, date=NOON, zone=ZoneInfo("UTC"))
        except InvalidInput:
            refused += 1
            continue
        written += 1
        found = message_from_bytes(raw, policy=default)
        body = found.get_body(("plain",))
        assert body is not None
        said = body.get_content().replace("\r\n", "\n")
        assert said == letter_text(mail.body, mail.footer)
        assert _digest(replace(mail, subject=str(found["Subject"]))) == signed
        assert found.get_all("Bcc") is None
    assert written > EDITS / 4
    assert refused > EDITS / 100


def _digest(mail: MailText) -> str:
    return digest(
        mail.to_name, mail.to_address, mail.from_name, mail.from_address, mail.subject, mail.body,
        footer=mail.footer, html=mail.html,
    )  # fmt: skip


@pytest.mark.parametrize(
    "change",
    [
        {"reply_to": "x@y.example"},
        {"footer": "another"},
        {"html": True},
        {"not_before": NOON},
        {"attachments": (("a.pdf", "0" * 64),)},
    ],
)
def test_the_digest_covers_what_else_is_read(change: dict[str, object]) -> None:
    plain = ("Ann", "ann@example.com", "Bob", "bob@acme.example", "A question", "Hi")
    assert digest(*plain, **change) != digest(*plain)  # type: ignore[arg-type]


def test_a_mail_without_anything_new_has_the_digest_it_always_had() -> None:
    """Approvals from before footers stay valid."""
    assert digest("Ann", "ann@example.com", "Bob", "bob@acme.example", "A question", "Hi") == (
        "e7e02c6eb4324c31b48b169921e0fba9669daf41c678f714fe8e26c2e9b41764"
    )
