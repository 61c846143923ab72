"""Invoices, credit notes and quotes, their numbers, payments and reminders.

A document that has its number is final: triggers refuse any change of what was written on it, and CHECK constraints
refuse a status that disagrees with the sums. The totals of a credit note are negative, so that sums just add up.
"""

from __future__ import annotations

DOCUMENTS = """
CREATE TABLE invoice (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id),
  kind TEXT NOT NULL CHECK (kind IN ('invoice','credit_note','quote')), status TEXT NOT NULL,
  contact_id TEXT NOT NULL REFERENCES contact (id), deal_id TEXT REFERENCES deal (id),
  source_id TEXT REFERENCES invoice (id), once TEXT,
  series TEXT NOT NULL DEFAULT '', seq INTEGER, number TEXT,
  currency TEXT NOT NULL, issue_date TEXT NOT NULL, due_date TEXT NOT NULL, delivered_on TEXT NOT NULL,
  title TEXT NOT NULL, reference TEXT NOT NULL, notes TEXT NOT NULL, terms TEXT NOT NULL,
  client TEXT NOT NULL, issuer TEXT NOT NULL, allowances TEXT NOT NULL, charges TEXT NOT NULL,
  options TEXT NOT NULL, client_name TEXT NOT NULL, search TEXT NOT NULL,
  lines_minor INTEGER NOT NULL, allowances_minor INTEGER NOT NULL, charges_minor INTEGER NOT NULL,
  net_minor INTEGER NOT NULL, tax_minor INTEGER NOT NULL, total_minor INTEGER NOT NULL,
  prepaid_minor INTEGER NOT NULL, rounding_minor INTEGER NOT NULL, payable_minor INTEGER NOT NULL,
  paid_minor INTEGER NOT NULL, credited_minor INTEGER NOT NULL CHECK (credited_minor >= 0),
  open_minor INTEGER NOT NULL, issued_at TEXT, sent_at TEXT, voided_at TEXT, void_reason TEXT NOT NULL,
  decision TEXT NOT NULL CHECK (decision IN ('','accepted','declined','invoiced')),
  metadata TEXT NOT NULL, version INTEGER NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL,
  deleted_at TEXT,
  CHECK ((number IS NULL) = (seq IS NULL)), CHECK ((number IS NULL) = (issued_at IS NULL)),
  CHECK (number IS NULL OR deleted_at IS NULL), CHECK (number IS NOT NULL OR voided_at IS NULL),
  CHECK (voided_at IS NULL OR (paid_minor = 0 AND credited_minor = 0)),
  CHECK (open_minor = CASE WHEN kind = 'invoice' AND number IS NOT NULL AND voided_at IS NULL
    THEN payable_minor - paid_minor - credited_minor ELSE 0 END),
  CHECK (status = CASE
    WHEN number IS NULL THEN 'draft'
    WHEN voided_at IS NOT NULL THEN 'void'
    WHEN decision <> '' THEN decision
    WHEN kind = 'invoice' AND open_minor <= 0 AND credited_minor > 0 AND paid_minor = 0 THEN 'credited'
    WHEN kind = 'invoice' AND open_minor <= 0 THEN 'paid'
    WHEN kind = 'invoice' AND paid_minor > 0 THEN 'partially_paid'
    WHEN sent_at IS NOT NULL THEN 'sent' ELSE 'issued' END));
CREATE UNIQUE INDEX invoice_number ON invoice (session_id, number) WHERE number IS NOT NULL;
CREATE UNIQUE INDEX invoice_seq ON invoice (session_id, series, seq) WHERE number IS NOT NULL;
CREATE UNIQUE INDEX invoice_once ON invoice (session_id, once)
  WHERE once IS NOT NULL AND deleted_at IS NULL AND voided_at IS NULL;
CREATE INDEX invoice_list ON invoice (session_id, id) WHERE deleted_at IS NULL;
CREATE INDEX invoice_kind ON invoice (session_id, kind, id) WHERE deleted_at IS NULL;
CREATE INDEX invoice_status ON invoice (session_id, status, id) WHERE deleted_at IS NULL;
CREATE INDEX invoice_contact ON invoice (contact_id, id);
CREATE INDEX invoice_deal ON invoice (deal_id) WHERE deal_id IS NOT NULL;
CREATE INDEX invoice_source ON invoice (source_id) WHERE source_id IS NOT NULL;
CREATE INDEX invoice_due ON invoice (session_id, due_date, id) WHERE open_minor > 0;
CREATE INDEX invoice_issued ON invoice (session_id, issue_date, currency, kind, total_minor, net_minor)
  WHERE number IS NOT NULL AND voided_at IS NULL;

CREATE TABLE invoice_line (
  id TEXT PRIMARY KEY, invoice_id TEXT NOT NULL REFERENCES invoice (id), position INTEGER NOT NULL,
  description TEXT NOT NULL, quantity TEXT NOT NULL, unit TEXT NOT NULL, unit_price TEXT NOT NULL,
  base_quantity TEXT NOT NULL, tax_category TEXT NOT NULL, tax_rate TEXT NOT NULL, taxes TEXT NOT NULL,
  allowances TEXT NOT NULL, charges TEXT NOT NULL, net_minor INTEGER NOT NULL, UNIQUE (invoice_id, position));

CREATE TABLE invoice_tax (
  invoice_id TEXT NOT NULL REFERENCES invoice (id), category TEXT NOT NULL, rate TEXT NOT NULL,
  compound INTEGER NOT NULL, taxable_minor INTEGER NOT NULL, tax_minor INTEGER NOT NULL,
  PRIMARY KEY (invoice_id, category, rate, compound));

CREATE TABLE invoice_series (
  session_id TEXT NOT NULL REFERENCES session (id), series TEXT NOT NULL, kind TEXT NOT NULL,
  first INTEGER NOT NULL CHECK (first >= 1), last INTEGER NOT NULL CHECK (last >= first - 1),
  last_date TEXT NOT NULL, PRIMARY KEY (session_id, series));

CREATE TABLE client_billing (
  contact_id TEXT PRIMARY KEY REFERENCES contact (id), session_id TEXT NOT NULL REFERENCES session (id),
  details TEXT NOT NULL, updated_at TEXT NOT NULL);
"""

