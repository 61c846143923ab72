"""Sequences: their steps, versions and texts."""
