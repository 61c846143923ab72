"""What was done and what is to be done, in one order."""
