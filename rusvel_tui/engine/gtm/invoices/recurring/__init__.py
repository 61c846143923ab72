"""Invoices that are drafted again every week, month, quarter or year."""
