"""The contacts: their list, one in full, merging and mending."""