MONEY = """
CREATE TABLE payment (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id),
  invoice_id TEXT NOT NULL REFERENCES invoice (id), kind TEXT NOT NULL CHECK (kind IN ('payment','refund')),
  amount_minor INTEGER NOT NULL, received_minor INTEGER NOT NULL, currency TEXT NOT NULL, paid_on TEXT NOT NULL,
  method TEXT NOT NULL, reference TEXT NOT NULL, note TEXT NOT NULL, bank_line_id TEXT, actor TEXT NOT NULL,
  created_at TEXT NOT NULL, removed_at TEXT,
  CHECK (kind <> 'payment' OR (amount_minor >= 0 AND received_minor >= 0)),
  CHECK (kind <> 'refund' OR (amount_minor < 0 AND received_minor <= 0)));
CREATE INDEX payment_invoice ON payment (invoice_id, id);
CREATE INDEX payment_day ON payment (session_id, paid_on, currency, amount_minor) WHERE removed_at IS NULL;

CREATE TABLE invoice_month (
  session_id TEXT NOT NULL, month TEXT NOT NULL, currency TEXT NOT NULL, issued_minor INTEGER NOT NULL,
  net_minor INTEGER NOT NULL, invoices INTEGER NOT NULL, paid_minor INTEGER NOT NULL, payments INTEGER NOT NULL,
  PRIMARY KEY (session_id, month, currency)) WITHOUT ROWID;

CREATE TABLE invoice_open_day (
  session_id TEXT NOT NULL, currency TEXT NOT NULL, due_date TEXT NOT NULL, open_minor INTEGER NOT NULL,
  invoices INTEGER NOT NULL, PRIMARY KEY (session_id, currency, due_date)) WITHOUT ROWID;

CREATE TABLE client_credit (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id),
  contact_id TEXT NOT NULL REFERENCES contact (id), currency TEXT NOT NULL, amount_minor INTEGER NOT NULL,
  payment_id TEXT REFERENCES payment (id), note TEXT NOT NULL, created_at TEXT NOT NULL, removed_at TEXT);
CREATE INDEX client_credit_contact ON client_credit (contact_id, currency);
CREATE INDEX client_credit_payment ON client_credit (payment_id) WHERE payment_id IS NOT NULL;

CREATE TABLE bank_line (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id), key TEXT NOT NULL,
  booked_on TEXT NOT NULL, amount_minor INTEGER NOT NULL, currency TEXT NOT NULL, payer TEXT NOT NULL,
  reference TEXT NOT NULL, state TEXT NOT NULL CHECK (state IN ('proposed','unmatched','booked','ignored')),
  invoice_id TEXT REFERENCES invoice (id), why TEXT NOT NULL, file_name TEXT NOT NULL, created_at TEXT NOT NULL,
  UNIQUE (session_id, key));
CREATE INDEX bank_line_state ON bank_line (session_id, state, id);
"""

