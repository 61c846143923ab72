"""What is run beside the suite: trials that take minutes."""
