"""The bytes of a mail: what is written is what was meant, whatever names, subjects and bodies hold."""

from __future__ import annotations

import quopri
import re
from dataclasses import replace
from datetime import UTC, datetime
from email import message_from_bytes, message_from_string
from email.policy import default
from zoneinfo import ZoneInfo

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from rusvel_tui.engine.errors import InvalidInput
from rusvel_tui.engine.gtm.outreach.mails import compose as module
from rusvel_tui.engine.gtm.outreach.mails.compose import MailText, check_header_text, compose

NOON = datetime(2026, 7, 1, 12, 0, tzinfo=UTC)
BERLIN = ZoneInfo("Europe/Berlin")
ALLOWED = {
    "Date",
    "From",
    "To",
    "Subject",
    "Message-ID",
    "List-Unsubscribe",
    "Content-Type",
    "Content-Transfer-Encoding",
    "MIME-Version",
}
MAIL = MailText(
    message_id="<0197.1.ab12@acme.example>",
    from_name="Bob Ross",
    from_address="bob@acme.example",
    to_name="Ann Lee",
    to_address="ann@example.com",
    subject="A question",
    body="Hi Ann,\n\nshall we talk?\n",
)


def written(mail: MailText = MAIL) -> bytes:
    return compose(mail, date=NOON, zone=BERLIN)


def header_lines(raw: bytes) -> list[str]:
    return raw.partition(b"\r\n\r\n")[0].decode().split("\r\n")


def test_a_plain_mail_is_written_exactly_so() -> None:
    assert written() == (
        b"Date: Wed, 01 Jul 2026 14:00:00 +0200\r\n"
        b"From: Bob Ross <bob@acme.example>\r\n"
        b"To: Ann Lee <ann@example.com>\r\n"
        b"Subject: A question\r\n"
        b"Message-ID: <0197.1.ab12@acme.example>\r\n"
        b"List-Unsubscribe: <mailto:bob@acme.example?subject=unsubscribe>\r\n"
        b'Content-Type: text/plain; charset="us-ascii"\r\n'
        b"Content-Transfer-Encoding: 7bit\r\n"
        b"MIME-Version: 1.0\r\n"
        b"\r\n"
        b"Hi Ann,\r\n\r\nshall we talk?\r\n"
    )


def test_the_same_mail_gives_the_same_bytes() -> None:
    assert written() == written()


@pytest.mark.parametrize(
    "name",
    [
        "Smith, Bob",
        'Bob "the" Ross',
        "Bob (sales)",
        "bob@evil.example",
        "Bob <x@y.example>",
        "Bob; Ann: Eve",
        "Bøb",
        "Å" * 90,
    ],
)
def test_a_name_never_becomes_an_address(name: str) -> None:
    found = message_from_bytes(written(replace(MAIL, from_name=name, to_name=name)), policy=default)
    for header, address in (("From", "bob@acme.example"), ("To", "ann@example.com")):
        (mailbox,) = found[header].addresses
        assert mailbox.addr_spec == address
        assert mailbox.display_name.replace(" ", "") == name.replace(" ", "")


def test_an_empty_name_leaves_the_address_alone() -> None:
    raw = written(replace(MAIL, from_name="", to_name=" "))
    assert b"From: bob@acme.example\r\nTo: ann@example.com\r\n" in raw


def test_a_name_that_a_reader_would_decode_is_refused() -> None:
    with pytest.raises(InvalidInput, match="recipient name must not contain"):
        written(replace(MAIL, to_name="=?utf-8?q?a=40evil=2Eexample=2C?="))


def test_an_international_domain_is_written_in_ascii() -> None:
    raw = written(replace(MAIL, from_address="bob@bücher.example", to_address="ann@straße.example"))
    assert b"From: Bob Ross <bob@xn--bcher-kva.example>\r\n" in raw
    assert b"To: Ann Lee <ann@xn--strae-oqa.example>\r\n" in raw
    assert b"<mailto:bob@xn--bcher-kva.example?subject=unsubscribe>" in raw


def test_an_international_local_part_is_written_in_utf8() -> None:
    raw = written(replace(MAIL, to_address="änn@example.com"))
    assert "To: Ann Lee <änn@example.com>\r\n".encode() in raw


def test_the_unsubscribe_link_is_a_valid_url_whatever_the_address() -> None:
    raw = written(replace(MAIL, from_address="b?o&b%1+x@acme.example"))
    assert b"<mailto:b%3Fo%26b%251+x@acme.example?subject=unsubscribe>" in raw


def test_a_follow_up_names_the_mails_before_it_without_encoding() -> None:
    ids = tuple(f"<{'x' * 100}{number}@mail.example.com>" for number in range(14))
    raw = written(replace(MAIL, in_reply_to=ids[-1], references=(*ids, ids[-1])))
    assert b"=?" not in raw
    found = message_from_bytes(raw, policy=default)
    assert found["In-Reply-To"] == ids[-1]
    assert str(found["References"]).split() == [ids[0], *ids[-10:]]


def test_short_references_share_a_line() -> None:
    raw = written(
        replace(MAIL, references=tuple(f"<{number}@mail.example.com>" for number in range(6)))
    )
    assert all(len(line) <= 78 for line in header_lines(raw))
    assert sum("@mail.example.com" in line for line in header_lines(raw)) == 2


@pytest.mark.parametrize(
    "token",
    [
        "",
        "x@y",
        "<a b@c>",
        "<a@b> <c@d>",
        "<a@b>\r\nBcc: eve@evil.example",
        "<ä@b>",
        "<" + "a" * 300 + ">",
    ],
)
def test_a_message_id_is_one_token(token: str) -> None:
    for mail in (
        replace(MAIL, message_id=token),
        replace(MAIL, references=("<ok@a.example>", token)),
    ):
        with pytest.raises(InvalidInput, match="cannot be a message id"):
            written(mail)


