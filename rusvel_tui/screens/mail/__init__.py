"""The mail that came in: what it is, what followed, and answering it."""
