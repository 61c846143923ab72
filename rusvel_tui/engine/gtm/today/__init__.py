"""Today: one ranked list of everything that needs the person."""
