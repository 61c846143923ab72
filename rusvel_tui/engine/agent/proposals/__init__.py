"""Changes that programs want made: cards with a difference, decided by a person."""
