"""The classifier over words and reports of our own making: every kind, many languages, and who must never be a machine."""

from __future__ import annotations

import base64
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rusvel_tui.engine.core import Engine
from rusvel_tui.engine.gtm.mail.classifying.classifier import classify
from rusvel_tui.engine.gtm.mail.classifying.verdict import Judged, MailKind, Originals, Own
from rusvel_tui.engine.gtm.mail.reading.message import parse
from rusvel_tui.engine.gtm.mail.reading.own_words import own_words
from tests.engine.mail import samples
from tests.engine.mail.letters import raw, report

OURS = "<1@acme.example>"
ORIGINALS = Originals({OURS: "grace1@example.com"}, frozenset(["grace1@example.com"]))
OWN = Own(frozenset(["ada@acme.example", "ada.l@acme.example"]), frozenset(["acme.example"]))
QUOTED = {
    "nothing": "{}",
    "gmail": '{}\n\nOn Fri, 18 Sept 2026 at 09:00, Ada <ada@acme.example>\nwrote:\n> Hello,\n> Not for you? Answer "unsubscribe".\n',
    "outlook": "{}\n\n________________________________\nFrom: Ada <ada@acme.example>\nSent: 18 September 2026 09:00\nTo: Grace\nSubject: Hello\n\nPlease remove me from your list.\n",
    "german outlook": "{}\n\nVon: Ada <ada@acme.example>\nGesendet: Freitag, 18. September 2026 09:00\nAn: Grace\nBetreff: Hello\n\nunsubscribe\n",
    "apple": "{}\n\n> Am 18.09.2026 um 09:00 schrieb Ada <ada@acme.example>:\n> \n> I am out of the office.\n",
    "below": "Le ven. 18 sept. 2026 à 09:00, Ada <ada@acme.example> a\nécrit :\n> Bonjour\n> Désinscription ?\n\n{}",
    "divider": "{}\n\n-----Ursprüngliche Nachricht-----\nVon: Ada\nBitte nehmen Sie mich aus dem Verteiler.\n",
    "signature": "{}\n\n-- \nGrace Hopper\nunsubscribe from noise\n",
    "list footer": "{}\n\n_______________________________________________\nTeam mailing list\nTo unsubscribe: https://lists.example.com/x\n",
}


def judged(text: str, **headers: str) -> Judged:
    """An answer to our mail, a Friday in September."""
    usual = {"In_Reply_To": OURS, "date": "Fri, 18 Sep 2026 10:00:00 +0200"}
    return classify(parse(raw(text, **(usual | headers))), ORIGINALS, OWN)


@pytest.mark.parametrize("how", QUOTED)
def test_objections_in_every_language_are_found(how: str) -> None:
    missed = [
        t for t in samples.OBJECTIONS if judged(QUOTED[how].format(t)).kind is not MailKind.OPT_OUT
    ]
    assert missed == []


@pytest.mark.parametrize("how", QUOTED)
def test_no_answer_of_a_person_is_taken_for_anything_else(how: str) -> None:
    wrong = [t for t in samples.ANSWERS if judged(QUOTED[how].format(t)).kind is not MailKind.HUMAN]
    assert wrong == []


@pytest.mark.parametrize(("subject", "text", "day"), samples.ABSENCES)
def test_an_absence_and_its_end(subject: str, text: str, day: str | None) -> None:
    by_subject = judged(text, subject=subject)
    by_header = judged(text, Auto_Submitted="auto-replied (vacation)")
    assert [one.kind for one in (by_subject, by_header)] == [MailKind.AUTO_REPLY] * 2
    assert {str(one.resume) if one.resume else None for one in (by_subject, by_header)} == {day}


@pytest.mark.parametrize("text", samples.NOTICES_WITHOUT_ANY_MARK)
def test_a_notice_without_any_mark_is_known_by_its_text_and_only_when_it_quotes_nothing(
    text: str,
) -> None:
    assert judged(text).kind is MailKind.AUTO_REPLY
    assert judged(QUOTED["gmail"].format(text)).kind is MailKind.HUMAN
    assert judged(f"{text}\n\nCan we talk after that?").kind is MailKind.HUMAN


