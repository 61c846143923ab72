"""Hooks: what is done when something happened."""
