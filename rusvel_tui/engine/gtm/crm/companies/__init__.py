"""Companies and who works for them."""
