"""Money that settles invoices: payments, refunds, credit of clients, and bank files."""
