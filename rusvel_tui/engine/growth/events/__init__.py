"""What people did, one row each."""
