"""The approval inbox: read a draft whole, then say yes or no with one key."""

from __future__ import annotations

from rusvel_tui.actions import Action
from rusvel_tui.engine.gtm.outreach.mails.mail_states import Box
from rusvel_tui.screens.inbox.boxes import BOXES, LABELS
from rusvel_tui.screens.inbox.letters import OPEN
from rusvel_tui.screens.inbox.proposal_verbs import Judging
from rusvel_tui.screens.inbox.proposing import PROPOSED
from rusvel_tui.widgets.letter_editor import LetterEditor

_SOUND = (Box.WAITING, Box.CHANGED)
_UNSENT = (*OPEN, Box.QUEUED)
ACTS_IN: dict[str, tuple[Box, ...]] = {
    "approve": _SOUND,
    "approve_all": OPEN,
    "reject": OPEN,
    "edit": _UNSENT,
    "edit_outside": _UNSENT,
    "redraft": OPEN,
    "redraft_again": OPEN,
    "walk": OPEN,
    "snooze": OPEN,
    "time": _UNSENT,
    "unapprove": (Box.QUEUED, Box.HELD),
    "mend_name": OPEN,
    "fix_data": OPEN,
    "readdress": OPEN,
    "settle_sent": (Box.IN_DOUBT,),
    "give_up": (Box.IN_DOUBT,),
    "again": (*OPEN, Box.IN_DOUBT, Box.FAILED),
}
"""In which boxes a key can do something; those that are not here can act everywhere."""


ON_CARDS = frozenset(
    (
        "approve",
        "approve_all",
        "reject",
        "edit",
        "person",
        "source",
        "box",
        "turn",
        "pause_sending",
        "step_back",
    )
)
"""What the keys can do while the box of proposals is open."""


class InboxPage(Judging):
    """Verdicts on drafts, and on mails that went wrong."""

    TOPICS = frozenset(
        {"gtm.outreach", "gtm.email", "gtm.sender", "gtm.sequence", "agent.proposal"}
    )
    ABOUT = "Nothing leaves without your yes. Read the draft, then a approves and r rejects; z takes it back."
    ACTIONS = (
        Action("inbox.approve", "a", "Approve", "approve", "approve", "Yes to exactly this text; it leaves after the undo window.", foot=True),
        Action("inbox.sent", "M", "It was sent", "settle_sent", "mark sent", "A mail in doubt: it arrived, go on.", foot=True),
        Action("inbox.again", "R", "Again", "again", "again", "Once more: the last rejection, a mail in doubt, or one that failed."),
        Action("inbox.reject", "r", "Reject", "reject", "reject", "No: redraft, skip the step, stop the person or the company, or wrong data.", foot=True),
        Action("inbox.unapprove", "u", "Take back", "unapprove", "take back", "Take the yes back while the mail has not left, or wake a snoozed draft.", foot=True),
        Action("inbox.edit", "e", "Edit", "edit", "edit", "Edit subject and text here; every word is saved as you type.", foot=True),
        Action("inbox.redraft", "i", "Redraft", "redraft", "redraft", "Have it written anew, with what shall be different.", takes="WISH"),
        Action("inbox.snooze", "s", "Snooze", "snooze", "snooze", "Put it out of sight for a while.", foot=True),
        Action("inbox.why", "w", "Why", "why", "why", "Why this person, why now, which gates, and which facts it rests on.", foot=True),
        Action("inbox.edit_outside", "E", "Editor", "edit_outside", "editor", "Edit in your own editor: first line the subject, then the text."),
        Action("inbox.redraft_again", "I", "Redraft alike", "redraft_again", "redraft again", "Have it written anew with the last instruction."),
        Action("inbox.older", "left_square_bracket", "Older text", "walk(-1)", "older text", "Put the text before on the mail; none is ever lost."),
        Action("inbox.newer", "right_square_bracket", "Newer text", "walk(1)", "newer text", "Put the next text on the mail."),
        Action("inbox.diff", "d", "Changes", "diff", "changes", "What changed since the draft, word by word."),
        Action("inbox.time", "S", "Send time", "time", "send time", "Choose when it may leave, on both clocks.", takes="TIME"),
        Action("inbox.test", "t", "Test", "test", "send test", "Send this mail to yourself, at once."),
        Action("inbox.raw", "P", "Raw", "raw", "raw", "The message as mail servers see it: headers and encoded text."),
        Action("inbox.person", "O", "Person", "person", "person", "Open the person."),
        Action("inbox.source", "o", "Origin", "source", "origin", "Open what asked for it: the invoice, or the sequence."),
        Action("inbox.approve_all", "A", "Approve all", "approve_all", "approve all", "Approve the marked drafts, or all that are clean; says how many first."),
        Action("inbox.mend_name", "F", "Fix name", "mend_name", "fix name", "Give the person the better first name that a warning proposes."),
        Action("inbox.fix_data", "m", "Fix data", "fix_data", "fix data", "Fill in what drafts lack, one person after the other."),
        Action("inbox.readdress", "N", "New sender", "readdress", "present sender", "Put the present sender and footer on a draft of before."),
        Action("inbox.give_up", "D", "Give up", "give_up", "give up", "A mail in doubt: leave it, and end the sequence for the person."),
        Action("inbox.pause", "exclamation_mark", "Pause sending", "pause_sending", "pause sending", "Stop or resume all sending."),
        Action("inbox.next_box", "b", "Next box", "turn(1)", "next box", "Go to the next box.", "Boxes"),
        Action("inbox.previous_box", "B", "Box before", "turn(-1)", "previous box", "Go to the box before.", "Boxes"),
        *(Action(f"inbox.box_{n}", str(n), LABELS[box].capitalize(), f"box('{box.value}')", f"box {LABELS[box]}", f"Show the box {LABELS[box]}.", "Boxes") for n, box in enumerate(BOXES, 1)),
        Action("inbox.box_9", "9", "Proposed", f"box('{PROPOSED}')", "box proposed", "Show what the assistant and other programs want changed.", "Boxes"),
        Action("inbox.filter", "f", "Filter", "filter", "filter", "Narrow the box down by fields, such as is:clean source:invoice; Tab completes.", "Views"),
        Action("inbox.views", "Y", "Views", "views", "views", "Show the saved views and open one.", "Views"),
        Action("inbox.save_view", "V", "Save view", "save_view", "save view", "Keep the filter under a name.", "Views"),
        Action("inbox.delete_view", "U", "Delete view", "delete_view", "delete view", "Delete one of your views.", "Views"),
    )  # fmt: skip

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Keys that cannot act in the open box are not offered, nor any while a text is edited."""
        if self.proposed:
            return action in ON_CARDS or not hasattr(InboxPage, f"action_{action}")
        if action in ACTS_IN and self.box not in ACTS_IN[action]:
            return False
        if self.edited is not None and action != "step_back":
            return not self.query(LetterEditor)
        return True
