"""When a step may take place, and why not yet."""
