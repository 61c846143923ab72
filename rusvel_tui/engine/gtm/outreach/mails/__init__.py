"""One mail, from its brief to its receipt."""
