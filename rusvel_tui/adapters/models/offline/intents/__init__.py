"""What can be asked without a model, in the order in which it is tried."""

from rusvel_tui.adapters.models.offline.intent import Intent
from rusvel_tui.adapters.models.offline.intents import (
    activities,
    contacts,
    deals,
    desk,
    growth,
    invoices,
    kpis,
    mails,
    sequences,
)

INTENTS: tuple[Intent, ...] = (
    *kpis.INTENTS,
    *activities.INTENTS,
    *contacts.INTENTS,
    *sequences.INTENTS,
    *mails.INTENTS,
    *invoices.INTENTS,
    *deals.INTENTS,
    *growth.INTENTS,
    *desk.INTENTS,
)
"""All there are; a new module of them is listed here."""
