"""Sequences, enrollments, drafts and the sending of mail."""