def test_replies_may_go_elsewhere() -> None:
    assert b"\r\nReply-To: office@acme.example\r\n" in written(
        replace(MAIL, reply_to="office@acme.example")
    )


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "  ",
        " x",
        "x ",
        "x\r\nBcc: eve@evil.example",
        "x\ny",
        "a\x00b",
        "a\x1b[2J",
        "a\u202eb",
        "a\u2028b",
        "a\x85b",
    ],
)
def test_a_bad_subject_is_refused(subject: str) -> None:
    with pytest.raises(InvalidInput) as refused:
        written(replace(MAIL, subject=subject))
    assert refused.value.field == "subject"
    assert str(refused.value).startswith("The subject ")


@pytest.mark.parametrize(
    "mail",
    [replace(MAIL, from_name="Ann\r\nBcc: eve@evil.example"), replace(MAIL, to_name="Ann\n")],
)
def test_q_050_a_line_break_in_a_name_is_refused(mail: MailText) -> None:
    with pytest.raises(InvalidInput, match="must be a single line"):
        written(mail)


@pytest.mark.parametrize(
    "mail",
    [
        replace(MAIL, from_address="bob@acme.example\r\nBcc: eve@evil.example"),
        replace(MAIL, to_address="ann@example.com\r\nBcc: eve@evil.example"),
        replace(MAIL, reply_to="ann@example.com, eve@evil.example"),
    ],
)
def test_an_address_that_is_more_than_one_is_refused(mail: MailText) -> None:
    with pytest.raises(InvalidInput, match="not a mail address"):
        written(mail)


@pytest.mark.parametrize("body", ["a\x00b", "a\x1b[2Jb", "a\ud800b", "a\x85b", "a\x0cb"])
def test_a_body_with_control_characters_is_refused(body: str) -> None:
    with pytest.raises(InvalidInput, match="body contains the control character"):
        written(replace(MAIL, body=body))


@pytest.mark.parametrize(
    ("body", "encoding", "content"),
    [
        ("", "7bit", b"\r\n"),
        ("no end", "7bit", b"no end\r\n"),
        ("a\r\nb\rc\n", "7bit", b"a\r\nb\r\nc\r\n"),
        (".\n..\n.x\n", "7bit", b".\r\n..\r\n.x\r\n"),
        ("x" * 998, "7bit", b"x" * 998 + b"\r\n"),
        ("trailing \t\n\n", "7bit", b"trailing \t\r\n\r\n"),
    ],
)
def test_an_ascii_body_is_sent_as_it_is(body: str, encoding: str, content: bytes) -> None:
    head, _, found = written(replace(MAIL, body=body)).partition(b"\r\n\r\n")
    assert f"Content-Transfer-Encoding: {encoding}".encode() in head
    assert found == content


@pytest.mark.parametrize(
    "body", ["Grüße\n", "x" * 999 + "\n", "日本語 " * 200 + "\n.\n", "= é =\t\n \n"]
)
def test_any_other_body_is_quoted_printable(body: str) -> None:
    head, _, found = written(replace(MAIL, body=body)).partition(b"\r\n\r\n")
    assert b"Content-Transfer-Encoding: quoted-printable" in head
    assert all(len(line) <= 76 for line in found.split(b"\r\n"))
    assert quopri.decodestring(found).decode().replace("\r\n", "\n") == body


def test_bytes_that_a_reader_would_take_otherwise_are_never_returned(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(module, "_subject", lambda subject: subject + "\r\nBcc: eve@evil.example")
    with pytest.raises(InvalidInput, match="headers of this mail cannot be written"):
        written()
    monkeypatch.setattr(module, "_subject", lambda subject: subject + "!")
    with pytest.raises(InvalidInput, match="subject of this mail cannot be written"):
        written()


anything = st.text(st.characters(exclude_categories=["Cc", "Cs", "Zl", "Zp"]), max_size=150)
line = anything.filter(lambda text: not set(text) & set(module._BIDI) and "=?" not in text)
bodies = st.text(
    st.one_of(st.characters(exclude_categories=["Cc", "Cs"]), st.sampled_from("\n\r\t.")),
    max_size=300,
)


@settings(max_examples=500)
@given(line, line, line.map(str.strip).filter(bool), bodies)
@example("\u3000", "a  b", "x" * 200, "\r\r\n")
@example("é" * 150, '"\\', "日" * 150, "From x\n.\n")
def test_whatever_is_written_is_read_again(
    from_name: str, to_name: str, subject: str, body: str
) -> None:
    raw = written(replace(MAIL, from_name=from_name, to_name=to_name, subject=subject, body=body))
    found = message_from_string(raw.decode("ascii"), policy=default)
    assert set(found.keys()) == ALLOWED
    assert len(found.keys()) == len(ALLOWED)
    assert found["Subject"] == subject
    assert [mailbox.addr_spec for mailbox in found["To"].addresses] == ["ann@example.com"]
    assert [mailbox.addr_spec for mailbox in found["From"].addresses] == ["bob@acme.example"]
    assert all(len(text) <= 78 for text in header_lines(raw))
    assert all(len(word) <= 75 for word in re.findall(r"=\?\S+\?=", raw.decode()))
    assert raw.count(b"\r") == raw.count(b"\n") == raw.count(b"\r\n")


def test_a_clean_header_text_is_returned() -> None:
    assert check_header_text("Ann 👩‍💻 Lee", "name") == "Ann 👩‍💻 Lee"
