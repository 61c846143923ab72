"""Mail is written by strangers: what is stored of it for the screen is defused, and no size or form stops the desk."""

from __future__ import annotations

import random

from rusvel_tui.engine.gtm.mail.incoming.store import CUT, LARGEST
from tests.engine.mail.letters import arrives, raw, report, sent
from tests.factories import Desk, enrollment, query


def test_t_112_escape_sequences_do_not_reach_the_screen(desk: Desk) -> None:
    evil = raw("Hi\x1b]52;c;ZXZpbA==\x07 there \x9b2J\u202e.").replace(
        b"Subject: Re: Hello", "Subject: \x1b[31mRed\x07 \u202egnp.exe".encode()
    )
    seen = arrives(desk, evil.replace(b"Grace Hopper", b"Gr\x1b[2Jace"))
    whole = desk.call("gtm.mail.show", incoming_id=seen.incoming_id)
    shown = "".join((whole.subject, whole.from_name, whole.text, whole.own_words, whole.snippet))
    assert not [
        c for c in shown if c != "\n" and (ord(c) < 32 or 127 <= ord(c) < 160 or c == "\u202e")
    ]
    assert "ZXZpbA" not in shown


def test_q_049_html_is_shown_as_text_and_nothing_is_fetched(desk: Desk) -> None:
    html = "<p>Hello <img src='https://evil.example/pixel'><script>alert(1)</script><a href='x'>you</a></p>"
    seen = arrives(
        desk, raw("here").replace(b"text/plain", b"text/html").replace(b"here", html.encode())
    )
    assert desk.call("gtm.mail.show", incoming_id=seen.incoming_id).text == "Hello you"


def test_an_oversized_message_is_cut_and_still_judged(desk: Desk) -> None:
    mail = sent(desk)
    large = raw("Yes.", In_Reply_To=mail.message_id) + b"x" * LARGEST
    seen = arrives(desk, large)
    assert enrollment(desk, mail.contact_id).reason == "replied"
    [(kept, size)] = query(desk, "SELECT length(raw), size FROM incoming_mail")
    assert (kept, size) == (CUT, len(large))
    assert arrives(desk, large).incoming_id == seen.incoming_id


def test_malformed_messages_are_taken_in_whatever_they_are(desk: Desk) -> None:
    """Some hundred damaged copies: each is stored and judged, and none changes what it must not."""
    mail = sent(desk)
    dice = random.Random(20261121)  # noqa: S311 - damage that can be repeated
    bases = (
        raw("Hello there.", sender="x@strange.example"),
        report("<never@ours.example>", "grace1@example.com"),
        raw(
            "<b>x</b>",
            sender="=?utf-8?b?8J+YgA==?= <y@strange.example>",
            References="<z@strange.example>",
        ),
    )
    for _ in range(250):
        damaged = bytearray(dice.choice(bases))
        for _ in range(dice.randint(1, 12)):
            at = dice.randrange(len(damaged))
            damaged[at : at + dice.randint(0, 30)] = dice.randbytes(dice.randint(0, 8))
        if bytes(damaged).strip():
            assert arrives(desk, bytes(damaged)).state in ("open", "done")
    assert enrollment(desk, mail.contact_id).status == "Active"
    assert query(desk, "SELECT count(*) FROM incoming_mail WHERE metadata LIKE '%could not%'") == [
        (0,)
    ]
    assert desk.call("gtm.crm.list_suppressed").items == ()
