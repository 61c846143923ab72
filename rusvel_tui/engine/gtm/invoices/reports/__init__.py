"""What the book of invoices says: revenue, ageing, taxes, statements, days to payment. Currencies are never added."""
