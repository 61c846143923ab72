"""The companies: their list, one in full."""
