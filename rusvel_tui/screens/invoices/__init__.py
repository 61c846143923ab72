"""The Invoices tab: documents, their editor, payments, reports."""
