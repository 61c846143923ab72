"""What each department is: one module with a `MANIFEST` for each, pure data."""
