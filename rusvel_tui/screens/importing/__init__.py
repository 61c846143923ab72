"""Bringing contacts in from files, and writing them out."""
