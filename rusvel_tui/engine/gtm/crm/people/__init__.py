"""Contacts: who they are, how they are reached, and who must not be."""