@pytest.mark.parametrize(("subject", "text"), samples.ROBOTS)
def test_ticket_robots(subject: str, text: str) -> None:
    assert judged(text, subject=subject).kind is MailKind.AUTO_REPLY


@pytest.mark.parametrize(
    ("headers", "kind"),
    [
        ({"Auto_Submitted": "auto-generated; owner=x"}, MailKind.AUTO_REPLY),
        ({"Auto_Submitted": "No"}, MailKind.HUMAN),
        ({"X_Autoreply": "yes"}, MailKind.AUTO_REPLY),
        ({"X_Autorespond": "Hello"}, MailKind.AUTO_REPLY),
        ({"Precedence": "auto_reply"}, MailKind.AUTO_REPLY),
        ({"X_MS_Exchange_Inbox_Rules_Loop": "grace1@example.com"}, MailKind.AUTO_REPLY),
        ({"X_Auto_Response_Suppress": "All"}, MailKind.HUMAN),
        ({"Precedence": "list", "List_Id": "<team.example.com>"}, MailKind.HUMAN),
        ({"Precedence": "bulk", "In_Reply_To": "<x@other.example>"}, MailKind.UNKNOWN),
        ({"List_Unsubscribe": "<https://x.example>", "In_Reply_To": "<x@other.example>"}, MailKind.UNKNOWN),
        ({"subject": "Re: Automatic reply: Hello"}, MailKind.HUMAN),
        ({"subject": "Out of office furniture"}, MailKind.HUMAN),
        ({"subject": "Automate your answers"}, MailKind.HUMAN),
        ({"In_Reply_To": "<x@other.example>", "sender": "stranger@other.example"}, MailKind.UNKNOWN),
        ({"In_Reply_To": "<x@other.example>"}, MailKind.HUMAN),
        ({"sender": "Ada <ADA@acme.example>"}, MailKind.OWN),
        ({"sender": "x@acme.example"}, MailKind.OWN),
        ({"sender": '"ada@acme.example" <x@evil.example>'}, MailKind.HUMAN),
        ({"sender": "list@groups.example", "message_id": OURS}, MailKind.OWN),
    ],
)  # fmt: skip
def test_what_headers_mean(headers: dict[str, str], kind: MailKind) -> None:
    assert judged("Fine with me.", **headers).kind is kind


def test_an_empty_mail_is_judged_by_its_subject() -> None:
    asks = judged("", subject="unsubscribe", In_Reply_To="<x@y.example>", sender="z@z.example")
    assert (asks.kind, asks.suppress) == (MailKind.OPT_OUT, ("z@z.example",))
    with_mark = judged("", subject="unsubscribe k3J-x9_Qz1")
    assert (with_mark.kind, with_mark.suppress) == (MailKind.OPT_OUT, ("grace1@example.com",))
    assert judged("", subject="Re: how to unsubscribe people").kind is MailKind.HUMAN


def test_threads_follow_in_reply_to_then_the_last_of_references() -> None:
    both = Originals({"<1@a.example>": "g@x.example", "<2@a.example>": "g@x.example"}, frozenset())

    def thread(**headers: str) -> str:
        return classify(parse(raw("Hi", **headers)), both, OWN).reply_to

    assert thread(In_Reply_To="your mail of Monday <0@b.example> <1@A.example>") == "<1@a.example>"
    assert thread(References="<1@a.example> <2@a.example> <9@b.example>") == "<2@a.example>"
    assert thread(In_Reply_To="nothing", References="words <1@a.example> words") == "<1@a.example>"
    assert thread(In_Reply_To="<3@a.example>") == ""


