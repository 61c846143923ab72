"""What keeps the data when something goes wrong: copies, putting one back, mending, and everything as text."""
