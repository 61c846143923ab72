"""As whom a session writes: its senders, which of them is used where, and what each puts below a mail."""
