"""The review of the week."""
