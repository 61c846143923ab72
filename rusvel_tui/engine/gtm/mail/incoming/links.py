"""What ties a mail to a contact."""

from __future__ import annotations

from rusvel_tui.engine.spelled import Spelled


class Link(Spelled):
    """What ties a mail to a contact; the last two are proposals."""

    THREAD = "thread"
    MARK = "mark"
    ADDRESS = "address"
    ALIAS = "alias"
    BY_HAND = "by hand"
    COMPANY = "company"
    SUBJECT = "subject"


SURE = (Link.THREAD, Link.MARK, Link.ADDRESS, Link.ALIAS, Link.BY_HAND)
