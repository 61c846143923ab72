"""Invoices: their totals, their life, their papers."""
