"""Bank files: read, matched with open invoices by reference and amount, and booked after a yes."""