BOUNCES = [
    ({}, MailKind.BOUNCE_HARD, "5.1.1", "failed"),
    (
        {"status": "5.0.0", "diagnostic": "smtp; 550 5.1.1 user unknown"},
        MailKind.BOUNCE_HARD,
        "5.1.1",
        "failed",
    ),
    (
        {"status": "5.0.0", "diagnostic": "smtp; 550 no such user here"},
        MailKind.BOUNCE_HARD,
        "5.0.0",
        "failed",
    ),
    (
        {"status": "5.0.0", "diagnostic": "smtp; 554 go away"},
        MailKind.BOUNCE_SOFT,
        "5.0.0",
        "failed",
    ),
    ({"status": "5.1.10"}, MailKind.BOUNCE_HARD, "5.1.10", "failed"),
    ({"status": "5.2.1"}, MailKind.BOUNCE_HARD, "5.2.1", "failed"),
    ({"status": "5.1.8"}, MailKind.BOUNCE_SOFT, "5.1.8", "failed"),
    ({"status": "5.2.2"}, MailKind.BOUNCE_SOFT, "5.2.2", "failed"),
    ({"status": "5.7.515"}, MailKind.BOUNCE_SOFT, "5.7.515", "failed"),
    ({"status": "4.2.0"}, MailKind.BOUNCE_SOFT, "4.2.0", "failed"),
    ({"status": "5.1.1 (bad address)"}, MailKind.BOUNCE_HARD, "5.1.1", "failed"),
    ({"status": "4.4.7", "action": "Delayed"}, MailKind.BOUNCE_SOFT, "4.4.7", "delayed"),
]


@pytest.mark.parametrize(("more", "kind", "status", "action"), BOUNCES)
def test_delivery_reports(more: dict[str, str], kind: MailKind, status: str, action: str) -> None:
    found = classify(parse(report(OURS, "grace1@example.com", **more)), ORIGINALS, OWN)
    assert (found.kind, found.status, found.action, found.bounced, found.reply_to) == (kind, status, action, "grace1@example.com", OURS)  # fmt: skip


@pytest.mark.parametrize("action", ["delivered", "relayed", "expanded"])
def test_good_news_is_no_bounce(action: str) -> None:
    found = classify(
        parse(report(OURS, "grace1@example.com", action=action, status="2.0.0")), ORIGINALS, OWN
    )
    assert (found.kind, found.reply_to) == (MailKind.UNKNOWN, "")


FORWARDED = "other@inside.example\r\nOriginal-Recipient: rfc822;Grace1@Example.com"


def test_after_forwarding_the_address_is_the_one_we_wrote_to() -> None:
    found = classify(parse(report(OURS, FORWARDED)), ORIGINALS, OWN)
    assert (found.kind, found.bounced) == (MailKind.BOUNCE_HARD, "grace1@example.com")


def test_reports_in_forms_that_no_standard_allows_are_read() -> None:
    whole = report(OURS, "grace1@example.com").decode()
    status = whole[
        whole.index("Reporting-MTA") : whole.index("--cut\r\nContent-Type: message/rfc822")
    ]
    coded = base64.encodebytes(status.encode()).decode()
    form = "Content-Type: message/delivery-status"
    odd = {
        "base64": whole.replace(form, f"{form}\r\nContent-Transfer-Encoding: base64").replace(
            status, coded
        ),
        "mixed": whole.replace(
            "multipart/report; report-type=delivery-status;", "multipart/mixed;"
        ),
        "bare line ends": whole.replace("\r\n", "\n"),
        "second of two": whole.replace(
            "Final-Recipient",
            "Final-Recipient: rfc822; x@y.example\r\nAction: failed\r\nStatus: 4.2.2\r\n\r\nFinal-Recipient",
        ),
    }
    for how, text in odd.items():
        found = classify(parse(text.encode()), ORIGINALS, OWN)
        assert (how, found.kind, found.status) == (how, MailKind.BOUNCE_HARD, "5.1.1")


def test_a_calendar_answer_is_a_person_and_a_room_is_not() -> None:
    coded = base64.b64encode(b"BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nEND:VCALENDAR\r\n").decode()
    text = (
        "From: grace1@example.com\r\nIn-Reply-To: <1@acme.example>\r\nSubject: Declined: Demo\r\n{}"
        "Content-Type: text/calendar; method=REPLY\r\nContent-Transfer-Encoding: base64\r\n\r\n"
        + coded
    )
    person = classify(parse(text.format("").encode()), ORIGINALS, OWN)
    assert (person.kind, person.detail) == (MailKind.HUMAN, "calendar")
    room = classify(
        parse(text.format("Auto-Submitted: auto-generated\r\n").encode()), ORIGINALS, OWN
    )
    assert room.kind is MailKind.AUTO_REPLY


