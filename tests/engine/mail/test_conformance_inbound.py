"""What the other design tested of mail that comes in: whose it is, what it stops, and that each is read once."""

from __future__ import annotations

from email.header import Header
from pathlib import Path
from typing import Any

from rusvel_tui.adapters.mailboxes.maildir import MaildirMailbox
from rusvel_tui.engine.gtm.mail.classifying.verdict import MailKind
from rusvel_tui.engine.gtm.mail.reader import MailReader
from tests.engine.mail.letters import arrives, raw
from tests.factories import AGAIN, HELLO, Desk, query


def runs(desk: Desk) -> dict[str, str]:
    """Each enrollment's sequence, and why it ended; nothing while it is under way."""
    items = desk.call("gtm.outreach.list_enrollments").items
    names = {one.sequence_id: one.name for one in desk.call("gtm.outreach.list_sequences").items}
    return {names[one.sequence_id]: one.reason for one in items}


def written_to(desk: Desk, person: Any, name: str, deal_id: str | None = None) -> Any:
    """The first mail of a sequence that left."""
    made = desk.enrol(desk.sequence(HELLO, AGAIN, name=name), person, deal_id)
    desk.work()
    desk.approve(desk.mail(made.job_id))
    desk.work()
    return desk.mail(made.job_id)


def test_t_064_the_mark_in_our_address_finds_the_deal(desk: Desk) -> None:
    """T-064: an activity of the contact and the deal, the answer's time, the end of what runs for it; the stage is
    proposed, where theirs moved the deal by itself."""
    person = desk.contact("Grace Hopper")
    deal = desk.call("gtm.crm.add_deal", contact_id=person.contact_id, title="Looms")
    mail = written_to(desk, person, "Intro", deal.deal_id)
    marked = f"Ada <ada+{mail.id}@acme.example>"
    seen = arrives(
        desk,
        raw("Fine, go on.", sender="x@elsewhere.example", to=marked, References=mail.message_id),
    )
    assert seen.contact_id == person.contact_id
    [entry] = desk.call("gtm.crm.timeline", deal_id=deal.deal_id, kinds="email_in").items
    assert "Fine, go on." in f"{entry.title} {entry.detail}"
    assert entry.contact_id == person.contact_id
    [answered] = query(desk, "SELECT replied_at IS NOT NULL FROM mail WHERE id = ?", mail.id)
    assert answered == (1,)
    assert runs(desk) == {"Intro": "replied"}
    [move] = desk.call("gtm.mail.show", incoming_id=seen.incoming_id).proposals
    assert move.text.endswith("to Qualified")
    desk.call(move.operation, **move.input)
    assert desk.call("gtm.crm.get_deal", deal_id=deal.deal_id).stage == "Qualified"


def test_t_065_an_answer_to_one_mail_counts_for_its_sequence(desk: Desk) -> None:
    """T-065: theirs ended the one enrollment that the outgoing mail named. Ours ties the answer to that mail, and ends the
    others of the person too: whoever writes back gets no more machine mail."""
    person = desk.contact("Grace Hopper")
    first, _ = (written_to(desk, person, name) for name in ("First", "Second"))
    other = desk.contact("Someone Else")
    written_to(desk, other, "Third")
    seen = arrives(desk, raw("Tell me more.", In_Reply_To=first.message_id))
    assert seen.mail_id == first.id
    assert runs(desk) == {"First": "replied", "Second": "replied", "Third": ""}


def test_t_066_references_count_where_in_reply_to_leads_nowhere(desk: Desk) -> None:
    """T-066: from an address that nobody knows, so that only the thread can tell."""
    mail = written_to(desk, desk.contact("Grace Hopper"), "Intro")
    strange = {
        "In_Reply_To": "<nobody@knows.example>",
        "References": f"<a@b.example> {mail.message_id} <c@d.example>",
    }
    seen = arrives(desk, raw("Thursday suits me.", sender="Grace <g@home.example.net>", **strange))
    assert (seen.kind, seen.linked_by.key, seen.contact_id) == (
        MailKind.HUMAN,
        "thread",
        mail.contact_id,
    )
    assert runs(desk) == {"Intro": "replied"}
    lost = {"In_Reply_To": "<nobody@knows.example>", "message_id": "<answer-2@example.com>"}
    unknown = arrives(
        desk, raw("Hello?", sender="y@home.example.net", subject="Another thing", **lost)
    )
    assert unknown.contact_id is None


def test_t_073_a_message_is_read_into_words_and_the_place_moves_on(
    desk: Desk, tmp_path: Path
) -> None:
    """T-073: theirs synchronised one service; ours reads any Maildir or IMAP folder by the same port."""
    for part in ("new", "cur", "tmp"):
        (tmp_path / "in" / part).mkdir(parents=True)
    mail = written_to(desk, desk.contact("Grace Hopper"), "Intro")
    subject = Header("Grüße aus Köln", "iso-8859-1").encode()
    letter = raw("Schöne Grüße,\r\n\r\n> quoted\r\n", subject=subject, In_Reply_To=mail.message_id)
    (tmp_path / "in" / "new" / "1.host").write_bytes(
        letter.replace(b"\n", b"\r\n").replace(b"\r\r", b"\r")
    )
    reader = MailReader(desk.engine, MaildirMailbox(tmp_path / "in"))
    assert (reader.look(), reader.look()) == (1, 0)
    [seen] = desk.call("gtm.mail.list").items
    shown = desk.call("gtm.mail.show", incoming_id=seen.incoming_id)
    assert (seen.subject, seen.from_address) == ("Grüße aus Köln", "grace1@example.com")
    assert shown.text.startswith("Schöne Grüße,")
    assert "\r" not in shown.text
    [place] = query(desk, "SELECT place FROM mailbox_place")[0]
    (tmp_path / "in" / "new" / "2.host").write_bytes(
        raw("Once more.", message_id="<answer-2@example.com>")
    )
    assert reader.look() == 1
    assert query(desk, "SELECT place FROM mailbox_place")[0][0] != place
    assert len(desk.call("gtm.mail.list").items) == 2
