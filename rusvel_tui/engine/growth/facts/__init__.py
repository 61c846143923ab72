"""What the app knows by itself: deals, invoices, outreach."""