HTML = {
    "<div>Sure.</div><div class=gmail_quote>On Friday Ada wrote:<blockquote>unsubscribe me</blockquote></div>": MailKind.HUMAN,
    "<div>Sure.</div><div id=appendonsend></div><hr><div id=divRplyFwdMsg>x</div><p>Remove me from your list.</p>": MailKind.HUMAN,
    "<p>Sure.</p><p style='display: none'>please remove me from your list</p><!-- stop <b>emailing</b> me -->": MailKind.HUMAN,
    "<p>Sure.</p><span style='color:#fff;background:#fff'>unsubscribe me</span><div hidden>stop emailing me</div>": MailKind.HUMAN,
    "<p>Please <b>unsubscribe</b> me</p>": MailKind.OPT_OUT,
    "<title>hello</title><p>St&#111;p emailing me.</p>": MailKind.OPT_OUT,
}


@pytest.mark.parametrize(("html", "kind"), HTML.items())
def test_html_is_judged_by_what_a_person_sees(html: str, kind: MailKind) -> None:
    plain = raw("here", In_Reply_To=OURS).replace(b"text/plain", b"text/html")
    assert classify(parse(plain.replace(b"here", html.encode())), ORIGINALS, OWN).kind is kind


NOTICES = {
    "exim": "This message was created automatically by mail delivery software.\n\n  grace1@example.com\n    550 5.1.1 no such mailbox\n\n------ This is a copy of the message, including all the headers. ------\n\nMessage-ID: {}\nTo: grace1@example.com\n",
    "qmail": "Hi. This is the qmail-send program at relay.example.net.\nI'm afraid I wasn't able to deliver your message.\n\n<grace1@example.com>:\n550 #5.1.1 nobody\n\n--- Below this line is a copy of the message.\n\nMessage-Id: {}\n",
    "german": "Ihre Nachricht an grace1@example.com konnte nicht zugestellt werden: unbekannter Empfänger\n\n-----Original message-----\nMessage-ID:\n {}\n",
    "quoted copy": "The message could not be delivered to <grace1@example.com>: user unknown.\n\n> Message-ID: {}\n> To: grace1@example.com\n",
}


@pytest.mark.parametrize("how", NOTICES)
def test_plain_notices(how: str) -> None:
    sender = {
        "sender": "Mail Delivery System <Mailer-Daemon@relay.example.net>",
        "subject": "Mail delivery failed",
        "Return_Path": "<>",
    }
    found = judged(NOTICES[how].format(OURS), **(sender | {"In_Reply_To": "<x@y.example>"}))
    assert (found.kind, found.bounced, found.action) == (
        MailKind.BOUNCE_HARD,
        "grace1@example.com",
        "failed",
    )
    stranger = judged(
        NOTICES[how].format("<9@acme.example>"), **(sender | {"In_Reply_To": "<x@y.example>"})
    )
    assert (stranger.kind, stranger.reply_to) == (MailKind.UNKNOWN, "")


def test_a_postmaster_who_writes_is_a_person() -> None:
    found = judged(
        "I read the mail of postmaster myself. Send me an offer.",
        sender="Sam <postmaster@example.com>",
    )
    assert found.kind is MailKind.HUMAN


def test_a_person_who_forwards_a_notice_is_a_person() -> None:
    found = judged(
        f"Did you see this?\n\n{NOTICES['exim'].format(OURS)}", sender="Sam <sam@example.com>"
    )
    assert found.kind is MailKind.HUMAN


def test_the_operation_answers_without_a_session(engine: Engine) -> None:
    from rusvel_tui.engine.core import find_operation, parse_input

    operation = find_operation("gtm.mail.classify")
    data: dict[str, Any] = {
        "raw_base64": base64.b64encode(report(OURS, "grace1@example.com")).decode(),
        "originals": [{"message_id": OURS, "to": "Grace <grace1@example.com>", "subject": "Hello"}],
        "own": {"addresses": ["ada@acme.example"], "domains": []},
    }
    seen = engine.run(operation, parse_input(operation, data)).model_dump(mode="json")
    assert seen["kind"] == "bounce_hard"
    assert (seen["status"], seen["action"], seen["resume_date"]) == ("5.1.1", "failed", None)
    assert seen["suppress"] == ["grace1@example.com"]


