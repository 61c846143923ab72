"""What the inbox knows of a mail before it is looked at, so that the next one is on the screen with the verdict."""

from __future__ import annotations

from collections import OrderedDict

from rusvel_tui.engine.gtm.approvals.boxes import ApprovalView
from rusvel_tui.engine.gtm.approvals.detail import ApprovalDetail

KEEP = 50
"""Mails of which the whole is kept; the one unused for longest goes first."""


class Ahead:
    """Whole mails by their id; one that changed since is not known any more."""

    def __init__(self) -> None:
        self._known: OrderedDict[str, ApprovalDetail] = OrderedDict()

    def of(self, mail: ApprovalView) -> ApprovalDetail | None:
        """The whole of that mail, as it stands in the row."""
        found = self._known.get(mail.id)
        if found is None or (found.version, found.run_at) != (mail.version, mail.run_at):
            return None
        self._known.move_to_end(mail.id)
        return found

    def keep(self, detail: ApprovalDetail) -> None:
        """Know it from now on."""
        self._known[detail.id] = detail
        self._known.move_to_end(detail.id)
        while len(self._known) > KEEP:
            self._known.popitem(last=False)
