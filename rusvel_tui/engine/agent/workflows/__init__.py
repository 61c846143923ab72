"""Workflows: steps that are kept, and gone on with after a restart."""
