"""Deals, the board, and what may come of them."""