MANGLED = st.builds(
    lambda base, at, cut, junk: base[: at % (len(base) + 1)] + junk + base[(at + cut) % (len(base) + 1) :],
    st.sampled_from(
        [raw("Yes.", In_Reply_To=OURS), report(OURS, "grace1@example.com"), raw("<p>x", Content_Language="de")]
    ),
    st.integers(0, 3000), st.integers(0, 400), st.binary(max_size=60),
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.one_of(MANGLED, st.binary(max_size=600)))
def test_t_112_no_bytes_make_it_fail(data: bytes) -> None:
    found = classify(parse(data), ORIGINALS, OWN)
    assert isinstance(found.kind, MailKind)


MONSTERS = {
    "a million boundaries": b'Content-Type: multipart/mixed; boundary="b"\n\n'
    + b"\n--b\n" * 200_000,
    "deep nests": b"".join(
        b'Content-Type: multipart/mixed; boundary="b%d"\n\n--b%d\n' % (n, n) for n in range(1500)
    ),
    "one long word": b"From: a@b.example\n\n" + b"a" * 400_000,
    "one long header": b"From: a@b.example\nSubject: " + b"=?utf-8?q?a?= " * 20_000 + b"\n\nHi",
    "open tags": b"Content-Type: text/html\n\n" + b"<div style='a'>" * 60_000,
    "open quotes": b"Content-Type: text/html\n\n" + b"<a href='" * 60_000,
    "many addresses": b"Return-Path: <>\nSubject: undeliverable\n\n" + b"a@b.example " * 60_000,
    "many quoted lines": b"From: a@b.example\n\n" + b"> x\ny wrote:\n" * 40_000,
    "blanks": b"From: a@b.example\n\n" + b" \t" * 200_000 + b"please",
}


@pytest.mark.parametrize("name", MONSTERS)
@pytest.mark.timeout(30)
def test_monsters_end_soon(name: str) -> None:
    assert isinstance(classify(parse(MONSTERS[name]), ORIGINALS, OWN).kind, MailKind)


def test_the_benchmark_finds_no_person_taken_for_a_machine() -> None:
    from benchmarks.mail_kinds import measure

    found = measure()
    assert found["human"].recall == 1.0
    assert all(one.precision == 1.0 for kind, one in found.items() if kind != "human")


ATTRIBUTIONS = (
    "W dniu 18.09.2026 o 09:00, Ada pisze:", "Dne 18. 9. 2026 v 9:00 Ada napsal(a):", "пт, 18 сент. 2026 г. в 09:00, Ada <ada@acme.example>:",
    "Ada <ada@acme.example> 于2026年9月18日周五 09:00写道：", "2026年9月18日(金) 9:00 Ada <ada@acme.example>:", "2026년 9월 18일 (금) 오전 9:00, Ada <ada@acme.example>님이 작성:",
    "Den fre 18 sep. 2026 kl 09:00 skrev Ada <ada@acme.example>:", "pe 18. syysk. 2026 klo 9.00 Ada (ada@acme.example) kirjoitti:", "Op vr 18 sep 2026 om 09:00 schreef Ada <ada@acme.example>:",
    "El vie, 18 sept 2026 a las 9:00, Ada (<ada@acme.example>) escribió:", "Il giorno ven 18 set 2026 alle ore 09:00 Ada <ada@acme.example> ha scritto:", "Ada, 18 Eyl 2026 Cum, 09:00 tarihinde şunu yazdı:",
    "Am Fr., 18. Sept. 2026 um 09:00 Uhr schrieb Ada <\nada@acme.example>:", "On 9/18/26 09:00, Ada wrote:", "Στις Παρ 18 Σεπ 2026 στις 9:00 π.μ., ο χρήστης Ada <ada@acme.example> έγραψε:",
)  # fmt: skip


@pytest.mark.parametrize("line", ATTRIBUTIONS)
@pytest.mark.parametrize("copy", ["> Hello,\n> unsubscribe me", "Hello,\nplease unsubscribe me"])
def test_own_words_end_where_the_words_of_others_are_introduced(line: str, copy: str) -> None:
    found = own_words(f"Thursday at ten.\n\n{line}\n{copy}\n")
    assert (found.text, found.quotes) == ("Thursday at ten.", True)
