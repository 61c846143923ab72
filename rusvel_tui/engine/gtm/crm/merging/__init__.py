"""Who may be there twice, and making one of two."""
