"""Reminders of invoices that fall due: drafted once per invoice and step, and approved by a person."""
