"""Contact files: from bytes to rows, from rows to people, from people to the database."""
