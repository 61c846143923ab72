"""Why an enrollment ends or rests: the one list of reasons, each with what it means."""

from __future__ import annotations

from rusvel_tui.engine.spelled import Spelled


class End(Spelled):
    """The reason with which an enrollment ended. Whoever ended it by hand can add words of their own."""

    FINISHED = "finished"
    REPLIED = "replied"
    COMPANY_REPLIED = "company_replied"
    BOUNCED = "bounced"
    REFUSED = "refused"
    UNSUBSCRIBED = "unsubscribed"
    MEETING = "meeting"
    WON = "won"
    LOST = "lost"
    REJECTED = "rejected"
    DUPLICATE = "duplicate"
    MERGED = "merged"
    DELETED = "deleted"
    MANUAL = "manual"
    UNDONE = "undone"


MEANINGS = {
    End.FINISHED: "went through all steps",
    End.REPLIED: "the person answered",
    End.COMPANY_REPLIED: "somebody else of the company answered",
    End.BOUNCED: "the address is dead",
    End.REFUSED: "the mail server refused the mail for good",
    End.UNSUBSCRIBED: "does not want to be written to",
    End.MEETING: "a meeting was made",
    End.WON: "the deal was won",
    End.LOST: "the deal was lost",
    End.REJECTED: "you rejected the draft",
    End.DUPLICATE: "had the next step already, as another contact",
    End.MERGED: "was merged with a contact who is in the sequence",
    End.DELETED: "the contact was deleted",
    End.MANUAL: "ended by hand",
    End.UNDONE: "the enrollment was taken back",
}
"""What each reason says to a person."""


def end_and_note(text: str) -> tuple[str, str]:
    """The reason in a text of a person, with what else they said: any other words mean `manual`."""
    words = text.strip()
    try:
        return End(words).value, ""
    except ValueError:
        return End.MANUAL.value, words