CALENDAR = """
CREATE TABLE recurring_invoice (
  id TEXT PRIMARY KEY, session_id TEXT NOT NULL REFERENCES session (id),
  contact_id TEXT NOT NULL REFERENCES contact (id), name TEXT NOT NULL, every TEXT NOT NULL
    CHECK (every IN ('week','month','quarter','year')), template TEXT NOT NULL, starts_on TEXT NOT NULL,
  ends_on TEXT NOT NULL, made INTEGER NOT NULL, most INTEGER, next_on TEXT NOT NULL,
  status TEXT NOT NULL CHECK (status IN ('active','paused','ended')), job_id TEXT,
  version INTEGER NOT NULL, created_at TEXT NOT NULL, updated_at TEXT NOT NULL);
CREATE INDEX recurring_invoice_session ON recurring_invoice (session_id, id);

CREATE TABLE invoice_reminder (
  invoice_id TEXT NOT NULL REFERENCES invoice (id), step INTEGER NOT NULL,
  session_id TEXT NOT NULL REFERENCES session (id), state TEXT NOT NULL
    CHECK (state IN ('drafted','skipped')), why TEXT NOT NULL, letter_id TEXT, made_at TEXT NOT NULL,
  PRIMARY KEY (invoice_id, step));
"""

_WRITTEN = (
    "session_id", "kind", "series", "seq", "number", "currency", "issue_date", "due_date", "delivered_on", "title",
    "reference", "notes", "terms", "client", "issuer", "allowances", "charges", "options", "client_name",
    "lines_minor", "allowances_minor", "charges_minor", "net_minor", "tax_minor", "total_minor", "prepaid_minor",
    "rounding_minor", "payable_minor", "issued_at", "source_id",
)  # fmt: skip
"""What stands on a document: it never changes once there is a number."""
_CHANGED = " OR ".join(f"NEW.{name} IS NOT OLD.{name}" for name in _WRITTEN)
_FINAL = "BEGIN SELECT RAISE(ABORT, 'this document is final'); END;"


def _parts_are_final(table: str) -> str:
    """Triggers that keep the rows of a final document as they are."""
    made = []
    for verb, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD")):
        final = f"(SELECT number FROM invoice WHERE id = {row}.invoice_id) IS NOT NULL"
        name = f"{table}_final_{verb.lower()}"
        made.append(f"CREATE TRIGGER {name} BEFORE {verb} ON {table} WHEN {final} {_FINAL}")
    return "\n".join(made)


