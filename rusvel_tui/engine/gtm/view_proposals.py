"""Views that are worth having, as data: proposed, never saved by themselves."""

from __future__ import annotations

from rusvel_tui.engine.spelled import Spelled


class ViewKind(Spelled):
    """What a view shows."""

    CONTACTS = "contacts"
    COMPANIES = "companies"
    DEALS = "deals"
    INVOICES = "invoices"
    MAILS = "mails"

    @property
    def entity(self) -> str:
        """The name under which filters know it."""
        return _ENTITIES[self.value]


_ENTITIES = {
    "contacts": "contact",
    "companies": "company",
    "deals": "deal",
    "invoices": "invoice",
    "mails": "mail",
}
PROPOSALS: tuple[tuple[ViewKind, str, str], ...] = (
    (ViewKind.CONTACTS, "Never contacted", "no:last is:mailable"),
    (ViewKind.CONTACTS, "Not for a month", "last>1mo is:open"),
    (ViewKind.CONTACTS, "No address", "no:email"),
    (ViewKind.CONTACTS, "New this week", "created<7d"),
    (ViewKind.DEALS, "No next step", "is:open no:next"),
    (ViewKind.DEALS, "Closing soon", "is:open close<14d"),
    (ViewKind.DEALS, "Overdue", "is:open close<today"),
    (ViewKind.DEALS, "No close date", "is:open no:close"),
    (ViewKind.COMPANIES, "With open deals", "deals>0"),
    (ViewKind.COMPANIES, "Nobody known", "people:0"),
    (ViewKind.INVOICES, "Open", "is:open"),
    (ViewKind.INVOICES, "Overdue", "is:overdue"),
    (ViewKind.INVOICES, "Drafts", "is:draft"),
    (ViewKind.INVOICES, "Quotes", "kind:quote"),
    (ViewKind.INVOICES, "Paid lately", "status:paid issued<90d"),
    (ViewKind.MAILS, "Clean", "is:clean"),
    (ViewKind.MAILS, "First mails", "is:first"),
    (ViewKind.MAILS, "Invoices and reminders", "source:invoice,reminder"),
    (ViewKind.MAILS, "Answers", "source:answer"),
)
"""Kind, name and filter; add yours here."""
