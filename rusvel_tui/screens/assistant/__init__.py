"""The assistant's tab, and beside it what the assistant is told and may do."""
