"""Invoices, credit notes and quotes: drafted, made final with a number, voided, credited, listed."""
