"""Money that comes back every month."""
