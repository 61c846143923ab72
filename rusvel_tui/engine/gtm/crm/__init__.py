"""Contacts, deals, activities and the suppression list."""
