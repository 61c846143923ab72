"""Everything as text: all rows of all tables as JSON lines, and a database made of them again."""