def _counted(name: str, table: str, event: str, row: str, sign: str, when: str) -> str:
    """A trigger that adds a row to the sums of its month, or takes it off."""
    if table == "payment":
        day, sums = "paid_on", f"0, 0, 0, {sign} {row}.amount_minor, {sign} 1"
    else:
        day = "issue_date"
        sums = f"{sign} {row}.total_minor, {sign} {row}.net_minor, {sign} ({row}.kind = 'invoice'), 0, 0"
    return f"""CREATE TRIGGER {name} AFTER {event} ON {table} WHEN {when} BEGIN
  INSERT INTO invoice_month VALUES ({row}.session_id, substr({row}.{day}, 1, 7), {row}.currency, {sums})
  ON CONFLICT (session_id, month, currency) DO UPDATE SET issued_minor = issued_minor + excluded.issued_minor,
    net_minor = net_minor + excluded.net_minor, invoices = invoices + excluded.invoices,
    paid_minor = paid_minor + excluded.paid_minor, payments = payments + excluded.payments; END;"""


_BILLED = "{0}.kind <> 'quote' AND {0}.number IS NOT NULL AND {0}.voided_at IS NULL"
_NOW, _THEN = _BILLED.format("NEW"), _BILLED.format("OLD")
MONTHS = "\n".join(
    (
        _counted("month_issued", "invoice", "UPDATE OF number, voided_at", "NEW", "+", f"{_NOW} AND NOT ({_THEN})"),
        _counted("month_voided", "invoice", "UPDATE OF number, voided_at", "OLD", "-", f"{_THEN} AND NOT ({_NOW})"),
        _counted("month_brought", "invoice", "INSERT", "NEW", "+", _NOW),
        _counted("month_paid", "payment", "INSERT", "NEW", "+", "NEW.removed_at IS NULL"),
        _counted(
            "month_removed", "payment", "UPDATE OF removed_at", "OLD", "-",
            "OLD.removed_at IS NULL AND NEW.removed_at IS NOT NULL",
        ),
        _counted(
            "month_restored", "payment", "UPDATE OF removed_at", "NEW", "+",
            "OLD.removed_at IS NOT NULL AND NEW.removed_at IS NULL",
        ),
    )
)  # fmt: skip
"""Keep `invoice_month`, the sums that the chart of revenue shows: a book of any age opens at once."""


def _open_days(name: str, event: str, row: str, sign: str, when: str) -> str:
    """A trigger that adds what is open to the sums of its due date, or takes it off."""
    key = (
        f"session_id = {row}.session_id AND currency = {row}.currency AND due_date = {row}.due_date"
    )
    return f"""CREATE TRIGGER {name} AFTER {event} ON invoice WHEN {when} BEGIN
  INSERT INTO invoice_open_day
    VALUES ({row}.session_id, {row}.currency, {row}.due_date, {sign} {row}.open_minor, {sign} 1)
  ON CONFLICT (session_id, currency, due_date) DO UPDATE SET open_minor = open_minor + excluded.open_minor,
    invoices = invoices + excluded.invoices;
  DELETE FROM invoice_open_day WHERE {key} AND invoices = 0; END;"""


_MOVED = "OLD.open_minor <> NEW.open_minor"
OPEN_DAYS = "\n".join(
    (
        _open_days(
            "open_less", "UPDATE OF open_minor", "OLD", "-", f"{_MOVED} AND OLD.open_minor > 0"
        ),
        _open_days(
            "open_more", "UPDATE OF open_minor", "NEW", "+", f"{_MOVED} AND NEW.open_minor > 0"
        ),
        _open_days("open_brought", "INSERT", "NEW", "+", "NEW.open_minor > 0"),
    )
)
"""Keep `invoice_open_day`, the sums that ageing reads: as many rows as days on which something is due."""

TRIGGERS = f"""
CREATE TRIGGER invoice_final BEFORE UPDATE ON invoice WHEN OLD.number IS NOT NULL AND ({_CHANGED}) {_FINAL}
CREATE TRIGGER invoice_kept BEFORE DELETE ON invoice WHEN OLD.number IS NOT NULL {_FINAL}
{_parts_are_final("invoice_line")}
{_parts_are_final("invoice_tax")}
CREATE TRIGGER payment_kept BEFORE DELETE ON payment BEGIN SELECT RAISE(ABORT, 'payments are kept'); END;
"""

SQL = DOCUMENTS + MONEY + CALENDAR + TRIGGERS + MONTHS + OPEN_DAYS
