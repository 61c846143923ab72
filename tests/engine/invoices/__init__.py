"""Invoices: what they come to, their life, their papers."""
