"""What the assistant may do, cost and sound like: three layers, and where each value comes from."""
