"""Conversations, and the loop that answers in them."""
