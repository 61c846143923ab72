"""What is decided once: who issues, how numbers look, when reminders go, and what stands on a client's invoices."""
