"""Tables of invoices: documents, their lines and taxes, numbers, payments, credit, reminders."""

from __future__ import annotations

from typing import Any

from peewee import BigIntegerField, CompositeKey, IntegerField, TextField

from rusvel_tui.engine.models.base import Base, JsonField, UtcField, database


class Invoice(Base):
    """An invoice, a credit note or a quote. It is final from the moment it has a number."""

    session_id = TextField()
    kind = TextField(default="invoice")
    status = TextField(default="draft")
    contact_id = TextField()
    deal_id = TextField(null=True)
    source_id = TextField(null=True)
    """What it came from: the quote of an invoice, the invoice that a credit note corrects."""
    once = TextField(null=True)
    """What there may be one living document for: `deal:…`, `quote:…`, `recurring:…:2026-02-28`."""
    series = TextField(default="")
    seq = IntegerField(null=True)
    number = TextField(null=True)
    currency = TextField()
    issue_date = TextField(default="")
    due_date = TextField(default="")
    """Of a quote: the last day on which it can be accepted."""
    delivered_on = TextField(default="")
    title = TextField(default="")
    reference = TextField(default="")
    """What the client wants to read on it: an order number."""
    notes = TextField(default="")
    terms = TextField(default="")
    client = JsonField(default=dict)
    """Of a draft what was typed; of a final document all that stands on it."""
    issuer = JsonField(default=dict)
    allowances = JsonField(default=list)
    charges = JsonField(default=list)
    options = JsonField(default=dict)
    """`prepaid`, `rounding`, `rounding_unit`, `prices_include_tax`, as `compute_totals` takes them."""
    client_name = TextField(default="")
    search = TextField(default="")
    lines_minor = BigIntegerField(default=0)
    allowances_minor = BigIntegerField(default=0)
    charges_minor = BigIntegerField(default=0)
    net_minor = BigIntegerField(default=0)
    tax_minor = BigIntegerField(default=0)
    total_minor = BigIntegerField(default=0)
    prepaid_minor = BigIntegerField(default=0)
    rounding_minor = BigIntegerField(default=0)
    payable_minor = BigIntegerField(default=0)
    paid_minor = BigIntegerField(default=0)
    """Payments less refunds."""
    credited_minor = BigIntegerField(default=0)
    """What its credit notes take away, as a positive amount."""
    open_minor = BigIntegerField(default=0)
    """What is still to be paid; negative: to be given back."""
    issued_at = UtcField(null=True)
    sent_at = UtcField(null=True)
    voided_at = UtcField(null=True)
    void_reason = TextField(default="")
    decision = TextField(default="")
    """Of a quote: `accepted`, `declined` or `invoiced`."""
    metadata = JsonField(default=dict)
    version = IntegerField(default=1)
    created_at = UtcField()
    updated_at = UtcField()
    deleted_at = UtcField(null=True)


class InvoiceLine(Base):
    """One line of a document; quantities and prices are decimal texts."""

    invoice_id = TextField()
    position = IntegerField()
    description = TextField(default="")
    quantity = TextField(default="1")
    unit = TextField(default="")
    unit_price = TextField(default="0")
    base_quantity = TextField(default="1")
    tax_category = TextField(default="")
    tax_rate = TextField(default="")
    taxes = JsonField(default=list)
    """Where there are several: each with `category`, `rate` and `compound`."""
    allowances = JsonField(default=list)
    charges = JsonField(default=list)
    net_minor = BigIntegerField(default=0)


class InvoiceTax(Base):
    """The tax of one category and rate of a document."""

    id: Any = None
    invoice_id = TextField()
    category = TextField()
    rate = TextField()
    compound = IntegerField(default=0)
    taxable_minor = BigIntegerField()
    tax_minor = BigIntegerField()

    class Meta:
        database = database
        primary_key = CompositeKey("invoice_id", "category", "rate", "compound")


class InvoiceSeries(Base):
    """A run of numbers: everything of the number but its counter names it."""

    id: Any = None
    session_id = TextField()
    series = TextField()
    kind = TextField()
    first = IntegerField(default=1)
    last = IntegerField(default=0)
    last_date = TextField(default="")

    class Meta:
        database = database
        primary_key = CompositeKey("session_id", "series")


class ClientBilling(Base):
    """What has to stand on the invoices of a contact."""

    id: Any = None
    contact_id = TextField(primary_key=True)
    session_id = TextField()
    details = JsonField(default=dict)
    updated_at = UtcField()


class Payment(Base):
    """Money that settles an invoice; what is given back is negative. A removed one is kept and counts for nothing."""

    session_id = TextField()
    invoice_id = TextField()
    kind = TextField(default="payment")
    amount_minor = BigIntegerField()
    received_minor = BigIntegerField()
    """What came in or went out: more than the amount when some became credit, none when credit was used."""
    currency = TextField()
    paid_on = TextField()
    method = TextField(default="")
    reference = TextField(default="")
    note = TextField(default="")
    bank_line_id = TextField(null=True)
    actor = TextField(default="")
    created_at = UtcField()
    removed_at = UtcField(null=True)


class ClientCredit(Base):
    """A change of what a client has paid too much; the sum is what can be used."""

    session_id = TextField()
    contact_id = TextField()
    currency = TextField()
    amount_minor = BigIntegerField()
    payment_id = TextField(null=True)
    note = TextField(default="")
    created_at = UtcField()
    removed_at = UtcField(null=True)


class BankLine(Base):
    """A booking of a bank file, with the invoice that it seems to pay."""

    session_id = TextField()
    key = TextField()
    booked_on = TextField()
    amount_minor = BigIntegerField()
    currency = TextField()
    payer = TextField(default="")
    reference = TextField(default="")
    state = TextField(default="unmatched")
    invoice_id = TextField(null=True)
    why = TextField(default="")
    file_name = TextField(default="")
    created_at = UtcField()


class RecurringInvoice(Base):
    """An invoice that is drafted again every week, month, quarter or year."""

    session_id = TextField()
    contact_id = TextField()
    name = TextField()
    every = TextField()
    template = JsonField(default=dict)
    starts_on = TextField()
    """The first day; its day of the month is kept, or the last day of a shorter month."""
    ends_on = TextField(default="")
    made = IntegerField(default=0)
    most = IntegerField(null=True)
    next_on = TextField()
    status = TextField(default="active")
    job_id = TextField(null=True)
    version = IntegerField(default=1)
    created_at = UtcField()
    updated_at = UtcField()


class InvoiceReminder(Base):
    """That a step of reminding was dealt with: once per invoice and step."""

    id: Any = None
    invoice_id = TextField()
    step = IntegerField()
    """Days after the due date; negative: before it."""
    session_id = TextField()
    state = TextField()
    why = TextField(default="")
    letter_id = TextField(null=True)
    made_at = UtcField()

    class Meta:
        database = database
        primary_key = CompositeKey("invoice_id", "step")
